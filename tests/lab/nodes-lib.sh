# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# shellcheck shell=bash
#
# Several machines in one guest, for scripts there: each has its own name, address, sshd, D-Bus, fwupd with its
# state, SCSI generic nodes and place in /sys; the kernel, /usr and the loopback interface are common. Sourced after
# devices.sh, by a script with a line "# image: fleet".

NODES_DIR=/srv/nodes
# a machine that starts six daemons at once is slower than D-Bus thinks
DAEMON_START_MS=300000

# node_address NODE-NUMBER
node_address() {
	echo "127.0.1.$1"
}

# dbus_limit: more time for a daemon to start, in all machines
dbus_limit() {
	cat >/etc/dbus-1/system-local.conf <<-END
		<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
		 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
		<busconfig><limit name="service_start_timeout">$DAEMON_START_MS</limit></busconfig>
	END
}

# make_keys: one key for the manager, which the nodes let in, and one for all nodes
make_keys() {
	mkdir -p "$NODES_DIR" /root/.ssh
	ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_ed25519
	cp /root/.ssh/id_ed25519.pub /root/.ssh/authorized_keys
	ssh-keygen -q -t ed25519 -N '' -f "$NODES_DIR/host_key"
	echo "127.0.1.* $(cut -d ' ' -f 1-2 "$NODES_DIR/host_key.pub")" >/root/.ssh/known_hosts
}

# own_folder FOLDER: the node's own copy of it
own_folder() {
	mkdir -p "$1" "/mnt$1"
	cp -a "$1/." "/mnt$1/"
	mount --bind "/mnt$1" "$1"
}

# own_dev NODE…: a /dev with these nodes of devices alone, and what every program wants
own_dev() {
	local node
	mkdir -p /mnt/dev/{pts,shm}
	for node in null zero full random urandom tty ptmx "$@"; do
		cp -a "/dev/$node" /mnt/dev/
	done
	mount --bind /dev/pts /mnt/dev/pts
	ln -s /proc/self/fd /mnt/dev/fd
	mount --rbind /mnt/dev /dev
}

# own_class CLASS NAME…: of a class of /sys only these
own_class() {
	local class=/sys/class/$1 name
	mkdir -p "/mnt$class"
	shift
	for name; do
		cp -a "$class/$name" "/mnt$class/"
	done
	mount --bind "/mnt$class" "$class"
}

# become_node NUMBER TARGET…: what a node is, in namespaces of its own; leaves D-Bus, fwupd and sshd behind
become_node() {
	local number=$1 name
	local -a generic=() disks=()
	shift
	for name; do
		generic+=("$(basename "$(device_node "$name")")")
		disks+=("$(basename "/sys/class/scsi_generic/${generic[-1]}/device/block"/*)")
	done
	hostname "node$number"
	mount -t tmpfs tmpfs /mnt
	own_dev "${generic[@]}" "${disks[@]}"
	own_class scsi_generic "${generic[@]}"
	own_folder /etc/fwupd
	own_folder /var/lib/fwupd
	own_folder /var/cache/fwupd
	mkdir -p /mnt/run/{dbus,sshd,lock,udev}
	mount --bind /run/udev /mnt/run/udev
	mount --rbind /mnt/run /run
	dbus-daemon --system --fork --nopidfile
	/usr/libexec/fwupd/fwupd &
	/usr/sbin/sshd -f /dev/null -h "$NODES_DIR/host_key" -o "ListenAddress=$(node_address "$number")" \
		-o PidFile=none -o UsePAM=no -o PermitRootLogin=prohibit-password
}

# start_node NUMBER TARGET…: a machine with these simulated devices. A process of its own keeps its namespaces, so that
# on_node can come in by another way than ssh.
start_node() {
	local number=$1
	# shellcheck disable=SC2016 # for the shell in there
	unshare --mount --uts --propagation private bash -c '
		set -euo pipefail
		. "$1/guest-lib.sh"; . "$1/devices.sh"; . "$1/nodes-lib.sh"
		become_node "${@:2}"
		exec sleep infinity' node "$GUEST_LIB_DIR" "$@" >"$NODES_DIR/$number.log" 2>&1 &
	echo $! >"$NODES_DIR/$number.pid"
}

# await_node NUMBER: until its sshd answers
await_node() {
	local tries
	for tries in {1..300}; do
		! (: >"/dev/tcp/$(node_address "$1")/22") 2>/dev/null || return 0
		sleep 0.2
	done
	echo "await_node: node $1 does not answer after $tries tries:" >&2
	cat "$NODES_DIR/$1.log" >&2
	return 1
}

# on_node NUMBER COMMAND…: as a person at its console
on_node() {
	nsenter --mount --uts --target "$(<"$NODES_DIR/$1.pid")" "${@:2}"
}
