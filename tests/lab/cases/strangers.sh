#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# People and files that nobody trusts, beyond those of trust.sh: a user without the right, at the daemon,
# at the node and at the dry run; signers that are expired or made for something else; metadata that is
# unsigned, a stranger's or older than what is there; cabinets that only bear the right name or version;
# quirk files that others may write. Where fwupd lets something in, that is said and checked, too: a signed update
# by whoever sits there, metadata from anybody, a part of the vendor ID, what lies in the folder of a file:// remote.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"
# shellcheck source-path=SCRIPTDIR source=../refusal-lib.sh
. "$(dirname "$0")/../refusal-lib.sh"

QUIRKS=/var/lib/fwupd/quirks.d
export NO_COLOR=1

# make_signer DIR BEGIN END PURPOSE: another signer below the authority in ca/, with dates as OpenSSL writes them
make_signer() {
	cp -r ca "$1"
	sed "s/codeSigning/$4/" ca/sign.ext >"$1/sign.ext"
	sign_dated ca ca/sign.csr "$2" "$3" -extfile "$1/sign.ext" -out "$1/sign.pem"
}

# library_cabinet OUT KEY=VALUE…: an update for the library
library_cabinet() {
	local out=$1
	shift
	make_device_cabinet library . "$@"
	mv library.cab "$out"
}

# is_trusted CABINET: whether the daemon takes its payload for signed
is_trusted() {
	fwupdmgr get-details --json "$1" 2>/dev/null |
		jq '[.. | objects | .Releases? // [] | .[].Flags | index("trusted-payload")] | any'
}

# check_signers: fwupd looks for the authority alone: neither at a signer's dates nor at its purpose
check_signers() {
	make_ca stranger
	library_cabinet stranger.cab sign=stranger
	make_signer expired 20200101000000Z 20200201000000Z codeSigning
	library_cabinet expired.cab sign=expired
	make_signer purpose 20260101000000Z 20360101000000Z serverAuth
	library_cabinet purpose.cab sign=purpose
	expect_equal "a stranger's signature is none" false "$(is_trusted stranger.cab)"
	expect_equal "a signature counts although its signer has expired" true "$(is_trusted expired.cab)"
	expect_equal "a signature counts although its signer is not for code" true "$(is_trusted purpose.cab)"
	ln -s stranger.cab link.cab
	expect_refused "a link to a stranger's cabinet" 1 "$UNTRUSTED" install_as_root link.cab
}

# check_cabinets: signed by whom they should be, and yet not for this device now
check_cabinets() {
	local other
	other=$(guid_of 'SCSI\VEN_ACME&DEV_SL500')
	library_cabinet older.cab sign=ca version=1000
	expect_refused "an older version" 1 \
		"Specified firmware is older than installed '1000 < 1126'" install_as_root older.cab
	library_cabinet protocol.cab sign=ca protocol=com.example
	expect_refused "another protocol" 1 \
		'release needs protocol com.example but device has org.t10.scsi' install_as_root protocol.cab
	make_cabinet library.cab library.bin guid="$other" version=1373 vendor-id=SCSI:STK sign=ca
	expect_refused "another device under the same file name and version" 3 \
		'No supported devices found' install_as_root library.cab
	library_cabinet vendor.cab sign=ca vendor-id='^SCSI:ST$'
	expect_refused "a vendor ID that is spelled out to the end" 1 \
		'Not compatible with vendor SCSI:STK: got ^SCSI:ST$' install_as_root vendor.cab
}

