"""Rules that keep the screens under the content security policy and the styles readable."""

import re
from pathlib import Path

import pytest

UI = Path(__file__).parents[3] / "liasse" / "ui"
STYLES = sorted(UI.glob("static/ui/*.css"))
TEMPLATES = sorted(UI.glob("templates/ui/*.html"))
SCRIPTS = sorted(UI.glob("static/ui/*.js"))


@pytest.mark.parametrize("file", [*STYLES, *TEMPLATES, *SCRIPTS], ids=lambda file: file.name)
def test_a_file_is_short(file: Path) -> None:
    assert len(file.read_text().splitlines()) <= 400


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_a_template_has_nothing_inline_and_says_what_it_takes(file: Path) -> None:
    text = file.read_text()
    assert "{% comment %}" in text[:120]
    drawn = re.sub(r"{% comment %}.*?{% endcomment %}", "", text, flags=re.DOTALL)
    assert not re.search(r'\sstyle=|\son[a-z]+="|<script(?![^>]* src=)|<style|https?://', drawn)


@pytest.mark.parametrize("file", [file for file in STYLES if file.name != "tokens.css"], ids=lambda file: file.name)
def test_colours_are_tokens(file: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.DOTALL)
    # White paper, white on red, a gleam on the green button and the selected text are the four exceptions.
    colours = [
        c for c in re.findall(r"#[0-9a-f]{3,8}\b|rgb\([^)]*\)", text) if c not in {"#fff", "rgb(255 255 255 / 12%)"}
    ]
    assert colours in ([], ["#cfe6d9", "#2c5a44"])


@pytest.mark.parametrize("file", STYLES, ids=lambda file: file.name)
def test_a_style_uses_only_tokens_that_exist(file: Path) -> None:
    known = set(re.findall(r"(--[\w-]+):", "".join(style.read_text() for style in STYLES)))
    set_by_script = {"--sheet-width", "--sheet-ratio"}
    assert set(re.findall(r"var\((--[\w-]+)", file.read_text())) - known - set_by_script == set()
