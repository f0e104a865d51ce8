# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# shellcheck shell=bash
#
# Devices that keep to the standard, as a table: what goes wrong, and what becomes of the image. Sourced after
# guest-lib.sh and devices.sh. One daemon for all rows, and one signed cabinet for each device.

# shellcheck disable=SC2034 # much of it is used where this is sourced, or by devices.sh

# all of them are known by a user's file alone
STANDARD_QUIRKS=/var/lib/fwupd/quirks.d/standard.quirk
STANDARD_REVISION=0002
export NO_COLOR=1

declare -a rows=()
declare -A row_fault row_end row_served row_heard row_message row_result row_seconds row_guid

# row NAME BYTES END SERVED HEARD [FAULT [MESSAGE]]: the device std-NAME and its update with an image of that
# size, under a fault script.
# END     runs, activate (it needs fwupdmgr activate), shutdown (it needs a power cycle), or refused: the old
#         image stays, the user reads MESSAGE, and the same update without the fault then ends well
# SERVED  the WRITE BUFFERs with microcode that have reached the device up to the end of the installation, with
#         byte 1 of the CDB, MODE SPECIFIC and MODE: "4x07 GOOD, 1x07 CHECK 06/29/00"
# HEARD   what the plugin said of those that were not accepted: "SEGMENT: WHAT, so ACTION"; "-" for nothing
row() {
	local name=$1
	rows+=("$name")
	row_end["$name"]=$3 row_served["$name"]=$4 row_heard["$name"]=$5
	row_fault["$name"]=${6:-} row_message["$name"]=${7:-}
	row_guid["$name"]=$(guid_of "SCSI\\VEN_WBSTD&DEV_STD-${name^^}")
	device_model["$name"]=std-$name
	device_revision["$name"]=$STANDARD_REVISION
	device_bytes["$name"]=$2
}

# write_quirks: the user's file; it leaves everything to the devices, but for the rows in standard input
write_quirks() {
	{
		printf '%s\n' '[SCSI\VEN_WBSTD]' 'ScsiWbMode = auto'
		cat
	} >"$STANDARD_QUIRKS"
}

# tell_plugin: the daemon writes what the plugin says of each command it was not sure of
tell_plugin() {
	mkdir -p /etc/systemd/system/fwupd.service.d
	cat >/etc/systemd/system/fwupd.service.d/verbose.conf <<-END
		[Service]
		ExecStart=
		ExecStart=/usr/libexec/fwupd/fwupd --daemon-verbose FuPluginScsiWb
	END
	systemctl daemon-reload
}

# start_rows DIR: the devices, and meanwhile their cabinets in DIR; then a daemon that knows them
start_rows() {
	local name devices_pid
	start_devices "${rows[@]}" &
	devices_pid=$!
	make_ca "$1/ca"
	for name in "${rows[@]}"; do
		make_image "$name" "$1"
		make_cabinet "$1/$name.cab" "$1/$name.bin" guid="${row_guid[$name]}" \
			version="$STANDARD_REVISION" id="org.example.$name.firmware" \
			name="Standard disk $name" vendor=WBSTD vendor-id=SCSI:WBSTD category=X-Drive \
			sign="$1/ca"
	done
	wait "$devices_pid"
	tell_plugin
	trust_ca "$1/ca"
	fwupdmgr get-devices >/dev/null 2>&1
}

# served NAME MARK: see SERVED above
served() {
	log_since "$1" "$2" | awk '
		substr($2, 1, 2) == "3b" && substr($2, 3, 2) != "0a" {
			status = $5 == "CHECK" ? "CHECK " $6 : $5
			what = substr($2, 3, 2) " " status
			if (what != last && n > 0) { printf "%s%dx%s", sep, n, last; sep = ", "; n = 0 }
			last = what; n++
		}
		END { if (n > 0) printf "%s%dx%s", sep, n, last }'
}

