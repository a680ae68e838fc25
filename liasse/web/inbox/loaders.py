"""What the screens of a file's documents load beside the documents."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404

from liasse.clients.models import ClientFile
from liasse.clients.selectors import submission_local_part
from liasse.documents.models import Document
from liasse.documents.selectors import document_of_file
from liasse.intake.models import Receipt
from liasse.intake.selectors import receipt_of_file
from liasse.web.requests import FileRequest


def document_or_404(request: FileRequest, document_id: UUID) -> Document:
    """Give a document of the request's file; another's and a missing one are the same."""
    document = document_of_file(request.client_file, document_id=document_id)
    if document is None:
        raise Http404
    return document


def receipt_or_404(request: FileRequest, receipt_id: UUID) -> Receipt:
    """Give a receipt of the request's file; another's and a missing one are the same."""
    receipt = receipt_of_file(request.client_file, receipt_id=receipt_id)
    if receipt is None:
        raise Http404
    return receipt


def address(client_file: ClientFile) -> str:
    """Give the file's submission address; blank when it has none that is open."""
    local_part = submission_local_part(client_file)
    return f"{local_part}@{settings.LIASSE_MAIL_DOMAIN}" if local_part else ""
