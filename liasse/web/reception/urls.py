"""Addresses of what waits to be sorted and of how a file receives mail; all begin with the file's own."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.web.reception import views_settings, views_sorting

_RECEIPT = "receipts/<uuid:receipt_id>/"

urlpatterns: list[URLPattern] = [
    path("to-sort/", views_sorting.to_sort, name="to-sort"),
    path(f"{_RECEIPT}accept/", views_sorting.accept, name="receipt-accept"),
    path(f"{_RECEIPT}trust/", views_sorting.trust, name="receipt-trust"),
    path(f"{_RECEIPT}aside/", views_sorting.put_aside, name="receipt-aside"),
    path(f"{_RECEIPT}take-back/", views_sorting.take_back, name="receipt-take-back"),
    path(f"{_RECEIPT}task-done/", views_sorting.task_done, name="receipt-task-done"),
    path("reception/", views_settings.reception, name="file-reception"),
    path("reception/mode/", views_settings.set_mode, name="file-reception-mode"),
    path("reception/answers/", views_settings.set_answers, name="file-reception-answers"),
    path("reception/duplicates/", views_settings.set_duplicates, name="file-reception-duplicates"),
    path("reception/address/", views_settings.change_address, name="file-address-change"),
    path("reception/trusted/", views_settings.add_trusted, name="file-trusted-add"),
    path("reception/trusted/<uuid:sender_id>/remove/", views_settings.remove_trusted, name="file-trusted-remove"),
    path("members/<uuid:member_id>/address/", views_settings.member_address, name="file-member-address"),
]
