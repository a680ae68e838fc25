"""Write the separator sheet that people print: `liasse/ui/static/ui/separator-sheet.pdf`, the same bytes each time."""

from __future__ import annotations

import sys
from pathlib import Path

import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from liasse.cutting.sheets import SHEET_TEXT  # noqa: E402 - the path comes first.

SHEET = ROOT / "liasse" / "ui" / "static" / "ui" / "separator-sheet.pdf"
_SIDE = 100 * mm
_LINES = (
    ("Helvetica-Bold", 26, "Feuille de séparation", 262),
    ("Helvetica", 12, "À imprimer, puis à poser entre deux documents avant de les numériser.", 250),
    ("Helvetica", 12, "Elle ouvre un nouveau document et n’y figure pas. Réutilisable.", 243),
    ("Helvetica-Bold", 16, "Separator sheet", 56),
    ("Helvetica", 12, "Print it and lay it between two documents before scanning.", 47),
    ("Helvetica", 12, "It begins a new document and is not part of it. Use it again.", 40),
    ("Courier", 11, SHEET_TEXT, 24),
)


def write(path: Path) -> None:
    """Write the sheet: a large code in the middle, read however the sheet lies, and what to do with it."""
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    canvas.setTitle("Liasse – Feuille de séparation")
    width, height = A4
    for font, size, text, up in _LINES:
        canvas.setFont(font, size)
        canvas.drawCentredString(width / 2, up * mm, text)
    rows = [list(row) for row in segno.make_qr(SHEET_TEXT, error="h").matrix]
    dot = _SIDE / len(rows)
    left, top = (width - _SIDE) / 2, (height + _SIDE) / 2
    for down, row in enumerate(rows):
        for across, is_dark in enumerate(row):
            if is_dark:
                canvas.rect(left + across * dot, top - (down + 1) * dot, dot, dot, stroke=0, fill=1)
    canvas.save()


if __name__ == "__main__":
    write(SHEET)