# check_nobody: a user without the right sends nothing, by whatever way
check_nobody() {
	local mark node
	node=$(device_node library)
	mark=$(scsi-wb-target log-mark library)
	expect_refused "the user: install" 1 'Failed to obtain auth' \
		as_nobody fwupdmgr install -y --no-reboot-check good.cab
	expect_refused "the user: settings" 1 'Failed to obtain auth' \
		as_nobody fwupdmgr modify-config OnlyTrusted false
	expect_refused "the user: dry run" 1 "scsi-wb-plan: $node may not be opened: run this program as root" \
		as_nobody scsi-wb-plan "$node" good.bin
	expect_refused "the user: the node" 1 "bash: line 1: $node: Permission denied" \
		as_nobody bash -c "exec 3<>$node"
	expect_refused "the user: a quirk file" 1 "bash: line 1: $QUIRKS/x.quirk: Permission denied" \
		as_nobody bash -c ": >$QUIRKS/x.quirk"
	expect_status "the user may look" 0 as_nobody fwupdmgr get-devices --json
	expect_equal "the user sees the library" 1126 "$(
		as_nobody fwupdmgr get-devices --json 2>/dev/null | jq -r '.Devices[] | select(.Plugin == "scsi_wb") | .Version'
	)"
	expect_equal "the user: nothing was sent" '' "$(log_since library "$mark")"
}

# check_polkit: who sits at the machine is asked for no password for a signed update
check_polkit() {
	local action=org.freedesktop.fwupd kind
	# those of a device in the machine, and of one that can be taken away
	for kind in internal hotplug; do
		expect_status "polkit: $kind: the action of an update is known" 0 \
			pkaction --verbose --action-id "$action.update-$kind-trusted"
		expect_text "polkit: $kind: no password for who sits there" "$OUTPUT" 'implicit active:   yes'
		expect_text "polkit: $kind: the administrator's for others" "$OUTPUT" 'implicit any:      auth_admin'
		expect_status "polkit: $kind: the action of a downgrade is known" 0 \
			pkaction --verbose --action-id "$action.downgrade-$kind-trusted"
		expect_text "polkit: $kind: a password for a downgrade" "$OUTPUT" 'implicit active:   auth_admin_keep'
	done
}

# refresh: asks for the metadata that the server has now
# shellcheck disable=SC2317 # it is called by its name
refresh() {
	fwupdmgr refresh --force
}

