"""Addresses of a file's documents and of what arrived; all begin with the file's own."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.web.inbox import (
    views,
    views_alarms,
    views_cutting,
    views_document,
    views_duplicates,
    views_fields,
    views_receipts,
    views_side,
    views_takeout,
)

_DOCUMENT = "documents/<uuid:document_id>/"
_CUTTING = "documents/cutting/<uuid:change_id>/"
_RECEIPT = "receipts/<uuid:receipt_id>/"

urlpatterns: list[URLPattern] = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/news/", views.news, name="inbox-news"),
    path("documents/move/", views.move_documents, name="documents-move"),
    path("documents/side/", views_side.put_side, name="documents-side"),
    path("documents/copies/", views_duplicates.decide_many, name="duplicates-decide"),
    path("documents/csv/", views_takeout.as_csv, name="takeout-csv"),
    path("documents/xlsx/", views_takeout.as_xlsx, name="takeout-xlsx"),
    path("documents/zip/", views_takeout.as_zip, name="takeout-zip"),
    path("documents/cutting/", views_cutting.cutting, name="cutting"),
    path("documents/cutting/open/", views_cutting.open_table, name="cutting-open"),
    path("documents/cutting/apply/", views_cutting.apply, name="cutting-apply"),
    path(_CUTTING, views_cutting.made, name="cutting-made"),
    path(f"{_CUTTING}undo/", views_cutting.undo, name="cutting-undo"),
    path(_DOCUMENT, views_document.document, name="document"),
    path(f"{_DOCUMENT}apart/", views_cutting.take_apart, name="document-apart"),
    path(f"{_DOCUMENT}one/", views_cutting.say_one, name="document-one"),
    path(f"{_DOCUMENT}originals/<int:number>/", views_cutting.piece_original, name="document-piece"),
    path(f"{_DOCUMENT}copies/", views_duplicates.side_by_side, name="duplicate"),
    path(f"{_DOCUMENT}copies/decide/", views_duplicates.decide, name="duplicate-decide"),
    path(f"{_DOCUMENT}copies/undo/", views_duplicates.undo, name="duplicate-undo"),
    path(f"{_DOCUMENT}alarms/dismiss/", views_alarms.dismiss_alarm, name="alarm-dismiss"),
    path(f"{_DOCUMENT}refile/", views_alarms.move_to_file, name="document-refile"),
    path(f"{_DOCUMENT}news/", views_document.news, name="document-news"),
    path(f"{_DOCUMENT}pages/<int:page>/", views_document.page_image, name="document-page"),
    path(f"{_DOCUMENT}original/", views_takeout.original, name="document-original"),
    path(f"{_DOCUMENT}words/", views_fields.page_words, name="document-words"),
    path(f"{_DOCUMENT}fields/", views_fields.save_fields, name="document-fields"),
    path(f"{_DOCUMENT}vat/", views_fields.save_vat, name="document-vat"),
    path(f"{_DOCUMENT}lines/", views_fields.save_lines, name="document-lines"),
    path(f"{_DOCUMENT}fields/<slug:name>/", views_document.save_field, name="document-field"),
    path(f"{_DOCUMENT}check/", views_document.check_document, name="document-check"),
    path(f"{_DOCUMENT}read-again/", views_document.read_document_again, name="document-read-again"),
    path(f"{_DOCUMENT}move/", views_document.move_document, name="document-move"),
    path("receipts/", views_receipts.receipts, name="receipts"),
    path(_RECEIPT, views_receipts.receipt, name="receipt"),
    path(f"{_RECEIPT}original/", views_receipts.original, name="receipt-original"),
    path(f"{_RECEIPT}quarantined/", views_receipts.quarantined, name="receipt-quarantined"),
    path(f"{_RECEIPT}parts/<uuid:part_id>/", views_receipts.part_original, name="receipt-part"),
    path(f"{_RECEIPT}retry/", views_receipts.retry, name="receipt-retry"),
]
