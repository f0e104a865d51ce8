# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# shellcheck shell=bash
#
# What scripts in the guest share: a firmware signer, cabinets, a remote, and results as lines that
# can be counted. Sourced by a script that runs under "set -euo pipefail"; ends with "finish".
GUEST_LIB_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
REMOTE_PORT=8099
REMOTE_URL=http://127.0.0.1:$REMOTE_PORT
# what the last command of expect_status printed
OUTPUT=/run/scsi-wb-last-output
# for rows of one's own, which fwupd 2.1 does not make
mkdir -p /var/lib/fwupd/quirks.d
passed=0
failed=0
skipped=0

### results

# pass NAME
pass() {
	passed=$((passed + 1))
	echo "ok - $1"
}

# fail NAME REASON: the script goes on, "finish" ends it as a failure
fail() {
	failed=$((failed + 1))
	echo "not ok - $1: $2"
}

# skip NAME REASON
skip() {
	skipped=$((skipped + 1))
	echo "skip - $1: $2"
}

# finish: the count, and the script's status. No check at all is a failure too.
finish() {
	echo "# $passed passed, $failed failed, $skipped skipped"
	[ "$failed" = 0 ] && [ $((passed + skipped)) -gt 0 ] || exit 1
	exit 0
}

# expect_status NAME CODE COMMAND…: COMMAND ends with CODE; what it printed stays in $OUTPUT
expect_status() {
	local name=$1 wanted=$2 got=0
	shift 2
	"$@" >"$OUTPUT" 2>&1 || got=$?
	if [ "$got" = "$wanted" ]; then
		pass "$name"
		return
	fi
	fail "$name" "'$*' ended with $got instead of $wanted"
	sed 's/^/    /' "$OUTPUT"
}

# expect_text NAME FILE TEXT: a line of FILE contains TEXT, literally
expect_text() {
	if grep -qF -- "$3" "$2"; then
		pass "$1"
		return
	fi
	fail "$1" "'$3' is not in $2"
	sed 's/^/    /' "$2"
}

# expect_equal NAME WANTED GOT
expect_equal() {
	if [ "$2" = "$3" ]; then
		pass "$1"
		return
	fi
	fail "$1" "'$3' instead of '$2'"
}

# expect_same_bytes NAME WANTED-FILE GOT-FILE
expect_same_bytes() {
	local difference
	if difference=$(cmp -- "$2" "$3" 2>&1); then
		pass "$1"
		return
	fi
	fail "$1" "$difference"
}

### several boots, for a script with a line "# boots: N"

# next_boot reboot|reset: ends this boot and runs the whole script again, with LAB_BOOT one larger, on the same
# disk. "reboot" is an orderly one, with all that systemd does at shutdown; "reset" is the machine's
# button: what was not synced is lost. Never returns.
next_boot() {
	echo next-boot >/dev/virtio-ports/scsi-wb.status
	case $1 in
	reboot) systemctl reboot ;;
	reset) echo b >/proc/sysrq-trigger ;;
	esac
	sleep infinity
}

# save_counts, load_counts: the results so far, from one boot to the next
save_counts() {
	echo "$passed $failed $skipped" >/var/lib/scsi-wb-counts
	sync
}
load_counts() {
	read -r passed failed skipped </var/lib/scsi-wb-counts
}

### files

# keep FILE…: for a script with a line "# keeps: NAME": they are in build/NAME of the host when the guest has ended,
# however it ends
keep() {
	local file
	for file; do
		tar -C "$(dirname "$file")" -c "$(basename "$file")" >/dev/virtio-ports/scsi-wb.kept
	done
}

### the daemon

# configure_fwupd KEY=VALUE…: the whole [fwupd] section of the administrator's file. A running daemon
# reads some keys only when it starts.
configure_fwupd() {
	{
		echo '[fwupd]'
		printf '%s\n' "$@"
	} >/etc/fwupd/fwupd.conf
	systemctl try-restart fwupd.service
}

