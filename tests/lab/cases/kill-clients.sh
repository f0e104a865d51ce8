#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# timeout: 1200
#
# The client is killed in the middle of an update: the daemon goes on alone. And other clients come in the middle
# of one, for the same device and for another one: they wait, and nothing of theirs comes between its segments.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"
# shellcheck source-path=SCRIPTDIR source=../kill-lib.sh
. "$(dirname "$0")/../kill-lib.sh"

# segments_of NAME MARK: the lengths of the runs of segments after MARK: "12" is a whole update, "12 12" are two,
# and "5 7" is one in which another command came
segments_of() {
	log_since "$1" "$2" | awk '
		/ WRITE BUFFER mode=0[67] / { n++; next }
		n > 0 { printf "%s%d", sep, n; sep = " "; n = 0 }
		END { if (n > 0) printf "%s%d", sep, n }'
}

# end_client: fwupdmgr, which is the child of what hold has begun
end_client() {
	pkill -KILL -P "$kill_client"
	wait "$kill_client" || true
}

# wait_idle PID: until its child, fwupdmgr, has used no processor for a while: it waits, or has ended
wait_idle() {
	local before='' now=- child
	while [ "$before" != "$now" ]; do
		before=$now
		sleep 2
		child=$(pgrep -P "$1") || return 0
		now=$(cut -d' ' -f14,15 "/proc/$child/stat")
	done
}

# ended PID FILE: adds to "ends" how that client ended
ended() {
	local status=0
	wait "$1" || status=$?
	[ "$status" = 0 ] || ! grep -q 'already installed' "$2" || status='already installed'
	ends+="; $status"
}

# crowd INSTANT: two more clients in the middle of an update of the disk; one wants the same, one the library
crowd() {
	local mark same other ends=''
	mark=$(scsi-wb-target log-mark disk)
	hold_at disk "$1"
	cp "$OUTPUT" "$KILL_WORK/first"
	install_next disk >"$KILL_WORK/same" 2>&1 &
	same=$!
	install_next library >"$KILL_WORK/other" 2>&1 &
	other=$!
	wait_idle "$same"
	wait_idle "$other"
	expect_equal "crowd, $1: meanwhile" "$1; " "$(segments_of disk "$mark"); $(segments_of library "$library_mark")"
	let_go disk
	ended "$kill_client" "$KILL_WORK/first"
	ended "$same" "$KILL_WORK/same"
	ended "$other" "$KILL_WORK/other"
	expect_equal "crowd, $1: they end" '; 0; already installed; 0' "$ends"
	expect_equal "crowd, $1: nothing came between" "$KILL_SEGMENTS; $KILL_SEGMENTS" \
		"$(segments_of disk "$mark"); $(segments_of library "$library_mark")"
	expect_equal "crowd, $1: library" "keeps ${kill_next[library]}, runs ${kill_next[library]}" "$(kept library)"
	take_turns library
	expect_recovery disk "crowd, $1" new new 'install: already installed'
}

start_devices disk library
prepare_kills disk library
know_factory disk library
for instant in 1 6 "$KILL_SEGMENTS"; do
	hold_at disk "$instant"
	end_client
	let_go disk
	expect_recovery disk "client killed, $instant" new new 'install: already installed'
done
for instant in 1 6 11; do
	library_mark=$(scsi-wb-target log-mark library)
	crowd "$instant"
done
print_recoveries "clients"
finish
