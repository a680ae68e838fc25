"""The authenticator app and the recovery codes: what each takes, once, and what a copy of the database shows."""

from __future__ import annotations

import base64
import time

import pyotp
import pytest
from django.db import connection

from liasse.core.errors import ConflictError
from liasse.identity import factors
from liasse.identity.errors import TooManyTriesError, WrongCodeError
from liasse.identity.models import AuthenticatorApp, RecoveryCode, User
from liasse.identity.sealing import seal, unseal
from liasse.identity.tries import TRIES
from tests.factories import user

pytestmark = pytest.mark.django_db
SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The key of RFC 6238, appendix B, "12345678901234567890"."""


def at(monkeypatch: pytest.MonkeyPatch, moment: float) -> None:
    monkeypatch.setattr(time, "time", lambda: moment)


def code_at(moment: float) -> str:
    return pyotp.TOTP(SEED).at(int(moment))


@pytest.fixture
def anne() -> User:
    return user("Anne Martin")


def add(anne: User) -> None:
    factors.add_app(anne, seed=SEED, code=code_at(time.time()))


@pytest.mark.parametrize(("moment", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_the_codes_are_those_of_the_standard(
    anne: User, monkeypatch: pytest.MonkeyPatch, moment: int, code: str
) -> None:
    at(monkeypatch, moment)
    factors.add_app(anne, seed=SEED, code=code)
    assert anne.has_factor


def test_a_code_is_taken_once_and_those_before_it_never(anne: User, monkeypatch: pytest.MonkeyPatch) -> None:
    start = 1_800_000_000.0
    at(monkeypatch, start)
    add(anne)
    at(monkeypatch, start + 60)
    factors.require_factor(anne, code=code_at(start + 60))
    for spent in (code_at(start + 60), code_at(start + 30), code_at(start)):
        with pytest.raises(WrongCodeError):
            factors.require_factor(anne, code=spent)


@pytest.mark.parametrize(("late", "is_taken"), [(29, True), (59, True), (95, False), (-30, True), (-65, False)])
def test_a_phone_may_be_half_a_minute_off(
    anne: User, monkeypatch: pytest.MonkeyPatch, late: int, *, is_taken: bool
) -> None:
    moment = 1_800_000_000.0
    at(monkeypatch, moment - 300)
    add(anne)
    at(monkeypatch, moment + late)
    try:
        factors.require_factor(anne, code=code_at(moment))
    except WrongCodeError:
        assert not is_taken
    else:
        assert is_taken


def test_the_sixth_guess_is_refused_even_when_right(anne: User) -> None:
    add(anne)
    codes = factors.new_recovery_codes(anne)
    for _try in range(TRIES):
        with pytest.raises(WrongCodeError):
            factors.require_factor(anne, code="000000")
    with pytest.raises(TooManyTriesError):
        factors.require_factor(anne, code=codes[0])


def test_guesses_at_a_new_app_are_counted_though_nothing_else_is_kept(anne: User) -> None:
    for _try in range(TRIES):
        with pytest.raises(WrongCodeError):
            factors.add_app(anne, seed=SEED, code="nothing")
    with pytest.raises(TooManyTriesError):
        add(anne)
    assert not AuthenticatorApp.objects.exists()


def test_a_recovery_code_opens_once_however_it_is_typed(anne: User) -> None:
    add(anne)
    codes = factors.new_recovery_codes(anne)
    assert len(set(codes)) == factors.RECOVERY_CODES
    factors.require_factor(anne, code=codes[0].upper().replace("-", " "))
    with pytest.raises(WrongCodeError):
        factors.require_factor(anne, code=codes[0])
    factors.require_factor(anne, code=codes[1].replace("-", ""))
    assert factors.count_recovery_codes(anne) == factors.RECOVERY_CODES - 2


def test_new_codes_end_the_former_and_are_nobody_elses(anne: User) -> None:
    karim = user("Karim Benali")
    for person in (anne, karim):
        add(person)
    former, theirs = factors.new_recovery_codes(anne)[0], factors.new_recovery_codes(karim)[0]
    factors.new_recovery_codes(anne)
    for code in (former, theirs):
        with pytest.raises(WrongCodeError):
            factors.require_factor(anne, code=code)
    assert factors.open_recovery_codes(anne, [theirs, "<script>"]) == []


def test_codes_without_a_factor_are_refused_and_go_with_the_last_one(anne: User) -> None:
    with pytest.raises(ConflictError):
        factors.new_recovery_codes(anne)
    add(anne)
    factors.new_recovery_codes(anne)
    factors.remove_app(anne)
    anne.refresh_from_db()
    assert not anne.has_factor
    assert RecoveryCode.objects.count() == 0


def test_a_copy_of_the_database_shows_neither_seed_nor_code(anne: User) -> None:
    add(anne)
    codes = factors.new_recovery_codes(anne)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_seed FROM identity_authenticatorapp")
        rows = cursor.fetchall()
        cursor.execute("SELECT code_hash FROM identity_recoverycode")
        rows += cursor.fetchall()
    kept = " ".join(str(row) for row in rows).lower()
    assert SEED.lower() not in kept
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def test_a_seed_sealed_under_another_key_opens_nothing(anne: User, settings: object) -> None:
    add(anne)
    assert unseal(seal("x")) == "x"
    settings.SECRET_KEY = "another key, as long as it has to be for this test"  # type: ignore[attr-defined]
    with pytest.raises(WrongCodeError):
        factors.require_factor(anne, code=code_at(time.time() + 30))


def test_the_picture_holds_the_key_for_the_app(anne: User) -> None:
    address = factors.seed_address(SEED, user=anne)
    assert address.startswith("otpauth://totp/Liasse:anne.martin%40example.fr?secret=" + SEED)
    assert factors.seed_picture(address).startswith("data:image/svg+xml")


def test_recovery_codes_are_too_many_to_try() -> None:
    codes = [code.replace("-", "") for _round in range(20) for code in _fresh()]
    assert len(set(codes)) == 200
    # Five bits a letter: 112 or more need no slow hash (ASVS 5.0, 6.5.2).
    assert min(len(code) * 5 for code in codes) >= 112
    assert set("".join(codes)) == set("abcdefghijklmnopqrstuvwxyz234567")


def _fresh() -> list[str]:
    person = user("Anne Martin")
    person.has_factor = True
    return factors.new_recovery_codes(person)


def test_what_was_sealed_too_long_ago_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed, now = seal("a seed"), time.time()
    at(monkeypatch, now + 59)
    assert unseal(sealed, within=60) == "a seed"
    at(monkeypatch, now + 62)
    assert unseal(sealed, within=60) == ""
    assert unseal(sealed) == "a seed"


def test_what_is_sealed_cannot_be_changed_or_made_without_the_key() -> None:
    sealed = seal("a seed")
    for spot in range(0, len(sealed), 7):
        other = "A" if sealed[spot] != "A" else "B"
        assert unseal(sealed[:spot] + other + sealed[spot + 1 :]) == ""
    for made_up in ("", "a seed", base64.urlsafe_b64encode(b"a seed").decode(), sealed[:-4]):
        assert unseal(made_up) == ""
