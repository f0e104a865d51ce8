# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# shellcheck shell=bash
#
# What scripts in the guest share that are about what must not happen. Sourced after devices.sh.

# is_fwupd_2_0: later ones have other words for some refusals
is_fwupd_2_0() {
	[[ $(dpkg-query -W -f '${Version}' fwupd) == 2.0.* ]]
}

# fwupd's words for a cabinet that nobody trusts; 2.1 has others than 2.0
# shellcheck disable=SC2034 # for the scripts
UNTRUSTED='firmware signature missing or not trusted; set OnlyTrusted=false in /etc/fwupd/fwupd.conf'
UNTRUSTED="$UNTRUSTED ONLY if you are a firmware developer"
is_fwupd_2_0 || UNTRUSTED="firmware or metadata ${UNTRUSTED#firmware }"

# and for metadata of which that is so
# shellcheck disable=SC2034 # for the scripts
UNSIGNED='Failed to update metadata for example: signatures were required, but none supplied'
is_fwupd_2_0 || UNSIGNED=${UNSIGNED/supplied/verified}
# shellcheck disable=SC2034
UNSIGNED_STATUS=$(is_fwupd_2_0 && echo 1 || echo 3)

# sign_dated CA REQUEST BEGIN END OPTION…: by the authority in the folder CA, with dates as OpenSSL writes them
sign_dated() {
	local ca=$1 request=$2 begin=$3 end=$4 work
	shift 4
	work=$(mktemp -d)
	: >"$work/index.txt"
	cat >"$work/ca.cnf" <<-END
		[ca]
		default_ca=here
		[here]
		database=$work/index.txt
		new_certs_dir=$work
		rand_serial=yes
		default_md=sha256
		policy=any
		[any]
		organizationName=optional
		commonName=supplied
	END
	openssl ca -batch -config "$work/ca.cnf" -startdate "$begin" -enddate "$end" -notext -cert "$ca/ca.pem" \
		-keyfile "$ca/ca.key" -in "$request" "$@" 2>/dev/null
	rm -r "$work"
}

# not_allowed GUID REASON: what fwupd 2.1 says to an update of a device that is held back
not_allowed() {
	our_device_json "$1" |
		jq -r --arg reason "$2" '"Device \(.DeviceId) [\(.Name)] does not currently allow updates: \($reason)"'
}

# held_back NAME REASON: what fwupd says to that; 2.0 says the reason alone
held_back() {
	if is_fwupd_2_0; then
		echo "$2"
	else
		not_allowed "$(device_guid "$1")" "$2"
	fi
}

# refused_in_use GUID USAGE: the same for a disk of which somebody makes that use; 2.0 asks the plugin
refused_in_use() {
	if is_fwupd_2_0; then
		echo "failed to write-firmware: $(in_use "$2")"
	else
		not_allowed "$1" "$(in_use "$2")"
	fi
}

# write_buffers: how many WRITE BUFFER commands each device that is started has seen, one a line
write_buffers() {
	local folder name
	for folder in /run/scsi-wb-target/*/; do
		name=$(basename "$folder")
		echo "$name $(count_opcode "$name" 0 3b)"
	done
}

# expect_refused NAME CODE MESSAGE COMMAND…: COMMAND ends with CODE and says MESSAGE and no more,
# and no device gets a WRITE BUFFER because of it
expect_refused() {
	local name=$1 code=$2 message=$3 before
	shift 3
	before=$(write_buffers)
	expect_status "$name: refused" "$code" "$@"
	expect_equal "$name: what the user reads" "$message" "$(said)"
	expect_equal "$name: no WRITE BUFFER to any device" "$before" "$(write_buffers)"
}

# expect_held_back NAME DEVICE REASON COMMAND…: as expect_refused, for an update that fwupd itself does not begin
# because of the plugin's REASON
expect_held_back() {
	local name=$1 device=$2 reason=$3
	shift 3
	expect_refused "$name" 1 "$(held_back "$device" "$reason")" "$@"
}

# install_as_root CABINET
install_as_root() {
	fwupdmgr install -y --no-reboot-check "$1"
}

# as_nobody COMMAND…: by a user whom nobody can ask for a password
as_nobody() {
	runuser -u nobody -- "$@"
}
