"""The console command `liasse`: finds the sub-command and turns every failure into one sentence.

Nothing heavy is imported before it is known what is asked for, so that `read` and `settings` answer at once and
the supervisor stays small. The words of the console are English, as those of the log are (docs/decisions/0012).
"""

import importlib
import os
import sys

from liasse.config.env import SettingError

_COMMANDS = {
    "serve": "start everything: web, mail receiver and worker, under one supervisor",
    "setup": "set up the practice and its first administrator without a browser",
    "reset": "take away a second factor that was lost",
    "signout": "end the sessions of a person, or of everybody",
    "web": "start the web server alone",
    "mailgate": "start the mail receiver alone",
    "mailboxes": "start the reader of mailboxes (IMAP) alone",
    "watch": "start the watch over scanners' folders alone",
    "worker": "start the worker alone",
    "settings": "list every variable of the environment, its value and its default",
    "status": "say how much work is due, and whether anything waits too long",
    "verify": "prove that what is stored is whole: bytes, rows and hashes",
    "read": "read documents and print their fields, without touching any data",
    "check": "check e-invoices by their official rules, without touching any data",
}
# Called by the supervisor only; not for people, so not in the list.
_INNER = {"prepare", "demonstrate"}


def main(argv: list[str] | None = None) -> int:
    """Run one sub-command; give the exit code: 0 done, 1 failed with a sentence, 2 called wrongly."""
    arguments = sys.argv[1:] if argv is None else argv
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(_overview())
        return 0 if arguments else 2
    if arguments[0] in {"--version", "version"}:
        from liasse.lib.release import version

        print(f"liasse {version()}")
        return 0
    name, *rest = arguments
    if name not in _COMMANDS and name not in _INNER:
        print(f"liasse: there is no command “{name}”; there are: {', '.join(_COMMANDS)}.", file=sys.stderr)
        return 2
    return _run(name, rest)


def _run(name: str, arguments: list[str]) -> int:
    try:
        command = importlib.import_module(f"liasse.cli.{name}")
        return int(command.main(arguments) or 0)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of a pipe has seen enough. Python would complain once more while closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    # The outermost handler of the console: a person reads a sentence.
    except Exception as error:
        if _wants_traceback():
            raise
        print(f"liasse {name}: {_sentence(error)}", file=sys.stderr)
        return 1


def _wants_traceback() -> bool:
    return os.environ.get("LIASSE_DEBUG", "").strip().lower() in {"1", "true", "yes", "on"}


def _sentence(error: Exception) -> str:
    """Say what went wrong on one line, with the variable to look at where one is known."""
    kinds = {f"{kind.__module__}.{kind.__name__}" for kind in type(error).__mro__}
    said = " ".join(str(error).split())
    if isinstance(error, SettingError) or "liasse.core.errors.LiasseError" in kinds:
        return said or type(error).__name__
    if "django.db.utils.Error" in kinds or "django.core.exceptions.ImproperlyConfigured" in kinds:
        return f"The database cannot be used; check DATABASE_URL and LIASSE_DATA ({said})."
    if "django.core.management.base.SystemCheckError" in kinds:
        return f"Liasse does not start, because a check of its parts failed: {said}"
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or said}."
    return f"stopped by an unexpected fault ({type(error).__name__}: {said[:300]}); LIASSE_DEBUG=1 shows where."


def _overview() -> str:
    width = max(map(len, _COMMANDS))
    lines = [f"  {name:<{width}}  {summary}" for name, summary in _COMMANDS.items()]
    return "\n".join(
        [
            "Usage: liasse COMMAND [OPTIONS]",
            "",
            *lines,
            "",
            "`liasse COMMAND --help` says more, with an example. All settings are variables of the environment.",
        ]
    )
