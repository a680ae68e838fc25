"""`liasse setup`: the practice and its first administrator, without a browser."""

import os
import sys

from liasse.cli.parser import command_parser
from liasse.cli.project import migrate, open_project


def main(arguments: list[str]) -> int:
    """Set up the practice once; the password comes on standard input, where no list of processes shows it."""
    parser = command_parser(
        "setup",
        does="Set up the practice and its first administrator.",
        example='echo "$PASSWORD" | liasse setup --practice "Cabinet Martin" --email a@martin.fr --password-stdin',
    )
    parser.add_argument("--practice", required=True, metavar="NAME", help="the practice's name")
    parser.add_argument("--email", required=True, metavar="ADDRESS", help="the administrator's email, for signing in")
    parser.add_argument("--name", default="", metavar="PERSON", help="the administrator's name; default: the email")
    parser.add_argument("--language", default="fr", choices=("fr", "en"), help="the practice's language; default: fr")
    parser.add_argument(
        "--password-stdin", required=True, action="store_true", help="read the password from standard input"
    )
    options = parser.parse_args(arguments)
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise SystemExit("liasse setup: no password came on standard input: send it as its first line.")
    os.umask(0o077)
    open_project()
    migrate()
    from django.utils import translation

    from liasse.practices.services import set_up

    # The console speaks English, so the sentence of a refusal does too.
    with translation.override("en"):
        set_up(
            practice_name=options.practice,
            email=options.email,
            password=password,
            person_name=options.name or options.email,
            language=options.language,
        )
    print(f"The practice “{options.practice}” is set up; sign in as {options.email}.")
    return 0
