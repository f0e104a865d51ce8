#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# From an image to an update that fwupdmgr offers with two commands, and the update; then what machines refuse:
# another authority, a cabinet or metadata that was changed, an expired signer, an older state of the remote.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"
# shellcheck source-path=SCRIPTDIR source=../refusal-lib.sh
. "$(dirname "$0")/../refusal-lib.sh"

CABINET=SEAGATE-ST600MM0088-TT42.cab
NEXT=SEAGATE-ST600MM0088-TT43.cab
# a revision and other options follow
cabinet=(scsi-wb-remote cabinet --device devices.json --select ST600MM0088 --keys keys disk.bin --version)
export NO_COLOR=1

# take_client_files: as the summary of publish says
take_client_files() {
	install -m 644 remote/client/example.conf /etc/fwupd/remotes.d/
	install -D -m 644 -t /etc/pki/fwupd remote/client/example.pem
	install -D -m 644 -t /etc/pki/fwupd-metadata remote/client/example.pem
	systemctl restart fwupd.service
}

# expect_refresh NAME CODE TEXT: what fwupdmgr refresh says in the end
expect_refresh() {
	expect_status "$1: refresh" "$2" fwupdmgr refresh --force
	expect_equal "$1: what the user reads" "$3" "$(said | tail -n 1)"
}

check_two_commands() {
	start_daemon
	expect_status "get-devices" 0 fwupdmgr get-devices --json
	sed -n '/^{/,$p' "$OUTPUT" >devices.json
	expect_status "cabinet, with new keys" 0 "${cabinet[@]}" TT42 --new-keys --from TT30 --from TT31
	expect_status "publish" 0 scsi-wb-remote publish --keys keys --name example --url "$REMOTE_URL" remote "$CABINET"
	serve_remote remote
	take_client_files
	expect_refresh "the remote" 0 ' • 1 device is supported in the enabled remotes (an update has been published)'
	expect_status "get-updates" 0 fwupdmgr get-updates --no-unreported-check --no-metadata-check
	expect_text "the update is offered" "$OUTPUT" 'New version:      TT42'
	expect_text "the update is trusted" "$OUTPUT" 'Trusted metadata'
}

check_update() {
	expect_status "verify" 0 scsi-wb-remote verify --ca keys/ca.pem remote
	expect_status "update" 0 fwupdmgr update -y --no-reboot-check
	check_updated disk disk.bin TT42
}

# check_requirement: a release for revisions that the disk does not run is not offered
check_requirement() {
	make_image disk . TT43
	expect_status "a cabinet for other revisions" 0 "${cabinet[@]}" TT43 --from TT30 --from TT31 --output other.cab
	expect_status "a cabinet for other revisions: install" 1 fwupdmgr install -y --no-reboot-check other.cab
	expect_equal "a cabinet for other revisions: what the user reads" \
		'Not compatible with firmware version: failed predicate [TT31 eq TT42]' "$(said | tail -n 1)"
}

# check_next: a second release stands beside the first
check_next() {
	cp -r remote older
	expect_status "the next cabinet" 0 "${cabinet[@]}" TT43 --from TT42
	expect_status "publish the next" 0 scsi-wb-remote publish --keys keys remote "$NEXT"
	expect_refresh "the next state" 0 \
		' • 1 device is supported in the enabled remotes (an update has been published)'
	expect_status "get-releases" 0 fwupdmgr get-releases "$(device_guid disk)"
	expect_text "the new release is there" "$OUTPUT" 'New version:        TT43'
	expect_status "verify both" 0 scsi-wb-remote verify --ca keys/ca.pem remote
	expect_text "the old release stays" "$OUTPUT" "$CABINET  TT42"
}

