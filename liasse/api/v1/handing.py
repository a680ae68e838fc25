"""Handing in by a program: one request is one receipt, and a repeated one is the same (Idempotency-Key)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from liasse.api.v1 import shapes
from liasse.api.v1.problems import problem
from liasse.api.v1.requests import TokenRequest
from liasse.core.blobs import StorageFullError
from liasse.core.errors import LiasseError
from liasse.intake import spool
from liasse.intake.errors import UploadBusyError, UploadPutOffError, UploadRefusedError
from liasse.intake.models import Receipt
from liasse.intake.rules import given_name, wish_of
from liasse.intake.types import Cutting, Depositor, Door, NewUpload, Side
from liasse.lib.ids import as_uuid
from liasse.pipeline import deposits

_PIECE: Final = 256 * 1024
_LONGEST_KEY: Final = 255
_LONGEST_NOTE: Final = 5_000
_LONGEST_NAME: Final = 200
_CODES: Final = {
    "too-large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "quota": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "disk-full": HTTPStatus.INSUFFICIENT_STORAGE,
}


class _WrongError(Exception):
    """A request that cannot be understood."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """A file as a request brings it: its bytes may be read once."""

    new: NewUpload
    pieces: Iterator[bytes]


def hand_in(request: TokenRequest) -> HttpResponse:
    """Take the file of a request. 201 with the receipt; repeated with the same key, the same again."""
    try:
        return _handed_in(request)
    except _WrongError as error:
        return problem("bad-request", status=HTTPStatus.BAD_REQUEST, detail=str(error))
    except (BadRequest, MultiPartParserError, RequestDataTooBig, SuspiciousOperation, UnicodeError):
        said = _("The body could not be read as what its Content-Type says.")
        return problem("bad-request", status=HTTPStatus.BAD_REQUEST, detail=said)
    except UploadBusyError:
        said = _("A request with the same Idempotency-Key is still under way.")
        return problem("in-flight", status=HTTPStatus.CONFLICT, detail=said, retry_after=2)
    except LiasseError as error:
        return _refused(error)


def _refused(error: LiasseError) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error.permanent else HTTPStatus.SERVICE_UNAVAILABLE
    if isinstance(error, UploadRefusedError | UploadPutOffError):
        status = _CODES.get(error.code, status)
    if isinstance(error, StorageFullError):
        status = HTTPStatus.INSUFFICIENT_STORAGE
    return problem(error.code, status=status, detail=error.sentence, retry_after=0 if error.permanent else 60)


def _handed_in(request: TokenRequest) -> HttpResponse:
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > _LONGEST_KEY:
        raise _WrongError(_("The Idempotency-Key has at most 255 characters."))
    depositor = _depositor(request)
    with ExitStack() as held:
        named = ""
        if key:
            named = f"{depositor.holder}:{hashlib.sha256(key.encode()).hexdigest()[:48]}"
            # A lock that ends with its process: whoever is killed leaves nothing that is "under way" for ever.
            lock = uuid5(NAMESPACE_URL, named)
            held.enter_context(spool.held(lock))
            held.callback(spool.discard, lock)
            before = deposits.received_before(depositor, key=named)
            if before is not None:
                return _again(before, _sent(request, key=named))
        sent = _sent(request, key=named)
        receipt = deposits.take(sent.pieces, sent.new, depositor=depositor)
    return _made(receipt)


def _depositor(request: TokenRequest) -> Depositor:
    return Depositor(
        practice_id=request.token.practice_id,
        client_file_id=request.client_file.id,
        door=Door.API,
        holder=request.token.holder,
        peer=str(request.META.get("REMOTE_ADDR", "")),
    )


def _again(before: Receipt, sent: _Sent) -> HttpResponse:
    digest = hashlib.sha256()
    for piece in sent.pieces:
        digest.update(piece)
    wish = sent.new.wish
    same = (before.sha256, before.filename, before.side, before.cutting, before.note)
    if same != (digest.hexdigest(), given_name(sent.new.filename), wish.side, wish.cutting, wish.note):
        said = _("This Idempotency-Key was used for another file or other wishes.")
        return problem("key-mismatch", status=HTTPStatus.UNPROCESSABLE_ENTITY, detail=said)
    return _made(before)


def _made(receipt: Receipt) -> HttpResponse:
    shown = shapes.of_delivery(receipt)
    response = JsonResponse(shown, status=HTTPStatus.CREATED)
    response.headers["Location"] = shown["url"]
    return response


def _sent(request: TokenRequest, *, key: str) -> _Sent:
    if request.content_type == "multipart/form-data":
        files = request.FILES.getlist("file")
        if len(files) != 1:
            raise _WrongError(_("Send exactly one part with the name “file”."))
        (file,) = files
        words: Mapping[str, str] = request.POST.dict()
        _check(words)
        new = NewUpload(filename=file.name or "", size=file.size or 0, key=key, wish=wish_of(words))
        return _Sent(new=new, pieces=iter(file.chunks()))
    words = request.GET.dict()
    _check(words)
    length = request.META.get("CONTENT_LENGTH") or "0"
    size = int(length) if length.isdecimal() else 0
    new = NewUpload(filename=words.get("filename", ""), size=size, key=key, wish=wish_of(words))
    return _Sent(new=new, pieces=_pieces(request, size=size))


def _check(words: Mapping[str, Any]) -> None:
    """Refuse words that a page would read as its default: a program hears of its mistake."""
    if words.get("side", Side.COSTS) not in set(Side):
        raise _WrongError(_("side is “costs” or “sales”."))
    if words.get("cutting", Cutting.AUTOMATIC) not in set(Cutting):
        raise _WrongError(_("cutting is one of: %(words)s.") % {"words": ", ".join(Cutting)})
    if "owner" in words and as_uuid(words["owner"]) is None:
        raise _WrongError(_("owner is the id of a user of the file."))
    if len(words.get("note", "")) > _LONGEST_NOTE or len(words.get("filename", "")) > _LONGEST_NAME:
        raise _WrongError(_("The note has at most 5,000 characters, the file name 200."))
    if any("\0" in value for value in words.values()):
        raise _WrongError(_("A zero byte is in the words."))


def _pieces(request: TokenRequest, *, size: int) -> Iterator[bytes]:
    left = size
    while left and (piece := request.read(min(_PIECE, left))):
        left -= len(piece)
        yield piece
    if left:
        # What a cut line brought is no whole file; with the same key it is sent again.
        raise _WrongError(_("The body ended before all announced bytes came."))
