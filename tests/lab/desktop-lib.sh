# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# shellcheck shell=bash
#
# A desktop with devices of each kind: what the programs with windows have to show of them, as a table, and the
# screen that they show it on. Sourced after guest-lib.sh and devices.sh.

# shellcheck disable=SC2034 # much of it is used where this is sourced, or by devices.sh

DESKTOP_DIR=$GUEST_LIB_DIR/desktop
DESKTOP_QUIRKS=/var/lib/fwupd/quirks.d/desktop.quirk
# what the programs with windows say themselves
export DESKTOP_LOG=/run/desktop.log
PICTURES=/run/pictures
# what is on the screen
export FRAMEBUFFER=/run/Xvfb_screen0
export NO_COLOR=1

# name|model|instance ID|title of the firmware|vendor|name|revision|new one|bytes|icon
desktop_rows=(
	'library|sl500|SCSI\VEN_STK&DEV_SL500|StorageTek SL500|STK|StorageTek SL500|1126|1373|300002|media-tape'
	'tape|ibm-tape|SCSI\VEN_IBM&DEV_ULT3580-TD6|IBM LTO 6|IBM|ULT3580-TD6|0001|0002|70001|media-tape'
	'enclosure|ibm-2104|SCSI\VEN_IBM&DEV_2104-DU3|IBM 2104|IBM|2104-DU3|0001|0002|70001|drive-multidisk'
	'optical|plextor-px|SCSI\VEN_PLEXTOR&DEV_CD-R-PREMIUM|Plextor Premium|PLEXTOR|CD-R PREMIUM|0001|0002|70001|drive-optical'
	'odd|std-silent|SCSI\VEN_<b>-amp;&DEV_%s-K-<-b>|<i>odd</i> %s &amp;|<b>&amp;|%s K </b>|0001|0002|70001|drive-harddisk'
	'held|samsung-sas|SCSI\VEN_SAMSUNG&DEV_MZILT3T8HBLS-007|Samsung PM1643|SAMSUNG|MZILT3T8HBLS/007|0001|0002|70001|drive-harddisk'
	'bad|std-whole|SCSI\VEN_WBSTD&DEV_STD-WHOLE|Bad|WBSTD|STD-WHOLE|0001|0002|70001|drive-harddisk'
	'disk|seagate-sas|SCSI\VEN_SEAGATE&DEV_ST600MM0088|Seagate ST600MM0088|SEAGATE|ST600MM0088|TT31|TT42|100003|drive-harddisk'
	'twin|seagate-sas|SCSI\VEN_SEAGATE&DEV_ST600MM0088|Seagate ST600MM0088|SEAGATE|ST600MM0088|TT31|TT42|100003|drive-harddisk'
)
# who takes the update of another, which is identical
declare -A device_twin=([twin]=disk)
# bytes that are no text, and text that is markup and a conversion: what the device says, and what is shown
declare -A odd_says=(
	[vendor]='<b>&amp;' [product]=$'%s\x01K\xc3\xff</b>' [serial]=$'1\xff<i>%n'
)
# the others say their names; two tell none
declare -A device_serial=([odd]='1\xff<i>%n' [enclosure]='' [optical]='')
# what cannot be pressed, and why; of the one in use see occupy
declare -A device_held=([held]=yes [bad]=yes)
declare -A device_reason=(
	[bad]='quirk key ScsiWbMode = 0x99: is not one of auto, 0x04, 0x05, 0x06, 0x07, 0x0d, 0x0e'
)
# what goes wrong at the first try, and what the plugin says of it
declare -A device_fault=([library]='segment 5 sense 4/44/00')
declare -A device_error=([library]="failed to write-firmware: segment 5 of 19, MODE 0x06, 16384 bytes at 0x10000: the device failed \
(Hardware Error, Internal target failure, 04/44/00): do not switch it off; update again, and call its maker if \
that fails")
# those in use
declare -A device_occupied
declare -A device_name device_before device_icon
# who sits there
export PERSON=person
devices=()

