"""PP-OCR's models as rapidocr's wheel brings them, loaded once: what finds lines, and what reads them."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

# These have no types, or none that hold: what comes back from them is checked where it is used, value by value.
cv2: Any = importlib.import_module("cv2")
rapidocr: Any = importlib.import_module("rapidocr")
_typings: Any = importlib.import_module("rapidocr.ch_ppocr_rec.typings")
cv2.setNumThreads(1)

type Pixels = Any
type Quad = Any


@cache
def engine() -> Any:  # noqa: ANN401 - untyped
    """Return the library's engine, its models loaded."""
    models = Path(rapidocr.__file__).parent / "models"
    loaded = rapidocr.RapidOCR(
        params={
            "Global.use_cls": False,
            "Global.log_level": "critical",
            # Named, so that the library never looks for a newer model on the network.
            "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
            "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
    # The library loads a model when it is first used.
    nothing = np.full((64, 64, 3), 255, dtype=np.uint8)
    loaded(nothing, use_rec=False)
    loaded.recognize_txt([nothing])
    # The size is chosen here, by dots and not by sides.
    loaded.text_det.limit_side_len = 32
    return loaded


def recognised(crops: list[Pixels]) -> Any:  # noqa: ANN401 - untyped
    """Return what the library says of pictures of one line each."""
    return engine().text_rec(_typings.TextRecInput(img=crops, return_word_box=True))


def cut(pixels: Pixels, quad: Quad, width: int, height: int) -> Pixels:
    """Return what lies between four corners, clockwise from the top left, as a picture of that size."""
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(quad, target)
    return cv2.warpPerspective(pixels, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_CUBIC)
