"""A mail written as PDF says what the mail says, fetches nothing and ends."""

import base64
import io
import json
import time
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from liasse.core import sandbox
from liasse.core.sandbox import RefusedError

CALL = "liasse.adapters.letter_pdf.writer:write_letter"

pytestmark = pytest.mark.house


def written(folder: Path, html: str = "", text: str = "", pictures: dict[str, str] | None = None) -> Path:
    names = {"subject": "Reçu", "from_name": "Uber", "from_address": "a@uber.example", "to": "b@c.example", "date": ""}
    (folder / "in").write_text(json.dumps({"html": html, "text": text, "pictures": pictures or {}, **names}))
    out = folder / "out"
    out.mkdir(exist_ok=True)
    return out / str(sandbox.run(CALL, folder / "in", out)["file"])


def words(path: Path) -> str:
    paper = pypdfium2.PdfDocument(path)
    return "\n".join(page.get_textpage().get_text_range() for page in paper).replace("\r\n", "\n")


def test_rows_of_the_innermost_tables_are_rows(tmp_path: Path) -> None:
    inner = "<table><tr><td>TVA 20&nbsp;%</td><td>5,00 €</td></tr><tr><td>Total</td><td>30,00 €</td></tr></table>"
    html = f"<table><tr><td>gauche</td><td>{inner}</td></tr></table><p>Merci<br>Paul</p>"
    found = words(written(tmp_path, html)).split("\n")
    assert [line for line in ("TVA 20 % 5,00 €", "Total 30,00 €", "gauche", "Merci", "Paul") if line not in found] == []


def test_what_is_hidden_in_the_mail_is_not_written(tmp_path: Path) -> None:
    html = "<style>p{x}</style><div style='display: none'>caché</div><script>run</script><p>vu</p>"
    found = words(written(tmp_path, html))
    assert "vu" in found
    assert not [word for word in ("caché", "run", "p{x}") if word in found]


@pytest.mark.parametrize(
    ("source", "count"), [("cid:logo", 1), ("https://t.example/a.png", 0), ("file:///etc/hostname", 0)]
)
def test_shows_only_pictures_that_came_with_the_mail(tmp_path: Path, source: str, count: int) -> None:
    data = io.BytesIO()
    Image.effect_noise((200, 60), 80).save(data, "PNG")
    pictures = {"logo": base64.b64encode(data.getvalue()).decode()}
    page = pypdfium2.PdfDocument(written(tmp_path, f"<p>x</p><img src='{source}'>", pictures=pictures))[0]
    assert len([one for one in page.get_objects() if one.type == 3]) == count


def test_the_same_letter_gives_the_same_bytes(tmp_path: Path) -> None:
    first = written(tmp_path, "<p>Total 30,00 €</p>").read_bytes()
    assert written(tmp_path, "<p>Total 30,00 €</p>").read_bytes() == first


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 90_000,
        "<table><tr><td>" * 30_000,
        "x" * 490_000,
        "<table>" + "<tr><td>a</td><td>b</td></tr>" * 17_000,
        "<tr><td>a<td>b" * 30_000,
        "<p>" + "mot " * 120_000,
    ],
)
def test_ends_within_seconds_whatever_the_html(tmp_path: Path, html: str) -> None:
    began = time.monotonic()
    paper = pypdfium2.PdfDocument(written(tmp_path, html))
    assert time.monotonic() - began < 20
    assert 1 <= len(paper) <= 60


def test_refuses_what_is_no_letter(tmp_path: Path) -> None:
    (tmp_path / "in").write_text("[]")
    with pytest.raises(RefusedError):
        sandbox.run(CALL, tmp_path / "in", tmp_path)
