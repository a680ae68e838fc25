from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from liasse.clients import rules
from liasse.clients.email_use import EmailUse, check_email
from liasse.clients.models import EmailCheck, Member
from liasse.core.models import AuditEvent
from liasse.core.scope import instance_scope
from liasse.identity.models import User
from tests.web.firm import Firm, firm, invitee

pytestmark = pytest.mark.django_db


def look(office: Firm, email: str, *, by: str = "claire") -> EmailUse:
    with office.scope():
        return check_email(email, actor=office.actor(by))


def test_an_address_of_another_practice_s_client_is_in_use() -> None:
    office, other = firm("claire"), firm("claire", called="Cabinet Voisin")
    other.open(invitee=invitee(email="paul@lepi.example"))
    assert look(office, " Paul@LEPI.example ") is EmailUse.IN_USE
    assert look(office, "paula@lepi.example") is EmailUse.FREE


def test_the_login_of_a_member_counts_even_when_the_card_says_otherwise() -> None:
    office = firm("claire")
    opened = office.open()
    with instance_scope():
        Member.objects.filter(id=opened.member.id).update(user=User.objects.create(email="login@lepi.example"))
    assert look(office, "login@lepi.example") is EmailUse.IN_USE


def test_a_colleague_is_no_client() -> None:
    office = firm("claire")
    assert look(office, office.people["claire"].email) is EmailUse.FREE


def test_an_instance_can_look_at_one_s_own_clients_only(settings: Any) -> None:  # noqa: ANN401 - pytest-django's own
    office, other = firm("claire"), firm("claire", called="Cabinet Voisin")
    other.open(invitee=invitee(email="paul@lepi.example"))
    office.open(invitee=invitee(email="rose@lepi.example"))
    settings.LIASSE_EMAIL_WARNING = "practice"
    assert look(office, "paul@lepi.example") is EmailUse.FREE
    assert look(office, "rose@lepi.example") is EmailUse.IN_USE


def fill(office: Firm, name: str, *, number: int, minutes_ago: int = 1) -> None:
    with office.scope():
        made = [
            EmailCheck(practice=office.practice, colleague=office.people[name], email_hash="x", is_in_use=False)
            for _ in range(number)
        ]
        EmailCheck.objects.bulk_create(made)
        moment = timezone.now() - timedelta(minutes=minutes_ago)
        EmailCheck.objects.filter(id__in=[check.id for check in made]).update(at=moment)


def test_a_person_looks_thirty_times_an_hour() -> None:
    office = firm()
    office.open(invitee=invitee(email="paul@lepi.example"))
    fill(office, "claire", number=rules.CHECKS_BY_PERSON)
    assert look(office, "paul@lepi.example") is EmailUse.LIMITED
    assert look(office, "paul@lepi.example", by="hugo") is EmailUse.IN_USE


def test_a_practice_looks_two_hundred_times_an_hour() -> None:
    office = firm()
    fill(office, "hugo", number=rules.CHECKS_BY_PRACTICE)
    assert look(office, "paul@lepi.example") is EmailUse.LIMITED


def test_looks_of_more_than_an_hour_ago_are_forgiven() -> None:
    office = firm("claire")
    fill(office, "claire", number=rules.CHECKS_BY_PERSON, minutes_ago=61)
    assert look(office, "paul@lepi.example") is EmailUse.FREE


def test_every_look_is_on_record_without_the_address() -> None:
    office = firm("claire")
    look(office, "paul@lepi.example")
    fill(office, "claire", number=rules.CHECKS_BY_PERSON)
    look(office, "paul@lepi.example")
    with office.scope():
        events = AuditEvent.objects.filter(verb="email.checked").order_by("sequence")
        assert [event.after["answer"] for event in events] == ["free", "limited"]
        assert "lepi" not in repr([(event.before, event.after) for event in events])
        assert "lepi" not in repr(list(EmailCheck.objects.values_list("email_hash", flat=True)))
