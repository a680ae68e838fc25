"""The mails of the demo, as clients and suppliers send them; the same day gives the same bytes, so none comes twice."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from hashlib import sha256
from pathlib import Path
from typing import Final

from liasse.cli import demo_parties as who
from liasse.cli import demo_sales as sales
from liasse.cli.demo_invoice import Invoice
from liasse.cli.demo_parties import Client
from liasse.cli.demo_sheet import facturx_pdf, invoice_pdf
from liasse.cli.demo_xml import ubl

PICTURE: Final = Path(__file__).with_name("demo_papers") / "ticket.jpg"
_OTHER_IBAN: Final = "FR7699999000010009887766507"
_TERMS: Final = "Conditions générales de vente\n\n1. Nos marchandises voyagent aux risques du destinataire.\n"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody writes; ``look`` is "plain", "logo" (with a picture shown within) or "forwarded"."""

    client: Client
    name: str
    address: str
    subject: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    look: str = "plain"


def printed(invoice: Invoice) -> Attachment:
    """Give an invoice as a PDF without data."""
    return Attachment(_file_name(invoice, "pdf"), "application/pdf", invoice_pdf(invoice))


def hybrid(invoice: Invoice) -> Attachment:
    """Give an invoice as Factur-X."""
    return Attachment(_file_name(invoice, "pdf"), "application/pdf", facturx_pdf(invoice))


def data(invoice: Invoice) -> Attachment:
    """Give an invoice as UBL."""
    return Attachment(_file_name(invoice, "xml"), "application/xml", ubl(invoice))


def _file_name(invoice: Invoice, ending: str) -> str:
    word = {"de": "Rechnung", "en": "Invoice"}.get(invoice.supplier.language, "Facture")
    if invoice.is_credit:
        word = "Avoir"
    number = "".join(letter if letter.isalnum() or letter == "-" else "-" for letter in invoice.number)
    return f"{word}-{number}.{ending}"


def letters(today: date) -> Iterator[Letter]:
    """Give every mail of the demo, in the order in which they are sent."""
    yield from _bakery(today)
    yield from _garage_and_joinery(today)
    yield from _bistrot(today)
    yield from _dentist_and_studio(today)
    yield from _others(today)


def _from_supplier(client: Client, invoice: Invoice, attachment: Attachment, *, look: str = "plain") -> Letter:
    text = {
        "de": "Sehr geehrte Damen und Herren,\n\nanbei erhalten Sie unsere Rechnung.\n\nMit freundlichen Grüßen\n",
        "en": "Hello,\n\nPlease find attached your invoice for this month.\n\nKind regards\n",
    }.get(invoice.supplier.language, "Bonjour,\n\nVeuillez trouver ci-joint notre document.\n\nCordialement\n")
    return Letter(
        client,
        invoice.supplier.name,
        invoice.supplier.email,
        attachment.name.rpartition(".")[0].replace("-", " ", 1),
        text + invoice.supplier.name + "\n",
        (attachment,),
        look,
    )


def _by_client(client: Client, subject: str, text: str, *attachments: Attachment, look: str = "plain") -> Letter:
    name = client.person or client.party.name
    address = client.email or f"contact@{client.code.lower()}.example"
    return Letter(client, name, address, subject, text, attachments, look)