# check_tampered: files on the server are changed, and put back
check_tampered() {
	local metadata
	cp "remote/$NEXT" whole
	printf x >>"remote/$NEXT"
	expect_status "a changed cabinet: verify" 1 scsi-wb-remote verify --ca keys/ca.pem remote
	expect_text "a changed cabinet: verify says which" "$OUTPUT" "wrong: $NEXT: has"
	expect_status "a changed cabinet: update" 1 fwupdmgr update -y --no-reboot-check
	expect_text "a changed cabinet: what the user reads" "$OUTPUT" 'checksum invalid, expected'
	mv whole "remote/$NEXT"

	metadata=$(scsi-wb-remote verify --json --ca keys/ca.pem remote | jq -r .metadata)
	expect_status "sign the metadata again, with another signer" 0 scsi-wb-remote keys renew keys
	expect_status "publish signs anew" 0 scsi-wb-remote publish --keys keys remote
	cp "remote/$metadata" whole
	printf x >>"remote/$metadata"
	expect_status "changed metadata: verify" 1 scsi-wb-remote verify --ca keys/ca.pem remote
	expect_status "changed metadata: refresh" 1 fwupdmgr refresh --force
	expect_text "changed metadata: what the user reads" "$OUTPUT" \
		'metadata checksum expected'
	mv whole "remote/$metadata"
}

# check_rollback: whoever has the server shows an older state of it, signed as it was
check_rollback() {
	expect_status "the newest state" 0 fwupdmgr refresh --force
	systemctl restart fwupd.service
	cp remote/firmware.xml.xz.jcat newest
	cp older/firmware.xml.xz.jcat older/firmware-*.xml.xz remote/
	expect_status "an older state: refresh" 1 fwupdmgr refresh --force
	expect_text "an older state: what the user reads" "$OUTPUT" \
		'Failed to update metadata for example: new signing timestamp was'
	mv newest remote/firmware.xml.xz.jcat
}

# check_expired: the signer's certificate is over; publish refuses to sign with such a one, so it is done by hand
check_expired() {
	local name=remote/firmware.xml.xz.jcat metadata
	metadata=$(scsi-wb-remote verify --json --ca keys/ca.pem remote | jq -r .metadata)
	cp "$name" good
	make_expired
	rm "$name"
	(cd remote && jcat-tool --appstream-id x sign firmware.xml.xz.jcat "$metadata" ../expired.pem ../expired.key &&
		jcat-tool self-sign firmware.xml.xz.jcat "$metadata" --kind sha256)
	expect_status "an expired signer: verify" 1 scsi-wb-remote verify --ca keys/ca.pem remote
	expect_text "an expired signer: verify says so" "$OUTPUT" 'certificate of the signer does not hold today'
	expect_refresh "an expired signer" "$UNSIGNED_STATUS" "$UNSIGNED"
	mv good "$name"
}

# make_expired: a signer below the authority whose time is over
make_expired() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout expired.key -out expired.csr \
		-subj '/CN=expired' 2>/dev/null
	sign_dated keys expired.csr 20200101000000Z 20200201000000Z -out expired.pem
}

# check_stranger: another authority has signed all of it
check_stranger() {
	scsi-wb-remote keys new stranger >/dev/null 2>&1
	scsi-wb-remote cabinet --vendor SEAGATE --product ST600MM0088 --current TT42 --version TT44 --keys stranger \
		--output stranger.cab disk.bin >/dev/null 2>&1
	expect_status "another authority: publish" 1 scsi-wb-remote publish --keys keys remote stranger.cab
	expect_refused "another authority: a cabinet" 1 "$UNTRUSTED" install_as_root stranger.cab
	rm -r remote/* remote/.lock
	scsi-wb-remote publish --keys stranger --name example --url "$REMOTE_URL" remote stranger.cab >/dev/null 2>&1
	expect_refresh "another authority" "$UNSIGNED_STATUS" "$UNSIGNED"
}

cd "$(mktemp -d)"
start_devices disk
make_image disk .
configure_fwupd OnlyTrusted=true
check_two_commands
check_update
check_requirement
check_next
check_tampered
check_rollback
check_expired
check_stranger
expect_equal "the disk runs what it was given" TT42 "$(device_version "$(device_guid disk)")"
finish
