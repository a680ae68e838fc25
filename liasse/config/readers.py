"""How documents are read: the sandbox's call, and which adapter serves which role of reading.

Light to import: the console's `read` and the pipeline name the call without loading what it needs.
"""

from typing import Final

READING_CALL: Final = "liasse.config.reading_call:read_in_child"
READING_ADAPTERS: Final = {
    "einvoice": "liasse.adapters.einvoice_xml.reader:EInvoiceXmlReader",
    "pdf_embedded": "liasse.adapters.pdf_embedded.reader:PikepdfEmbedded",
    "pdf_text": "liasse.adapters.pdf_text.reader:PdfiumText",
}
