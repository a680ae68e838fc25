"""The fields of a document's page: what each shows, where it came from, and how it is typed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from liasse.clients.models import Member
from liasse.documents.models import Document
from liasse.documents.sentences import KIND_LABELS, SIDE_LABELS
from liasse.reading.entry import AMOUNTS, DATES
from liasse.reading.selectors import ShownField, ShownReading
from liasse.reading.types import DocType, FieldName, PaymentMethod, Place, Source
from liasse.ui.formats import format_day, format_long_day, format_money
from liasse.web.inbox.doubts import Doubt, both_days, doubt_of
from liasse.web.inbox.evidence import SOURCES, hint_of, percent_of

LABELS: Final[dict[str, Promise]] = {
    FieldName.DOC_TYPE: gettext_lazy("Kind"),
    FieldName.SUPPLIER_NAME: gettext_lazy("Supplier"),
    FieldName.SUPPLIER_VAT: gettext_lazy("VAT number"),
    FieldName.SUPPLIER_SIREN: gettext_lazy("SIREN"),
    FieldName.CUSTOMER_NAME: gettext_lazy("Customer"),
    FieldName.INVOICE_NUMBER: gettext_lazy("Number"),
    FieldName.ORDER_NUMBER: gettext_lazy("Order number"),
    FieldName.ISSUE_DATE: gettext_lazy("Date"),
    FieldName.DUE_DATE: gettext_lazy("Due date"),
    FieldName.DELIVERY_DATE: gettext_lazy("Delivery date"),
    FieldName.CURRENCY: gettext_lazy("Currency"),
    FieldName.TOTAL_NET: gettext_lazy("Net"),
    FieldName.TOTAL_VAT: gettext_lazy("VAT"),
    FieldName.TOTAL_GROSS: gettext_lazy("Total"),
    FieldName.AMOUNT_DUE: gettext_lazy("Amount due"),
    FieldName.IBAN: gettext_lazy("IBAN"),
    FieldName.SUPPLIER_ADDRESS: gettext_lazy("Address of the supplier"),
    FieldName.SUPPLIER_SIRET: gettext_lazy("SIRET"),
    FieldName.CUSTOMER_ADDRESS: gettext_lazy("Address of the customer"),
    FieldName.CUSTOMER_VAT: gettext_lazy("VAT number of the customer"),
    FieldName.CUSTOMER_SIREN: gettext_lazy("SIREN of the customer"),
    FieldName.PERIOD_START: gettext_lazy("Period from"),
    FieldName.PERIOD_END: gettext_lazy("Period to"),
    FieldName.PAYMENT_METHOD: gettext_lazy("Paid by"),
    FieldName.CARD_LAST4: gettext_lazy("Last four digits of the card"),
    FieldName.TIP: gettext_lazy("Tip"),
    FieldName.LANGUAGE: gettext_lazy("Language"),
    "owner": gettext_lazy("Owner"),
    "note": gettext_lazy("Note"),
    "side": pgettext_lazy("costs or sales", "Side"),
}
_ADDRESSES: Final = frozenset({FieldName.SUPPLIER_ADDRESS, FieldName.CUSTOMER_ADDRESS})
_WHOLE: Final = frozenset({FieldName.SUPPLIER_NAME, FieldName.CUSTOMER_NAME, FieldName.IBAN, "note", *_ADDRESSES})
# What a word clicked on the page is looked at as, so that what belongs to it is taken with it.
_FORMS: Final[dict[str, str]] = {
    **dict.fromkeys(AMOUNTS, "amount"),
    **dict.fromkeys(DATES, "date"),
    FieldName.IBAN: "iban",
    FieldName.SUPPLIER_VAT: "vat",
    FieldName.CUSTOMER_VAT: "vat",
    FieldName.SUPPLIER_SIREN: "siren",
    FieldName.CUSTOMER_SIREN: "siren",
    FieldName.SUPPLIER_SIRET: "siret",
    FieldName.CARD_LAST4: "last4",
    FieldName.CURRENCY: "currency",
    FieldName.INVOICE_NUMBER: "word",
    FieldName.ORDER_NUMBER: "word",
}
_SIRENS: Final = frozenset({FieldName.SUPPLIER_SIREN, FieldName.CUSTOMER_SIREN, FieldName.SUPPLIER_SIRET})
_SUGGESTED: Final = frozenset(
    {
        FieldName.SUPPLIER_NAME,
        FieldName.SUPPLIER_VAT,
        FieldName.SUPPLIER_SIREN,
        FieldName.SUPPLIER_SIRET,
        FieldName.IBAN,
        FieldName.CUSTOMER_NAME,
        FieldName.CURRENCY,
        FieldName.ORDER_NUMBER,
    }
)


@dataclass(frozen=True, slots=True)
class Section:
    """Some fields under a heading; one that is no ``main`` one is folded while all its fields are blank."""

    heading: Promise
    names: tuple[FieldName, ...]
    is_main: bool = False


SECTIONS: Final = (
    Section(
        gettext_lazy("Document"),
        (
            FieldName.SUPPLIER_NAME,
            FieldName.DOC_TYPE,
            FieldName.INVOICE_NUMBER,
            FieldName.ISSUE_DATE,
            FieldName.DUE_DATE,
        ),
        is_main=True,
    ),
    Section(
        gettext_lazy("Amounts"),
        (
            FieldName.TOTAL_NET,
            FieldName.TOTAL_VAT,
            FieldName.TOTAL_GROSS,
            FieldName.CURRENCY,
            FieldName.AMOUNT_DUE,
        ),
        is_main=True,
    ),
    Section(
        gettext_lazy("Supplier"),
        (
            FieldName.SUPPLIER_ADDRESS,
            FieldName.SUPPLIER_SIREN,
            FieldName.SUPPLIER_SIRET,
            FieldName.SUPPLIER_VAT,
            FieldName.IBAN,
        ),
    ),
    Section(gettext_lazy("Payment"), (FieldName.PAYMENT_METHOD, FieldName.CARD_LAST4, FieldName.TIP)),
    Section(
        gettext_lazy("References and period"),
        (
            FieldName.ORDER_NUMBER,
            FieldName.DELIVERY_DATE,
            FieldName.PERIOD_START,
            FieldName.PERIOD_END,
            FieldName.LANGUAGE,
        ),
    ),
    Section(
        gettext_lazy("Customer"),
        (
            FieldName.CUSTOMER_NAME,
            FieldName.CUSTOMER_ADDRESS,
            FieldName.CUSTOMER_SIREN,
            FieldName.CUSTOMER_VAT,
        ),
    ),
)
AFTER_AMOUNTS: Final = 2
"""So many sections stand above the VAT table."""


PAYMENT_LABELS: Final[dict[str, Promise]] = {
    PaymentMethod.CARD: gettext_lazy("Card"),
    PaymentMethod.TRANSFER: gettext_lazy("Bank transfer"),
    PaymentMethod.DIRECT_DEBIT: gettext_lazy("Direct debit"),
    PaymentMethod.CHEQUE: gettext_lazy("Cheque"),
    PaymentMethod.CASH: gettext_lazy("Cash"),
    PaymentMethod.OTHER: pgettext_lazy("way of paying", "Other"),
}
_CHOICES: Final[dict[FieldName, dict[str, Promise]]] = {
    FieldName.DOC_TYPE: {kind.value: KIND_LABELS[kind.value] for kind in DocType},
    FieldName.PAYMENT_METHOD: PAYMENT_LABELS,
}


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field as its template draws it."""

    name: str
    field: forms.BoundField
    source: str = ""
    origin: str = ""
    hint: str = ""
    read: str = ""
    place: Place | None = None
    is_unsure: bool = False
    doubt: Doubt | None = None
    choices: tuple[tuple[str, str], ...] = ()
    form: str = "text"
    is_suggested: bool = False
    css: str = ""
    state: str = ""

    @property
    def is_marked(self) -> bool:
        """Tell whether a person should look at it."""
        return self.is_unsure or self.doubt is not None


