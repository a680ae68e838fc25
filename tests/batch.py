"""Papers that hold several documents: invoices made for tests, joined into one PDF."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
from PIL import Image

from tests.paper import pdf

_SUPPLIERS = (
    ("Menuiserie Durand SARL", "FR83404833048"),
    ("Imprimerie du Parc SAS", "FR40303265045"),
    ("Garage Lenoir SARL", "FR03552081317"),
)


def invoice(number: str, *, supplier: int = 0, pages: int = 1, total: str = "120,00") -> bytes:
    """Give an invoice of some pages: its number on each, its counter, the total on the last."""
    name, vat = _SUPPLIERS[supplier]
    made = []
    for page in range(1, pages + 1):
        lines: list[tuple[float, float, str]] = [
            (50, 60, name),
            (50, 80, f"TVA intracommunautaire : {vat}"),
            (380, 60, "FACTURE"),
            (380, 80, f"Facture n° {number}"),
            (380, 100, "Date : 12/03/2026"),
            (480, 800, f"Page {page}/{pages}"),
        ]
        if page == pages:
            lines += [(350, 600, "Total HT  100,00"), (350, 620, "TVA 20 %  20,00"), (350, 640, f"Total TTC  {total}")]
        made.append(pdf(lines))
    return joined(*made)


def letter(text: str = "Bonjour, voici vos documents.") -> bytes:
    """Give one page that says nothing of a document."""
    return pdf([(50, 100, text)])


def joined(*papers: bytes) -> bytes:
    """Give one PDF of the pages of several."""
    out = BytesIO()
    with pikepdf.new() as made:
        for paper in papers:
            with pikepdf.open(BytesIO(paper)) as source:
                made.pages.extend(source.pages)
        made.save(out, deterministic_id=True)
    return out.getvalue()


def texts(content: bytes) -> list[str]:
    """Give what each page says, to tell which page it is."""
    with pikepdf.open(BytesIO(content)) as document:
        return [page.Contents.read_bytes().decode("cp1252") for page in document.pages]


def numbers(content: bytes, *, known: Sequence[str]) -> list[str]:
    """Give for each page which of these words stands on it."""
    return [next((word for word in known if word in text), "") for text in texts(content)]


SHEET = Path(__file__).resolve().parents[1] / "liasse" / "ui" / "static" / "ui" / "separator-sheet.pdf"
"""The separator sheet that people print."""


def pictures(paper: bytes, *, dots: int = 150) -> list[Image.Image]:
    """Give the pages of a PDF as a scanner would see them, in grey."""
    with pypdfium2.PdfDocument(paper) as document:
        return [page.render(scale=dots / 72, grayscale=True).to_pil().convert("L") for page in document]


def scanned(paper: bytes, *, turned: float = 0.0) -> bytes:
    """Give a PDF of the same pages as pictures without text, laid a little askew."""
    seen = [page.rotate(turned, fillcolor=255) for page in pictures(paper)]
    out = BytesIO()
    seen[0].save(out, "PDF", save_all=True, append_images=seen[1:], resolution=150)
    return out.getvalue()
