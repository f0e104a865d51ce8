# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# What came to the device, from the kernel's trace of each command: from the first WRITE BUFFER, or the first command
# that failed, on. A number is a segment, with "/MODE" if that is not 07h; 0f is the activation; t, s, c, i are TEST
# UNIT READY, START STOP UNIT, SYNCHRONIZE CACHE and INQUIRY. "~" is before what met a unit attention of the device's
# own, which it has after each segment, "!" before what failed; "." is a pause after that, and what fails again after
# it is not said again. Several INQUIRYs are one.
# Variables: ours, "06/3f/16" if that unit attention is what was injected; who, a process if only its commands count.

function hex(text, i, n) {
	for (i = 1; i <= length(text); i++)
		n = n * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
	return n
}

function segment(offset) {
	offset = hex(byte[4] byte[5] byte[6])
	if (offset == 0)
		size = hex(byte[7] byte[8] byte[9])
	return int(offset / size) + 1
}

function name() {
	if (byte[1] != "3b")
		return letter[byte[1]]
	if (byte[2] == "0f")
		return "0f"
	return segment() (byte[2] == "07" ? "" : "/" byte[2])
}

# flush: the command before is over
function flush() {
	if (held == "")
		return
	# an earlier update may have left one of the device's own
	if (held ~ /^[0-9]/ || (mark == "!" && ours != "06/3f/16"))
		begun = 1
	is_again = paused ? last == "!" held && mark == "!" : last == "i" && mark held == "i"
	if (begun && !is_again) {
		printf "%s%s%s", (paused ? " ." : "") separator, mark, held
		separator = " "
	}
	if (!is_again)
		paused = 0
	last = mark held
	held = ""
}

BEGIN {
	letter["00"] = "t"
	letter["1b"] = "s"
	letter["35"] = "c"
	letter["12"] = "i"
}

match($0, /raw=[0-9a-f ]+/) {
	split(substr($0, RSTART + 4, RLENGTH - 4), byte, " ")
	if (byte[1] != "3b" && !(byte[1] in letter))
		next
	match($0, /[0-9]+\.[0-9]+: scsi_dispatch/)
	seconds = substr($0, RSTART, RLENGTH - 15)
	match($0, /driver_tag=[0-9]+/)
	tag = substr($0, RSTART, RLENGTH)
}

# a command ends wherever the processor is just then; one that has not begun is the host adapter's own
/cmd_start:/ {
	is_ours[tag] = who == "" || index($1, who) == 1
}

!is_ours[tag] {
	next
}

/cmd_start:/ {
	flush()
	if (begun && last ~ /^!/ && seconds - ended > 0.9)
		paused = 1
	held = name()
	# until it is done well
	mark = "!"
}

/cmd_(done|timeout):/ {
	ended = seconds
	if (/cmd_done:/ && /host=DID_OK .*status=SAM_STAT_GOOD/)
		mark = ""
	if (/key=0x6 asc=0x3f ascq=0x16/ && ours != "06/3f/16")
		mark = "~"
}

END {
	flush()
	if (paused)
		printf " ."
}
