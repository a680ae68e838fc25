"""The files of the project, as git would take them."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIASSE = ROOT / "liasse"
AREAS = (
    "reading",
    "documents",
    "passes",
    "intake",
    "invitations",
    "clients",
    "messaging",
    "practices",
    "identity",
)


@cache
def files(*suffixes: str) -> list[Path]:
    """Every file that is or could be committed, with one of these endings, or with any."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in sorted(set(paths)) if path.is_file() and (not suffixes or path.suffix in suffixes)]


def written_by_hand(*suffixes: str) -> list[Path]:
    """The same without Django's migrations."""
    return [path for path in files(*suffixes) if "migrations" not in path.parts]


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name(path: Path) -> str:
    """How a message names a file."""
    return str(path.relative_to(ROOT))
