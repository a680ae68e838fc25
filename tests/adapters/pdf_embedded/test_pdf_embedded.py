import zlib
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from liasse.adapters.pdf_embedded.reader import MAX_BYTES, PikepdfEmbedded, _decoded
from liasse.reading.types import ProblemCode
from tests.paper import pdf, written


def test_every_xml_attachment_is_found_with_its_bytes(tmp_path: Path) -> None:
    data = pdf([], attachments={"factur-x.xml": b"<a/>", "notes.txt": b"hello", "other.XML": b"<b/>"})
    found = PikepdfEmbedded().read(written(tmp_path, "a.pdf", data))
    assert {(file.name, file.data) for file in found.files} == {("factur-x.xml", b"<a/>"), ("other.XML", b"<b/>")}
    assert found.problem is None


def test_a_name_loses_the_path_before_it(tmp_path: Path) -> None:
    data = pdf([], attachments={"../../etc/x.xml": b"<a/>", "C:\\temp\\y.xml": b"<b/>"})
    found = PikepdfEmbedded().read(written(tmp_path, "a.pdf", data))
    assert sorted(file.name for file in found.files) == ["x.xml", "y.xml"]


def test_the_relationship_is_told(tmp_path: Path) -> None:
    found = PikepdfEmbedded().read(written(tmp_path, "a.pdf", pdf([], attachments={"a.xml": b"<a/>"})))
    assert [file.relationship for file in found.files] == ["Unspecified"]


def test_a_bomb_of_an_attachment_is_cut_where_the_reader_will_refuse_it(tmp_path: Path) -> None:
    document = pikepdf.Pdf.open(BytesIO(pdf([], attachments={"a.xml": b"<a/>"})))
    stream = document.Root.Names.EmbeddedFiles.Names[1].EF.F
    stream.write(zlib.compress(b" " * (4 * MAX_BYTES)), filter=pikepdf.Name.FlateDecode)
    document.save(tmp_path / "bomb.pdf")
    (file,) = PikepdfEmbedded().read(tmp_path / "bomb.pdf").files
    assert len(file.data) == MAX_BYTES


def test_a_bomb_is_never_unpacked_whole() -> None:
    bomb = zlib.compress(b" " * (4 * MAX_BYTES))
    assert len(_decoded("/FlateDecode", bomb)) == MAX_BYTES


def test_a_tree_of_names_that_holds_itself_ends(tmp_path: Path) -> None:
    document = pikepdf.Pdf.open(BytesIO(pdf([], attachments={"a.xml": b"<a/>"})))
    tree = document.make_indirect(pikepdf.Dictionary())
    tree.Kids = pikepdf.Array([tree, tree])
    document.Root.Names.EmbeddedFiles = tree
    del document.Root.AF
    document.save(tmp_path / "loop.pdf")
    assert PikepdfEmbedded().read(tmp_path / "loop.pdf").files == ()


def test_a_password_is_told(tmp_path: Path) -> None:
    document = pikepdf.Pdf.open(BytesIO(pdf([])))
    document.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="a", user="b"))
    problem = PikepdfEmbedded().read(tmp_path / "locked.pdf").problem
    assert problem is not None
    assert problem.code is ProblemCode.PDF_PASSWORD


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"%PDF-1.7\nnonsense" * 50])
def test_a_pdf_that_is_none_is_a_problem_without_the_path_in_it(tmp_path: Path, data: bytes) -> None:
    problem = PikepdfEmbedded().read(written(tmp_path, "a.pdf", data)).problem
    assert problem is not None
    assert problem.code is ProblemCode.PDF_MALFORMED
    assert str(tmp_path) not in problem.detail
