"""What `serve --demo` starts once everything answers: fill the demo practice through the real doors."""

from liasse.cli.lifeline import hold_lifeline
from liasse.cli.project import open_project


def main(_arguments: list[str]) -> int:
    """Call liasse.cli.demo.prepare(), which does nothing twice, and say what it says: above all, how to sign in."""
    hold_lifeline()
    open_project()
    from liasse.cli.demo import prepare

    for line in prepare():
        print(line, flush=True)
    return 0
