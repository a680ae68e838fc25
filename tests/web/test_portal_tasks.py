"""A forwarding to be confirmed is shown to those who may, and is done with one click."""

from __future__ import annotations

import pytest
from django.utils import timezone

from liasse.clients import addresses
from liasse.core.scope import practice_scope
from liasse.intake.models import Receipt
from liasse.lib.ids import uuid7
from tests import cast, factories

pytestmark = pytest.mark.django_db


def test_a_task_is_seen_by_whom_it_concerns_and_done_once() -> None:
    people = cast.build()
    task = {"kind": "gmail", "code": "123456", "link": "javascript:alert(1)", "address": "somebody@else.example"}
    with practice_scope(people.practice.id):
        receipt = Receipt.objects.create(
            practice=people.practice, client_file=people.file, delivery_key=str(uuid7()), sha256="0" * 64, size=1,
            received_at=timezone.now(), task=task, has_task=True,
        )  # fmt: skip
        own = addresses.give_to_member(people.client_administrator, actor=people.actor)
    home, done = f"/portal/{people.file.id}/", f"/portal/{people.file.id}/tasks/{receipt.id}/done/"
    runs, employee = (factories.signed_in(one) for one in (people.client_administrator, people.client_employee))
    shown = runs.get(home).content.decode()
    assert "Gmail demande de confirmer la redirection de somebody@else.example" in shown
    assert "123456" in shown
    assert "javascript:" not in shown
    assert f"{own}@" in shown.replace("<wbr>", "")
    assert "Gmail demande" not in employee.get(home).content.decode()
    assert employee.post(done).status_code == 404
    assert runs.post(done).status_code == 302
    assert "Gmail demande" not in runs.get(home).content.decode()
