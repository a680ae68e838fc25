"""What the sandbox's large process loads before it forks to read a document by OCR: the models too.

Named in `liasse.config.readers`. No Django here.
"""

import importlib
from typing import cast

from liasse.config.readers import OCR_ADAPTERS
from liasse.reading.engine import adapter_of, read_in_child
from liasse.reading.ports import OcrReader

__all__ = ["read_in_child"]

for _dotted in OCR_ADAPTERS.values():
    importlib.import_module(_dotted.partition(":")[0])
cast("OcrReader", adapter_of(OCR_ADAPTERS["ocr"])).warm()
