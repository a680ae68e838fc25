"""The fields of a document's page: what each shows, where it came from, and how it is typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from liasse.clients.models import Member
from liasse.documents.models import Document
from liasse.documents.sentences import KIND_LABELS, SIDE_LABELS
from liasse.reading.selectors import ShownField, ShownReading
from liasse.reading.types import DocType, FieldName, Place, Source
from liasse.ui.formats import format_day, format_money

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
_SOURCES: Final[dict[Source, Promise]] = {
    Source.XML: gettext_lazy("XML"),
    Source.TEXT: gettext_lazy("Text"),
    Source.OCR: gettext_lazy("OCR"),
    Source.RULE: gettext_lazy("Computed"),
    Source.PERSON: gettext_lazy("Person"),
}
DATES: Final = frozenset({FieldName.ISSUE_DATE, FieldName.DUE_DATE, FieldName.DELIVERY_DATE})
AMOUNTS: Final = frozenset({FieldName.TOTAL_NET, FieldName.TOTAL_VAT, FieldName.TOTAL_GROSS, FieldName.AMOUNT_DUE})
_WHOLE: Final = frozenset({FieldName.SUPPLIER_NAME, FieldName.CUSTOMER_NAME, FieldName.IBAN, "note"})


@dataclass(frozen=True, slots=True)
class Section:
    """Some fields under a heading."""

    heading: Promise
    names: tuple[FieldName, ...]


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
    ),
    Section(
        gettext_lazy("Supplier and references"),
        (
            FieldName.SUPPLIER_VAT,
            FieldName.SUPPLIER_SIREN,
            FieldName.ORDER_NUMBER,
            FieldName.DELIVERY_DATE,
            FieldName.CUSTOMER_NAME,
            FieldName.IBAN,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field as its template draws it."""

    name: str
    field: forms.BoundField
    source: str = ""
    hint: str = ""
    read: str = ""
    place: Place | None = None
    is_unsure: bool = False
    css: str = ""
    state: str = ""


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
    if name is FieldName.DOC_TYPE:
        return forms.Select(choices=[("", "—"), *((kind.value, KIND_LABELS[kind.value]) for kind in DocType)])
    attrs = {"autocomplete": "off", "spellcheck": "false"}
    if name in AMOUNTS:
        attrs["inputmode"] = "decimal"
    return forms.TextInput(attrs)


def shown_text(name: FieldName, value: str) -> str:
    """Give a canonical value as the reader writes it."""
    if name in DATES:
        return format_day(value)
    return format_money(value) if name in AMOUNTS else value


def initial_of(document: Document, reading: ShownReading) -> dict[str, str]:
    """Give what every field shows before anybody types."""
    values = {str(name): shown_text(name, reading.value(name)) for name in FieldName}
    return values | {"owner": str(document.owner_id or ""), "note": document.note, "side": document.side}


def field_view(form: DocumentForm, *, name: str, reading: ShownReading, state: str = "") -> FieldView:
    """Give one field with where its value came from and how sure that is."""
    css = " ".join(word for word, is_so in (("whole", name in _WHOLE), ("field-num", name in AMOUNTS)) if is_so)
    shown = reading.fields.get(FieldName(name)) if name in set(FieldName) else None
    if shown is None:
        return FieldView(name=name, field=form[name], css=css, state=state)
    return FieldView(
        name=name,
        field=form[name],
        source=_source(shown),
        hint=_hint(shown),
        read=_read(FieldName(name), shown),
        place=shown.field.place,
        is_unsure=shown.is_unsure,
        css=css,
        state=state,
    )


def _source(shown: ShownField) -> str:
    if shown.field.value is None and shown.field.source is not Source.PERSON:
        return ""
    word = str(_SOURCES[shown.field.source])
    is_guess = shown.field.source in {Source.TEXT, Source.OCR, Source.RULE}
    return f"{word} {_percent(shown)}" if is_guess else word


def _percent(shown: ShownField) -> str:
    return _("%(percent)d %%") % {"percent": int(shown.field.confidence * 100)}


def _hint(shown: ShownField) -> str:
    origins = {
        Source.XML: _("Read from the e-invoice’s own data."),
        Source.TEXT: _("Read from the page’s text, sure to %(percent)s."),
        Source.OCR: _("Recognised on the page’s picture, sure to %(percent)s."),
        Source.RULE: _("Worked out from other fields, sure to %(percent)s."),
        Source.PERSON: _("Entered by a person."),
    }
    sentence = origins[shown.field.source]
    if "%(" in sentence:
        sentence %= {"percent": _percent(shown)}
    return f"{sentence} {shown.field.term}" if shown.field.term else sentence


def _read(name: FieldName, shown: ShownField) -> str:
    if shown.read is None or shown.read == shown.field.value:
        return ""
    return shown_text(name, shown.read)
