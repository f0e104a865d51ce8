# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# shellcheck shell=bash
# The guest as a machine: what is on its disks, and QEMU's arguments. Sourced, after common.sh.

# the disk with the script has one size, whatever is on it: a guest that goes on where another was
# stopped cannot have disks of other sizes
JOB_BYTES=$((64 << 20))

as_root=(--owner=0 --group=0)

# pack_payload OUT TREE: what is laid over the guest's root before systemd starts: its runner, and
# TREE ('none' for nothing). Debian's /bin, /lib and so on are links, which a payload must not
# replace by folders (S: leave the targets of links alone).
pack_payload() {
	tar -cf "$1" "${as_root[@]}" -C "$LAB_DIR/guest" \
		--transform='s,^runner$,opt/scsi-wb-lab/&,;s,^scsi-wb-lab\.,etc/systemd/system/&,' \
		runner scsi-wb-lab.service scsi-wb-lab.target
	[ "$2" = none ] || find "$2" -mindepth 1 -maxdepth 1 -printf '%f\0' |
		tar -rf "$1" "${as_root[@]}" --null -C "$2" -T - \
			--transform='s,^\(bin\|sbin\|lib\|lib64\)\(/\|$\),usr/\1\2,S'
}

# pack_job OUT SPEC: what the runner unpacks before it begins: the project's files, and SPEC
pack_job() {
	tar -cf "$1" "${as_root[@]}" -C "$2" opt
	tar -rf "$1" "${as_root[@]}" --exclude-vcs --exclude='./build*' --exclude=./.cache \
		--transform='s,^\.,opt/scsi-wb,S' -C "$PROJECT_DIR" .
	[ "$(stat -c %s "$1")" -le "$JOB_BYTES" ] || die "the project's files are more than $JOB_BYTES bytes"
	truncate -s "$JOB_BYTES" "$1"
}

# processor ACCEL: each accelerator has one model of it; for the emulated one see README.md. With "icount" it executes an
# instruction in each nanosecond of the guest's time, which stands still while this machine does something else
processor() {
	case $1 in
	kvm) printf '%s\n' -accel kvm -cpu host ;;
	tcg) printf '%s\n' -accel tcg,thread=multi,tb-size=256 -cpu Nehalem ;;
	icount) printf '%s\n' -accel tcg,thread=single,tb-size=256 -icount shift=0,sleep=off -rtc clock=vm -cpu Nehalem ;;
	esac
}

# processors ACCEL: how many; in a time of its own a guest has two of them wait for each other for long
processors() {
	case $1 in
	icount) echo 1 ;;
	*) echo 2 ;;
	esac
}

# drive NAME FILE…: a disk with that serial number
drive() {
	printf '%s\n' -drive "file=$2,format=raw,if=none,id=$1,cache=unsafe" \
		-device "virtio-blk-pci,drive=$1,serial=$1"
}

# machine ACCEL IMAGE DISK PAYLOAD DIR WORD…: QEMU's arguments, one a line, but for the console. DIR
# has the job, and what the guest says goes there; the kernel is told each WORD.
machine() {
	local image=$2 dir=$5 append
	append="console=ttyS0 panic=-1 edd=off mitigations=off systemd.unit=scsi-wb-lab.target"
	# a kernel that gets too little of a busy processor while it counts the timer's interrupts takes
	# the timer for broken, and hangs
	append+=" no_timer_check ${*:6}"
	processor "$1"
	printf '%s\n' -smp "$(processors "$1")"
	printf '%s\n' \
		-machine q35,sata=off,smbus=off -m "$(<"$image/memory_mib")" -nodefaults -no-user-config \
		-display none -no-reboot -nic none -kernel "$image/kernel" -initrd "$image/initrd" \
		-append "$append"
	drive disk "$3"
	drive payload "$4,readonly=on"
	drive job "$dir/job.tar,readonly=on"
	printf '%s\n' \
		-device virtio-serial-pci \
		-chardev "file,id=output,path=$dir/output" \
		-device virtserialport,chardev=output,name=scsi-wb.output \
		-chardev "file,id=status,path=$dir/status" \
		-device virtserialport,chardev=status,name=scsi-wb.status \
		-chardev "file,id=kept,path=$dir/kept,append=on" \
		-device virtserialport,chardev=kept,name=scsi-wb.kept \
		-object rng-random,filename=/dev/urandom,id=random -device virtio-rng-pci,rng=random
}
