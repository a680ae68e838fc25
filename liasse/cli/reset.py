"""`liasse reset`: the way back in for somebody whom nobody in the practice can help, such as its only administrator."""

from liasse.cli.parser import command_parser
from liasse.cli.project import open_project


def main(arguments: list[str]) -> int:
    """Take a person's second factors away and sign them out everywhere; the password stays."""
    parser = command_parser(
        "reset",
        does="Take away a person's second factor, which was lost: apps, passkeys and recovery codes.",
        example="liasse reset --email a@martin.fr",
    )
    parser.add_argument("--email", required=True, metavar="ADDRESS", help="the address with which the person signs in")
    options = parser.parse_args(arguments)
    open_project()
    from liasse.core.errors import NotThereError
    from liasse.identity.factors import reset_factor
    from liasse.identity.selectors import user_of_email
    from liasse.identity.sessions import end_others
    from liasse.practices.logins import record_reset_by_console

    user = user_of_email(options.email)
    if user is None:
        raise NotThereError(f"nobody signs in with {options.email}.")
    if not user.has_factor:
        print(f"{user.email} has no second factor; nothing was changed.")
        return 0
    reset_factor(user)
    end_others(user, here=None)
    record_reset_by_console(user)
    print(f"{user.email} signs in by password or emailed code alone now, and is signed out everywhere.")
    return 0
