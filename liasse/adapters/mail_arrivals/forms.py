"""A provider's request as django-anymail looks at it, with every byte of every field, however large.

Django's own reader of forms drops files without a name and decodes what is no text, and so would lose mails.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final
from urllib.parse import parse_qsl

_BOUNDARY: Final = re.compile(r'boundary="?([^";,]{1,200})"?', re.IGNORECASE)
_NAME: Final = re.compile(rb'[; ]name="([^"\r\n]*)"', re.IGNORECASE)
_FILENAME: Final = re.compile(rb'filename="([^"\r\n]*)"', re.IGNORECASE)
_TYPE: Final = re.compile(rb"^content-type:[ \t]*([^\r\n]+)", re.IGNORECASE | re.MULTILINE)
_MOST_FIELDS: Final = 1000


class FormFile(BytesIO):
    """A file of a form."""

    def __init__(self, content: bytes, *, name: str, content_type: str) -> None:
        """Keep what it is called and says it is."""
        super().__init__(content)
        self.name = name
        self.content_type = content_type
        self.charset = None


class Fields(dict[str, str]):
    """The texts of a form."""

    encoding = "utf-8"


@dataclass
class ProviderRequest:
    """As much of a request as the readers of django-anymail look at, and the bytes of each field."""

    content_type: str
    body: bytes
    headers: Mapping[str, str]
    fields: dict[str, bytes] = field(default_factory=dict)
    POST: Fields = field(default_factory=Fields)
    FILES: dict[str, FormFile] = field(default_factory=dict)

    @property
    def META(self) -> dict[str, str]:  # noqa: N802 - as Django names it
        """Give what a reader looks for beside the fields."""
        return {"CONTENT_TYPE": self.headers.get("Content-Type", self.content_type)}


def request_of(body: bytes, *, headers: Mapping[str, str]) -> ProviderRequest:
    """Read a request; raises ValueError for a form that makes no sense."""
    declared = headers.get("Content-Type", "")
    kind = declared.partition(";")[0].strip().lower()
    request = ProviderRequest(content_type=kind, body=body, headers=headers)
    if kind == "multipart/form-data":
        _read_parts(request, boundary=_BOUNDARY.search(declared))
    elif kind == "application/x-www-form-urlencoded":
        for name, value in parse_qsl(
            body.decode("latin-1"), keep_blank_values=True, encoding="latin-1", max_num_fields=_MOST_FIELDS
        ):
            _keep(request, name, value.encode("latin-1"))
    return request


def _read_parts(request: ProviderRequest, *, boundary: re.Match[str] | None) -> None:
    if boundary is None:
        raise ValueError("a form without a boundary")
    parts = (b"\r\n" + request.body).split(b"\r\n--" + boundary[1].encode())
    if len(parts) > _MOST_FIELDS or not parts[-1].startswith(b"--"):
        raise ValueError("a form that does not end, or has too many fields")
    for part in parts[1:-1]:
        head, _, value = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if name is None:
            continue
        told, filename, kind = name[1].decode("utf-8", "replace"), _FILENAME.search(head), _TYPE.search(head)
        if filename is not None or told.startswith("attachment"):
            is_list = told in {"attachments", "attachment-count", "attachment-info"}
            if not is_list:
                request.FILES[told] = FormFile(
                    value,
                    name=filename[1].decode("utf-8", "replace") if filename else "",
                    content_type=kind[1].decode("ascii", "replace") if kind else "application/octet-stream",
                )
                continue
        _keep(request, told, value)


def _keep(request: ProviderRequest, name: str, value: bytes) -> None:
    request.fields[name] = value
    request.POST[name] = value.decode("utf-8", "replace")
