# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# shellcheck shell=bash
#
# bash-completion of scsi-wb-plan and scsi-wb-lint. The options are those of --help, so that they are
# never others than the program's.

# what stands on the command line; _init_completion and _parse_help belong to bash-completion
# shellcheck disable=SC2034,SC2154 # they share variables with it
_scsi_wb() {
	local cur prev words cword split
	_init_completion -s || return
	case $prev in
	--image-size | --host-limit | --id | --set | --help | --version) return ;;
	--quirks)
		_filedir quirk
		return
		;;
	--record | --recording | --models)
		_filedir
		return
		;;
	esac
	[ -z "$split" ] || return
	case $cur in
	-*)
		mapfile -t COMPREPLY < <(compgen -W "$(_parse_help "$1")" -- "$cur")
		[[ ${COMPREPLY[*]} != *= ]] || compopt -o nospace
		;;
	*) _filedir ;;
	esac
}

complete -F _scsi_wb scsi-wb-plan scsi-wb-lint