# wait_until COMMAND…: for a minute, or for $WAIT_S
wait_until() {
	local end=$((SECONDS + ${WAIT_S:-60}))
	while [ "$SECONDS" -lt "$end" ]; do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.2
	done
	echo "wait_until: '$*' has not come true" >&2
	return 1
}

# start_daemon: whoever asks for it by D-Bus does not wait for more than 25 s, which is not much for an emulated
# machine
start_daemon() {
	systemctl start fwupd.service
}

# be_patient: from here on the daemon is there before fwupdmgr asks for it: for scripts that have it read its quirk
# files anew, which takes it long, and that do not look at how it is started
# shellcheck disable=SC2317 # it is called by the script that sourced this
be_patient() {
	fwupdmgr() {
		start_daemon || true
		command fwupdmgr "$@"
	}
}

# device_json GUID-OR-ID: what the daemon knows of one device; empty if it has no such device
device_json() {
	fwupdmgr get-devices --json 2>/dev/null |
		jq --arg id "$1" '.Devices[] | select(.DeviceId == $id or (.Guid // [] | index($id)))'
}

# our_device_json GUID-OR-ID: the same, of a device of this project's plugin. Where fwupd's own "scsi" finds disks, it
# lists every one of them, without an update.
our_device_json() {
	device_json "$1" | jq 'select(.Plugin == "scsi_wb")'
}

# device_version GUID-OR-ID
device_version() {
	device_json "$1" | jq -r '.Version // ""'
}

# not_fwupds: of CDBs in lines of hexadecimal digits, with spaces between the bytes or without, those that fwupd's own
# plugins do not send to every disk. Where its udev backend works, as in trixie and sid, "scsi" asks each for its INQUIRY
# data, of which it takes 254 bytes, and "ata" sends IDENTIFY through ATA PASS-THROUGH (plugins/scsi/fu-scsi-device.c
# and plugins/ata/fu-ata-device.c of fwupd 2.0.20 and 2.1). This project's INQUIRY takes 36 bytes, and it sends no ATA
# command.
not_fwupds() {
	local inquiry='12 ?00 ?00 ?00 ?fe ?00' identify='a1 ?08 ?0e ?00 ?01 ?00 ?00 ?00 ?40 ?ec ?00 ?00'
	grep -vE "(^|[ =])($inquiry|$identify)([ )]|\$)" || true
}

# daemon_log: what fwupd.service said since the guest started
daemon_log() {
	journalctl -b -u fwupd.service -o cat --no-pager
}

# said: what the fwupdmgr of the last expect_status said, but for progress and what it has to say of a machine without
# UEFI
said() {
	grep -vE '^[A-Z].*…(: +[0-9.]+%)?$|WARNING.*UEFI ESP|PluginFlag:esp-not-found|^$' "$OUTPUT" || true
}

# said_update_error: what fwupdmgr get-devices of the last expect_status said that holds a device back. The line is behind a
# branch of its tree of devices, unless the device is the last one of the tree.
said_update_error() {
	sed -n 's/^[^[:alpha:]]*Update Error: *//p' "$OUTPUT"
}

# in_use USAGE: what the plugin says of a disk of which somebody makes that use
in_use() {
	echo "$1, and the update resets it: stop using it first, or allow that with AllowInUse=true below [scsi_wb] in fwupd.conf"
}

### firmware

# guid_of INSTANCE-ID: fwupd's GUID of it, a version 5 UUID (RFC 4122, 4.3) in the DNS name space
guid_of() {
	local sum
	sum=$(printf '\x6b\xa7\xb8\x10\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8%s' "$1" | sha1sum)
	printf '%s-%s-5%s-%x%s-%s\n' "${sum:0:8}" "${sum:8:4}" "${sum:13:3}" \
		$((0x${sum:16:1} & 3 | 8)) "${sum:17:3}" "${sum:20:12}"
}