def _bakery(today: date) -> Iterator[Letter]:
    client = who.BAKERY
    buyer = client.party
    mill = sales.flour(buyer, today, days=4, number=26118, sacks="40")
    yield _from_supplier(client, mill, hybrid(mill))
    older = sales.flour(buyer, today, days=33, number=25937, sacks="36")
    yield _from_supplier(client, older, hybrid(older))
    # One that asks for the money elsewhere, as fraud does: it waits for somebody who looks.
    strange = sales.flour(buyer, today, days=1, number=26207, sacks="38")
    strange = replace(strange, supplier=replace(strange.supplier, iban=_OTHER_IBAN))
    yield _from_supplier(client, strange, hybrid(strange))
    butter = sales.dairy(buyer, today, days=6, number=88214)
    yield _from_supplier(client, butter, printed(butter), look="logo")
    bill = sales.power(buyer, today, days=9, number=4410923, kwh="2184")
    line = sales.phone(buyer, today, days=11, number=7719, lines="2")
    yield _by_client(
        client,
        "Factures du mois",
        "Bonjour Claire,\n\nVoici l'électricité et le téléphone de novembre.\n\nBonne journée,\nNadia\n",
        hybrid(bill),
        printed(line),
    )
    yield _by_client(
        client,
        "Ticket du repas de jeudi",
        "Bonjour,\n\nLe ticket du repas avec le meunier, en photo.\n\nNadia\n",
        Attachment("IMG_2041.jpg", "image/jpeg", PICTURE.read_bytes()),
    )
    yield _by_client(
        client, "Question sur la caisse", "Bonjour,\n\nFaut-il aussi envoyer les tickets Z de la caisse ?\n\nNadia\n"
    )
    clean = sales.cleaning(buyer, today, days=13, number=311)
    yield _by_client(client, "Fwd: Facture nettoyage", "Bonne réception.\n", printed(clean), look="forwarded")


def _garage_and_joinery(today: date) -> Iterator[Letter]:
    garage, joinery = who.GARAGE, who.JOINERY
    parts = sales.car_parts(garage.party, today, days=3, number=20417)
    yield _from_supplier(garage, parts, data(parts))
    back = sales.returned_part(garage.party, today, days=1, number=1182)
    yield _from_supplier(garage, back, data(back))
    bill = sales.power(garage.party, today, days=8, number=4411506, kwh="3120")
    yield _from_supplier(garage, bill, hybrid(bill))
    wood = sales.timber(joinery.party, today, days=7, number=560912)
    yield _from_supplier(joinery, wood, printed(wood), look="logo")
    line = sales.phone(joinery.party, today, days=12, number=8034, lines="5")
    yield _from_supplier(joinery, line, hybrid(line))


def _bistrot(today: date) -> Iterator[Letter]:
    client = who.BISTROT
    for days, number in ((2, 1207), (5, 1188), (9, 1161)):
        catch = sales.fish(client.party, today, days=days, number=number)
        yield _from_supplier(client, catch, printed(catch))
    cream = sales.dairy(client.party, today, days=4, number=88231)
    yield _from_supplier(client, cream, hybrid(cream))
    clean = sales.cleaning(client.party, today, days=16, number=305)
    yield _by_client(client, "Facture ménage", "Ci-joint la facture du ménage.\n", printed(clean))


def _dentist_and_studio(today: date) -> Iterator[Letter]:
    dentist, studio = who.DENTIST, who.STUDIO
    supplies = sales.dental(dentist.party, today, days=5, number=90031)
    yield _from_supplier(dentist, supplies, hybrid(supplies))
    german = sales.crowns(dentist.party, today, days=10, number=1873)
    yield _from_supplier(dentist, german, printed(german))
    earlier = sales.crowns(dentist.party, today, days=38, number=1702)
    yield _from_supplier(dentist, earlier, data(earlier))
    host = sales.hosting(studio.party, today, days=6, number=204518)
    yield _from_supplier(studio, host, printed(host))
    line = sales.phone(studio.party, today, days=12, number=7802, lines="3")
    yield _from_supplier(studio, line, hybrid(line))
    bill = sales.power(studio.party, today, days=15, number=4409877, kwh="388")
    yield _by_client(studio, "Électricité", "La facture d'électricité du studio.\n\nSolveig\n", data(bill))


