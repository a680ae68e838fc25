"""What the sandbox's large process loads before it forks to read a document by OCR: the models too.

Named in `liasse.config.readers`. No Django here.
"""

import importlib
import json
from pathlib import Path
from typing import Any, cast

from liasse.config.readers import OCR_ADAPTERS
from liasse.cutting.engine import facts_of_pages
from liasse.reading import engine
from liasse.reading.call import PAGE_FACTS, WORDS_FILE
from liasse.reading.exclude import Exclude
from liasse.reading.ports import OcrReader
from liasse.reading.words import words_from_json

__all__ = ["read_in_child"]


def read_in_child(input_path: Path, output_dir: Path, **words: Any) -> dict[str, Any]:  # noqa: ANN401 - as the engine's
    """Read a file, and add to the answer what each page says by itself, for the rules that look for cuts."""
    answer = engine.read_in_child(input_path, output_dir, **words)
    seen = output_dir / WORDS_FILE
    if not seen.exists():
        return answer
    pages = words_from_json(json.loads(seen.read_text(encoding="utf-8")))
    facts = facts_of_pages(pages, exclude=Exclude.from_json(words.get("exclude") or {}))
    return answer | {PAGE_FACTS: [one.to_json() for one in facts]}


for _dotted in OCR_ADAPTERS.values():
    importlib.import_module(_dotted.partition(":")[0])
cast("OcrReader", engine.adapter_of(OCR_ADAPTERS["ocr"])).warm()
