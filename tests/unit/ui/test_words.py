"""The French catalogue has every word of the templates and of the code, in French typography."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

UI = Path(__file__).parents[3] / "liasse" / "ui"
CATALOGUE = UI / "locale" / "fr" / "LC_MESSAGES" / "django.po"


def _spoken() -> set[str]:
    found: set[str] = set()
    for file in UI.glob("templates/ui/*.html"):
        text = re.sub(r"{% comment %}.*?{% endcomment %}", "", file.read_text(), flags=re.DOTALL)
        found |= {m[1] for m in re.findall(r"""{% translate (["'])(.*?)\1""", text)}
        found |= {m[1] for m in re.findall(r"""\b_\((["'])(.*?)\1\)""", text)}
        blocks = re.findall(r"{% blocktranslate.*?%}(.*?){% endblocktranslate %}", text)
        found |= {re.sub(r"{{ ?(\w+) ?}}", r"%(\1)s", block) for block in blocks}
    for file in UI.rglob("*.py"):
        found |= set(re.findall(r'\b(?:_|n?gettext)\("(.*?)"', file.read_text()))
    return found


def _catalogue() -> dict[str, str]:
    with CATALOGUE.open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    return {
        message.id if isinstance(message.id, str) else message.id[0]: message.string
        if isinstance(message.string, str)
        else " ".join(message.string or ())
        for message in messages
    }


def test_every_sentence_is_translated() -> None:
    spoken = _spoken()
    assert len(spoken) > 60
    assert spoken - _catalogue().keys() == set()


def test_no_sentence_is_translated_that_nobody_says() -> None:
    assert _catalogue().keys() - _spoken() == set()


@pytest.mark.parametrize("sentence", sorted(_catalogue().values()))
def test_french_typography(sentence: str) -> None:
    assert sentence
    assert not re.search(r"[^\u202f][;:!?]|'|\.\.\.", sentence.replace("http://", ""))
