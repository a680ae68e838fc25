"""Stored bytes as answers: saved by the browser, never opened as a page of ours; images kept by it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseNotModified

_INERT: Final = "application/octet-stream"


def as_download(path: Path, *, name: str) -> HttpResponseBase:
    """Send a file under a name, as a download that no browser opens."""
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=_INERT)


def as_kept_image(request: HttpRequest, path: Path, *, media_type: str) -> HttpResponseBase:
    """Send an image that is named by its content, so that a browser may keep it for ever."""
    etag = f'"{path.name}"'
    response: HttpResponseBase = HttpResponseNotModified()
    if etag not in request.headers.get("If-None-Match", ""):
        response = FileResponse(path.open("rb"), content_type=media_type)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
