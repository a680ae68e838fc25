"""What a mail's words are: a document of its own or not, links to invoices, a confirmation of a forwarding."""

from pathlib import Path

import pytest

from liasse.adapters.opening.bodies import looks_like_a_document
from tests.adapters.opening.mails import PDF, attached, mail, mixed, opened, part

pytestmark = pytest.mark.house


@pytest.mark.parametrize(
    "text",
    [
        "Reçu n° R-2026-0042\nAbonnement HT 25,00 EUR\nTVA 20 % 5,00 EUR\nTotal TTC 30,00 EUR",
        "Merci pour votre commande !\nCommande n° 171-2345678\nArticle  12,90 €\nMontant total : 12,90 €",
        "Your receipt from Acme Inc.\nReceipt #2041-8831\nAmount paid\n$20.00\nDate paid\nJan 4, 2026",
        "Invoice number: INV-77\nSubtotal 100.00\nVAT 20% 20.00\nTotal 120.00 GBP",
        "Ihre Bestellung\nRechnungsnummer: 2026-118\nGesamtbetrag  49,90 €\ninkl. 19 % MwSt. 7,97 €",
        "Factura nº F2026/12\nBase 100,00 €\nIVA 21% 21,00 €\nImporte total: 121,00 €",
        "Ricevuta n. 88\nImponibile 10,00 €\nIVA 22% 2,20 €\nTotale 12,20 €",
        "Factuur 20260114\nSubtotaal € 50,00\nBtw 21% € 10,50\nTotaal € 60,50",
        "Votre reçu Uber\n14 janvier 2026\nTotal  23,40 €\nPrix de la course  21,27 €\nTVA  2,13 €",
        "Total 1 234,56 €\nTVA 205,76 €\nFacture F-9",
    ],
)
def test_a_receipt_written_as_a_mail_is_one(text: str) -> None:
    assert looks_like_a_document(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bonjour, pouvez-vous me rappeler ?",
        "Bonjour,\nla facture n° 12 d'un montant total de 120,00 € est-elle bien payée de votre côté ?\nMerci",
        "Nos offres de janvier\nPull 19,99 €\nPantalon 29,99 €\nCommandez maintenant !",
        "Flash sale! Up to 50% off all orders over $40.00. Shop now.",
        "Voici les factures de janvier en pièce jointe.\nBonne journée",
        "> Total TTC 30,00 EUR\n> Facture n° 12\nOK merci",
        "Votre commande n° 12 est en route. Elle arrive demain.",
        "Please find attached our invoice 77 over 120.00 EUR. Best regards",
        "Réunion le 12.30 à 14.00\nTotal 3 personnes",
    ],
)
def test_any_other_mail_is_a_message(text: str) -> None:
    assert not looks_like_a_document(text)


RECEIPT = "Reçu n° 7\r\nTVA 5,00 EUR\r\nTotal TTC 30,00 EUR".encode()


@pytest.mark.parametrize(("beside", "expected"), [((), 1), ((attached(PDF, b"a.pdf"),), 0)])
def test_a_mail_with_a_document_is_no_second_one(tmp_path: Path, beside: tuple[bytes, ...], expected: int) -> None:
    answer = opened(tmp_path, mixed(part(RECEIPT, b"Content-Type: text/plain; charset=utf-8"), *beside))
    assert len([found for found in answer["parts"] if found["render"]]) == expected


def test_of_a_mail_around_a_receipt_only_the_receipt_is_a_document(tmp_path: Path) -> None:
    inner = mail(RECEIPT + b"\r\nPour Paul", b"Content-Type: text/plain; charset=utf-8")
    outer = mixed(
        part(RECEIPT, b"Content-Type: text/plain; charset=utf-8"),
        part(inner, b"Content-Type: message/rfc822", encoding=b"7bit"),
    )
    found = [part for part in opened(tmp_path, outer)["parts"] if part["render"]]
    assert len(found) == 1
    assert b"Pour Paul" in (tmp_path / "out" / found[0]["file"]).read_bytes()


def html(text: str) -> bytes:
    return mail(text.encode(), b"Content-Type: text/html; charset=utf-8")


def test_shows_links_to_invoices_and_no_others(tmp_path: Path) -> None:
    answer = opened(
        tmp_path,
        html(
            '<a href="https://shop.example/d/1">Télécharger votre facture</a><a href="https://shop.example/">Accueil</a>'
            '<a href="https://shop.example/invoice/1?unsubscribe=1">Stop</a><a href="javascript:alert(1)">Facture</a>'
            '<a href="https://shop.example/d/1">Encore : la facture</a>'
        ),
    )
    assert answer["links"] == [{"href": "https://shop.example/d/1", "text": "Télécharger votre facture"}]


@pytest.mark.parametrize("words", ["Confirmation code", "Code de confirmation", "確認コード"])
def test_finds_what_gmail_asks_to_confirm_a_forwarding(tmp_path: Path, words: str) -> None:
    link = "https://mail-settings.google.com/mail/vf-%5BANGjdJ-abc%5D-XYZ"
    text = f"paul@gmail.com … <b@c.example>\n{words}: 123456789\n\n{link}\n\nhttps://mail-settings.google.com/mail/uf-1"
    raw = mail(text.encode(), b"Content-Type: text/plain; charset=utf-8").replace(
        b"From: Paul <paul@b.example>", b"From: Gmail Team <forwarding-noreply@google.com>"
    )
    answer = opened(tmp_path, raw.replace(b"Subject: x", b"Subject: (#123456789) Gmail - paul@gmail.com"))
    assert answer["task"] == {"kind": "gmail", "code": "123456789", "link": link, "address": "paul@gmail.com"}
    assert not answer["parts"]


@pytest.mark.parametrize(
    ("sender", "link"),
    [
        (b"forwarding-noreply@google.com.evil.example", "https://mail-settings.google.com/mail/vf-1"),
        (b"forwarding-noreply@google.com", "https://mail-settings.google.com.evil.example/mail/vf-1"),
        (b"forwarding-noreply@google.com", "http://mail-settings.google.com/mail/vf-1"),
    ],
)
def test_offers_no_link_but_the_providers_own(tmp_path: Path, sender: bytes, link: str) -> None:
    raw = mail(f"Bonjour\n{link}\n".encode()).replace(b"paul@b.example", sender)
    assert opened(tmp_path, raw)["task"] is None


def test_finds_what_outlook_asks_to_confirm(tmp_path: Path) -> None:
    link = "https://account.live.com/proofs/Verify?x=1"
    raw = mail(f"Code 7654321\n{link}\npaul@outlook.fr".encode()).replace(
        b"paul@b.example", b"account-security-noreply@accountprotection.microsoft.com"
    )
    assert opened(tmp_path, raw)["task"] == {
        "kind": "outlook", "code": "7654321", "link": link, "address": "paul@outlook.fr",
    }  # fmt: skip
