"""How long pages take in a practice of 10,000 files and 1,000,000 documents, beside one of 100 files and 10,000.

Each size is a Liasse of its own, with its own database; requests go to the two in turn, so that a slow moment of the
machine hits both. Prints p50 and p95 in milliseconds, queries, and large / small. `make bench-pages` runs it on SQLite
and PostgreSQL; further arguments: `make bench-pages ARGS="--database sqlite --repeat 100"`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import quantiles
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

Cell = tuple[str, list[str], str]
"""A line of a table: its label, the page of the small and of the large practice, who asks."""

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bin"))

from cluster import Cluster, ClusterError  # noqa: E402  Beside this folder, not a package.

GOAL = 1.3
SMALL = (100, 10_000)
PEOPLE = ("administrator", "restricted")
# The same page of the small and of the large practice; a heavy file is put beside a usual one.
JUDGED = (
    ("Mes clients", "clients", "clients"),
    ("Inbox, usual file", "inbox", "inbox"),
    ("Inbox, 20,000 documents", "inbox", "heavy-inbox"),
    ("Document", "document", "document"),
    ("Document, 20,000 beside it", "document", "heavy-document"),
    ("Submission history, 20,000", "receipts", "heavy-receipts"),
    ("Settings of a client file", "settings", "settings"),
)
# Other orders and searches of the same lists.
FURTHER = (
    *((f"Mes clients, {sort}", f"clients?sort={sort}", f"clients?sort={sort}")
      for sort in ("-name", "sector", "colleagues", "-members", "-process", "-review", "-ready", "-arrival")),
    # Words that fill a page, find one, find nothing, so that both practices draw as many rows.
    *((f"Mes clients, search {text}", f"clients?q={text}", f"clients?q={text}") for text in ("a", "00050", "zzzz")),
    *((f"Switcher, search {text}", f"list?q={text}", f"list?q={text}") for text in ("a", "00050", "zzzz")),
    *((f"Inbox 20,000, {sort}", f"inbox?tab=to-review&sort={sort}", f"heavy-inbox?tab=to-review&sort={sort}")
      for sort in ("received", "-date", "supplier", "-total")),
    *((f"Inbox 20,000, search {text}", f"inbox?tab=to-review&q={text}", f"heavy-inbox?tab=to-review&q={text}")
      for text in ("facture", "zzzz")),
)  # fmt: skip


class Office:
    """A child process with one practice; `ask` gives what it measured."""

    def __init__(self, size: tuple[int, int], *, data: Path, database: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LIASSE_", "DATABASE_URL"))}
        path = os.pathsep.join((str(ROOT), str(ROOT / "bench")))
        own = {"LIASSE_DATA": str(data), "DATABASE_URL": database, "PYTHONPATH": path}
        command = ["nice", "-n", "5", sys.executable, str(ROOT / "bench" / "pages_child.py"), *map(str, size)]
        self._child = subprocess.Popen(
            command, env={**kept, **own}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.seeded = self._answer()

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the child."""
        self._child.kill()
        self._child.wait()

    def ask(self, page: str, *, who: str, turn: int, count: bool = False) -> dict[str, Any]:
        """Have one page answered."""
        assert self._child.stdin is not None
        self._child.stdin.write(json.dumps({"page": page, "who": who, "turn": turn, "count": count}) + "\n")
        self._child.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        if not line:
            raise SystemExit("bench: the measured process ended; see above.")
        answer: dict[str, Any] = json.loads(line)
        return answer


