"""Take one filter, decorator or check out of the walls at a time, and see whether the tests notice: `make mutants`.

The mutants are found in the code by its syntax, never written by hand: each keyword that narrows a query to a file, a
person or a standing; each rule of a route, weakened to the next one below; each check that lets nobody further. What
is chosen depends on the seed alone. Every mutant lives in a copy of its own; the tree is not touched.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).resolve().parent.parent
WALLS = ("liasse/clients/reach.py", "liasse/config/guard.py", "liasse/core/tenancy.py")
"""Every mutant of these is tried."""
BEHIND = (
    "liasse/clients/selectors.py",
    "liasse/documents/selectors.py",
    "liasse/intake/selectors.py",
    "liasse/custody/whole.py",
    *(f"liasse/web/{area}/views*.py" for area in ("clients", "inbox", "outbox", "practice", "settings", "sight")),
    *(f"liasse/web/{area}/views*.py" for area in ("team", "trail", "whole")),
    "liasse/portal/views*.py",
)
"""Of these as many as fill up the number."""
TESTS = (
    (
        "tests/tenancy/test_routes.py::test_the_page_of_routes_is_current",
        "tests/web/test_sight.py",
        "tests/web/test_file_access.py",
    ),
    ("tests/tenancy", "tests/unit/core/test_scope.py"),
    ("tests/unit/clients", "tests/unit/core", "tests/unit/custody", "tests/unit/documents", "tests/unit/practices"),
    ("tests/web",),
)
"""Those that notice soonest first; a mutant's run ends with the first that does."""
_NARROWS = {"client_file", "client_file_id", "colleague", "colleague_id", "user_id", "status", "user_id__isnull"}
_QUERIES = {"filter", "exclude", "Q"}
_WEAKER = {
    "FILE_ADMINISTRATOR": "FILE_MANAGE",
    "FILE_MANAGE": "FILE_WORK",
    "FILE_WORK": "FILE_READ",
    "FILE_OWNER": "FILE_MEMBER",
    "ADMINISTRATOR": "COLLEAGUE",
    "ADD_CLIENTS": "COLLEAGUE",
}
_STOPPED = 900


@dataclass(frozen=True)
class Mutant:
    """One piece of one file, by its place in it, and what stands there instead."""

    path: str
    line: int
    begin: int
    end: int
    instead: str
    what: str


def main() -> int:
    """Try the mutants and print each with its end; 1 when too few were noticed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--number", type=int, default=50, help="how many mutants (default 50)")
    parser.add_argument("--seed", type=int, default=3, help="which ones (default 3)")
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time (default 2)")
    parser.add_argument("--begin", type=int, default=0, help="how many of them to leave out, for a run that was cut")
    parser.add_argument("--list", action="store_true", help="print them and try none")
    parser.add_argument("--write", action="store_true", help="write docs/mutants.md")
    options = parser.parse_args()
    mutants = chosen(options.number, seed=options.seed)[options.begin :]
    if options.list:
        for mutant in mutants:
            print(f"{mutant.path}:{mutant.line}  {mutant.what}")
        return 0
    ends = try_all(mutants, jobs=options.jobs)
    killed = sum(end != "survived" for end in ends)
    print(f"{killed} of {len(mutants)} mutants were killed ({killed / len(mutants):.0%}).")
    if options.write:
        page = as_page(list(zip(mutants, ends, strict=True)), seed=options.seed)
        (ROOT / "docs" / "mutants.md").write_text(page, encoding="utf-8")
    return 0 if killed >= 0.95 * len(mutants) else 1


def chosen(number: int, *, seed: int) -> list[Mutant]:
    """Give all mutants of the walls, and of the rest as many as the seed draws."""
    walls = [mutant for path in WALLS for mutant in mutants_of(path)]
    files = sorted({str(path.relative_to(ROOT)) for pattern in BEHIND for path in ROOT.glob(pattern)})
    rest = [mutant for path in files for mutant in mutants_of(path)]
    drawn = random.Random(seed).sample(rest, k=max(0, min(number - len(walls), len(rest))))  # noqa: S311 - no secret
    return sorted([*walls[:number], *drawn], key=lambda mutant: (mutant.path, mutant.begin))


def mutants_of(path: str) -> Iterator[Mutant]:
    """Find what can be taken out of a file."""
    source = (ROOT / path).read_text(encoding="utf-8")
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line.encode()))

    def mutant(node: ast.AST, instead: str, what: str, *, until: int | None = None) -> Mutant:
        place: ast.expr = node  # type: ignore[assignment]
        begin = starts[place.lineno - 1] + place.col_offset
        end = starts[(place.end_lineno or 0) - 1] + (place.end_col_offset or 0)
        return Mutant(path=path, line=place.lineno, begin=begin, end=until or end, instead=instead, what=what)

    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            for part, what in _narrowing(node):
                yield mutant(part, "**{}" if isinstance(part, ast.keyword) else "*()", what)
            if (weaker := _weaker(node)) is not None:
                yield mutant(node.args[0], f"Rule.{weaker}", f"{ast.unparse(node)} weakened to {weaker}")
        elif isinstance(node, ast.If) and _stops(node):
            yield mutant(node.test, "False", f"check `{ast.unparse(node.test)}` taken out")
        elif isinstance(node, ast.IfExp) and path.endswith("tenancy.py"):
            yield mutant(node.test, "True", f"check `{ast.unparse(node)}` always lets through")


def _narrowing(call: ast.Call) -> Iterator[tuple[ast.expr | ast.keyword, str]]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in _QUERIES:
        return
    for keyword in call.keywords:
        if keyword.arg in _NARROWS:
            yield keyword, f"filter `{ast.unparse(keyword)}` taken out"
    for part in call.args:
        if isinstance(part, ast.Name) and part.id.startswith("_MAY_"):
            yield part, f"filter `{part.id}` taken out"


def _weaker(call: ast.Call) -> str | None:
    if getattr(call.func, "id", "") != "access" or not call.args or not isinstance(call.args[0], ast.Attribute):
        return None
    return _WEAKER.get(call.args[0].attr)


def _stops(node: ast.If) -> bool:
    """Tell whether a check does nothing but refuse: it raises, or gives nothing."""
    (only, *more) = node.body
    if more or node.orelse:
        return False
    if isinstance(only, ast.Raise):
        named = ast.unparse(only)
        return any(word in named for word in ("Http404", "PermissionDenied", "NotThere", "Forbidden", "ScopeError"))
    return isinstance(only, ast.Return) and isinstance(only.value, ast.Constant) and only.value.value is None


def try_all(mutants: list[Mutant], *, jobs: int) -> list[str]:
    """Run the tests against each, a few at a time; give each one's end."""
    with tempfile.TemporaryDirectory(prefix="liasse-mutants-") as folder:
        places: Queue[Path] = Queue()
        for number in range(jobs):
            places.put(_copy(Path(folder) / str(number)))
        verdicts = _Verdicts(_copy(Path(folder) / "whole"))

        def attempt(mutant: Mutant) -> str:
            place = places.get()
            try:
                began = time.monotonic()
                end = _try(mutant, place=place, verdicts=verdicts)
                print(
                    f"{mutant.path}:{mutant.line}  {mutant.what}: {end} ({time.monotonic() - began:.0f} s)", flush=True
                )
                return end
            finally:
                places.put(place)

        with ThreadPoolExecutor(jobs) as pool:
            return list(pool.map(attempt, mutants))