# heard LINE: see HEARD above, from that line of the daemon's log
heard() {
	local text
	text=$(daemon_log | tail -n "+$1" |
		sed -nE 's/.*FuPluginScsiWb +segment ([0-9]+: .*, so [a-z-]+)$/\1/p' | paste -sd ';')
	echo "${text:--}"
}

# install_row NAME DIR
install_row() {
	local name=$1 mark line code=0
	[ "${row_end[$name]}" != refused ] || code=1
	[ -z "${row_fault[$name]}" ] || scsi-wb-target fault "$name" - <<<"${row_fault[$name]}"
	mark=$(scsi-wb-target log-mark "$name")
	line=$(($(daemon_log | wc -l) + 1))
	row_seconds["$name"]=$SECONDS
	expect_status "$name: install" "$code" fwupdmgr install "$2/$name.cab" -y --no-reboot-check
	row_seconds["$name"]=$((SECONDS - row_seconds["$name"]))
	expect_equal "$name: reached the device" "${row_served[$name]}" "$(served "$name" "$mark")"
	row_result["$name"]=$(heard "$line")
	expect_equal "$name: the plugin heard" "${row_heard[$name]}" "${row_result[$name]}"
	[ "${row_end[$name]}" = refused ] || return 0
	expect_equal "$name: message" "${row_message[$name]}" "$(tail -n 1 "$OUTPUT")"
	expect_equal "$name: nothing is committed" - "$(target_value "$name" committed-sha256)"
	expect_equal "$name: the old revision runs" 0001 "$(target_value "$name" revision)"
	[ -n "${row_fault[$name]}" ] || return 0
	scsi-wb-target fault "$name" - <<<''
	expect_status "$name: undisturbed update" 0 fwupdmgr install "$2/$name.cab" -y --no-reboot-check
}

# bring_into_use: what waits for the user
bring_into_use() {
	local name
	if [[ " ${row_end[*]} " == *' activate '* ]]; then
		activate_seconds=$SECONDS
		expect_status "activate" 0 fwupdmgr activate
		activate_seconds=$((SECONDS - activate_seconds))
	fi
	for name in "${rows[@]}"; do
		[ "${row_end[$name]}" = shutdown ] || continue
		expect_equal "$name: needs a shutdown" needs-shutdown "$(device_json "${row_guid[$name]}" |
			jq -r '.Flags[] | select(. == "needs-shutdown")')"
		scsi-wb-target power-cycle "$name" >/dev/null
	done
}

# listed NAME JSON: its revision in what fwupdmgr get-devices has said
listed() {
	jq -r --arg guid "${row_guid[$1]}" \
		'.Devices[] | select(.Guid // [] | index($guid)) | .Version' <<<"$2"
}

# check_rows DIR: every device keeps exactly its image, and runs it
check_rows() {
	local name json
	# another life of the daemon asks them all again
	systemctl stop fwupd.service
	json=$(fwupdmgr get-devices --json 2>/dev/null)
	for name in "${rows[@]}"; do
		if [ "${row_end[$name]}" = refused ] && [ -z "${row_fault[$name]}" ]; then
			expect_equal "$name: revision" 0001 "$(listed "$name" "$json")"
			continue
		fi
		expect_equal "$name: SHA-256 of the committed image" "$(sha256sum <"$1/$name.bin" | cut -d' ' -f1)" \
			"$(target_value "$name" committed-sha256)"
		expect_equal "$name: revision" "$STANDARD_REVISION" "$(listed "$name" "$json")"
	done
}

# print_rows: the table with its results
print_rows() {
	local name
	for name in "${rows[@]}"; do
		echo "# | std-$name | ${row_fault[$name]:--} | ${row_served[$name]:--} | ${row_result[$name]} |" \
			"${row_end[$name]}, ${row_seconds[$name]} s |"
	done
}

# run_rows
run_rows() {
	local work name
	work=$(mktemp -d)
	start_rows "$work"
	for name in "${rows[@]}"; do
		install_row "$name" "$work"
	done
	bring_into_use
	check_rows "$work"
	print_rows
}