# read_rows: the table, as devices.sh has its own
read_rows() {
	local row name model id title vendor shown before revision bytes icon
	for row in "${desktop_rows[@]}"; do
		IFS='|' read -r name model id title vendor shown before revision bytes icon <<<"$row"
		devices+=("$name")
		device_model["$name"]=$model device_id["$name"]=$id device_title["$name"]=$title
		device_vendor["$name"]=$vendor device_name["$name"]=$shown device_before["$name"]=$before
		device_revision["$name"]=$revision device_bytes["$name"]=$bytes device_icon["$name"]=$icon
		device_serial["$name"]=${device_serial["$name"]-$name}
	done
}

# notes NAME: what is new in its firmware
notes() {
	echo "Repairs a rare time-out of the ${device_title[$1]}."
}

# summary NAME: what its firmware is
summary() {
	echo "Firmware of a ${device_title[$1]}"
}

# as_xml TEXT
as_xml() {
	local text=${1//&/\&amp;}
	text=${text//</\&lt;}
	echo "${text//>/\&gt;}"
}

# start_desktop_devices: all of them, one of them in use, one with a row that cannot work, one that says odd things
start_desktop_devices() {
	local name
	printf '[%s]\nScsiWbMode = %s\n' "${device_id[bad]}" 0x99 "${device_id[odd]}" 0x07 >"$DESKTOP_QUIRKS"
	for name in "${devices[@]}"; do
		[ "$name" = odd ] || start_devices "$name"
	done
	scsi-wb-target start odd "${device_model[odd]}" --vendor "${odd_says[vendor]}" \
		--product "${odd_says[product]}" --serial "${odd_says[serial]}" >/dev/null
	udevadm settle
	occupy held
}

# occupy NAME: a map on top of the disk, as of LVM, which is what the plugin says of it
occupy() {
	local disk map
	disk=$(basename /sys/class/scsi_generic/"$(basename "$(device_node "$1")")"/device/block/*)
	echo "0 8 linear /dev/$disk 0" | dmsetup create --readonly occupied
	map=$(basename "$(readlink -f /dev/mapper/occupied)")
	device_occupied[$1]=yes
	device_reason[$1]=$(in_use "$disk is part of $map")
}

# offer_desktop_updates DIR: images, signed cabinets, and a remote; one cabinet for devices that are identical
offer_desktop_updates() {
	local name dir=$1
	make_ca "$dir/ca"
	for name in "${devices[@]}"; do
		[ -z "${device_twin[$name]:-}" ] || continue
		make_image "$name" "$dir"
		make_device_cabinet "$name" "$dir" sign="$dir/ca" name="$(as_xml "${device_title[$name]}")" \
			vendor="$(as_xml "${device_vendor[$name]}")" vendor-id= \
			summary="$(as_xml "$(summary "$name")")" \
			notes="$(as_xml "$(notes "$name")")" duration=90
	done
	make_remote "$dir/remote" "$dir/ca" "$dir"/*.cab
	serve_remote "$dir/remote"
	trust_ca "$dir/ca"
	add_remote example
}

# devices_as_json DIR: what has to be shown of each, an object a line. One that is "held" cannot be installed, and one
# with "reason" says why, with "occupied" because it is in use; with "fault" the first try fails, with "error"; "twin"
# takes the update of that other one.
devices_as_json() {
	local name offered IFS=$'\x1f'
	local -a keys=(name title vendor version serial icon duration release release-name release-duration summary notes
		image held occupied reason fault error twin) values
	{
		echo "${keys[*]}"
		for name in "${devices[@]}"; do
			offered=${device_twin[$name]:-$name}
			values=("$name" "${device_vendor[$name]} ${device_name[$name]}" "${device_vendor[$name]}"
				"${device_before[$name]}" "${device_serial[$name]}" "${device_icon[$name]}" '2 min'
				"${device_revision[$name]}" "${device_title[$name]}" '1 min, 30 sec' "$(summary "$name")"
				"$(notes "$name")" "$1/$offered.bin" "${device_held[$name]:-}" "${device_occupied[$name]:-}"
				"${device_reason[$name]:-}" "${device_fault[$name]:-}" "${device_error[$name]:-}" "${device_twin[$name]:-}")
			echo "${values[*]}"
		done
	} | jq -nRc '(input | split("\u001f")) as $keys | inputs | split("\u001f") | to_entries |
		map(select(.value != "") | .key = $keys[.key]) | from_entries'
}

# add_person: neither root nor in a session of logind's: to whom polkit allows the same as to who sits at the machine in an
# active local session. as-person runs a command with that person's rights.
add_person() {
	local allowed
	useradd --create-home "$PERSON"
	install -m 755 /dev/stdin /usr/local/bin/as-person <<-END
		#!/bin/sh
		exec setpriv --reuid=$PERSON --regid=$PERSON --init-groups \\
			env HOME=/home/$PERSON XDG_RUNTIME_DIR=/run/user/$(id -u "$PERSON") "\$@"
	END
	allowed=$(pkaction --verbose |
		awk -F: '/^[^ ]/ { action = $1 } / implicit active: +yes$/ { printf "\"%s\", ", action }')
	cat >/etc/polkit-1/rules.d/00-person.rules <<-END
		polkit.addRule(function(action, subject) {
			if (subject.user == "$PERSON" && [$allowed].indexOf(action.id) >= 0)
				return polkit.Result.YES;
		});
	END
}

# has_name NAME: somebody has it on the session's bus
# shellcheck disable=SC2317 # it is called by its name
has_name() {
	as-person busctl --user --address="$DBUS_SESSION_BUS_ADDRESS" status "$1"
}

# start_session: a screen, a bus, and what carries the texts of windows to who asks. Each is waited for: what is
# started by the bus gets 25 seconds.
start_session() {
	local uid
	uid=$(id -u "$PERSON")
	export DISPLAY=:99 LANG=C.UTF-8
	# cairo: there is no graphics card; base: a network is not asked for
	export GDK_BACKEND=x11 GSK_RENDERER=cairo GSETTINGS_BACKEND=memory GIO_USE_NETWORK_MONITOR=base
	# nothing moves: where it takes long to draw, who draws without a pause comes to nothing else
	as-person mkdir -p "/home/$PERSON/.config/gtk-4.0"
	as-person tee "/home/$PERSON/.config/gtk-4.0/settings.ini" >/dev/null <<-END
		[Settings]
		gtk-enable-animations=false
	END
	install -d -m 700 -o "$PERSON" -g "$PERSON" "/run/user/$uid"
	Xvfb "$DISPLAY" -ac -screen 0 1000x900x24 -fbdir "$(dirname "$FRAMEBUFFER")" >>"$DESKTOP_LOG" 2>&1 &
	DBUS_SESSION_BUS_ADDRESS=$(as-person dbus-daemon --session --fork --print-address)
	export DBUS_SESSION_BUS_ADDRESS
	as-person /usr/libexec/at-spi-bus-launcher --launch-immediately >>"$DESKTOP_LOG" 2>&1 &
	wait_until xdotool getdisplaygeometry
	wait_until has_name org.a11y.Bus
}

# prepare_desktop DIR: a person, a screen, devices, remote, daemon, and what has to be shown
prepare_desktop() {
	read_rows
	add_person
	start_session
	start_desktop_devices
	offer_desktop_updates "$1"
	expect_status "refresh" 0 fwupdmgr refresh --force
	devices_as_json "$1" >"$1/rows.json"
}

# look NAME ROWS ARG…: the results of NAME.py count as the script's own, and its pictures and the program's own words are kept
look() {
	local code=0 results=/run/desktop-results
	PYTHONDONTWRITEBYTECODE=1 "$DESKTOP_DIR/$1.py" "$PICTURES" "${@:2}" 2>&1 | tee "$results" || code=$?
	passed=$((passed + $(grep -c '^ok - ' "$results" || true)))
	failed=$((failed + $(grep -c '^not ok - ' "$results" || true)))
	[ "$code" = 0 ] || fail "$1" "ended with $code"
	mkdir -p "$PICTURES"
	cp "$DESKTOP_LOG" "$PICTURES/$1.log"
	keep "$PICTURES/$1"*
}

# expect_missed NAME ROWS ARG…: does it notice? The row of a device that is not there has to be missed, and soon
expect_missed() {
	local said rows=/run/missing.json
	jq -c 'select(.name == "disk") | .name = "missing" | .title = "ACME MISSING" | ."release-name" = .title' "$2" >"$rows"
	said=$(DEADLINE_S=5 PYTHONDONTWRITEBYTECODE=1 "$DESKTOP_DIR/$1.py" "$PICTURES" "$rows" "${@:3}" 2>&1) || true
	expect_equal "$1: a row that is missing fails" 'not ok - missing: ACME MISSING: not within 5 s' "$said"
}
