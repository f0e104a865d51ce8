# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# shellcheck shell=bash
#
# bash-completion of scsi-wb-remote. Commands and options are those of --help, so that they are never
# others than the program's.

# what stands on the command line; _init_completion and _parse_help belong to bash-completion
# shellcheck disable=SC2034,SC2154 # they share variables with it
_scsi_wb_remote() {
	local cur prev words cword split
	_init_completion || return
	case $prev in
	--keys)
		_filedir -d
		return
		;;
	--device | --notes-file | --output | --trust | --ca | --withdraw)
		_filedir
		return
		;;
	--urgency | --activation)
		mapfile -t COMPREPLY < <(compgen -W "$("$1" "${words[1]}" --help |
			sed -n "s/^ *$prev {\([^}]*\)}.*/\1/p" | tr ',' ' ')" -- "$cur")
		return
		;;
	esac
	if [ "$cword" = 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W "$("$1" --help | sed -n 's/^\([a-z]*\) \[OPTION.*/\1/p') --help --version" -- "$cur")
		return
	fi
	case $cur in
	-*) mapfile -t COMPREPLY < <(compgen -W "$("$1" "${words[1]}" --help | _parse_help -)" -- "$cur") ;;
	*)
		_filedir
		[ "${words[1]} $cword" != 'keys 2' ] ||
			mapfile -t COMPREPLY < <(compgen -W 'new renew show' -- "$cur")
		;;
	esac
}

complete -F _scsi_wb_remote scsi-wb-remote
