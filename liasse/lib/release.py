"""Which Liasse this is."""

import tomllib
from pathlib import Path


def version() -> str:
    """Give the version that pyproject.toml states; "unknown" where only the package was copied."""
    try:
        text = (Path(__file__).resolve().parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    except FileNotFoundError:
        return "unknown"
    return str(tomllib.loads(text)["project"]["version"])
