"""`liasse settings`: every variable of the environment, for people and for docs/admin/settings.md."""

from liasse.cli.parser import command_parser
from liasse.config import env

_PREFACE = """\
# Settings

All settings are variables of the environment. An empty one counts as unset. A wrong one is refused at the start,
with a sentence that names it. `liasse settings` shows the values in force.

This page is written by `liasse settings --markdown`; a test says when it is out of date.
"""


def main(arguments: list[str]) -> int:
    """Print the settings in force, or the page of the handbook."""
    parser = command_parser(
        "settings",
        does="List every variable of the environment: its value, its default, what it does. Secrets are not shown.",
        example="liasse settings",
    )
    parser.add_argument("--markdown", action="store_true", help="print the handbook's page instead, without values")
    options = parser.parse_args(arguments)
    from liasse.config import values  # noqa: F401  Reading them is what registers them.

    print(as_markdown() if options.markdown else as_list() + walls(), end="")
    return 0


def as_markdown() -> str:
    """Give the handbook's page: names, forms, defaults, no values."""
    lines = [_PREFACE, "| Variable | Form | Default | What it does |", "|---|---|---|---|"]
    for setting in env.registry():
        default = f"`{setting.default}`" if setting.default else "–"
        lines.append(f"| `{setting.name}` | {setting.kind} | {default} | {setting.help.replace('|', chr(92) + '|')} |")
    return "\n".join(lines) + "\n"


def as_list() -> str:
    """Give the settings in force, two lines each; a star marks what the environment sets."""
    lines = []
    for setting in env.registry():
        mark = "*" if setting.is_set else " "
        lines.append(f"{mark} {setting.name}={setting.value}")
        default = f" (default: {setting.default})" if setting.is_set and setting.default else ""
        lines.append(f"      {setting.help}{default}")
    lines += [f"! {name} is set, but nothing reads it." for name in env.unknown()]
    return "\n".join(lines) + "\n"


def walls() -> str:
    """Say in one line which walls of the sandbox stand around foreign files on this machine."""
    from liasse.core import sandbox

    try:
        found = sandbox.protections()
    except sandbox.SandboxError as error:
        return f"Sandbox on this machine: it cannot start ({error}).\n"
    said = ", ".join(f"{name} {'active' if stands else 'not granted'}" for name, stands in found.items())
    return f"Sandbox on this machine: {said}.\n"
