"""Addresses of a file and of its members: unlike any other, changed with 90 days of grace."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from liasse.clients import addresses
from liasse.clients.models import InboundAddress
from liasse.clients.people import MemberForm, add_member
from liasse.clients.selectors import find_address, submission_local_part
from liasse.clients.types import AddressKind
from liasse.core.errors import ConflictError
from liasse.core.models import AuditEvent
from liasse.core.scope import instance_scope
from tests.web.firm import Firm, firm

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Firm:
    return firm("claire")


def test_a_new_member_has_an_address_of_their_own(office: Firm) -> None:
    opened = office.open("Lépi")
    with office.scope():
        zoe = add_member(
            opened.client_file, typed=MemberForm(name="Zoé Lambert", role="standard"), actor=office.actor()
        )
        given = addresses.address_of_member(zoe)
        assert given.startswith("zoe-lambert.")
        assert submission_local_part(opened.client_file) == opened.local_part
        assert addresses.give_to_member(zoe, actor=office.actor()) == given
    with instance_scope():
        found = find_address(given)
    assert (found.kind, found.client_file_id, found.member_id) == (AddressKind.OPEN, opened.client_file.id, zoe.id)


def test_a_former_address_serves_90_days_more_and_no_longer(office: Firm) -> None:
    opened = office.open("Lépi")
    with office.scope():
        after = addresses.change(opened.client_file, actor=office.actor())
        assert submission_local_part(opened.client_file) == after
        (of_file, _member) = addresses.addresses_of(opened.client_file)
        assert [former.local_part for former in of_file.former] == [opened.local_part]
        assert AuditEvent.objects.filter(verb="file.address-changed").count() == 1
    with instance_scope():
        assert find_address(opened.local_part).kind == AddressKind.OPEN
        row = InboundAddress.objects.get(local_part=opened.local_part)
        assert row.retired_at is not None
        assert row.retired_at - timezone.now() > timedelta(days=89)
        InboundAddress.objects.filter(id=row.id).update(retired_at=timezone.now() - timedelta(seconds=1))
        assert find_address(opened.local_part).kind == AddressKind.CLOSED
        assert find_address(after).kind == AddressKind.OPEN


def test_changing_without_end_is_refused(office: Firm) -> None:
    opened = office.open("Lépi")
    with office.scope():
        for _number in range(addresses.MOST_FORMER):
            addresses.change(opened.client_file, actor=office.actor())
        with pytest.raises(ConflictError):
            addresses.change(opened.client_file, actor=office.actor())