class DocumentForm(forms.Form):
    """Every field of a document by its name; what is typed is judged by the services."""

    def __init__(self, *args: Any, owners: list[Member], **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own.
        """Make the fields; owners are the members of the file."""
        super().__init__(*args, **kwargs)
        for name in FieldName:
            self.fields[name] = forms.CharField(label=str(LABELS[name]), required=False, widget=_widget(name))
        choices = [("", _("Nobody")), *((str(member.id), member.name) for member in owners)]
        self.fields["owner"] = forms.ChoiceField(label=str(LABELS["owner"]), required=False, choices=choices)
        self.fields["side"] = forms.ChoiceField(label=str(LABELS["side"]), choices=list(SIDE_LABELS.items()))
        rows = {"rows": 3, "maxlength": 5000}
        self.fields["note"] = forms.CharField(label=str(LABELS["note"]), required=False, widget=forms.Textarea(rows))


def _widget(name: FieldName) -> forms.Widget:
    if name in _CHOICES:
        return forms.Select(choices=[("", "—"), *((code, label) for code, label in _CHOICES[name].items())])
    attrs = {"autocomplete": "off", "spellcheck": "false"}
    if name in AMOUNTS:
        attrs["inputmode"] = "decimal"
    return forms.TextInput(attrs)


def shown_text(name: FieldName, value: str) -> str:
    """Give a canonical value as the reader writes it."""
    if name in DATES:
        return format_day(value)
    if name in AMOUNTS:
        return format_money(value)
    return _in_groups(name, value)


def _in_groups(name: FieldName, value: str) -> str:
    """Give a long number as people read it: an IBAN by fours, a SIREN by threes."""
    blank = "\u202f"
    if name is FieldName.IBAN and value.isalnum():
        return blank.join(value[at : at + 4] for at in range(0, len(value), 4))
    if name in _SIRENS and value.isdecimal() and len(value) in {9, 14}:
        parts = [value[0:3], value[3:6], value[6:9], value[9:]]
        return blank.join(part for part in parts if part)
    return value


def initial_of(document: Document, reading: ShownReading) -> dict[str, str]:
    """Give what every field shows before anybody types."""
    values = {str(name): shown_text(name, reading.value(name)) for name in FieldName}
    return values | {"owner": str(document.owner_id or ""), "note": document.note, "side": document.side}


def field_view(
    form: DocumentForm, *, name: str, reading: ShownReading, state: str = "", is_open: bool = True
) -> FieldView:
    """Give one field with where its value came from, how sure that is, and what a person should look at in it."""
    css = " ".join(word for word, is_so in (("whole", name in _WHOLE), ("field-num", name in AMOUNTS)) if is_so)
    if name not in set(FieldName):
        return FieldView(name=name, field=form[name], css=css, state=state)
    field = FieldName(name)
    view = FieldView(
        name=name,
        field=form[name],
        doubt=doubt_of(field, reading=reading) if is_open else None,
        form=_FORMS.get(name, "text" if name not in _CHOICES else ""),
        is_suggested=name in _SUGGESTED,
        css=css,
        state=state,
    )
    if shown := reading.fields.get(field):
        view = replace(
            view,
            source=_source(shown),
            origin=str(shown.field.source) if _source(shown) else "",
            hint=hint_of(shown),
            read=_read(field, shown),
            place=shown.field.place,
            is_unsure=shown.is_unsure,
            choices=tuple((shown_text(field, day), format_long_day(day)) for day in both_days(shown)),
        )
    _describe(form, view)
    return view


def _describe(form: DocumentForm, view: FieldView) -> None:
    """Have a screen reader say with a field where its value came from, and what is wrong with it."""
    told = [f"id_{view.name}_origin"] if view.hint else []
    if form.errors.get(view.name):
        told.append(f"id_{view.name}_error")
    if told:
        form.fields[view.name].widget.attrs["aria-describedby"] = " ".join(told)


def _source(shown: ShownField) -> str:
    if shown.field.value is None and shown.field.source is not Source.PERSON:
        return ""
    word = str(SOURCES[shown.field.source])
    is_guess = shown.field.source in {Source.TEXT, Source.OCR, Source.RULE, Source.ENGINE}
    return f"{word} {percent_of(shown.field)}" if is_guess else word


def _read(name: FieldName, shown: ShownField) -> str:
    if shown.read is None or shown.read == shown.field.value:
        return ""
    return shown_text(name, shown.read)
