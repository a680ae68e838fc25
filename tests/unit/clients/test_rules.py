from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liasse.clients import rules
from liasse.clients.rules import NameProblem
from liasse.clients.types import AddressKind, FileStatus
from liasse.lib.people import EmailProblem, clean_name, email_problem, normal_email

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("name", ["", " ", "\u00a0\u202f", "\u200b", "\u202e\u2066", "\t\n", "\x00\x07"])
def test_a_name_that_nobody_can_see_is_blank(name: str) -> None:
    assert rules.name_problem(clean_name(name)) is NameProblem.BLANK


@pytest.mark.parametrize("name", ["A", "L'Épi d'Or", "شركة النور", "🥖", "<b>Dupont & Fils</b>", "x" * 200, "株式会社"])
def test_any_other_name_is_kept_letter_by_letter(name: str) -> None:
    assert clean_name(f"  {name}\n") == name
    assert rules.name_problem(name) is None


@pytest.mark.parametrize("length", [201, 10_000])
def test_a_name_without_end_is_too_long(length: int) -> None:
    assert rules.name_problem("x" * length) is NameProblem.TOO_LONG


def test_marks_that_turn_the_text_around_are_taken_out() -> None:
    assert clean_name("Dupont\u202efdp.exe") == "Dupontfdp.exe"


@pytest.mark.parametrize(
    "email", ["a@b.fr", "paul+liasse@lepi.example", "o'brien@x.ie", "x@bücher.example", "a.b@sub.domain.co", "1@2.io"]
)
def test_addresses_that_can_be_written_to(email: str) -> None:
    assert email_problem(email) is None


@pytest.mark.parametrize(
    ("email", "problem"),
    [
        ("", EmailProblem.BLANK),
        ("paul @lepi.fr", EmailProblem.SPACES),
        ("paul\u00a0@lepi.fr", EmailProblem.SPACES),
        ('"paul"@lepi.fr', EmailProblem.QUOTED),
        ("paul <paul@lepi.fr>".replace(" ", ""), EmailProblem.QUOTED),
        ("élodie@lepi.fr", EmailProblem.ACCENTS),
        (f"{'x' * 250}@lepi.fr", EmailProblem.TOO_LONG),
        (f"{'x' * 65}@lepi.fr", EmailProblem.MALFORMED),
        *((text, EmailProblem.MALFORMED) for text in ("paul", "paul@", "@lepi.fr", "paul@lepi", "a@b@c.fr")),
        *((text, EmailProblem.MALFORMED) for text in ("a..b@c.fr", ".a@c.fr", "a@-c.fr", "a@c..fr", "a@[1.2.3.4]")),
    ],
)
def test_addresses_that_cannot(email: str, problem: EmailProblem) -> None:
    assert email_problem(email) is problem


def test_an_address_has_one_form() -> None:
    assert normal_email("  Paul@LEPI.example\n") == "paul@lepi.example"


@pytest.mark.parametrize(
    "typed", ["06 12 34 56 78", "0612345678", "+33 6 12 34 56 78", "06.12.34.56.78", "(0)612345678"]
)
def test_a_number_is_kept_in_international_form(typed: str) -> None:
    assert rules.normal_phone(typed, country="FR") == "+33612345678"


@pytest.mark.parametrize(
    "typed", ["", "12", "06 12 34 56", "appelez le 06 12 34 56 78", "06 12 34 56 78 poste 4", "+999 1"]
)
def test_a_bad_number_is_refused(typed: str) -> None:
    assert rules.normal_phone(typed, country="FR") is None


def test_the_country_says_how_a_number_is_read() -> None:
    assert rules.normal_phone("0470 12 34 56", country="BE") == "+32470123456"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Boulangerie L'Épi d'Or", "boulangerie-epi-or"),
        ("SARL Dupont & Fils", "sarl-dupont-fils"),
        ("شركة", "client"),
        ("🥖", "client"),
        ("A", "a"),
        ("Anticonstitutionnellement", "anticonstitutionnell"),
        ("../../etc/passwd", "etc-passwd"),
    ],
)
def test_the_readable_half_of_an_address(name: str, slug: str) -> None:
    assert rules.slug(name) == slug


@given(st.text(max_size=300))
def test_a_slug_is_always_short_plain_ascii(name: str) -> None:
    slug = rules.slug(name)
    assert 1 <= len(slug) <= rules.SLUG_LIMIT
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not slug.startswith("-")


@pytest.mark.parametrize(
    ("status", "days", "kind"),
    [
        (FileStatus.ACTIVE, None, AddressKind.OPEN),
        (FileStatus.ARCHIVED, 1, AddressKind.OPEN),
        (FileStatus.ARCHIVED, 90, AddressKind.OPEN),
        (FileStatus.ARCHIVED, 91, AddressKind.CLOSED),
    ],
)
def test_an_archived_file_takes_mail_for_ninety_days(status: FileStatus, days: int | None, kind: AddressKind) -> None:
    archived_at = NOW - timedelta(days=days) if days else None
    assert rules.address_kind(status=status, archived_at=archived_at, retired_at=None, now=NOW) is kind


def test_a_retired_address_is_closed() -> None:
    kind = rules.address_kind(status=FileStatus.ACTIVE, archived_at=None, retired_at=NOW, now=NOW)
    assert kind is AddressKind.CLOSED


@pytest.mark.parametrize("typed", ["732829320", "732 829 320", "732.829.320"])
def test_a_siren_is_kept_as_nine_digits(typed: str) -> None:
    assert rules.normal_siren(typed) == "732829320"


@pytest.mark.parametrize("typed", ["732829321", "73282932", "abcdefghi", "73282932000074"])
def test_a_wrong_siren_is_refused(typed: str) -> None:
    assert rules.normal_siren(typed) is None


def test_the_currency_is_locked_by_a_coded_document() -> None:
    assert not rules.currency_is_locked(count_ready=0, count_archived=0)
    assert rules.currency_is_locked(count_ready=1, count_archived=0)
    assert rules.currency_is_locked(count_ready=0, count_archived=1)


@pytest.mark.parametrize(
    ("sent", "changes", "is_stale"),
    [
        (5, [], False),
        (3, [(5, ["siren"]), (4, ["sector"])], False),
        (3, [(5, ["siren"]), (4, ["name"])], True),
        (4, [(5, ["name"])], True),
        (1, [(5, ["siren"])], True),
        (0, [], True),
    ],
)
def test_only_a_change_of_the_same_field_makes_an_edit_stale(
    sent: int, changes: list[tuple[int, list[str]]], *, is_stale: bool
) -> None:
    assert rules.is_stale("name", sent_version=sent, version=5, changes=changes) is is_stale