class _Verdicts:
    """Which tests are red without any mutant, so that their red says nothing; each is asked once."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._is_red: dict[str, bool] = {}

    def red(self) -> list[str]:
        return [name for name, is_red in self._is_red.items() if is_red]

    def counts(self, name: str) -> bool:
        """Tell whether a test that noticed something is green where nothing was taken out."""
        if name not in self._is_red:
            self._is_red[name] = _run(self._place, name).returncode != 0
            if self._is_red[name]:
                print(f"Left out, since it is red without any mutant: {name}", flush=True)
        return not self._is_red[name]


def _copy(target: Path) -> Path:
    wanted = ("liasse", "tests", "docs", "bin", "requirements", "pyproject.toml", "Makefile", "README.md")
    for name in wanted:
        if (source := ROOT / name).is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / name)
    return target


def _try(mutant: Mutant, *, place: Path, verdicts: _Verdicts) -> str:
    """Say which test noticed, or "survived"."""
    path = place / mutant.path
    whole = path.read_bytes()
    path.write_bytes(whole[: mutant.begin] + mutant.instead.encode() + whole[mutant.end :])
    try:
        return next((end for tests in TESTS if (end := _noticed(tests, place=place, verdicts=verdicts))), "survived")
    except subprocess.TimeoutExpired:
        return "timeout"
    finally:
        path.write_bytes(whole)


def _noticed(tests: tuple[str, ...], *, place: Path, verdicts: _Verdicts) -> str:
    """Give the first of some tests that notices, and is green by itself; blank when none does."""
    while True:
        done = _run(place, "-x", *(f"--deselect={name}" for name in verdicts.red()), *tests)
        if done.returncode == 0:
            return ""
        noticed = next(iter(_red(done)), "")
        if not noticed:
            return "does not start"
        if verdicts.counts(noticed):
            return noticed.removeprefix("tests/")


def _run(place: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "--no-migrations", "-p", "no:cacheprovider", *more]
    environment = {**os.environ, "PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        command, cwd=place, env=environment, capture_output=True, text=True, timeout=_STOPPED, check=False
    )


def _red(done: subprocess.CompletedProcess[str]) -> list[str]:
    lines = (line for line in done.stdout.splitlines() if line.startswith(("FAILED tests/", "ERROR tests/")))
    return [line.split(" ", 1)[1].split(" - ")[0] for line in lines]


def as_page(ends: list[tuple[Mutant, str]], *, seed: int) -> str:
    """Give the page of what was tried."""
    killed = sum(end != "survived" for _mutant, end in ends)
    rows = "\n".join(
        f"| `{mutant.path.removeprefix('liasse/')}` | {mutant.what.replace('|', '/')} | {end} |" for mutant, end in ends
    )
    return (
        "# Mutants of the walls\n\n"
        f"Made by `make mutants ARGS=--write` (seed {seed}): a program takes one filter, rule or check out at a time\n"
        "and runs `tests/tenancy`, `tests/web` and the tests of the scope until one of them notices.\n\n"
        f"**{killed} of {len(ends)} killed ({killed / len(ends):.0%}).**\n\n"
        f"| File | What was taken out | Noticed by |\n|---|---|---|\n{rows}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
