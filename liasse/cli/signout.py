"""`liasse signout`: ends sessions from the machine itself, of one person or of everybody."""

from liasse.cli.parser import command_parser
from liasse.cli.project import open_project


def main(arguments: list[str]) -> int:
    """End every session of a person, or of everybody; who was signed in signs in anew, and nothing else changes."""
    parser = command_parser(
        "signout",
        does="Sign a person out everywhere, or everybody, as after a phone was stolen or a key was leaked.",
        example="liasse signout --email a@martin.fr",
    )
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("--email", metavar="ADDRESS", help="the address with which the person signs in")
    whom.add_argument("--everybody", action="store_true", help="everybody of this instance")
    options = parser.parse_args(arguments)
    open_project()
    from liasse.core.errors import NotThereError
    from liasse.identity.selectors import user_of_email
    from liasse.identity.sessions import end_all, end_others

    if options.everybody:
        print(f"Signed out everywhere: everybody ({end_all()} sessions).")
        return 0
    user = user_of_email(options.email)
    if user is None:
        raise NotThereError(f"nobody signs in with {options.email}.")
    print(f"Signed out everywhere: {user.email} ({end_others(user, here=None)} sessions).")
    return 0
