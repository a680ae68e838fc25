"""`liasse watch`: the watched folders alone."""

from liasse.cli.lifeline import hold_lifeline
from liasse.cli.parser import part_parser
from liasse.cli.project import open_project


def main(arguments: list[str]) -> int:
    """Take in what scanners put into the folders of LIASSE_WATCH, until SIGTERM or Ctrl-C."""
    does = "Take in what scanners put into the folders of LIASSE_WATCH. Ctrl-C stops it."
    options = part_parser("watch", does=does).parse_args(arguments)
    if options.supervised:
        hold_lifeline()
    open_project()
    from liasse.watchfolder.main import main as watch

    return watch()
