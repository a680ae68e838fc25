"""Print docs/access.md: every route, its name, and who may enter, as the code declares it."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liasse.config.settings")

_WHO = {
    "public": "everybody",
    "link-holder": "whoever holds the link",
    "token": "programs with a token of the practice, in the files that it reaches",
    "signed-in": "whoever is signed in",
    "colleague": "active colleagues",
    "add-clients": "colleagues who may add clients",
    "administrator": "administrators",
    "team-lead": "administrators; team leads, within their teams",
    "progress": "administrators, colleagues who may see the follow-up",
    "file-read": "colleagues with any access to the file, administrators",
    "file-work": "colleagues with coding or full access to the file, administrators",
    "file-manage": "colleagues with full access to the file, administrators",
    "file-administrator": "administrators of the file's practice",
    "file-member": "active members of the file",
    "file-people": "active members of the file who are its administrators or managers",
    "file-owner": "active members of the file who are its administrators",
}

_AFTER = ", who proved within ten minutes who they are"


def page() -> str:
    """Give the page."""
    import django  # noqa: PLC0415 - after the settings are named

    django.setup()
    from liasse.core.access import is_sensitive, rule_of  # noqa: PLC0415 - after Django is set up
    from liasse.core.checks import routes  # noqa: PLC0415 - the same

    rows = [
        f"| `/{pattern}` | {route.name} | {rule} | {_WHO[str(rule)]}{_AFTER if is_sensitive(route.callback) else ''} |"
        for pattern, route in routes()
        if (rule := rule_of(route.callback)) is not None
    ]
    return (
        "# Who may enter what\n\n"
        "Made by `python bin/access.py > docs/access.md` from the routes; a test says that it is current, and\n"
        "`tests/tenancy` executes every route for every role, status and target. Strangers to a file get the\n"
        "same 404 as for a missing one; 403 is for those who see the file but may not do this.\n\n"
        "| Route | Name | Rule | Who |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"
    )


if __name__ == "__main__":
    sys.stdout.write(page())