# make_ca DIR: an authority (ca.pem) and a firmware signer below it (sign.pem, sign.key)
make_ca() {
	# elliptic curves: RSA keys take many seconds to find on an emulated processor
	local -a curve=(-pkeyopt ec_paramgen_curve:prime256v1)
	mkdir -p "$1"
	openssl req -x509 -newkey ec "${curve[@]}" -nodes -days 3650 \
		-keyout "$1/ca.key" -out "$1/ca.pem" -subj '/O=Example/CN=Example firmware authority' \
		-addext basicConstraints=critical,CA:TRUE,pathlen:1 \
		-addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
	openssl req -newkey ec "${curve[@]}" -nodes -keyout "$1/sign.key" -out "$1/sign.csr" \
		-subj '/O=Example/CN=Example firmware signer' 2>/dev/null
	cat >"$1/sign.ext" <<-END
		basicConstraints=critical,CA:FALSE
		keyUsage=critical,digitalSignature
		extendedKeyUsage=codeSigning
		subjectKeyIdentifier=hash
		authorityKeyIdentifier=keyid
	END
	openssl x509 -req -in "$1/sign.csr" -CA "$1/ca.pem" -CAkey "$1/ca.key" -CAcreateserial \
		-days 825 -extfile "$1/sign.ext" -out "$1/sign.pem" 2>/dev/null
}

# trust_ca DIR: the daemon trusts that authority for firmware and for metadata; it reads keys when
# it starts
trust_ca() {
	install -D -m 644 "$1/ca.pem" /etc/pki/fwupd/example.pem
	install -D -m 644 "$1/ca.pem" /etc/pki/fwupd-metadata/example.pem
	systemctl try-restart fwupd.service
}

# sign_file CA-DIR JCAT FILE: adds FILE's signature to JCAT; both names relative to the current
# folder, since JCAT records them. fwupd trusts no signature without a checksum beside it.
sign_file() {
	jcat-tool --appstream-id org.example.firmware sign "$2" "$3" "$1/sign.pem" "$1/sign.key"
	jcat-tool self-sign "$2" "$3" --kind sha256
}

# metainfo: firmware.metainfo.xml from the associative array "of" and the list "guids" of make_cabinet
metainfo() {
	local guid
	cat <<-END
		<?xml version="1.0" encoding="UTF-8"?>
		<component type="firmware">
		  <id>${of[id]}</id>
		  <name>${of[name]}</name>
		  <summary>${of[summary]}</summary>
		  <developer_name>${of[vendor]}</developer_name>
		  <metadata_license>CC0-1.0</metadata_license>
		  <project_license>LicenseRef-proprietary</project_license>
		  <description><p>${of[summary]}</p></description>
		  <url type="homepage">https://example.org/</url>
		  <provides>
	END
	for guid in "${guids[@]}"; do
		echo "    <firmware type=\"flashed\">$guid</firmware>"
	done
	echo '  </provides>'
	[ -z "${of[vendor-id]}" ] ||
		printf '  <requires><firmware compare="eq" version="%s">%s</firmware></requires>\n' \
			"${of[vendor-id]}" vendor-id
	cat <<-END
		  <categories><category>${of[category]}</category></categories>
		  <releases>
		    <release version="${of[version]}" date="${of[date]}" urgency="medium"
		        install_duration="${of[duration]}">
		      <description><p>${of[notes]}</p></description>
		    </release>
		  </releases>
		  <custom>
		    <value key="LVFS::UpdateProtocol">${of[protocol]}</value>
		    <value key="LVFS::VersionFormat">${of[format]}</value>
		  </custom>
		</component>
	END
}

