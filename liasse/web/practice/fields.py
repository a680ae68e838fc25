"""The fields of the practice's own settings, bound to what the practice says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liasse.clients.choices import choices_of, label_of
from liasse.clients.sentences import FIELDS
from liasse.practices.defaults import DUE_DAYS_LIMIT, FACTOR_DAYS_LIMIT
from liasse.practices.models import Practice

LABELS: Final[Mapping[str, str | Promise]] = {
    **FIELDS,
    "name": gettext_lazy("Name of the practice"),
    "factor_days": gettext_lazy("Days without a second factor"),
    "language": gettext_lazy("Language"),
    "strictness": gettext_lazy("How sure a reading must be"),
    "answers_mail": gettext_lazy("Answers to mails"),
    "shares_suppliers": gettext_lazy("Suppliers that one file knows help in the others"),
}

_DAYS: Final = {"due_days": DUE_DAYS_LIMIT, "factor_days": FACTOR_DAYS_LIMIT}


@dataclass(frozen=True, slots=True)
class PracticeField:
    """One field as ``ui/autosave_field.html`` draws it."""

    field: forms.BoundField
    url: str
    state: str = ""


class PracticeForm(forms.Form):
    """Fields without a button: each is saved when left, and judged by the service."""

    use_required_attribute = False

    def __init__(self, practice: Practice, *, names: tuple[str, ...], typed: str | None = None) -> None:
        """Show the practice's values, or what was typed where it was refused."""
        values = {name: getattr(practice, name) for name in names}
        super().__init__(initial=values if typed is None else dict.fromkeys(names, typed))
        for name in names:
            self.fields[name] = _field(name, str(values[name]))


def _field(name: str, value: str) -> forms.Field:
    label, choices = str(LABELS[name]), choices_of(name)
    # A browser that puts back what was chosen before a reload would have it saved again.
    attrs: dict[str, Any] = {"autocomplete": "off"}
    if choices:
        known = {code for code, _label in choices}
        strange = [] if value in known else [(value, label_of(name, value))]
        return forms.ChoiceField(
            label=label, choices=[*choices, *strange], required=False, widget=forms.Select(attrs=attrs)
        )
    if name in _DAYS:
        hint = _("From 0 to %(limit)d.") % {"limit": _DAYS[name]}
        widget = forms.TextInput(attrs={**attrs, "inputmode": "numeric"})
        return forms.CharField(label=label, required=False, help_text=hint, widget=widget)
    return forms.CharField(label=label, required=False, widget=forms.TextInput(attrs={**attrs, "dir": "auto"}))


def practice_fields(practice: Practice, *, names: tuple[str, ...]) -> list[PracticeField]:
    """Give fields as the screen draws them."""
    form = PracticeForm(practice, names=names)
    return [PracticeField(field=form[name], url=_url(name)) for name in names]


def saved_field(practice: Practice, *, name: str) -> PracticeField:
    """Give a field again that was saved."""
    return PracticeField(field=PracticeForm(practice, names=(name,))[name], url=_url(name), state="saved")


def refused_field(practice: Practice, *, name: str, typed: str, sentence: str) -> PracticeField:
    """Give a field again with what was typed, and the service's sentence about it."""
    form = PracticeForm(practice, names=(name,), typed=typed)
    form.is_bound, form.data = True, {name: typed}
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        # What is in no list was judged already, and would be refused a second time in other words.
        field.choices = [*field.choices, (typed, typed)]  # type: ignore[misc]
    form.full_clean()
    form.add_error(name, sentence)
    return PracticeField(field=form[name], url=_url(name))


def _url(name: str) -> str:
    return reverse("practice-setting", args=[name])
