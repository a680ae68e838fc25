"""Codes by email: short-lived, few tries, one use, and alike for addresses that nobody has."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from liasse.core.errors import InvalidError
from liasse.core.tokens import derive_code
from liasse.identity import codes
from liasse.identity.codes import CODE_HOLDS, CODE_TRIES, PER_ADDRESS, PER_PLACE, Asked, Purpose
from liasse.identity.errors import TooManyTriesError, WrongCodeError
from liasse.identity.models import EmailedCode, User
from tests.factories import user

pytestmark = pytest.mark.django_db
HERE = "192.0.2.7"


@pytest.fixture
def anne() -> User:
    return user("Anne Martin", email="anne@cabinet.example")


def code_of(asked: Asked) -> str:
    row = asked.code
    return derive_code(Purpose(row.purpose).code_purpose, subject_id=row.id, nonce=row.nonce)


def refused(asked: Asked, *, typed: str, purpose: Purpose = Purpose.SIGN_IN) -> bool:
    with pytest.raises(WrongCodeError):
        codes.take(asked.code.id, purpose=purpose, typed=typed)
    return True


def test_a_code_opens_once(anne: User) -> None:
    asked = codes.ask_sign_in(" ANNE@cabinet.example ", place=HERE)
    code = code_of(asked)
    assert len(code) == 6
    assert code.isdecimal()
    assert codes.take(asked.code.id, purpose=Purpose.SIGN_IN, typed=f" {code[:3]} {code[3:]} ").user == anne
    assert refused(asked, typed=code)


def test_after_ten_minutes_it_opens_nothing(anne: User) -> None:
    del anne
    asked = codes.ask_sign_in("anne@cabinet.example", place=HERE)
    EmailedCode.objects.update(created_at=timezone.now() - CODE_HOLDS - timedelta(seconds=1))
    assert refused(asked, typed=code_of(asked))


def test_five_wrong_tries_end_it(anne: User) -> None:
    del anne
    asked = codes.ask_sign_in("anne@cabinet.example", place=HERE)
    for _try in range(CODE_TRIES):
        refused(asked, typed="x")
    with pytest.raises(TooManyTriesError):
        codes.take(asked.code.id, purpose=Purpose.SIGN_IN, typed=code_of(asked))


def test_a_code_for_one_thing_is_none_for_another_nor_for_somebody_else(anne: User) -> None:
    asked = codes.ask_proof(anne, place=HERE)
    assert refused(asked, typed=code_of(asked))
    karim = user("Karim Benali")
    with pytest.raises(WrongCodeError):
        codes.take(asked.code.id, purpose=Purpose.PROOF, typed=code_of(asked), user=karim)
    assert codes.take(asked.code.id, purpose=Purpose.PROOF, typed=code_of(asked), user=anne).user == anne


def test_nobodys_code_opens_nothing_even_if_it_is_guessed() -> None:
    asked = codes.ask_sign_in("nobody@cabinet.example", place=HERE)
    assert asked.user is None
    assert refused(asked, typed=code_of(asked))


def test_an_unknown_or_missing_code_is_refused_alike() -> None:
    for code_id in (None, "0190aaaa-0000-7000-8000-000000000000"):
        with pytest.raises(WrongCodeError):
            codes.take(code_id, purpose=Purpose.SIGN_IN, typed="123456")


@pytest.mark.parametrize("email", ["anne@cabinet.example", "nobody@cabinet.example"])
def test_an_address_gets_few_codes(anne: User, email: str) -> None:
    del anne
    for _code in range(PER_ADDRESS):
        codes.ask_sign_in(email, place=HERE)
    with pytest.raises(TooManyTriesError):
        codes.ask_sign_in(email, place=HERE)
    EmailedCode.objects.update(created_at=timezone.now() - codes.WINDOW - timedelta(seconds=1))
    assert codes.ask_sign_in(email, place=HERE).code.id is not None


def test_one_place_cannot_write_to_everybody() -> None:
    for number in range(PER_PLACE):
        codes.ask_sign_in(f"nobody{number}@cabinet.example", place=HERE)
    with pytest.raises(TooManyTriesError):
        codes.ask_sign_in("another@cabinet.example", place=HERE)
    assert codes.ask_sign_in("another@cabinet.example", place="192.0.2.8").code.id is not None


def test_a_new_address_is_proved_and_taken(anne: User) -> None:
    asked = codes.ask_address(anne, email="Anne@New.example", place=HERE)
    assert User.objects.get(id=anne.id).email == "anne@cabinet.example"
    former = codes.change_address(anne, code_id=asked.code.id, typed=code_of(asked))
    assert (former, User.objects.get(id=anne.id).email) == ("anne@cabinet.example", "anne@new.example")


def test_an_address_that_somebody_has_or_took_meanwhile_changes_nothing(anne: User) -> None:
    taken = codes.ask_address(anne, email=user("Karim Benali").email, place=HERE)
    raced = codes.ask_address(anne, email="late@cabinet.example", place=HERE)
    user("Late", email="late@cabinet.example")
    for asked in (taken, raced):
        with pytest.raises(WrongCodeError):
            codes.change_address(anne, code_id=asked.code.id, typed=code_of(asked))
    assert User.objects.get(id=anne.id).email == "anne@cabinet.example"


@pytest.mark.parametrize("email", ["", "no address", "anne@cabinet.example"])
def test_what_is_no_new_address_gets_a_sentence(anne: User, email: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        codes.ask_address(anne, email=email, place=HERE)
    assert list(refusal.value.fields) == ["email"]


def test_old_rows_do_not_pile_up() -> None:
    codes.ask_sign_in("nobody@cabinet.example", place=HERE)
    EmailedCode.objects.update(created_at=timezone.now() - timedelta(days=2))
    codes.ask_sign_in("other@cabinet.example", place=HERE)
    assert EmailedCode.objects.count() == 1
