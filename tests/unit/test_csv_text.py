"""Tables as spreadsheet programs write them, and as nobody should."""

from __future__ import annotations

import io

import pytest

from liasse.lib.csv_text import CsvError, as_csv, harmless, records

HEAD = "Nom;Adresse email"


def cells(content: bytes, *, most: int = 100) -> list[list[str]]:
    return [record.cells for record in records(io.BytesIO(content), most=most)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_every_encoding_of_a_spreadsheet_program_is_read(encoding: str) -> None:
    table = "Société;Année\r\nL'Épi d'Or;à côté\r\n"
    assert cells(table.encode(encoding)) == [["Société", "Année"], ["L'Épi d'Or", "à côté"]]


def test_a_letter_cut_by_a_piece_of_the_stream_is_still_utf_8() -> None:
    table = "Nom\r\n" + "\r\n".join(["é" * 1_000] * 100)
    assert cells(table.encode())[1:] == [["é" * 1_000]] * 100


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_the_headings_say_what_stands_between_cells(sign: str) -> None:
    table = f'Nom{sign}Adresse\n"Dupont{sign} fils"{sign}x\n'
    assert cells(table.encode()) == [["Nom", "Adresse"], [f"Dupont{sign} fils", "x"]]


def test_excel_s_own_first_line_is_no_heading() -> None:
    assert cells(b"sep=;\r\nNom;Code\r\nA,B;C\r\n") == [["Nom", "Code"], ["A,B", "C"]]


def test_numbers_of_lines_are_those_of_the_spreadsheet() -> None:
    table = 'Nom;Note\n\nA;"deux\nlignes"\nB;\n'
    assert [record.number for record in records(io.BytesIO(table.encode()), most=9)] == [1, 3, 4]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\r\n \r\n;;\r\n", "empty"),
        (b"PK\x03\x04workbook", "workbook"),
        (b"Nom\x00;x", "binary"),
        (b"Nom;x\n" + b"A" * 30_000 + b"\n", "long-line"),
        (b"Nom;x\n" + b"A" * 3_000 + b"\n", "long-cell"),
        (b'Nom;x\n"A;1\n' + b"B;2\n" * 800, "quotes"),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, code: str) -> None:
    with pytest.raises(CsvError) as refused:
        cells(content, most=10_000)
    assert refused.value.code == code


def test_a_million_lines_are_refused_at_the_first_too_many() -> None:
    source = io.BytesIO(b"Nom\n" + b"A\n" * 1_000_000)
    found = records(source, most=50)
    assert len([next(found) for _ in range(51)]) == 51
    with pytest.raises(CsvError, match="too-many"):
        next(found)
    # What was read ahead is a piece of the file, not all of it.
    assert source.tell() < 100_000


@pytest.mark.parametrize("cell", ["=1+1", "+33 6", "-2", "@SUM(A1)", "\uff1dA1", "\tx"])
def test_formulas_leave_harmless_and_come_back_as_they_were(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    table = b"".join(as_csv([["Nom", "x"], [cell, "y"]], is_french=True))
    assert cells(table)[1][0] == cell


def test_an_ordinary_apostrophe_stays() -> None:
    assert cells(b"Nom\n'tHooft\n") == [["Nom"], ["'tHooft"]]
