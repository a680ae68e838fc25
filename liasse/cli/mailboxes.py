"""`liasse mailboxes`: the reader of mailboxes alone."""

import os

from liasse.cli.lifeline import hold_lifeline
from liasse.cli.parser import part_parser
from liasse.cli.project import open_project


def main(arguments: list[str]) -> int:
    """Read the mailboxes of LIASSE_IMAP until SIGTERM or Ctrl-C."""
    does = "Fetch the mails of the mailboxes in LIASSE_IMAP as they come. Ctrl-C stops it."
    options = part_parser("mailboxes", does=does).parse_args(arguments)
    if options.supervised:
        hold_lifeline()
    open_project()
    from liasse.mailgate.boxes.main import main as read

    status = read()
    # What a thread still waits for is somebody else's answer; everything of ours is committed or not begun.
    os._exit(status)