# make_cabinet OUT PAYLOAD KEY=VALUE…: an update for fwupd. Keys: guid (at least one, may be
# repeated), version (needed), sign (the folder of make_ca; without it the cabinet is unsigned), and
# id name summary notes vendor vendor-id category protocol format date duration (seconds).
make_cabinet() {
	local out payload=$2 work pair file ca
	local -a guids=()
	local -A of=(
		[id]=org.example.firmware [name]='Example device'
		[summary]='Firmware of an example device'
		[notes]='A new release.' [vendor]=Example [vendor-id]='' [category]=X-Device
		[protocol]=org.t10.scsi [format]=plain [date]=2026-01-01 [duration]=60
		[version]='' [sign]=''
	)
	out=$(realpath -m "$1")
	shift 2
	for pair; do
		case $pair in
		guid=*) guids+=("${pair#*=}") ;;
		*) of[${pair%%=*}]=${pair#*=} ;;
		esac
	done
	if [ ${#guids[@]} = 0 ] || [ -z "${of[version]}" ]; then
		echo "make_cabinet: guid= and version= are needed" >&2
		return 1
	fi
	work=$(mktemp -d)
	cp "$payload" "$work/firmware.bin"
	metainfo >"$work/firmware.metainfo.xml"
	if [ -n "${of[sign]}" ]; then
		ca=$(realpath "${of[sign]}")
		for file in firmware.bin firmware.metainfo.xml; do
			(cd "$work" && sign_file "$ca" firmware.jcat "$file")
		done
	fi
	(cd "$work" && gcab -c -n "$out" -- *)
	rm -rf "$work"
}

# tamper_cabinet IN OUT: the same cabinet with one bit of its payload flipped, and the old signature
tamper_cabinet() {
	local in out work byte
	in=$(realpath "$1")
	out=$(realpath -m "$2")
	work=$(mktemp -d)
	(cd "$work" && gcab -x -n "$in" >/dev/null)
	byte=$(od -An -tu1 -N1 "$work/firmware.bin")
	# shellcheck disable=SC2059
	printf "\\x$(printf %x $((byte ^ 1)))" | dd of="$work/firmware.bin" bs=1 conv=notrunc status=none
	(cd "$work" && gcab -c -n "$out" -- *)
	rm -rf "$work"
}

### the remote

# merge_metadata CABINET…: the metadata of a remote with these cabinets, whoever signed them, compressed; by the hand
# that scsi-wb-remote has for it
merge_metadata() {
	PYTHONPATH=$GUEST_LIB_DIR/../../remote python3 -B -c '
import sys
from scsi_wb_remote import cabinet, catalog
cabinets = [cabinet.read(name, None) for name in sys.argv[2:]]
sys.stdout.buffer.write(catalog.compress(catalog.make(sys.argv[1], cabinets)))' "$REMOTE_URL" "$@"
}

# make_remote DIR CA-DIR CABINET…: DIR becomes a remote's folder: cabinets, metadata, its signature
make_remote() {
	local dir=$1 ca
	ca=$(realpath "$2")
	shift 2
	mkdir -p "$dir"
	cp "$@" "$dir/"
	merge_metadata "$@" >"$dir/firmware.xml.xz"
	rm -f "$dir/firmware.xml.xz.jcat"
	(cd "$dir" && sign_file "$ca" firmware.xml.xz.jcat firmware.xml.xz)
}

# serve_remote DIR: over HTTP on the loopback interface, until the script ends
serve_remote() {
	local tries
	python3 -m http.server "$REMOTE_PORT" --bind 127.0.0.1 --directory "$1" \
		>/run/remote.log 2>&1 &
	for tries in {1..100}; do
		! (: >"/dev/tcp/127.0.0.1/$REMOTE_PORT") 2>/dev/null || return 0
		sleep 0.2
	done
	echo "serve_remote: no answer after $tries tries:" >&2
	cat /run/remote.log >&2
	return 1
}

# add_remote ID: tells fwupd of the served remote, and has the daemon run
add_remote() {
	cat >"/etc/fwupd/remotes.d/$1.conf" <<-END
		[fwupd Remote]
		Enabled=true
		Title=Example firmware
		MetadataURI=$REMOTE_URL/firmware.xml.xz
		RefreshInterval=0
		ApprovalRequired=false
	END
	start_daemon
}
