"""`liasse worker`: the worker alone."""

from liasse.cli.lifeline import hold_lifeline
from liasse.cli.parser import part_parser
from liasse.cli.project import open_project


def main(arguments: list[str]) -> int:
    """Do jobs until SIGTERM or Ctrl-C."""
    does = "Do due jobs: open receipts, read documents, send messages. Ctrl-C stops it."
    options = part_parser("worker", does=does).parse_args(arguments)
    if options.supervised:
        hold_lifeline()
    # The worker's jobs use tables, which only an open project has.
    open_project()
    from liasse.worker.main import main as work

    return work([])
