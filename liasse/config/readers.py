"""How documents are read and looked at for cuts: the sandbox's calls, and which adapter serves which role.

Light to import: the console's `read` and the pipeline name the call without loading what it needs.
"""

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

OCR_ADAPTERS: Final = READING_ADAPTERS | {
    "ocr": "liasse.adapters.ocr_rapidocr.reader:RapidOcr",
    "prepare": "liasse.adapters.page_prepare.preparer:CvPreparer",
    "draw_pdf": "liasse.adapters.pdf_pages.drawing:PdfiumDrawer",
    "draw_picture": "liasse.adapters.pictures.drawing:PillowDrawer",
}

CUTTING_CALL: Final = "liasse.config.reading_call:page_facts"
CUTTING_ADAPTERS: Final = {
    "pdf_embedded": READING_ADAPTERS["pdf_embedded"],
    "pdf_text": READING_ADAPTERS["pdf_text"],
    "pdf_look": "liasse.adapters.pdf_pages.looking:PdfiumLooker",
    "picture_look": "liasse.adapters.pictures.looking:PillowLooker",
    "codes": "liasse.adapters.page_codes.finder:ZxingFinder",
}
