import re

import pytest

from tests.architecture.sources import ROOT, files, name

pytestmark = pytest.mark.house
# Each name with a letter in brackets, because this file is looked at too.
HOSTS = re.compile(r"pyp[i]\.org|python[h]osted\.org|npm[j]s\.(org|com)|deb\.[d]ebian\.org")
PINNED = re.compile(r"^([a-z0-9._-]+)==([^ ;]+)")


def pins(list_name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{list_name}.txt").read_text(encoding="utf-8")
    return {match[1]: match[2] for line in text.splitlines() if (match := PINNED.match(line))}


def test_no_file_names_a_package_registry() -> None:
    found = [name(path) for path in files() if HOSTS.search(path.read_bytes().decode(errors="ignore"))]
    assert found == []


def test_there_is_no_second_lock() -> None:
    assert [name(path) for path in files() if path.name in {"uv.lock", "poetry.lock", "Pipfile.lock"}] == []


@pytest.mark.parametrize(("list_name", "least"), [("app", 20), ("dev", 20), ("rules", 2)])
def test_every_requirement_is_pinned_with_hashes(list_name: str, least: int) -> None:
    text = (ROOT / "requirements" / f"{list_name}.txt").read_text(encoding="utf-8")
    entries = [entry for entry in re.split(r"\n(?=\S)", text) if not entry.startswith("#")]
    assert len(entries) >= least
    assert [entry for entry in entries if not PINNED.match(entry) or "--hash=sha256:" not in entry] == []


def test_what_is_tested_is_what_runs() -> None:
    assert pins("app").items() <= pins("dev").items()
