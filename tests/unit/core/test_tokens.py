"""Secret links: derived, so that whoever has the database has no link."""

from __future__ import annotations

from liasse.core.tokens import derive_code, derive_token, new_nonce, token_hash
from liasse.lib.ids import uuid7


def test_a_token_has_256_bits_and_is_the_same_each_time() -> None:
    subject, nonce = uuid7(), new_nonce()
    token = derive_token("invitation", subject_id=subject, nonce=nonce)
    assert len(token) == 43
    assert token == derive_token("invitation", subject_id=subject, nonce=nonce)


def test_another_purpose_subject_or_nonce_gives_another_token() -> None:
    subject, nonce = uuid7(), new_nonce()
    tokens = {
        derive_token("invitation", subject_id=subject, nonce=nonce),
        derive_token("set-up", subject_id=subject, nonce=nonce),
        derive_token("invitation", subject_id=uuid7(), nonce=nonce),
        derive_token("invitation", subject_id=subject, nonce=new_nonce()),
    }
    assert len(tokens) == 4


def test_the_hash_says_nothing_of_the_token() -> None:
    token = derive_token("invitation", subject_id=uuid7(), nonce=new_nonce())
    assert token not in token_hash(token)
    assert len(token_hash(token)) == 64


def test_a_code_has_six_digits_of_all_values() -> None:
    codes = [derive_code("sign-in", subject_id=uuid7(), nonce=new_nonce()) for _number in range(2000)]
    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    assert {code[0] for code in codes} == set("0123456789")
    assert len(set(codes)) > 1990
