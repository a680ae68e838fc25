"""Addresses of the envelope."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liasse.lib.mailboxes import AddressSyntaxError, parse_mailbox, same_domain
from liasse.mailgate.addresses import split_command

pytestmark = pytest.mark.house


@pytest.mark.parametrize(
    ("argument", "address", "parameters"),
    [
        ("FROM:<a@b.example>", "a@b.example", []),
        ("from: <a@b.example> SIZE=1 BODY=8BITMIME", "a@b.example", ["SIZE=1", "BODY=8BITMIME"]),
        ("FROM:<>", "", []),
        ("FROM: <> SIZE=3", "", ["SIZE=3"]),
        ("FROM:a@b.example SIZE=1", "a@b.example", ["SIZE=1"]),
        ("FROM:<@one.example,@two.example:a@b.example>", "a@b.example", []),
        ('FROM:<"a b>c"@d.example>', '"a b>c"@d.example', []),
        ("FROM:<sans-arobase>", "sans-arobase", []),
        ("FROM:< a@b.example >", "a@b.example", []),
        ("FROM:<gérard@boîte.example>", "gérard@boîte.example", []),
    ],
)
def test_a_command_is_taken_apart(argument: str, address: str, parameters: list[str]) -> None:
    assert split_command(argument, keyword="FROM:") == (address, parameters)


@pytest.mark.parametrize(
    "argument",
    ["", "FROM", "TO:<a@b>", "FROM:", "FROM:<a@b", "FROM:a@b>", "FROM:<a@b>x", "FROM:<a\tb@c>", "FROM:<a@b\udcff>"],
)
def test_what_is_no_address_is_refused(argument: str) -> None:
    with pytest.raises(AddressSyntaxError):
        split_command(argument, keyword="FROM:")


def test_an_address_may_be_long_but_not_endless() -> None:
    split_command(f"FROM:<{'a' * 308}@b.example>", keyword="FROM:")
    with pytest.raises(AddressSyntaxError):
        split_command(f"FROM:<{'a' * 311}@b.example>", keyword="FROM:")


@pytest.mark.parametrize(
    ("address", "local_part", "tag", "domain"),
    [
        ("Slug.K7M2@Liasse.Example", "slug.k7m2", "", "liasse.example"),
        ("slug.k7m2+Achats@liasse.example", "slug.k7m2", "achats", "liasse.example"),
        ("slug.k7m2+a+b@liasse.example.", "slug.k7m2", "a+b", "liasse.example"),
        ('"slug.k7m2"@liasse.example', "slug.k7m2", "", "liasse.example"),
        ('"sl\\ug"@liasse.example', "slug", "", "liasse.example"),
        ("a@boîte.example", "a", "", "xn--bote-1pa.example"),
        ("a@[127.0.0.1]", "a", "", "[127.0.0.1]"),
    ],
)
def test_a_mailbox_has_one_form(address: str, local_part: str, tag: str, domain: str) -> None:
    mailbox = parse_mailbox(address)
    assert (mailbox.local_part, mailbox.tag, mailbox.domain) == (local_part, tag, domain)
    assert mailbox.given == address


@pytest.mark.parametrize("address", ["", "a", "@b", "a@", "+tag@b", '""@b'])
def test_half_an_address_is_none(address: str) -> None:
    with pytest.raises(AddressSyntaxError):
        parse_mailbox(address)


@given(st.text(max_size=200))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        address, _ = split_command(f"TO:{text}", keyword="TO:")
        parse_mailbox(address)
    except AddressSyntaxError:
        return


def test_an_overlong_domain_label_is_kept_as_it_is() -> None:
    assert same_domain("A" * 70 + ".fr") == "a" * 70 + ".fr"
