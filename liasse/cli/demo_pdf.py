"""A small writer of PDF files: text in Helvetica, lines, fields of colour, attached files.

Written here because the console may load no library that opens foreign bytes, and because what it writes is its own.
"""

from __future__ import annotations

import zlib
from typing import Final

WIDTH: Final = 595
HEIGHT: Final = 842
# Of Helvetica's letters, in thousandths of the size; amounts are set flush right by these (Adobe's metrics).
_WIDTHS: Final = {" ": 278, "\u00a0": 278, ",": 278, ".": 278, "-": 333, "%": 889, "/": 278}
_DIGIT: Final = 556


class Sheet:
    """One page; places are in points from the top left corner, as people read."""

    def __init__(self) -> None:
        self._marks: list[bytes] = []

    def text(
        self, x: float, y: float, words: str, *, size: float = 9, weight: str = "normal", colour: str = ""
    ) -> None:
        """Write words from a place on; ``weight`` is "normal" or "bold", ``colour`` three fractions."""
        body = words.encode("cp1252", errors="replace")
        for mark in (b"\\", b"(", b")"):
            body = body.replace(mark, b"\\" + mark)
        font = "F2" if weight == "bold" else "F1"
        head = f"{colour or '0.1 0.1 0.12'} rg BT /{font} {size:g} Tf {x:.1f} {HEIGHT - y:.1f} Td ("
        self._marks.append(head.encode() + body + b") Tj ET")

    def amount(
        self, x: float, y: float, words: str, *, size: float = 9, weight: str = "normal", colour: str = ""
    ) -> None:
        """Write figures that end at a place."""
        wide = sum(_WIDTHS.get(letter, _DIGIT) for letter in words) * size / 1000
        self.text(x - wide, y, words, size=size, weight=weight, colour=colour)

    def line(self, x0: float, y: float, x1: float, *, colour: str = "0.8 0.8 0.82", thickness: float = 0.6) -> None:
        """Draw a line across."""
        self._marks.append(f"{colour} RG {thickness:g} w {x0:g} {HEIGHT - y:g} m {x1:g} {HEIGHT - y:g} l S".encode())

    def box(self, x: float, y: float, width: float, height: float, *, colour: str) -> None:
        """Fill a field with a colour."""
        self._marks.append(f"{colour} rg {x:g} {HEIGHT - y - height:g} {width:g} {height:g} re f".encode())

    def stream(self) -> bytes:
        """Give the page's marks."""
        return b"\n".join(self._marks)


class _Objects:
    def __init__(self) -> None:
        self._bodies: list[bytes] = []

    def add(self, body: str | bytes) -> int:
        self._bodies.append(body.encode("latin-1") if isinstance(body, str) else body)
        return len(self._bodies)

    def stream(self, data: bytes, words: str = "") -> int:
        packed = zlib.compress(data, 9)
        head = f"<< {words} /Filter /FlateDecode /Length {len(packed)} >>\nstream\n"
        return self.add(head.encode("latin-1") + packed + b"\nendstream")

    def replace(self, number: int, body: str) -> None:
        self._bodies[number - 1] = body.encode("latin-1")

    def file(self, *, root: int) -> bytes:
        out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        places = []
        for number, body in enumerate(self._bodies, start=1):
            places.append(len(out))
            out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        out += b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, root, start)
        return bytes(out)


def pdf(sheets: list[Sheet], *, attached: tuple[str, bytes] | None = None, metadata: str = "") -> bytes:
    """Give a PDF of these pages; ``attached`` is the name and content of an e-invoice (Factur-X 1.0, 6.2 and 6.3)."""
    objects = _Objects()
    pages = objects.add("")
    fonts = "".join(
        f"/{name} {objects.add(_font(face))} 0 R " for name, face in (("F1", "Helvetica"), ("F2", "Helvetica-Bold"))
    )
    kids = []
    for sheet in sheets:
        content = objects.stream(sheet.stream())
        kids.append(
            objects.add(
                f"<< /Type /Page /Parent {pages} 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}]"
                f" /Resources << /Font << {fonts}>> >> /Contents {content} 0 R >>"
            )
        )
    objects.replace(pages, f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>")
    more = ""
    if metadata:
        packet = objects.add(
            f"<< /Type /Metadata /Subtype /XML /Length {len(metadata.encode())} >>\nstream\n".encode()
            + metadata.encode()
            + b"\nendstream"
        )
        more += f" /Metadata {packet} 0 R"
    if attached:
        more += _attach(objects, *attached)
    return objects.file(root=objects.add(f"<< /Type /Catalog /Pages {pages} 0 R{more} >>"))


def _font(face: str) -> str:
    return f"<< /Type /Font /Subtype /Type1 /BaseFont /{face} /Encoding /WinAnsiEncoding >>"


def _attach(objects: _Objects, name: str, content: bytes) -> str:
    stream = objects.stream(content, f"/Type /EmbeddedFile /Subtype /text#2Fxml /Params << /Size {len(content)} >>")
    spec = objects.add(
        f"<< /Type /Filespec /F ({name}) /UF ({name}) /AFRelationship /Data"
        f" /EF << /F {stream} 0 R /UF {stream} 0 R >> >>"
    )
    return f" /AF [{spec} 0 R] /Names << /EmbeddedFiles << /Names [({name}) {spec} 0 R] >> >>"
