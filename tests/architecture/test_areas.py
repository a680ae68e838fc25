import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import AREAS, LIASSE, name, tree, written_by_hand

pytestmark = pytest.mark.house
# What an area never has: screens belong to web and portal, and a helper is pure or belongs to an area.
STRANGERS = {"views.py", "forms.py", "urls.py", "signals.py", "utils.py", "helpers.py"}
# Check digits and formats of other countries' numbers, kept by people who watch them change; pure like the rest.
LIB_MAY_IMPORT = sys.stdlib_module_names | {"liasse", "stdnum"}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_areas_have_no_screens_and_no_grab_bags() -> None:
    assert [name(path) for area in AREAS for path in (LIASSE / area).rglob("*.py") if path.name in STRANGERS] == []


def test_areas_have_no_page_templates() -> None:
    templates = [path for area in AREAS for path in (LIASSE / area).glob("templates/**/*.html")]
    assert [name(path) for path in templates if "mail" not in path.parts] == []


def test_lib_imports_the_standard_library_only() -> None:
    found = {
        f"{name(path)}: {module}"
        for path in (LIASSE / "lib").rglob("*.py")
        for module in imports(path)
        if module.split(".")[0] not in LIB_MAY_IMPORT
    }
    assert found == set()


def test_models_save_plainly_and_nobody_listens() -> None:
    found = []
    for path in written_by_hand(".py"):
        if not path.is_relative_to(LIASSE):
            continue
        found += [f"{name(path)}: {module}" for module in imports(path) if module.startswith("django.dispatch")]
        if path.name == "models.py":
            found += [
                f"{name(path)}: {node.name}"
                for node in ast.walk(tree(path))
                if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}
            ]
    assert found == []


def test_only_config_and_cli_read_the_environment() -> None:
    # The sandbox empties it, and a hostile stand-in tries to tell what it saw of it.
    excused = {"core/sandbox_job.py", "adapters/null/hostile.py"}
    found = [
        name(path)
        for path in written_by_hand(".py")
        if path.is_relative_to(LIASSE)
        and path.relative_to(LIASSE).parts[0] not in {"config", "cli"}
        and str(path.relative_to(LIASSE)) not in excused
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    ]
    assert found == []
