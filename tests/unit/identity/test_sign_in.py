from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils import timezone

from liasse.core.errors import InvalidError
from liasse.identity.errors import SignInError, TooManyTriesError
from liasse.identity.leaked import LIST, is_leaked
from liasse.identity.models import SignInFailure, User
from liasse.identity.services import authenticate, change_password, create_user, set_preferences
from liasse.identity.tries import TRIES, TRIES_WINDOW
from tests.factories import PASSWORD, user

pytestmark = pytest.mark.django_db
FAR = "tournesol bleu sous la pluie " * 4


def fail(email: str, *, times: int = 1) -> None:
    for _time in range(times):
        with pytest.raises(SignInError):
            authenticate(email, "not the password")


def test_the_address_is_compared_trimmed_and_without_case() -> None:
    anne = user("Anne Martin", email="anne@cabinet.example")
    assert authenticate("  Anne@Cabinet.EXAMPLE ", PASSWORD) == anne


def test_a_wrong_password_and_an_unknown_address_are_told_alike() -> None:
    user("Anne Martin", email="anne@cabinet.example")
    said = []
    for email in ("anne@cabinet.example", "nobody@cabinet.example", "no address", "\0@x.example", ""):
        with pytest.raises(SignInError) as refusal:
            authenticate(email, "not the password")
        said.append((type(refusal.value), refusal.value.sentence))
    assert len(set(said)) == 1


def test_an_unknown_address_costs_a_check_too(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    encode = Argon2PasswordHasher.encode

    def counted(self: Argon2PasswordHasher, password: str, salt: str) -> Any:  # noqa: ANN401 - Django's own
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(Argon2PasswordHasher, "encode", counted)
    fail("nobody@cabinet.example")
    assert hashed == ["not the password"]


def test_the_sixth_try_is_refused_even_with_the_right_password() -> None:
    user("Anne Martin", email="anne@cabinet.example")
    fail("anne@cabinet.example", times=TRIES)
    with pytest.raises(TooManyTriesError):
        authenticate("anne@cabinet.example", PASSWORD)
    karim = user("Karim", email="karim@cabinet.example")
    assert authenticate("karim@cabinet.example", PASSWORD) == karim


def test_an_unknown_address_is_limited_alike() -> None:
    fail("nobody@cabinet.example", times=TRIES)
    with pytest.raises(TooManyTriesError):
        authenticate("nobody@cabinet.example", "x")


def test_after_five_minutes_one_may_try_again() -> None:
    anne = user("Anne Martin", email="anne@cabinet.example")
    fail("anne@cabinet.example", times=TRIES)
    SignInFailure.objects.update(at=timezone.now() - TRIES_WINDOW - timedelta(seconds=1))
    assert authenticate("anne@cabinet.example", PASSWORD) == anne
    assert SignInFailure.objects.count() == 0


def test_a_right_password_forgets_the_wrong_ones() -> None:
    user("Anne Martin", email="anne@cabinet.example")
    for _round in range(3):
        fail("anne@cabinet.example", times=TRIES - 1)
        authenticate("anne@cabinet.example", PASSWORD)


def test_nobody_signs_in_without_a_password_or_to_a_closed_account() -> None:
    unusable = User(email="a@x.example", name="A")
    unusable.set_unusable_password()
    unusable.save()
    fail("a@x.example")
    user("Anne Martin", email="anne@cabinet.example")
    User.objects.filter(email="anne@cabinet.example").update(is_active=False)
    with pytest.raises(SignInError):
        authenticate("anne@cabinet.example", PASSWORD)


def test_passwords_differing_far_behind_are_different() -> None:
    made = create_user(email="long@x.example", name="Long", password=FAR + "a")
    with pytest.raises(SignInError):
        authenticate(made.email, FAR + "b")
    assert authenticate(made.email, FAR + "a") == made


@pytest.mark.parametrize("typed", ["cafe\u0301 au lait du matin", "caf\u00e9 au lait du matin"])
def test_a_password_is_the_same_however_its_accents_are_composed(typed: str) -> None:
    made = create_user(email="e@x.example", name="E", password="cafe\u0301 au lait du matin")
    assert authenticate("e@x.example", typed) == made


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", {"name": " \u200b "}),
        ("name", {"name": "x" * 201}),
        ("email", {"email": "a b@x.example"}),
        ("email", {"email": '"a b"@x.example'}),
        ("email", {"email": "élodie@x.example"}),
        ("email", {"email": f"{'a' * 250}@x.example"}),
        ("email", {"email": "a@localhost"}),
        ("email", {"email": ""}),
        ("password", {"password": "short"}),
        ("password", {"password": "password1234"}),
        ("password", {"password": "x" * 10_000}),
        ("password", {"password": "camille.durand@x.example", "email": "camille.durand@x.example"}),
    ],
)
def test_what_cannot_be_used_gets_a_sentence(field: str, values: dict[str, str]) -> None:
    plain = {"email": "new@x.example", "name": "Camille", "password": "quatre mots au hasard"}
    with pytest.raises(InvalidError) as refusal:
        create_user(**(plain | values))
    assert list(refusal.value.fields) == [field]
    assert str(refusal.value.fields[field])
    assert User.objects.count() == 0


