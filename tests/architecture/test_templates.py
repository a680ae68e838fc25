import re

import pytest

from tests.architecture.sources import LIASSE, name

pytestmark = pytest.mark.house
TEMPLATES = sorted(LIASSE.glob("**/templates/**/*.html"))
# The content security policy of every page refuses these, so they would silently do nothing.
REFUSED = {
    "inline style": re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "inline script": re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE),
    "event attribute": re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=", re.IGNORECASE),
    "htmx event attribute": re.compile(r"\bhx-on[:\-]"),
    "htmx script value": re.compile(r"hx-(vals|headers)=.?js:"),
    "script address": re.compile(r"=\s*[\"']?\s*javascript:", re.IGNORECASE),
}


def test_templates_hold_nothing_that_the_policy_refuses() -> None:
    assert TEMPLATES
    found = [
        f"{name(path)}: {what}: {match.group()[:80]}"
        for path in TEMPLATES
        for what, pattern in REFUSED.items()
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
        # A mail's layout is its own document, and mail programs know inline styles only.
        if "/mail/" not in str(path)
    ]
    assert found == []


@pytest.mark.parametrize(
    "markup",
    ['<p style="x">', "<script>x</script>", '<a onclick="x">', '<a href="javascript:x">', '<p hx-on:click="x">'],
)
def test_the_patterns_find_what_they_are_for(markup: str) -> None:
    assert any(pattern.search(markup) for pattern in REFUSED.values())
