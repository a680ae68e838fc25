"""What the sandbox loads before it forks to read a document.

Named in `liasse.config.readers`. Importing the adapters here is the point: the sandbox loads this
module once, and every reading finds PDF and XML libraries in memory. No Django here.
"""

import importlib

from liasse.config.readers import CUTTING_ADAPTERS, READING_ADAPTERS
from liasse.cutting.engine import page_facts
from liasse.reading.checks import check_page, check_rules
from liasse.reading.engine import read_in_child

__all__ = ["check_page", "check_rules", "page_facts", "read_in_child"]

for _dotted in {*READING_ADAPTERS.values(), *CUTTING_ADAPTERS.values()}:
    importlib.import_module(_dotted.partition(":")[0])
