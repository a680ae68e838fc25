"""How long a CSV of many client files takes: to be looked at, and to be made by the worker.

Runs on a Liasse of its own that is thrown away: SQLite, or with DATABASE_URL set that (empty) database. Half of the
lines invite somebody, each has a code, a SIREN, a phone number and a colleague.
`make bench-rosters`; 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from liasse.core.access import Actor
    from liasse.practices.models import Practice

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
GOAL_PREVIEW, GOAL_MADE = 5.0, 60.0


def main() -> int:
    """Measure; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=5000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="liasse-bench-") as folder:
        os.environ["LIASSE_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "liasse.config.settings"
        preview, made = _measure(options.lines)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"looked at  {preview:6.1f} s    (goal: at most {GOAL_PREVIEW:g})")
    print(f"made       {made:6.1f} s    (goal: at most {GOAL_MADE:g}), {memory} MiB at most")
    return 0 if preview <= GOAL_PREVIEW and made <= GOAL_MADE else 1


def _measure(lines: int) -> tuple[float, float]:
    import django  # noqa: PLC0415 - after the settings are named

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - after Django is set up

    call_command("migrate", interactive=False, verbosity=0)
    practice, actor = _firm()
    return _run(_table(lines), practice=practice, actor=actor, lines=lines)


def _firm() -> tuple[Practice, Actor]:
    from liasse.core.scope import practice_scope  # noqa: PLC0415 - after Django is set up
    from liasse.practices.models import Colleague  # noqa: PLC0415 - the same
    from liasse.practices.selectors import actor_of  # noqa: PLC0415 - the same
    from liasse.practices.services import set_up  # noqa: PLC0415 - the same

    practice = set_up(practice_name="Mesure", email="anne@mesure.example", password="une-phrase-pour-mesurer")  # noqa: S106 - of a database that is thrown away
    with practice_scope(practice.id):
        return practice, actor_of(Colleague.objects.get(email="anne@mesure.example"))


def _table(lines: int) -> bytes:
    rows = ["Nom de l'entreprise;Code cabinet;SIREN;Contact;Adresse email;Téléphone;Inviter par;Collaborateurs"]
    for n in range(lines):
        phone, way = f"06 12 34 {n // 100:02} {n % 100:02}", "email" if n % 2 else ""
        person = f"Hélène Lemoine;client{n}@client.example;{phone};{way}"
        rows.append(f"Société n° {n};C{n:05};{_siren(n)};{person};anne@mesure.example")
    return "\r\n".join(rows).encode("cp1252")


def _siren(number: int) -> str:
    """Give the digits with their check digit (Luhn)."""
    body = f"{10_000_000 + number:08}"
    total = sum(sum(divmod(int(digit) * (2 if place % 2 else 1), 10)) for place, digit in enumerate(body))
    return f"{body}{-total % 10}"


def _run(table: bytes, *, practice: Practice, actor: Actor, lines: int) -> tuple[float, float]:
    from liasse.clients.models import ClientFile  # noqa: PLC0415 - after Django is set up
    from liasse.core.scope import practice_scope  # noqa: PLC0415 - the same
    from liasse.rosters import making, services  # noqa: PLC0415 - the same
    from liasse.rosters.types import RosterKind  # noqa: PLC0415 - the same

    with practice_scope(practice.id):
        began = time.monotonic()
        source = io.BytesIO(table)
        roster = services.upload(
            source, size=len(table), kind=RosterKind.CLIENTS, filename="liste.csv", practice=practice, actor=actor
        )
        preview = time.monotonic() - began
        if roster.count_wrong:
            raise SystemExit([line.remarks for line in services.lines_of(roster, verdict="wrong", size=3)])
        services.confirm(roster, actor=actor)
        began = time.monotonic()
        while making.make(roster.id):
            pass
        made = time.monotonic() - began
        there = ClientFile.objects.count()
    if there != lines:
        raise SystemExit(f"{there} files of {lines}")
    return preview, made


if __name__ == "__main__":
    sys.exit(main())
