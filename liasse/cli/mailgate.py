"""`liasse mailgate`: the mail receiver alone."""

from liasse.cli.lifeline import hold_lifeline
from liasse.cli.project import open_project


def main(arguments: list[str]) -> int:
    """Receive mail until SIGTERM or Ctrl-C."""
    rest = [argument for argument in arguments if argument != "--supervised"]
    if rest != arguments:
        hold_lifeline()
    from liasse.mailgate.main import main as receive

    if not {"-h", "--help"} & set(rest):
        open_project()
    return receive(rest)
