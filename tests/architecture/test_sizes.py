import ast
from collections.abc import Iterator

import pytest

from tests.architecture.sources import name, tree, written_by_hand

pytestmark = pytest.mark.house
LONGEST_FUNCTION = 50
LONGEST_FILE = 400


def functions() -> Iterator[tuple[str, int]]:
    for path in written_by_hand(".py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                yield f"{name(path)}: {node.name}", node.end_lineno - node.lineno + 1


def test_functions_are_short() -> None:
    measured = dict(functions())
    assert len(measured) > 100
    assert {place: lines for place, lines in measured.items() if lines > LONGEST_FUNCTION} == {}


def test_files_are_short() -> None:
    measured = {
        name(path): len(path.read_bytes().splitlines()) for path in written_by_hand(".py", ".js", ".css", ".html")
    }
    assert len(measured) > 50
    assert {path: lines for path, lines in measured.items() if lines > LONGEST_FILE} == {}
