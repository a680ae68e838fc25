"""The set-up of the environment meets machines of every kind."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.house
SCRIPT = Path(__file__).resolve().parents[2] / "bin" / "bootstrap.py"


@pytest.fixture
def bootstrap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The script, on a machine whose PATH is one empty folder and whose home has nothing."""
    spec = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(module.sys, "base_prefix", str(tmp_path / "prefix"))
    return module


def put_uv(folder: Path, *, exit_code: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    uv = folder / "uv"
    uv.write_text(f"#!/bin/sh\nexit {exit_code}\n", encoding="ascii")
    uv.chmod(0o755)
    return uv


def test_a_machine_without_uv_is_served_by_pip(bootstrap: ModuleType) -> None:
    assert bootstrap._uv() == []


def test_a_uv_that_runs_is_used(bootstrap: ModuleType, tmp_path: Path) -> None:
    assert bootstrap._uv.__wrapped__() == []
    uv = put_uv(tmp_path, exit_code=0)
    assert bootstrap._uv() == [str(uv)]


def test_a_uv_that_only_says_where_another_is_is_passed_over(bootstrap: ModuleType, tmp_path: Path) -> None:
    put_uv(tmp_path, exit_code=127)
    assert bootstrap._uv.__wrapped__() == []
    other = put_uv(tmp_path / "prefix" / "bin", exit_code=0)
    assert bootstrap._uv() == [str(other)]
