"""Tables as CSV, in any of the ways in which spreadsheet programs write them, and harmless when they open ours."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from liasse.lib.text import fold

CELL_LIMIT: Final = 2_000
"""Characters of one cell; longer ones are no name, address or list of people."""
LINE_LIMIT: Final = 20_000
"""Characters of one line as it stands in the file."""
_PIECE: Final = 1 << 16
_DELIMITERS: Final = ";,\t|"
# What is no text at all, told apart because people upload it: a workbook, an old workbook, a PDF.
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# Spreadsheet programs take a cell for a formula by its first character (OWASP, CSV injection);
# Excel takes the wide forms of Chinese and Japanese typing too.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_QUOTED_FORMULA: Final = tuple("'" + sign for sign in _FORMULA)


class CsvError(Exception):
    """The table cannot be read; ``code`` says why, ``line`` where, counted from 1, or 0 for all of it."""

    def __init__(self, code: str, line: int = 0) -> None:
        """Keep the code for a sentence."""
        super().__init__(code, line)
        self.code = code
        self.line = line


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a table: its number as a spreadsheet program counts (headings are 1), and its cells."""

    number: int
    cells: list[str]


def records(source: BinaryIO, *, most: int) -> Iterator[Record]:
    """Yield the lines of a table that are not blank, the headings first; more than ``most`` of them are an error.

    Read as a stream: a file of any size costs one line of memory. UTF-8 with or without its mark, UTF-16
    with it, else Windows-1252; semicolons, commas, tabs or bars, whichever the first line has most of.
    Raises CsvError (workbook, binary, empty, too-many, long-line, long-cell, quotes).
    """
    text = io.TextIOWrapper(source, encoding=_encoding(source), errors="replace", newline="")
    try:
        lines = _Lines(text)
        yield from _parsed(lines, most=most)
    finally:
        text.detach()


def _parsed(lines: _Lines, *, most: int) -> Iterator[Record]:
    reader = csv.reader(lines, delimiter=lines.delimiter, strict=False)
    count, number = 0, 0
    while True:
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            raise CsvError("long-cell", number) from error
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if max(map(len, cells)) > CELL_LIMIT:
            raise CsvError("quotes" if reader.line_num > number else "long-cell", number)
        count += 1
        if count > most + 1:
            raise CsvError("too-many")
        yield Record(number=number, cells=[_unquoted(cell) for cell in cells])
    if not count:
        raise CsvError("empty")


class _Lines:
    """The lines of a text, each looked at before it is taken; the first says what stands between cells."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._number = 0
        self._first = self._line()
        # Excel writes this line of its own above the headings.
        declared = self._first.strip().lower()
        if declared.startswith("sep=") and len(declared) <= len("sep=;"):
            self.delimiter = self._first.strip()[4:] or "\t"
            self._first = self._line()
        else:
            self.delimiter = max(_DELIMITERS, key=self._first.count)

    def __iter__(self) -> Iterator[str]:
        line = self._first
        while line:
            yield line
            line = self._line()

    def _line(self) -> str:
        self._number += 1
        line = self._text.readline(LINE_LIMIT + 1)
        if len(line) > LINE_LIMIT:
            raise CsvError("long-line", self._number)
        return line


def _encoding(source: BinaryIO) -> str:
    """Say in which encoding a file is, by its mark or by whether all of it is UTF-8; leaves it at its beginning."""
    source.seek(0)
    head = source.read(_PIECE)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        source.seek(0)
        return "utf-16"
    if head.startswith(_WORKBOOKS):
        raise CsvError("workbook")
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    is_utf8 = True
    while head:
        if b"\x00" in head:
            raise CsvError("binary")
        if is_utf8:
            try:
                decoder.decode(head)
            except UnicodeDecodeError:
                is_utf8 = False
        head = source.read(_PIECE)
    source.seek(0)
    return "utf-8-sig" if is_utf8 else "cp1252"


def _unquoted(cell: str) -> str:
    """Take back the apostrophe that ``harmless`` put in front, so that a corrected report can be uploaded."""
    return cell[1:] if cell.startswith(_QUOTED_FORMULA) else cell


def heading_key(text: str) -> str:
    """Give a heading as it is compared: letters and digits alone, without accents and capitals."""
    return "".join(character for character in fold(text) if character.isalnum())


def harmless(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet program would take for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def as_csv(rows: Iterable[list[str]], *, is_french: bool) -> Iterator[bytes]:
    """Yield a table as CSV in UTF-8 with its mark: semicolons in French, formulas made harmless."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if is_french else ",", lineterminator="\r\n")
    yield codecs.BOM_UTF8
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
        yield text.getvalue().encode("utf-8", errors="replace")
        text.seek(0)
        text.truncate()
