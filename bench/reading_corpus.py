"""The sets of the corpus that have a truth, and which of their files are for learning and which for judging.

A file is for learning when the sha256 of its name begins with a byte below 128. Files that show the same invoice
(same `group`, `made_from`, or number and supplier) stay together, on the side of the first of their names.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pypdfium2

from liasse.lib.text import name_key

LEARNING: Final = "learning"
JUDGED: Final = "judged"

TEXTS: Final = ("pdf-plain", "invoices-vendor")
SCANS: Final = ("scan-sim", "receipts-sideways")
RECEIPTS: Final = ("receipts-sroie", "receipts-de")
PAGES: Final = "pages-of-einvoices"
OTHERS: Final = (*TEXTS, *SCANS, *RECEIPTS)


MISTAKEN: Final = {("receipts-sroie", "143.jpg", "supplier_name")}
"""What the truth of the learning half says otherwise than the page, as a look at it shows; it is not asked there."""


@dataclass(frozen=True, slots=True)
class Item:
    """One document of a set, what is true of it, and its side of the split."""

    set: str
    path: Path
    truth: dict[str, Any]
    split: str = JUDGED
    group: str = ""
    """The first name of those that show the same invoice."""

    @property
    def name(self) -> str:
        """Give the file's name without its folder."""
        return self.path.name

    @property
    def is_einvoice(self) -> bool:
        """Tell whether the truth was taken from the document's own data."""
        return self.set.startswith("einvoice-")

    @property
    def is_receipt(self) -> bool:
        """Tell whether it is a till's receipt."""
        return bool(self.truth.get("doc_type") == "receipt")


@dataclass(slots=True)
class _Groups:
    """Which files belong together: the smallest union-find."""

    above: dict[str, str] = field(default_factory=dict)

    def root(self, key: str) -> str:
        self.above.setdefault(key, key)
        while self.above[key] != key:
            key = self.above[key]
        return key

    def join(self, one: str, other: str) -> None:
        first, second = sorted((self.root(one), self.root(other)))
        self.above[second] = first


def sets_of(corpus: Path) -> list[str]:
    """Give the names of the sets that have a truth: e-invoices first, then the others."""
    found = {truth.parent.name for truth in corpus.glob("*/truth.jsonl")}
    return [*sorted(name for name in found if name.startswith("einvoice-")), *(n for n in OTHERS if n in found)]


def load(corpus: Path, *, names: list[str]) -> list[Item]:
    """Give the documents of the named sets. The split is that of the whole corpus, whichever sets are asked for."""
    first = _firsts([item for name in sets_of(corpus) for item in _lines(corpus / name)])
    items = [item for name in names for item in _lines(corpus / name)]
    return [replace(item, split=_side(first[_key(item)]), group=first[_key(item)]) for item in items]


def load_pages(corpus: Path) -> list[Item]:
    """Give the learning half's PDFs with an e-invoice inside, to be read by their pages alone.

    They are more invoices with text to learn from. What their pages do not show is not known, so they are no measure;
    those whose data are invalid, or whose pages do not have the number of their data, are left out.
    """
    names = [name for name in sets_of(corpus) if name.startswith("einvoice-")]
    plain = {item.truth["source_file"] for item in _lines(corpus / "pdf-plain")}
    items = [item for item in load(corpus, names=names) if item.split == LEARNING and not item.truth.get("error")]
    chosen = [item for item in items if item.path.suffix.lower() == ".pdf" and item.truth["file"] not in plain]
    return [replace(item, set=PAGES) for item in chosen if item.truth["expect"] != "invalid" and _shows_number(item)]


def _shows_number(item: Item) -> bool:
    with pypdfium2.PdfDocument(item.path) as document:
        text = "".join(page.get_textpage().get_text_bounded() for page in document)
    return str(item.truth["invoice_number"]) in text


def load_folder(folder: Path) -> list[Item]:
    """Give the documents of a folder that is not of the corpus, with a `truth.jsonl` in it or without any truth."""
    if (folder / "truth.jsonl").exists():
        return list(_lines(folder))
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return [Item(folder.name, path, {}) for path in files]


def _lines(folder: Path) -> Iterator[Item]:
    for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        truth = json.loads(line)
        truth |= {
            name: None for set_, file, name in MISTAKEN if (set_, file) == (folder.name, Path(truth["file"]).name)
        }
        yield Item(folder.name, folder / truth["file"], truth)


def _key(item: Item) -> str:
    return f"{item.name}\n{item.set}"


def _firsts(items: list[Item]) -> dict[str, str]:
    """Give for each file the first name of its group."""
    groups = _Groups()
    for item in items:
        groups.root(_key(item))
        for same in _sames(item):
            groups.join(_key(item), same)
    first: dict[str, str] = {}
    for item in items:
        root = groups.root(_key(item))
        first[root] = min(first.get(root, item.name), item.name)
    return {_key(item): first[groups.root(_key(item))] for item in items}


def _sames(item: Item) -> Iterator[str]:
    """Yield what documents of the same invoice have in common; a tilde sorts behind every file's name."""
    truth = item.truth
    if truth.get("group"):
        yield f"~group {truth['group']}"
    for made in (truth.get("made_from"), truth.get("source_file")):
        if made:
            yield f"~from {Path(made).name}"
    yield f"~from {item.name}"
    if truth.get("invoice_number") and truth.get("supplier_name"):
        yield f"~number {truth['invoice_number']} {name_key(truth['supplier_name'])}"


def _side(name: str) -> str:
    return LEARNING if hashlib.sha256(name.encode()).digest()[0] < 128 else JUDGED
