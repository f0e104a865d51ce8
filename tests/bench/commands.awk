# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# Out of a simulated device's log: the commands before the first segment of microcode or after the last one, as PART says
# ("before" or "after"), each kind with how many there were, in the order in which they came first.

# N CDB out=BYTES in=BYTES STATUS [K/ASC/ASCQ] WHAT
{
	what[NR] = $0
	sub(/^[0-9]+ [0-9a-f]+ out=[0-9]+ in=[0-9]+ (CHECK [^ ]+|[^ ]+) /, "", what[NR])
	sub(/ specific=.*/, "", what[NR])
}

# SPC-4 (INCITS 513): WRITE BUFFER command, MODE field: those that carry microcode
what[NR] ~ /^WRITE BUFFER mode=0[4-7de]$/ {
	if (!first)
		first = NR
	last = NR
}

END {
	for (number = 1; number <= NR; number++) {
		if (PART == "before" ? number >= first : number <= last)
			continue
		if (!count[what[number]]++)
			kinds[++n] = what[number]
	}
	for (number = 1; number <= n; number++)
		text = text (number > 1 ? ", " : "") count[kinds[number]] " " kinds[number]
	print text
}
