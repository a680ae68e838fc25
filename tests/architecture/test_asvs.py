"""`docs/asvs.csv` answers every row that it must, and names tests that are there."""

import ast
import csv
from collections.abc import Iterator

import pytest

from tests.architecture.sources import ROOT, tree

pytestmark = pytest.mark.house
STATUSES = {"met", "not applicable", "not met"}
# How many requirements of levels 1 and 2 each section of OWASP ASVS 5.0.0 has, by number, in the chapters of files,
# authentication, sessions, authorization and self-contained tokens. Rows of level 3 alone are written out.
SECTIONS = {
    "V5.1": [1], "V5.2": [1, 2, 3], "V5.3": [1, 2], "V5.4": [1, 2, 3],
    "V6.1": [1, 2, 3], "V6.2": [*range(1, 13)], "V6.3": [1, 2, 3, 4], "V6.4": [1, 2, 3, 4], "V6.5": [1, 2, 3, 4, 5],
    "V6.6": [1, 2, 3], "V6.8": [1, 2, 3, 4],
    "V7.1": [1, 2, 3], "V7.2": [1, 2, 3, 4], "V7.3": [1, 2], "V7.4": [1, 2, 3, 4, 5], "V7.5": [1, 2], "V7.6": [1, 2],
    "V8.1": [1, 2], "V8.2": [1, 2, 3], "V8.3": [1], "V8.4": [1],
    "V9.1": [1, 2, 3], "V9.2": [1, 2, 3, 4],
    "V3.3": [1, 2, 3, 4], "V3.4": [1, 2, 3, 4, 5, 6], "V11.5": [1], "V14.2": [1],
}  # fmt: skip
LEVEL_THREE = {
    "V1.2.10", "V3.4.7", "V3.4.8", "V5.2.4", "V5.2.5", "V5.2.6", "V5.3.3", "V6.3.5", "V6.3.7", "V6.3.8", "V7.5.3",
    "V8.3.2", "V8.3.3", "V15.2.5", "V15.4.2",
}  # fmt: skip
PAGE = "docs/admin/security.md"
WRITTEN = ["Ways in", "Guessing", "Words that make no password", "Sessions", "Who may do what", "Files"]
SUMMED_UP = {
    "azertyuiop", "qwertyuiop", "qsdfghjklm", "asdfghjkl", "wxcvbn", "zxcvbn", "janvier", "fevrier", "mars", "avril",
    "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
}  # fmt: skip


def rows() -> list[dict[str, str]]:
    with (ROOT / "docs/asvs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def named_by(row: dict[str, str]) -> list[str]:
    return [node for node in row["tests"].split(";") if node]


def functions_of(path: str) -> Iterator[str]:
    file = ROOT / path
    if file.is_file():
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                yield node.name


def test_every_requirement_is_answered_once() -> None:
    wanted = {f"{section}.{number}" for section, numbers in SECTIONS.items() for number in numbers} | LEVEL_THREE
    ids = [row["id"] for row in rows()]
    assert len(wanted) > 90
    assert wanted - set(ids) == set()
    assert len(ids) == len(set(ids))


def test_every_answer_is_of_its_kind_and_has_its_ground() -> None:
    for row in rows():
        assert row["status"] in STATUSES, row["id"]
        assert row["level"] in {"1", "2", "3"}, row["id"]
        assert row["requirement"].endswith("."), row["id"]
        ground = row["tests"] if row["status"] == "met" else row["reason"]
        assert ground, row["id"]
        assert (row["level"] == "3") == (row["id"] in LEVEL_THREE), row["id"]


def test_every_test_that_is_named_is_there() -> None:
    named = {node for row in rows() for node in named_by(row)}
    missing = []
    for node in sorted(named):
        path, _colons, function = node.partition("::")
        if function not in set(functions_of(path)):
            missing.append(node)
    assert len(named) > 120
    assert missing == []


def test_the_page_on_security_says_what_must_be_written_down() -> None:
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    lines = text.splitlines()
    assert [heading for heading in WRITTEN if f"## {heading}" not in lines] == []
    # Words that begin alike are written once, as are rows of keys and months.
    plain = text.casefold().replace("é", "e").replace("-", "").replace(" ", "")
    assert len(guessed()) > 30
    assert [word for word in guessed() - SUMMED_UP if word not in plain] == []


def guessed() -> set[str]:
    """The words of our own world, as the rule for passwords has them."""
    for node in tree(ROOT / "liasse/identity/passwords.py").body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "_GUESSED":
            return set(ast.literal_eval(node.value or ast.Tuple([])))
    return set()