@pytest.mark.parametrize("email", ["a+tag@x.example", "o'neil@x.example", "info@bücher.example"])
def test_tags_apostrophes_and_domains_in_any_script_are_fine(email: str) -> None:
    assert create_user(email=email, name="🥖 مرحبا", password="quatre mots au hasard").email == email


def test_one_address_has_one_account() -> None:
    create_user(email="new@x.example", name="A", password="quatre mots au hasard")
    with pytest.raises(InvalidError) as refusal:
        create_user(email=" NEW@x.example", name="B", password="quatre mots au hasard")
    assert list(refusal.value.fields) == ["email"]


def test_a_password_is_changed_by_whoever_knows_it() -> None:
    anne = user("Anne Martin", email="anne@cabinet.example")
    with pytest.raises(InvalidError) as refusal:
        change_password(anne, current="guess", new="cinq mots tout neufs ici")
    assert list(refusal.value.fields) == ["current"]
    with pytest.raises(InvalidError) as refusal:
        change_password(anne, current=PASSWORD, new="short")
    assert list(refusal.value.fields) == ["new"]
    change_password(anne, current=PASSWORD, new="cinq mots tout neufs ici")
    assert authenticate(anne.email, "cinq mots tout neufs ici") == anne


def test_preferences_are_kept_and_judged() -> None:
    anne = user("Anne Martin")
    set_preferences(anne, language="en", theme="dark", name="  Anne   M. ")
    anne.refresh_from_db()
    assert (anne.language, anne.theme, anne.name) == ("en", "dark", "Anne M.")
    for field, value in {"language": "de", "theme": "pink", "name": " "}.items():
        with pytest.raises(InvalidError) as refusal:
            set_preferences(anne, **{field: value})
        assert list(refusal.value.fields) == [field]


@pytest.mark.parametrize(
    "guessed",
    ["Liasse-2026!!", "motdepasse1234", "azertyuiop123456", "Comptabilité2026", "Cabinet Comptable 75",
     "aaaaaaaaaaaaaaaa", "123456789012345", "janvierfevrier2026", "durandetfils2026!"],
)  # fmt: skip
def test_what_everybody_here_would_guess_is_refused(guessed: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        create_user(email="new@durandetfils.example", name="Camille", password=guessed)
    assert list(refusal.value.fields) == ["password"]


@pytest.mark.parametrize(
    "good",
    ["quatre mots au hasard", "mon cabinet a trois chats", "Liasse; 7 tournesols bleus", "密码是四个字的词语好不好呀"],
)
def test_a_few_words_of_ones_own_are_taken(good: str) -> None:
    assert create_user(email="new@x.example", name="Camille", password=good).check_password(good)


@pytest.mark.parametrize(
    ("length", "is_taken"), [(11, False), (12, True), (64, True), (128, True), (1024, True), (1025, False)]
)
def test_lengths_are_taken_from_twelve_on(length: int, *, is_taken: bool) -> None:
    password = ("tournesol bleu sous la pluie " * 40)[:length]
    try:
        create_user(email="new@x.example", name="Camille", password=password)
    except InvalidError:
        assert not is_taken
    else:
        assert is_taken


@pytest.mark.parametrize("leaked", ["leavemealone", "1qaz2wsx3edc", "LeaveMeAlone", "sonyericsson", "mailcreated5240"])
def test_what_was_leaked_is_refused(leaked: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        create_user(email="new@x.example", name="Camille", password=leaked)
    assert list(refusal.value.fields) == ["password"]


def test_the_list_of_leaked_passwords_is_long_and_in_order() -> None:
    known = LIST.read_bytes()
    marks = [known[start : start + 5] for start in range(0, len(known), 5)]
    assert len(marks) > 40_000
    assert marks == sorted(set(marks))
    assert not any(is_leaked(f"{number} tournesols bleus") for number in range(1000))


@pytest.mark.parametrize(
    "plain",
    ["tournesolbleusouslapluie", "9482037561928374650", "{}[]()<>/|~^`'?!;:", "🌻🌧🦆🎻🪴🚲🧦🕰🥖🧵🪁🐌"],
    ids=["letters", "digits", "signs", "pictures"],
)
def test_any_signs_make_a_password_and_none_is_asked_for(plain: str) -> None:
    assert create_user(email="new@x.example", name="Camille", password=plain).check_password(plain)
