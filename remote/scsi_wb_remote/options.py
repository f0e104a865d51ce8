# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""The command line: what it takes, and what --help says."""

import argparse
import re

from . import device, keys, metainfo, template
from .words import PROGRAM, Usage

SUMMARY = """Makes updates for fwupd of firmware images of SCSI devices, and a folder that any web server can
offer them from. With two commands:

  scsi-wb-remote cabinet --device devices.json --version TT42 --keys keys --new-keys image.bin
  scsi-wb-remote publish --keys keys --name example --url https://example.org/firmware FOLDER \\
      SEAGATE-ST600MM0088-TT42.cab

where devices.json is what 'fwupdmgr get-devices --json' wrote on a machine with the device. docs/remote.md goes
through it."""
EXIT_STATUS = """Exit status: 0 it is done, or there was nothing to do; 1 it is refused, or verify has found something
wrong: the message says what; 2 the command line is wrong. In no case is anything left half done."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in the words of this project's other programs."""

    def error(self, message):
        raise Usage(message)


class Help(argparse.Action):
    """--help of the whole program has the options of all commands, for its manual page."""

    def __call__(self, parser, namespace, values, option_string=None):
        print(full_help(parser), end="")
        parser.exit()


def version_text():
    """The project's version: the build leaves it beside the modules; the source has it in meson.build."""
    try:
        text = (template.HERE.parent / "VERSION").read_text(encoding="ascii")
    except FileNotFoundError:
        source = (template.HERE.parent.parent / "meson.build").read_text(encoding="utf-8")
        text = re.search(r"^  version: '([^']+)'", source, re.MULTILINE)[1]
    return f"{PROGRAM} {text.strip()}"


def layout(prog):
    return argparse.HelpFormatter(prog, max_help_position=26, width=100)


def add_command(commands, name, summary):
    parser = commands.add_parser(name, help=summary, description=summary + ".", formatter_class=layout,
                                 allow_abbrev=False)
    parser.add_argument("--json", action="store_true", help="print the summary for programs")
    return parser


def add_keys(parser):
    parser.add_argument("--keys", metavar="FOLDER", required=True, help="folder of the keys")


def add_lifetimes(parser, names):
    for name, days in names:
        parser.add_argument(f"--{name}-days", type=int, default=days, metavar="N",
                            help=f"how long the certificate of the {name} holds ({days})")


def add_cabinet(commands):
    parser = add_command(commands, "cabinet", "Makes a signed cabinet of an image")
    parser.add_argument("image", metavar="IMAGE", help="the firmware as its maker supplies it")
    parser.add_argument("--device", metavar="FILE", help="what 'fwupdmgr get-devices --json' or 'scsi-wb-plan "
                        "--json' wrote; - is standard input")
    parser.add_argument("--select", metavar="TEXT", help="which device of FILE: its name, serial number, GUID, "
                        "instance ID or device ID")
    parser.add_argument("--vendor", help="instead of --device: vendor identification, as sg_inq prints it")
    parser.add_argument("--product", help="instead of --device: product identification")
    parser.add_argument("--guid", help="refuse if fwupd's GUID of the device is another one")
    parser.add_argument("--version", required=True, metavar="REVISION",
                        help="the revision, exactly as the device will report it with this firmware")
    parser.add_argument("--current", metavar="REVISION", action="append", default=[],
                        help="a revision that devices run now, if --device does not tell; may be repeated")
    parser.add_argument("--allow-older", action="store_true",
                        help="make it although fwupd would not take it for newer: to go back, with fwupdmgr downgrade")
    parser.add_argument("--from", dest="revisions", metavar="REVISION", action="append", default=[],
                        help="only devices that run this revision may install it; may be repeated")
    add_keys(parser)
    parser.add_argument("--new-keys", action="store_true", help="make the keys first; they must not be there yet")
    parser.add_argument("--owner", default="scsi-wb-remote", help="whose keys: the organization in new certificates")
    parser.add_argument("--output", metavar="FILE", help="the cabinet (VENDOR-PRODUCT-REVISION.cab)")
    parser.add_argument("--name", help="name of the device, for people")
    parser.add_argument("--summary", help="one line about it")
    parser.add_argument("--notes", help="release notes: paragraphs, and lists of lines that begin with -")
    parser.add_argument("--notes-file", metavar="FILE", help="release notes from a file")
    parser.add_argument("--urgency", choices=metainfo.URGENCIES, default="medium")
    parser.add_argument("--duration", type=int, metavar="SECONDS",
                        help=f"how long an update takes (what the device says, else {metainfo.DURATION_S})")
    parser.add_argument("--activation", choices=device.ACTIVATIONS,
                        help="what brings it into use, for the message; scsi-wb-plan's JSON tells")
    parser.add_argument("--update-message", metavar="TEXT", help="another message for the user")
    parser.add_argument("--developer", metavar="NAME", help="who made the firmware (the vendor)")
    parser.add_argument("--homepage", metavar="URL")
    parser.add_argument("--details", metavar="URL", help="page of this release")
    parser.add_argument("--id", help="AppStream ID (com.VENDOR.PRODUCT.firmware)")
    parser.add_argument("--category", default="X-Drive", help="AppStream category (X-Drive)")
    parser.add_argument("--date", help="date of the release (today, or SOURCE_DATE_EPOCH)")


