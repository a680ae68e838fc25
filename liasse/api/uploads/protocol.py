"""The tus protocol 1.0: core, creation, creation-with-upload, expiration, checksum, termination.

It knows no person: each door hands it a ``Depositor``. https://tus.io/protocols/resumable-upload
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from django.utils.translation import gettext as _

from liasse.core.blobs import StorageFaultError, StorageFullError
from liasse.core.errors import ConflictError, LiasseError, NotThereError
from liasse.intake import uploads
from liasse.intake.errors import (
    ChecksumError,
    OffsetError,
    UploadBusyError,
    UploadPutOffError,
    UploadRefusedError,
)
from liasse.intake.models import Upload
from liasse.intake.rules import sender_of, wish_of
from liasse.intake.spool import ALGORITHMS, Checksum
from liasse.intake.types import Depositor, NewUpload
from liasse.pipeline import deposits

VERSION: Final = "1.0.0"
RECEIPT: Final = "Liasse-Receipt"
"""The header that names the receipt which an upload became: proof that it was received."""

_EXTENSIONS: Final = "creation,creation-with-upload,expiration,checksum,termination"
_BYTES: Final = "application/offset+octet-stream"
_CHECKSUM_MISMATCH: Final = 460
_STATUSES: Final[tuple[tuple[type[LiasseError], int], ...]] = (
    (NotThereError, HTTPStatus.NOT_FOUND),
    (ChecksumError, _CHECKSUM_MISMATCH),
    (UploadBusyError, HTTPStatus.LOCKED),
    (ConflictError, HTTPStatus.CONFLICT),
    (StorageFullError, HTTPStatus.INSUFFICIENT_STORAGE),
    (StorageFaultError, HTTPStatus.SERVICE_UNAVAILABLE),
)
_CODES: Final = {
    "empty": HTTPStatus.UNPROCESSABLE_ENTITY,
    "not-a-zip": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "too-large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "quota": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "link-full": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "too-many": HTTPStatus.TOO_MANY_REQUESTS,
    "disk-full": HTTPStatus.INSUFFICIENT_STORAGE,
}


class _AskedWronglyError(Exception):
    """A request that the protocol does not know; says how it is answered."""

    def __init__(self, sentence: str, *, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(sentence)
        self.status = status


def answer_all(request: HttpRequest, *, depositor: Depositor) -> HttpResponse:
    """Answer at the address of all uploads: what the server can (OPTIONS), or begin one (POST)."""
    return _answered(request, lambda: _create(request, depositor))


def answer_one(request: HttpRequest, *, upload_id: UUID, depositor: Depositor) -> HttpResponse:
    """Answer at the address of one upload: where it stands, more bytes, or its end."""
    acts = {"HEAD": _stand, "PATCH": _grow, "DELETE": _end}

    def act() -> HttpResponse:
        method = request.method or ""
        if method == "POST":
            # For those whose line lets no other method through.
            method = request.headers.get("X-HTTP-Method-Override", "").upper()
        if method not in acts:
            raise _AskedWronglyError("X-HTTP-Method-Override: PATCH or DELETE", status=HTTPStatus.METHOD_NOT_ALLOWED)
        return acts[method](request, uploads.upload_of(depositor, upload_id=upload_id))

    return _answered(request, act)


def _answered(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    if request.method == "OPTIONS":
        answer = _abilities()
    elif request.headers.get("Tus-Resumable") != VERSION:
        answer = _said(f"Tus-Resumable: {VERSION}", status=HTTPStatus.PRECONDITION_FAILED)
        answer.headers["Tus-Version"] = VERSION
    else:
        try:
            answer = act()
        except _AskedWronglyError as error:
            answer = _said(str(error), status=error.status)
        except LiasseError as error:
            answer = _refused(error)
    answer.headers["Tus-Resumable"] = VERSION
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _abilities() -> HttpResponse:
    answer = HttpResponse(status=HTTPStatus.NO_CONTENT)
    limits = uploads.limits()
    answer.headers["Tus-Version"] = VERSION
    answer.headers["Tus-Extension"] = _EXTENSIONS
    answer.headers["Tus-Max-Size"] = str(max(limits.file_bytes, limits.archive_bytes))
    answer.headers["Tus-Checksum-Algorithm"] = ",".join(ALGORITHMS)
    return answer


def _said(sentence: str, *, status: int) -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")


def _refused(error: LiasseError) -> HttpResponse:
    status = next((status for kind, status in _STATUSES if isinstance(error, kind)), None)
    if isinstance(error, UploadRefusedError | UploadPutOffError):
        status = _CODES.get(error.code)
    sentence = error.sentence or _("This was not taken. Try again.")
    answer = _said(str(sentence), status=status or HTTPStatus.UNPROCESSABLE_ENTITY)
    answer.headers["Liasse-Error"] = error.code
    if isinstance(error, OffsetError):
        answer.headers["Upload-Offset"] = str(error.offset)
    if not error.permanent:
        answer.headers["Retry-After"] = "2" if isinstance(error, UploadBusyError) else "60"
    return answer


# ------------------------------------------------------------------------------------------------------ acts


def _create(request: HttpRequest, depositor: Depositor) -> HttpResponse:
    words = _metadata(request.headers.get("Upload-Metadata", ""))
    new = NewUpload(
        filename=words.get("filename", ""),
        size=_number(request, "Upload-Length"),
        key=words.get("key", ""),
        wish=wish_of(words),
        given_sender="" if depositor.user_id else sender_of(words),
    )
    begun = uploads.begin(new, depositor=depositor)
    # An answer that was lost is asked for again: bytes that came with it the first time are not taken twice.
    if request.headers.get("Content-Type") == _BYTES and uploads.safe_offset(begun) == 0:
        begun = _appended(request, begun, offset=0)
    answer = _standing(begun, status=HTTPStatus.CREATED)
    answer.headers["Location"] = f"{request.path}{begun.id}/"
    return answer


def _stand(request: HttpRequest, upload: Upload) -> HttpResponse:
    del request
    answer = _standing(upload, status=HTTPStatus.OK)
    answer.headers["Upload-Length"] = str(upload.size)
    name = base64.b64encode(upload.filename.encode()).decode()
    answer.headers["Upload-Metadata"] = f"filename {name}" if name else "filename"
    return answer


def _grow(request: HttpRequest, upload: Upload) -> HttpResponse:
    if request.headers.get("Content-Type") != _BYTES:
        raise _AskedWronglyError(f"Content-Type: {_BYTES}", status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    return _standing(_appended(request, upload, offset=_number(request, "Upload-Offset")))


def _appended(request: HttpRequest, upload: Upload, *, offset: int) -> Upload:
    announced = request.META.get("CONTENT_LENGTH") or ""
    length = int(announced) if announced.isdecimal() else None
    return uploads.append(upload, offset=offset, body=request, length=length, checksum=_checksum(request))


def _end(request: HttpRequest, upload: Upload) -> HttpResponse:
    del request
    uploads.cancel(upload)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _standing(upload: Upload, *, status: HTTPStatus = HTTPStatus.NO_CONTENT) -> HttpResponse:
    """Say where an upload stands. One that is whole is made a receipt first, but by a look at it (HEAD)."""
    answer = HttpResponse(status=status)
    offset, receipt_id = uploads.safe_offset(upload), upload.receipt_id
    if offset == upload.size and status != HTTPStatus.OK:
        receipt = deposits.finish_upload(upload.id)
        receipt_id = receipt.id if receipt else None
    answer.headers["Upload-Offset"] = str(offset)
    answer.headers["Upload-Expires"] = _expiry(upload.expires_at)
    if receipt_id is not None:
        answer.headers[RECEIPT] = str(receipt_id)
    return answer


def _expiry(at: datetime) -> str:
    return http_date(at.timestamp())


# ---------------------------------------------------------------------------------------------------- headers


def _number(request: HttpRequest, name: str) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):  # noqa: PLR2004 - a petabyte
        raise _AskedWronglyError(f"{name}: a whole number")
    return int(text)


def _metadata(header: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        name, _blank, value = pair.partition(" ")
        try:
            words[name] = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise _AskedWronglyError("Upload-Metadata: name base64, name base64") from error
    return words


def _checksum(request: HttpRequest) -> Checksum | None:
    header = request.headers.get("Upload-Checksum", "")
    if not header:
        return None
    algorithm, _blank, value = header.partition(" ")
    if algorithm not in ALGORITHMS:
        raise _AskedWronglyError("Upload-Checksum: " + ",".join(ALGORITHMS))
    try:
        return Checksum(algorithm=algorithm, digest=base64.b64decode(value, validate=True))
    except binascii.Error as error:
        raise _AskedWronglyError(f"Upload-Checksum: {algorithm} base64") from error