def main() -> int:
    """Measure on the databases asked for; 1 when a judged ratio is above the goal."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--files", type=int, default=10_000, help="files of the large practice")
    parser.add_argument("--documents", type=int, default=1_000_000, help="documents of the large practice")
    parser.add_argument("--repeat", type=int, default=200, help="requests for each page and person")
    parser.add_argument("--judged-only", action="store_true", help="leave out further orders and searches")
    parser.add_argument(
        "--keep", type=Path, help="folder that keeps the practices, to measure them again; on PostgreSQL with --server"
    )
    parser.add_argument("--server", default="", help="URL of a PostgreSQL server of your own, with --keep")
    parser.add_argument("--only", default="", help="only pages with this word in their label, such as search")
    options = parser.parse_args()
    worst = 0.0
    for database in ("sqlite", "postgresql"):
        if options.database in {database, "both"}:
            worst = max(worst, _measure(database, options))
    print(f"\nHighest judged ratio of p50: {worst:.2f} (goal: at most {GOAL}).")
    return 0 if worst <= GOAL else 1


def _measure(database: str, options: argparse.Namespace) -> float:
    large = (options.files, options.documents)
    with ExitStack() as stack:
        urls = ("", "")
        if database == "postgresql":
            try:
                urls = _databases(options.server or stack.enter_context(Cluster()).url)
            except ClusterError as error:
                print(f"PostgreSQL is left out: {error}")
                return 0.0
        folder = options.keep / database if options.keep else None
        folder = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="liasse-bench-")))
        offices = [
            stack.enter_context(Office(size, data=folder / str(size[0]), database=url))
            for size, url in zip((SMALL, large), urls, strict=True)
        ]
        sizes = ", ".join(
            f"{size[0]:,} files and {size[1]:,} documents seeded in {office.seeded['seconds']:.0f} s"
            for size, office in zip((SMALL, large), offices, strict=True)
        )
        print(f"\n=== {database}: {sizes}; {options.repeat} requests each ===", flush=True)
        judged, further = ([cell for cell in cells if options.only in cell[0]] for cells in (JUDGED, FURTHER))
        worst = _table(offices, judged, repeat=options.repeat)
        if not options.judged_only:
            _table(offices, further, repeat=options.repeat if options.only else max(20, options.repeat // 5))
    return worst


def _databases(url: str) -> tuple[str, str]:
    import psycopg  # noqa: PLC0415 - not for SQLite

    with psycopg.connect(url, autocommit=True) as server:
        present = {name for (name,) in server.execute("SELECT datname FROM pg_database")}
        for name in {"small", "large"} - present:
            server.execute(f"CREATE DATABASE {name}")
    base = urlsplit(url)
    return base._replace(path="/small").geturl(), base._replace(path="/large").geturl()


def _table(offices: list[Office], pages: Sequence[tuple[str, str, str]], *, repeat: int) -> float:
    print(f"{'page':<31}{'who':<15}{'small p50':>10}{'p95':>7}{'large p50':>11}{'p95':>7}"
          f"{'queries':>9}{'p50 ratio':>11}{'p95':>6}")  # fmt: skip
    pages = [page for page in pages if offices[1].seeded["has_heavy"] or not page[2].startswith("heavy")]
    cells = [(label, page, who) for label, *page in pages for who in PEOPLE]
    taken = _times(offices, cells, repeat=repeat)
    worst = 0.0
    for label, page, who in cells:
        counts = [office.ask(name, who=who, turn=1, count=True)["queries"]
                  for office, name in zip(offices, page, strict=True)]  # fmt: skip
        (small, small95), (large, large95) = (_p50_p95(taken[label, who, place]) for place in (0, 1))
        queries = str(counts[0]) if counts[0] == counts[1] else f"{counts[0]}→{counts[1]}"
        print(f"{label:<31}{who:<15}{small:>10.1f}{small95:>7.1f}{large:>11.1f}{large95:>7.1f}"
              f"{queries:>9}{large / small:>11.2f}{large95 / small95:>6.2f}", flush=True)  # fmt: skip
        worst = max(worst, large / small)
    return worst


def _times(
    offices: list[Office], cells: Sequence[tuple[str, list[str], str]], *, repeat: int
) -> dict[tuple[str, str, int], list[float]]:
    """Ask everything in turn, in another order each round, small and large one after the other."""
    taken: dict[tuple[str, str, int], list[float]] = {}
    chance = random.Random(1)
    for turn in range(-3, repeat):
        for label, page, who in chance.sample(cells, len(cells)):
            for place in chance.sample((0, 1), 2):
                spent = offices[place].ask(page[place], who=who, turn=turn + 3)["ms"]
                # The first rounds warm templates, translations and the disk's cache.
                if turn >= 0:
                    taken.setdefault((label, who, place), []).append(spent)
    return taken


def _p50_p95(values: list[float]) -> tuple[float, float]:
    parts = quantiles(values, n=20)
    return parts[9], parts[18]


if __name__ == "__main__":
    sys.exit(main())
