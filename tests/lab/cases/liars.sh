#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# Devices that say odd things of themselves: what fwupdmgr, the bus, the journal and the dry run show
# of them is text, and they do not pass for others. Devices that change behind a node which keeps its
# name, between the listing and the update: the second one gets no WRITE BUFFER.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"
# shellcheck source-path=SCRIPTDIR source=../refusal-lib.sh
. "$(dirname "$0")/../refusal-lib.sh"

QUIRK=/var/lib/fwupd/quirks.d/user.quirk
LOOPBACK=/sys/kernel/config/target/loopback
CORE=/sys/kernel/config/target/core/user_0
# what fwupd puts in front of what the plugin says
WRITE='failed to write-firmware: '
export NO_COLOR=1

# of each device that lies: model, what it says of itself, its ID, and what is shown of it
liars=(control conversions unicode markup injection)
declare -A liar_model=([injection]=sl500)
declare -A liar_vendor=(
	[control]=$'A\nB\eC'
	[conversions]='%s%n%p'
	[unicode]=$'A\xe2\x80\xaeB\xc3'
	[markup]='<b>&amp;'
	[injection]='STK&DEV_'
)
declare -A liar_product=(
	[control]=$'D\r\nMay 1 x[1]:'
	[conversions]='%n%n%s%s%1000d'
	[unicode]=$'D\xff\xfe\xe2\x80\xa8K'
	[markup]=$'a"b\'c\\d;$(x)'
	[injection]='SL500'
)
declare -A liar_serial=(
	[control]=$'1\nfwupd: ok\e[2J'
	[conversions]='%s%n%99999d'
	[unicode]=$'1\xe2\x80\xae2\xff'
	[markup]='","Flags":["x"],"y":"'
	[injection]='SL500&REV_1126'
)
declare -A liar_id=(
	[control]='SCSI\VEN_A-B-C&DEV_D-May-1-x[1]:'
	[conversions]='SCSI\VEN_%s%n%p&DEV_%n%n%s%s%1000d'
	[unicode]='SCSI\VEN_A-B&DEV_D-K'
	[markup]='SCSI\VEN_<b>-amp;&DEV_a"b'\''c-d;$-x'
	[injection]='SCSI\VEN_STK-DEV&DEV_SL500'
)
# shellcheck disable=SC2016 # no shell is to expand it
declare -A shown=(
	[control]='["A B C","D May 1 x(1):","1\\x0afwupd: ok\\x1b[2J"]'
	[conversions]='["%s%n%p","%n%n%s%s%1000d","%s%n%99999d"]'
	[unicode]='["A   B","D K","1\\xe2\\x80\\xae2"]'
	[markup]='["<b>&amp;","a\"b'\''c\\d;$(x)","\",\"Flags\":[\"x\"],\"y\":\""]'
	[injection]='["STK&DEV_","SL500","SL500&REV_1126"]'
)

# liar_guid NAME
liar_guid() {
	guid_of "${liar_id[$1]}"
}

# start_liars: with a quirk row for each, and the plugin's own messages in the journal
start_liars() {
	local name
	for name in "${liars[@]}"; do
		scsi-wb-target start "$name" "${liar_model[$name]:-std-silent}" \
			--vendor "${liar_vendor[$name]}" --product "${liar_product[$name]}" \
			--serial "${liar_serial[$name]}" >/dev/null
		printf '[%s]\nScsiWbMode = 0x07\n' "${liar_id[$name]}"
	done >"$QUIRK"
	udevadm settle
	configure_fwupd OnlyTrusted=true 'VerboseDomains=FuPluginScsiWb'
	# not by the bus, which gives it 25 seconds
	start_daemon
}

# check_shown: in fwupdmgr's JSON, as another parser reads it, and in what the bus carries
check_shown() {
	local name
	for name in "${liars[@]}"; do
		expect_equal "$name: in JSON" "${shown[$name]}" \
			"$(device_json "$(liar_guid "$name")" | jq -c '[.Vendor, .Name, .Serial]')"
	done
	expect_status "the bus carries them" 0 busctl --json=short call org.freedesktop.fwupd / \
		org.freedesktop.fwupd GetDevices
	expect_equal "as many as there are" "${#liars[@]}" \
		"$(jq '[.data[0][] | select(.Plugin.data == "scsi_wb")] | length' "$OUTPUT")"
	expect_equal "on the bus is nothing that is not printable" '' "$(
		jq -r '.data[0][] | select(.Plugin.data == "scsi_wb") | .. | strings' "$OUTPUT" |
			LC_ALL=C grep '[^ -~]' || true
	)"
	expect_status "fwupdmgr lists them" 0 fwupdmgr get-devices
	expect_equal "no line of fwupdmgr's begins with their words" '' \
		"$(grep -E '^(fwupd: ok|May 1|B.?C)' "$OUTPUT" || true)"
	expect_equal "no escape sequence reaches the terminal" '' \
		"$(LC_ALL=C grep $'[\x01-\x08\x0b-\x1f\x7f]' "$OUTPUT" || true)"
}