# serve DIR: it is what the server has from now on
serve() {
	rm -f remote/*
	cp "$1"/* remote/
}

# check_user_metadata: with fwupd 2.0 anybody may bring some; what counts is who has signed it. The server has good one
check_user_metadata() {
	if ! is_fwupd_2_0; then
		expect_status "metadata from a user without any right: refused" 1 as_nobody fwupdmgr refresh --force
		expect_text "metadata from a user without any right: refused as such" "$OUTPUT" 'Failed to obtain auth'
		return
	fi
	expect_status "metadata is accepted from a user without any right" 0 as_nobody fwupdmgr refresh --force
	serve strange
	expect_status "a stranger's metadata from such a user: refused" 1 as_nobody fwupdmgr refresh --force
	expect_text "a stranger's metadata from such a user: refused as such" "$OUTPUT" "$UNSIGNED"
}

# check_metadata: each in the place of the one that is there, which stays in force
check_metadata() {
	local name
	make_remote older ca older.cab
	sleep 1.1
	make_remote newer ca good.cab
	make_remote strange stranger good.cab
	make_remote late expired good.cab
	mkdir remote
	serve older
	serve_remote remote
	add_remote example
	check_user_metadata
	serve newer
	expect_status "metadata is accepted" 0 refresh
	serve older
	expect_status "older metadata with a good signature: refused" 1 refresh
	expect_text "older metadata with a good signature: refused as such" "$OUTPUT" \
		'Failed to update metadata for example: new signing timestamp was'
	for name in strange late; do
		serve "$name"
		expect_status "metadata of a signer that is $name: refused" "$UNSIGNED_STATUS" refresh
		expect_text "metadata of a signer that is $name: refused as such" "$OUTPUT" "$UNSIGNED"
	done
	rm remote/firmware.xml.xz.jcat
	expect_status "metadata without a signature: refused" 1 refresh
	expect_text "metadata without a signature: refused as such" "$OUTPUT" 'Failed to download metadata'
	expect_equal "the accepted metadata is still in force" 1373 \
		"$(fwupdmgr get-updates --json 2>/dev/null | jq -r '.Devices[].Releases[].Version')"
}

# check_forgotten: that metadata is older, a machine only knows by what it has itself
check_forgotten() {
	expect_status "a remote is forgotten" 0 fwupdmgr clean-remote example
	serve older
	expect_status "a machine without metadata takes an older state" 0 refresh
	serve newer
	expect_status "a machine with an older state takes a newer one" 0 refresh
}

# check_replaced: the server has another cabinet under the name that the metadata knows
check_replaced() {
	serve newer
	cp older.cab remote/good.cab
	expect_status "another cabinet under the same name: refused" 1 fwupdmgr update -y --no-reboot-check
	expect_text "another cabinet under the same name: refused as such" "$OUTPUT" 'checksum'
	expect_equal "another cabinet under the same name: no WRITE BUFFER" 'library 0' "$(write_buffers)"
}

# shown_name: how the daemon calls the library
shown_name() {
	device_json "$(device_guid library)" | jq -r .Name
}

# check_quirks: the daemon reads a file that anybody may write, and a link to one; the linter says so
check_quirks() {
	local file=$QUIRKS/user.quirk target=/srv/user.quirk
	printf '# Source: a test\n[%s]\nName = Anybody\nScsiWbMode = 0x06\n' "${device_id[library]}" >"$target"
	chown nobody "$target"
	ln -s "$target" "$file"
	systemctl restart fwupd.service
	expect_equal "the daemon follows a link to a user's quirk file" Anybody "$(shown_name)"
	expect_status "the linter finds it" 1 scsi-wb-lint "$file"
	expect_text "the linter names the user" "$OUTPUT" "$target: belongs to user $(id -u nobody),"
	rm "$file"
	install -m 666 "$target" "$file"
	expect_status "the linter finds a file that anybody may write" 1 scsi-wb-lint "$file"
	expect_text "the linter says what to do" "$OUTPUT" "chmod go-w $file"
	rm "$file" "$target"
	systemctl restart fwupd.service
	expect_status "the folders as they are installed are root's alone" 0 scsi-wb-lint
}

# check_folder: what lies in the folder of a file:// remote needs no signature; Debian has such a remote
check_folder() {
	local folder=/usr/share/fwupd/remotes.d/vendor/firmware
	make_image library . 1374
	library_cabinet local.cab version=1374
	expect_refused "an unsigned cabinet before it lies there" 1 "$UNTRUSTED" install_as_root local.cab
	cp local.cab "$folder/"
	systemctl restart fwupd.service
	expect_status "an unsigned cabinet in a file remote's folder: installed from anywhere" 0 \
		install_as_root local.cab
	expect_equal "an unsigned cabinet in a file remote's folder: the device runs it" 1374 "$(sg_revision library)"
	rm "$folder/local.cab"
}

# check_part: the vendor ID of a cabinet may be found anywhere in that of the device
check_part() {
	make_image library . 1375
	library_cabinet part.cab sign=ca version=1375 vendor-id=TK
	expect_status "a part of the vendor ID is enough: installed" 0 install_as_root part.cab
	expect_equal "a part of the vendor ID is enough: the device runs it" 1375 "$(sg_revision library)"
}

cd "$(mktemp -d)"
# so that the user without rights can read the cabinets
chmod 755 .
start_devices library
make_ca ca
trust_ca ca
configure_fwupd OnlyTrusted=true
start_daemon
make_image library .
cp library.bin good.bin
library_cabinet good.cab sign=ca
expect_equal "the library is there" 1126 "$(device_version "$(device_guid library)")"
check_signers
check_cabinets
check_nobody
check_polkit
check_metadata
check_forgotten
check_replaced
check_quirks
expect_equal "all this has sent no WRITE BUFFER" 'library 0' "$(write_buffers)"
cp good.cab remote/
expect_status "the good cabinet is installed from the remote" 0 fwupdmgr update -y --no-reboot-check
check_updated library good.bin
check_folder
check_part
finish
