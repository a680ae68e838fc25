"""What `serve` does before anything is started: migrate, and fetch the set-up link. Called by the supervisor only."""

import argparse
import json
import os
import sys

from liasse.cli.project import migrate, open_project


def main(arguments: list[str]) -> int:
    """Print one line of JSON: {"setup_link": the link, or null once the practice is set up}."""
    parser = argparse.ArgumentParser(prog="liasse prepare")
    parser.add_argument("--no-link", action="store_true")
    options = parser.parse_args(arguments)
    os.umask(0o077)
    open_project()
    if migrate():
        print("the database is up to date", file=sys.stderr)
    link = None
    if not options.no_link:
        from liasse.practices.services import set_up_link

        link = set_up_link()
    print(json.dumps({"setup_link": link}))
    return 0