# check_dry_run: of two of them
check_dry_run() {
	local name
	for name in control markup; do
		expect_status "$name: dry run" 0 scsi-wb-plan --json --image-size 1000 "$(device_node "$name")"
		expect_equal "$name: in the dry run's JSON" "$(jq -c '.[0]' <<<"${shown[$name]}")" \
			"$(jq -c .device.vendor "$OUTPUT")"
	done
}

# check_errors: an update that such a device refuses, and a cabinet that is for somebody else
check_errors() {
	make_image library .
	make_device_cabinet library . sign=ca
	expect_refused "an ID in the vendor's name" 3 'No supported devices found' \
		install_as_root library.cab
	head -c 1000 /dev/urandom >control.bin
	make_cabinet control.cab control.bin guid="$(liar_guid control)" version=9 \
		vendor-id='SCSI:A B C' sign=ca
	expect_status "control: an image that it refuses" 1 install_as_root control.cab
	expect_equal "control: the error is one line of text" 1 \
		"$(said | LC_ALL=C grep -c '^[ -~]*$')"
	expect_equal "the journal has no line of theirs" '' \
		"$(daemon_log | grep -E '^(fwupd: ok|May 1)' || true)"
	expect_equal "the journal has no control characters" '' \
		"$(daemon_log | LC_ALL=C grep $'[\x01-\x08\x0b-\x1f\x7f]' || true)"
}

# unit_link NAME: what connects its node with the device behind it
unit_link() {
	local link
	for link in "$LOOPBACK"/*/tpgt_1/lun/lun_0/*; do
		if [ -L "$link" ] && [ "$(readlink -f "$link")" = "$CORE/$1" ]; then
			echo "$link"
		fi
	done
}

# put_behind NAME LINK: the device NAME answers where LINK belongs to, at the same address
put_behind() {
	rm "$2"
	ln -s "$CORE/$1" "$2"
}

# check_same_node: the first library goes, the second one comes to its place, and back
check_same_node() {
	local link node
	link=$(unit_link library)
	node=$(device_node library)
	put_behind second "$link"
	expect_equal "the second library is behind the first one's node" "$node second" \
		"$node $(sg_inq --page=sn "$node" | sed -n 's/^ *Unit serial number: *//p')"
	expect_refused "the same node, another device" 3 \
		"${WRITE}another device answers at this node: serial number is 'second' and should be 'library'" \
		install_as_root library.cab
	put_behind library "$link"
	expect_equal "the first library is back" library \
		"$(sg_inq --page=sn "$node" | sed -n 's/^ *Unit serial number: *//p')"
}

# check_other_node: the name of the library's node leads elsewhere
check_other_node() {
	local elsewhere node
	node=$(device_node library)
	elsewhere="$WRITE$node leads elsewhere than to the device that was listed there: run fwupdmgr quit, $(
	)then look at the list again"
	mv "$node" "$node.moved"
	ln -s "$(device_node second)" "$node"
	expect_refused "a link to another device's node" 3 "$elsewhere" install_as_root library.cab
	mv "$node.moved" "$node"
	expect_status "with the node back the update succeeds" 0 install_as_root library.cab
	check_updated library library.bin

	scsi-wb-target stop second
	systemctl restart fwupd.service
	make_image library . 1400
	make_device_cabinet library . sign=ca version=1400
	expect_equal "the library is listed" 1373 "$(device_version "$(device_guid library)")"
	scsi-wb-target stop library
	scsi-wb-target start third sl500 >/dev/null
	expect_equal "a third library gets the name of the node" "$node" "$(device_node third)"
	expect_refused "the name of a node that has gone" 3 "$elsewhere" install_as_root library.cab
}

cd "$(mktemp -d)"
make_ca ca
trust_ca ca
start_liars
check_shown
check_dry_run
check_errors
for name in "${liars[@]}"; do
	scsi-wb-target stop "$name"
done
rm "$QUIRK"

start_devices library
systemctl restart fwupd.service
expect_equal "the library is there" 1126 "$(device_version "$(device_guid library)")"
# From trixie on fwupd hears of devices that come and go, lists the one that has come to the place of another, and may then
# update it; but an update may begin before it has heard
udevadm control --stop-exec-queue
scsi-wb-target start second sl500 >/dev/null
check_same_node
check_other_node
finish
