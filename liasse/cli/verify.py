"""`liasse verify`: proves that what is stored is whole, as `git fsck` does for a repository."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from liasse.cli import verify_rows
from liasse.cli.parser import command_parser
from liasse.cli.project import open_project
from liasse.cli.verify_bytes import compare
from liasse.cli.verify_findings import Findings, Progress
from liasse.cli.verify_share import Mark, Share, keep_mark, last_mark

if TYPE_CHECKING:
    from liasse.core.blobs import BlobStore

_SHOWN = 20


def main(argv: list[str]) -> int:
    """Check everything and print the counts; 0 when whole, 1 on any defect, 2 when called wrongly."""
    options = _options(argv)
    open_project()
    from django.conf import settings

    from liasse.core.adapters import adapter

    folder: Path = settings.LIASSE_DATA
    share = Share() if options.full else _share(last_mark(folder), options)
    progress = Progress(is_shown=options.progress or sys.stderr.isatty())
    findings = examine(adapter("blobs"), share=share, progress=progress)
    mark = share.mark()
    _keep(mark, folder=folder)
    _print(findings, share=share, mark=mark)
    return 1 if findings.defects else 0


def _options(argv: list[str]) -> argparse.Namespace:
    parser = command_parser(
        "verify",
        does="Prove that what is stored is whole: every receipt, part, document and page image has its bytes, each "
        "of its size; every delivery's journey adds up; nothing was taken twice; the audit trail was not altered. "
        "Bytes are read and hashed too: all of them where they are up to 10 GiB, else a share each time, so that "
        "thirty runs read all. Changes nothing, and may run while Liasse does. Ends with 0 when all is whole, 1 on "
        "any defect.",
        example="liasse verify",
    )
    parser.add_argument("--full", action="store_true", help="read every byte, however long it takes")
    parser.add_argument("--minutes", type=float, help="stop reading bytes after so many minutes; the rest next time")
    parser.add_argument("--gigabytes", type=float, help="read so many gigabytes and no more; the rest next time")
    parser.add_argument("--progress", action="store_true", help="say how far it is, also where nobody watches")
    return parser.parse_args(argv)


def _share(mark: Mark, options: argparse.Namespace) -> Share:
    most = None if options.gigabytes is None else int(options.gigabytes * 1e9)
    return Share(mark, most_bytes=most, minutes=options.minutes)


def _keep(mark: Mark, *, folder: Path) -> None:
    try:
        keep_mark(mark, folder=folder)
    except OSError as error:
        # A store that is only to be read, such as a backup, is verified all the same.
        print(f"Note:   where this run ended could not be kept ({error.strerror}); the next begins anew.")


def examine(blobs: BlobStore, *, share: Share | None = None, progress: Progress | None = None) -> Findings:
    """Compare all rows with all blobs, add up journeys, look for doubles, and verify each practice's audit chain.

    Every byte is read unless a share says which.
    """
    from liasse.core.scope import instance_scope

    findings, said = Findings(), progress or Progress()
    with instance_scope():
        compare(blobs, findings, share=share or Share(), progress=said)
        said.say("journeys and doubles")
        findings.defects += verify_rows.journeys()
        findings.defects += verify_rows.doubles()
        findings.unattended = verify_rows.unattended()
        said.say("audit trail")
        verify_rows.check_audit(findings)
    return findings


# ---------------------------------------------------------------------------- print


def _print(findings: Findings, *, share: Share, mark: Mark) -> None:
    kinds = ("receipt", "part", "document", "page image")
    print("Rows:   " + ", ".join(f"{findings.rows[kind]:,} {kind}s" for kind in kinds) + ".")
    print(f"Blobs:  {findings.blobs:,} of {findings.bytes:,} bytes in all; {_read(share, mark=mark)}")
    print(f"Audit:  {findings.events:,} events of {findings.practices:,} practices.")
    if findings.unattended:
        waiting = " and ".join(f"{count:,} {name}" for name, count in findings.unattended.items())
        print(f"Note:   {waiting} wait without a job; a running worker takes them up within five minutes.")
    if findings.unclaimed:
        print(f"Note:   {len(findings.unclaimed):,} blobs older than an hour have no row; they are kept:")
        _print_some(findings.unclaimed, to=sys.stdout.write)
    if findings.defects:
        _print_some(findings.defects, to=sys.stderr.write)
        number = len(findings.defects)
        print(f"{number:,} {'defect was' if number == 1 else 'defects were'} found.", file=sys.stderr)
    else:
        print("Everything is whole.")


def _read(share: Share, *, mark: Mark) -> str:
    if share.is_everything:
        return "every one that a row names was read."
    last = f"all had been read last on {mark.all_read[:10]}" if mark.all_read else "not all have been read yet"
    if not mark.behind:
        last = "with this run all have been read"
    return f"each is there and of its size; {share.count:,} of {share.read:,} bytes were read, {last}."


def _print_some(lines: list[str], *, to: Callable[[str], int]) -> None:
    for line in lines[:_SHOWN]:
        to(f"  {line}\n")
    if len(lines) > _SHOWN:
        to(f"  and {len(lines) - _SHOWN:,} more\n")