def _others(today: date) -> Iterator[Letter]:
    tank = sales.fuel(who.HAULAGE.party, today, days=2, number=70551)
    yield _from_supplier(who.HAULAGE, tank, printed(tank))
    parts = sales.car_parts(who.HAULAGE.party, today, days=19, number=20355)
    yield _from_supplier(who.HAULAGE, parts, data(parts))
    stems = sales.flowers(who.FLORIST.party, today, days=3, number=3306)
    yield _from_supplier(who.FLORIST, stems, hybrid(stems))
    barrels = sales.barrels(who.VINEYARD.party, today, days=20, number=418)
    yield _from_supplier(who.VINEYARD, barrels, hybrid(barrels))
    charges = sales.charges(who.LETTING.party, today, days=14, number=2604)
    yield _from_supplier(who.LETTING, charges, printed(charges))


def message(letter: Letter, *, to: str, day: date, place: int) -> EmailMessage:
    """Give the mail itself; ``place`` is its number in the order of sending."""
    mail = EmailMessage()
    mail["From"] = formataddr((letter.name, letter.address))
    mail["To"] = to
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(datetime.combine(day, time(7), tzinfo=UTC) + timedelta(minutes=7 * place))
    mail["Message-ID"] = message_id(letter)
    mail.set_content(letter.text)
    if letter.look == "logo":
        mail.add_alternative(_html(letter), subtype="html")
        _body(mail).add_related(_logo(), maintype="image", subtype="png", cid="<logo>", filename="logo.png")
        mail.add_attachment(_TERMS, filename="conditions-generales.txt")
    carrier = mail
    if letter.look == "forwarded":
        carrier = _original(letter, day=day)
    for one in letter.attachments:
        main, _, sub = one.media_type.partition("/")
        carrier.add_attachment(one.content, maintype=main, subtype=sub, filename=one.name)
    if carrier is not mail:
        _fix_boundaries(carrier, seed=f"{mail['Message-ID']}.forwarded")
        mail.add_attachment(carrier, filename="message.eml")
    _fix_boundaries(mail, seed=str(mail["Message-ID"]))
    return mail


def message_id(letter: Letter) -> str:
    """Give a name that is the letter's own, whenever it is sent."""
    words = (letter.client.code, letter.address, letter.subject, *(one.name for one in letter.attachments))
    return f"<{sha256('|'.join(words).encode()).hexdigest()[:24]}@demo.example>"


def _original(letter: Letter, *, day: date) -> EmailMessage:
    first = EmailMessage()
    first["From"] = formataddr((who.CLEANING.name, who.CLEANING.email))
    first["To"] = letter.address
    first["Subject"] = letter.subject.removeprefix("Fwd: ")
    first["Date"] = format_datetime(datetime.combine(day - timedelta(days=1), time(16), tzinfo=UTC))
    first.set_content("Bonjour,\n\nNotre facture en pièce jointe.\n\nNetteté Services 14\n")
    return first


def _html(letter: Letter) -> str:
    paragraphs = "".join(f"<p>{line}</p>" for line in letter.text.splitlines() if line)
    return f'<html><body>{paragraphs}<p><img src="cid:logo" alt=""></p></body></html>'


def _body(mail: EmailMessage) -> EmailMessage:
    part = mail.get_body(("html",))
    if not isinstance(part, EmailMessage):
        raise TypeError(part)
    return part


def _logo() -> bytes:
    """Give a small PNG: a square with a lighter one in it."""
    side = 48
    rows = b"".join(
        b"\0" + b"".join(b"\xd8\xe6\xef" if 12 <= x < 36 and 12 <= y < 36 else b"\x22\x4a\x6b" for x in range(side))  # noqa: PLR2004
        for y in range(side)
    )
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    out = b"\x89PNG\r\n\x1a\n"
    for name, body in parts:
        out += struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    return out


def _fix_boundaries(mail: EmailMessage, *, seed: str) -> None:
    """Part the mail with marks that depend on nothing but its name; the library would draw them at random."""
    for number, part in enumerate(mail.walk()):
        if part.get_content_maintype() == "multipart":
            part.set_boundary(f"=_{sha256(f'{seed}.{number}'.encode()).hexdigest()[:32]}")
