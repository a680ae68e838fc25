"""How documents are read and looked at for cuts: the sandbox's calls, and which adapter serves which role.

Light to import: the console's `read` and the pipeline name the call without loading what it needs.
"""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Final

READING_CALL: Final = "liasse.config.reading_call:read_in_child"
CHECK_RULES_CALL: Final = "liasse.config.reading_call:check_rules"
CHECK_PAGE_CALL: Final = "liasse.config.reading_call:check_page"
READING_ADAPTERS: Final = {
    "einvoice": "liasse.adapters.einvoice_xml.reader:EInvoiceXmlReader",
    "pdf_embedded": "liasse.adapters.pdf_embedded.reader:PikepdfEmbedded",
    "pdf_text": "liasse.adapters.pdf_text.reader:PdfiumText",
    "rules": "liasse.adapters.schematron.checker:SaxonChecker",
}

OCR_CALL: Final = "liasse.config.ocr_call:read_in_child"
"""As `READING_CALL`, in the process that has OCR's models loaded; for documents with pages to be looked at."""

OCR_CHOICES: Final = ("auto", "rapidocr", "tesseract", "none")
_OCR_READERS: Final = {
    "rapidocr": "liasse.adapters.ocr_rapidocr.reader:RapidOcr",
    "tesseract": "liasse.adapters.ocr_tesseract.reader:Tesseract",
}


def ocr_adapters(choice: str) -> dict[str, str]:
    """Give the adapters of reading with the OCR that an administrator chose; none where it is to be left.

    "auto" is rapidocr, which read better wherever both were measured (docs/decisions/0060), and Tesseract where
    rapidocr's libraries are not installed.
    """
    if choice == "none":
        return {}
    if choice == "auto":
        choice = "rapidocr" if find_spec("rapidocr") and find_spec("onnxruntime") else "tesseract"
    return READING_ADAPTERS | {
        "ocr": _OCR_READERS[choice],
        "prepare": "liasse.adapters.page_prepare.preparer:CvPreparer",
        "draw_pdf": "liasse.adapters.pdf_pages.drawing:PdfiumDrawer",
        "draw_picture": "liasse.adapters.pictures.drawing:PillowDrawer",
    }


def ocr_call(adapters: Mapping[str, str]) -> str:
    """Give the call that reads with these: only rapidocr has models to be kept loaded."""
    return OCR_CALL if adapters.get("ocr") == _OCR_READERS["rapidocr"] else READING_CALL


OCR_ADAPTERS: Final = ocr_adapters("auto")

CUTTING_CALL: Final = "liasse.config.reading_call:page_facts"
CUTTING_ADAPTERS: Final = {
    "pdf_embedded": READING_ADAPTERS["pdf_embedded"],
    "pdf_text": READING_ADAPTERS["pdf_text"],
    "pdf_look": "liasse.adapters.pdf_pages.looking:PdfiumLooker",
    "picture_look": "liasse.adapters.pictures.looking:PillowLooker",
    "codes": "liasse.adapters.page_codes.finder:ZxingFinder",
}