def add_publish(commands):
    parser = add_command(commands, "publish", "Makes a remote's folder, or adds cabinets to it")
    parser.add_argument("folder", metavar="FOLDER", help="what the web server serves")
    parser.add_argument("cabinets", metavar="CABINET", nargs="*",
                        help="signed cabinets to add; without, the metadata is signed anew if it needs to be")
    add_keys(parser)
    parser.add_argument("--name", help="name of the remote on the machines; needed once")
    parser.add_argument("--url", help="address at which FOLDER is served; needed once")
    parser.add_argument("--title", help="title of the remote, for people")
    parser.add_argument("--trust", metavar="FILE", action="append", default=[],
                        help="certificate of another authority that may have signed the cabinets or the remote")
    parser.add_argument("--withdraw", metavar="CABINET", action="append", default=[],
                        help="offer that cabinet no longer, and remove it")


def add_verify(commands):
    parser = add_command(commands, "verify", "Looks at a remote's folder as a machine would")
    parser.add_argument("folder", metavar="FOLDER")
    parser.add_argument("--ca", metavar="FILE", action="append", required=True,
                        help="certificate of the authority that machines trust; may be repeated")


def add_key_commands(commands):
    parser = add_command(commands, "keys", "Makes or shows keys")
    parser.add_argument("what", choices=("new", "renew", "show"),
                        help="an authority and a signer; another signer; what there is")
    parser.add_argument("folder", metavar="FOLDER")
    parser.add_argument("--owner", default="scsi-wb-remote", help="organization in new certificates")
    add_lifetimes(parser, (("ca", keys.CA_DAYS), ("signer", keys.SIGNER_DAYS)))


def make_parser():
    parser = Parser(prog=PROGRAM, description=SUMMARY, epilog=EXIT_STATUS, add_help=False, allow_abbrev=False,
                    formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-h", "--help", action=Help, nargs=0, help="show this")
    parser.add_argument("--version", action="version", version=version_text(), help="show the version")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
    add_cabinet(commands)
    add_publish(commands)
    add_verify(commands)
    add_key_commands(commands)
    parser.set_defaults(commands=commands.choices)
    return parser


def full_help(parser):
    """All commands with all options; the lines are laid out so that help2man makes sections of them."""
    text = f"Usage: {PROGRAM} COMMAND [OPTION...] ...\n\n{SUMMARY}\n"
    for name, command in parser.get_default("commands").items():
        usage = {"cabinet": "IMAGE", "publish": "FOLDER [CABINET...]", "verify": "FOLDER",
                 "keys": "new|renew|show FOLDER"}[name]
        body = command.format_help().split("\n\n", 2)[2]
        body = body.replace("positional arguments:\n", "").replace("\noptions:\n", "")
        body = "\n".join(line for line in body.splitlines() if "-h, --help" not in line)
        text += f"\n{name} [OPTION...] {usage}:\n  {command.description}\n\n{body}\n"
    return f"{text}\nwithout a command:\n  -h, --help  show this\n  --version   show the version\n\n{EXIT_STATUS}\n"


def parse(arguments):
    parser = make_parser()
    command = parser.get_default("commands").get(arguments[0]) if arguments else None
    if command is None:
        parser.parse_args(arguments)  # --help, or what is wrong
        raise Usage("name a command")
    # names and options in any order, as other programs take them
    options = command.parse_intermixed_args(arguments[1:])
    options.command = arguments[0]
    if options.command == "cabinet":
        check_cabinet(options)
    if options.command == "keys" and not (1 <= options.ca_days <= 36500 and 1 <= options.signer_days <= 36500):
        raise Usage("a certificate holds from 1 to 36500 days")
    return options


def check_cabinet(options):
    """What belongs together."""
    if options.device is None and (options.vendor is None or options.product is None):
        raise Usage("cabinet wants --device, or --vendor and --product")
    if options.select is not None and options.device is None:
        raise Usage("--select chooses from what --device says")
    if options.notes is not None and options.notes_file is not None:
        raise Usage("there can be --notes or --notes-file, not both")
