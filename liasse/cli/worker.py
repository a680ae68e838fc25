"""`liasse worker`: the worker alone."""

from liasse.cli.lifeline import hold_lifeline
from liasse.cli.project import open_project


def main(arguments: list[str]) -> int:
    """Do jobs until SIGTERM or Ctrl-C."""
    rest = [argument for argument in arguments if argument != "--supervised"]
    if rest != arguments:
        hold_lifeline()
    from liasse.worker.main import main as work

    if not {"-h", "--help"} & set(rest):
        open_project()
    return work(rest)
