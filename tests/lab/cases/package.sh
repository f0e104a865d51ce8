#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# payload: package
# list: core
#
# The Debian package in a Debian that has never seen the project: installed while fwupd runs, used for an
# update from a remote with a trusted signature, in the way of an upgrade of fwupd, and gone when purged.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"

be_patient
PACKAGE=fwupd-plugin-scsi-wb
export DEBIAN_FRONTEND=noninteractive NO_COLOR=1

# files: all of them, but for what is the machine's own business and what apt, dpkg and fwupd keep of any
# package and any device
files() {
	find / -xdev \( -path /tmp -o -path /run -o -path /proc -o -path /sys -o -path /dev -o -path /root \
		-o -path /var/log -o -path /var/tmp -o -path /var/lib/dpkg -o -path /var/lib/apt -o -path /var/lib/systemd \
		-o -path /var/cache -o -path /var/lib/fwupd -o -path /srv \) -prune -o -print | sort
}

plugin_flags() {
	fwupdmgr get-plugins --json | jq -r '.Plugins[] | select(.Name == "scsi_wb") | .Flags | sort | join(" ")'
}

daemon_pid() {
	systemctl show --property MainPID --value fwupd.service
}

# make_stand_in NAME VERSION OUT: a package of that name with nothing in it
make_stand_in() {
	local tree
	tree=$(mktemp -d)
	mkdir "$tree/DEBIAN"
	cat >"$tree/DEBIAN/control" <<-END
		Package: $1
		Version: $2
		Architecture: $(dpkg --print-architecture)
		Maintainer: Example <root@example.org>
		Description: stands for the package of that name, and is empty
	END
	dpkg-deb --build "$tree" "$3" >/dev/null
}

# make_repository DIR: a folder that apt takes for an archive, with one package: the fwupd after this one
make_repository() {
	local version
	version=$(dpkg-query -W -f '${Version}' fwupd | awk -F '[.-]' '{ printf "%d.%d.%d-1", $1, $2, $3 + 1 }')
	mkdir -p "$1"
	make_stand_in fwupd "$version" "$1/fwupd.deb"
	{
		dpkg-deb --field "$1/fwupd.deb"
		printf 'Filename: ./fwupd.deb\nSize: %s\nSHA256: %s\n' "$(stat -c %s "$1/fwupd.deb")" \
			"$(sha256sum <"$1/fwupd.deb" | cut -d ' ' -f 1)"
	} >"$1/Packages"
	# there is no network to ask the others by
	mv /etc/apt/sources.list "$work"
	echo "deb [trusted=yes] file:$1 ./" >/etc/apt/sources.list
}

check_install() {
	local before
	fwupdmgr get-devices >/dev/null 2>&1 || true
	before=$(daemon_pid)
	expect_status "apt installs the package" 0 apt-get install -y --no-install-recommends "$package"
	expect_equal "the daemon goes on as it was" "$before" "$(daemon_pid)"
	expect_equal "systemd has the drop-in" "char-sg rw" \
		"$(systemctl show --property DeviceAllow --value fwupd.service | grep char-sg)"
	expect_equal "the daemon that runs does not have the plugin" '' "$(plugin_flags)"
	fwupdmgr quit >/dev/null 2>&1
	expect_equal "the next one has it" "modular ready" "$(plugin_flags)"
	expect_status "the linter finds nothing in the quirk files" 0 scsi-wb-lint
	expect_status "apt installs the program for remotes" 0 apt-get install -y --no-install-recommends "$remote_package"
	expect_status "it makes keys" 0 scsi-wb-remote keys new "$work/keys"
}

# check_fleet: there is no network to have Ansible from; that the playbooks run where they are installed is
# tests/fleet's matter
check_fleet() {
	local role=/usr/share/ansible/roles/scsi_wb_firmware
	expect_status "no playbooks without Ansible" 100 apt-get install -y --no-install-recommends "$fleet_package"
	expect_text "apt names what is missing" "$OUTPUT" ansible-core
	make_stand_in ansible-core 2.14.18 "$work/ansible-core.deb"
	expect_status "apt installs the playbooks" 0 \
		apt-get install -y --no-install-recommends "$work/ansible-core.deb" "$fleet_package"
	expect_status "the playbooks have their role beside them" 0 \
		ls /usr/share/scsi-wb/fleet/rollout.yml /usr/share/scsi-wb/fleet/roles/scsi_wb_firmware/tasks/batch.yml
	# as Python does where root runs Ansible
	expect_status "the role's modules can be compiled" 0 python3 -m compileall -q "$role"
	expect_status "there is something to be cleaned up" 0 \
		compgen -G "$role/module_utils/__pycache__/scsi_wb_fleet.*.pyc"
}

check_update() {
	local name
	start_devices
	configure_fwupd OnlyTrusted=true
	offer_updates "$work"
	expect_status "refresh" 0 fwupdmgr refresh --force
	expect_status "update" 0 fwupdmgr update -y --no-reboot-check
	expect_status "activate" 0 fwupdmgr activate
	for name in "${devices[@]}"; do
		check_updated "$name" "$work/$name.bin"
	done
	expect_status "the dry run opens a device" 0 scsi-wb-plan "$(device_node library)" "$work/library.bin"
}

# check_upgrade: apt keeps the fwupd that the plugin was built for, and says so before it would remove the plugin
check_upgrade() {
	make_repository /srv/next
	expect_status "apt knows the next fwupd" 0 apt-get update
	expect_status "upgrade" 0 apt-get --simulate upgrade
	expect_text "an upgrade keeps fwupd back" "$OUTPUT" 'The following packages have been kept back'
	expect_equal "an upgrade installs nothing" '' "$(grep '^Inst' "$OUTPUT" || true)"
	expect_status "no other fwupd without a removal" 100 apt-get --simulate --no-remove install fwupd
	expect_text "apt names what would be removed" "$OUTPUT" "$PACKAGE"
}

check_purge() {
	expect_status "purge" 0 apt-get purge -y "$PACKAGE" scsi-wb-remote scsi-wb-fleet ansible-core
	fwupdmgr quit >/dev/null 2>&1
	expect_equal "without the package, no plugin" '' "$(plugin_flags)"
	expect_equal "systemd has forgotten the drop-in" '' \
		"$(systemctl show --property DeviceAllow --value fwupd.service | grep char-sg || true)"
	files >"$work/after"
	expect_equal "no file is left" '' "$(diff "$work/before" "$work/after" || true)"
}

work=$(mktemp -d)
package=$(echo "/opt/scsi-wb-package/$PACKAGE"_*.deb)
remote_package=$(echo /opt/scsi-wb-package/scsi-wb-remote_*.deb)
fleet_package=$(echo /opt/scsi-wb-package/scsi-wb-fleet_*.deb)
files >"$work/before"
check_install
check_fleet
check_update
check_upgrade
mv "$work/sources.list" /etc/apt/
rm /etc/fwupd/remotes.d/example.conf /etc/pki/fwupd/example.pem \
	/etc/pki/fwupd-metadata/example.pem
check_purge
finish
