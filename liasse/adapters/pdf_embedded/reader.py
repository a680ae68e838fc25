"""The XML files embedded in a PDF, by pikepdf; every decompression is bounded."""

from __future__ import annotations

import base64
import re
import zlib
from typing import TYPE_CHECKING, Final

import pikepdf

from liasse.reading.ports import Claims, EmbeddedFile, EmbeddedFiles
from liasse.reading.types import Problem, ProblemCode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# One byte over what the XML reader accepts, so that it, and not this, refuses with its sentence.
MAX_BYTES: Final = 10 * 1024 * 1024 + 1
MAX_FILES: Final = 20
_MAX_NODES: Final = 2_000


class PikepdfEmbedded:
    """Finds attachments in the name tree and in the associated files of the document."""

    def read(self, path: Path) -> EmbeddedFiles:
        """Return the XML attachments; a PDF that will not open gives a problem."""
        try:
            with pikepdf.open(path, suppress_warnings=True) as pdf:
                files = tuple(_xml_files(pdf))
                return EmbeddedFiles(files=files, claims=_claims(pdf) if files else Claims())
        except pikepdf.PasswordError:
            return EmbeddedFiles(problem=Problem(ProblemCode.PDF_PASSWORD))
        except (pikepdf.PdfError, pikepdf.DataDecodingError, ValueError, RuntimeError) as error:
            return EmbeddedFiles(problem=Problem(ProblemCode.PDF_MALFORMED, _short(error)))


def _claims(pdf: pikepdf.Pdf) -> Claims:
    """Look for the few words by their names: metadata come in many forms, and are often no good XML."""
    metadata = pdf.Root.get("/Metadata")
    data = (_bounded(metadata) or b"") if isinstance(metadata, pikepdf.Stream) else b""
    return Claims(
        level=_claim(data, b"ConformanceLevel"),
        file_name=_claim(data, b"DocumentFileName"),
        pdfa_part=_claim(data, b"pdfaid:part"),
    )


def _claim(data: bytes, name: bytes) -> str:
    """Return the text of an element or an attribute with this name."""
    name = name if b":" in name else rb"[\w.-]{1,20}:" + name
    found = re.search(
        rb"<" + name + rb"\s*>\s*([^<]{0,100})|\b" + name + rb"\s*=\s*[\"']([^\"']{0,100})", data[:MAX_BYTES]
    )
    return "" if found is None else " ".join((found[1] or found[2] or b"").decode("utf-8", "replace").split())


def _short(error: Exception) -> str:
    """Return the library's words without the path of the file, which is nobody's business."""
    return re.sub(r"\S*/\S+: ", "", str(error))[:200]


def _xml_files(pdf: pikepdf.Pdf) -> Iterator[EmbeddedFile]:
    seen: set[tuple[int, int]] = set()
    count = 0
    for name, spec in _file_specs(pdf):
        stream = _stream_of(spec)
        if stream is None or stream.objgen in seen or not _is_xml(name, stream):
            continue
        seen.add(stream.objgen)
        data = _bounded(stream)
        if data is not None:
            yield EmbeddedFile(name=name, data=data, relationship=_relationship(spec))
        count += 1
        if count >= MAX_FILES:
            return


def _file_specs(pdf: pikepdf.Pdf) -> Iterator[tuple[str, pikepdf.Dictionary]]:
    names = pdf.Root.get("/Names")
    tree = names.get("/EmbeddedFiles") if isinstance(names, pikepdf.Dictionary) else None
    specs = list(_leaves(tree)) if isinstance(tree, pikepdf.Dictionary) else []
    associated = pdf.Root.get("/AF")
    if isinstance(associated, pikepdf.Array):
        specs += list(associated)[:MAX_FILES]
    for spec in specs:
        if isinstance(spec, pikepdf.Dictionary):
            yield _name_of(spec), spec


def _leaves(tree: pikepdf.Dictionary) -> Iterator[pikepdf.Object]:
    """Walk a name tree by hand: hostile ones contain themselves."""
    waiting: list[pikepdf.Object] = [tree]
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        node = waiting.pop(0)
        if not isinstance(node, pikepdf.Dictionary):
            continue
        pairs = node.get("/Names")
        if isinstance(pairs, pikepdf.Array):
            yield from list(pairs)[1 : 2 * _MAX_NODES : 2]
        kids = node.get("/Kids")
        if isinstance(kids, pikepdf.Array):
            waiting.extend(list(kids)[:_MAX_NODES])


def _name_of(spec: pikepdf.Dictionary) -> str:
    for key in ("/UF", "/F"):
        value = spec.get(key)
        if isinstance(value, pikepdf.String):
            return re.split(r"[\\/]", str(value))[-1][:200]
    return ""


def _stream_of(spec: pikepdf.Dictionary) -> pikepdf.Stream | None:
    embedded = spec.get("/EF")
    if not isinstance(embedded, pikepdf.Dictionary):
        return None
    for key in ("/UF", "/F"):
        stream = embedded.get(key)
        if isinstance(stream, pikepdf.Stream):
            return stream
    return None


def _is_xml(name: str, stream: pikepdf.Stream) -> bool:
    subtype = stream.get("/Subtype")
    kind = str(subtype).lower() if isinstance(subtype, pikepdf.Name) else ""
    return name.lower().endswith(".xml") or kind in {"/text/xml", "/application/xml"}


def _relationship(spec: pikepdf.Dictionary) -> str | None:
    value = spec.get("/AFRelationship")
    return str(value).removeprefix("/") if isinstance(value, pikepdf.Name) else None


def _bounded(stream: pikepdf.Stream) -> bytes | None:
    """Return the stream's bytes, at most `MAX_BYTES`; None behind a filter that XML never has."""
    data = stream.read_raw_bytes()
    filters = stream.get("/Filter")
    names = [filters] if isinstance(filters, pikepdf.Name) else list(filters or [])
    for name in names[:4]:
        try:
            data = _decoded(str(name), data)
        except (zlib.error, ValueError, NotImplementedError):
            return None
    return data[:MAX_BYTES]


def _decoded(name: str, data: bytes) -> bytes:
    match name:
        case "/FlateDecode" | "/Fl":
            return zlib.decompressobj().decompress(data, MAX_BYTES)
        case "/ASCII85Decode" | "/A85":
            return base64.a85decode(data.strip().removesuffix(b"~>").removeprefix(b"<~"))
        case "/ASCIIHexDecode" | "/AHx":
            return bytes.fromhex(data.decode("ascii").strip().removesuffix(">"))
        case _:
            raise NotImplementedError(name)
