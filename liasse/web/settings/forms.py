"""The fields of a file's settings, bound to what the file says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from liasse.clients import changes
from liasse.clients.choices import choices_of, label_of
from liasse.clients.models import ClientFile
from liasse.clients.sentences import FIELDS
from liasse.practices.defaults import DUE_DAYS_LIMIT

_BLANK_LABELS = {"sector", "accounting_basis"}


@dataclass(frozen=True, slots=True)
class SettingField:
    """One field as ``ui/autosave_field.html`` draws it."""

    field: forms.BoundField
    url: str
    origin: str = ""
    reset_url: str = ""
    locked: str = ""
    state: str = ""


def _accept(value: object) -> None:
    del value


class SettingsForm(forms.Form):
    """The fields that are asked for, as a form without a button: each is saved when left."""

    use_required_attribute = False

    def __init__(self, client_file: ClientFile, *, names: tuple[str, ...], typed: dict[str, str] | None = None) -> None:
        """Show the file's values, or what was typed where it was refused."""
        values = {name: changes.current_value(client_file, name) for name in names} | (typed or {})
        super().__init__(initial=values)
        for name in names:
            self.fields[name] = _field(name, client_file)

    def refuse(self, name: str, *, typed: str, sentence: str) -> None:
        """Show what was typed with the sentence of the service, which has judged it already."""
        self.is_bound, self.data = True, {name: typed}
        # A choice that is in no list would be refused a second time, in other words.
        self.fields[name].validate = _accept  # type: ignore[method-assign]
        self.full_clean()
        self.add_error(name, sentence)


def _field(name: str, client_file: ClientFile) -> forms.Field:
    label, choices = str(FIELDS[name]), choices_of(name)
    if choices:
        blank = [("", "—")] if name in _BLANK_LABELS else []
        value = str(changes.current_value(client_file, name))
        known = {code for code, _label in choices}
        # A value from before the list changed is still shown as what it is.
        strange = [(value, label_of(name, value))] if value and value not in known else []
        # A browser that puts back what was chosen before a reload would have it saved again.
        widget = forms.Select(attrs={"autocomplete": "off"})
        return forms.ChoiceField(label=label, choices=[*blank, *choices, *strange], required=False, widget=widget)
    if name == "due_days":
        attrs = {"inputmode": "numeric", "autocomplete": "off"}
        hint = _("From 0 to %(limit)d.") % {"limit": DUE_DAYS_LIMIT}
        return forms.CharField(label=label, required=False, help_text=hint, widget=forms.TextInput(attrs=attrs))
    attrs = {"autocomplete": "off", "dir": "auto"}
    if name == "siren":
        attrs = {"autocomplete": "off", "inputmode": "numeric"}
    return forms.CharField(label=label, required=False, widget=forms.TextInput(attrs=attrs))


def setting_fields(client_file: ClientFile, *, names: tuple[str, ...], can_change: bool = True) -> list[SettingField]:
    """Give fields as the screen draws them."""
    form = SettingsForm(client_file, names=names)
    return [_drawn(form, name, client_file, can_change=can_change) for name in names]


def one_field(
    client_file: ClientFile, *, name: str, typed: str | None = None, error: str = "", state: str = ""
) -> SettingField:
    """Give one field again, saved, or with what was typed and why it was refused."""
    form = SettingsForm(client_file, names=(name,), typed=None if typed is None else {name: typed})
    if error:
        form.refuse(name, typed=typed or "", sentence=error)
    return _drawn(form, name, client_file, state=state)


def _hint(name: str, client_file: ClientFile, *, also: str) -> str:
    today = label_of(name, str(getattr(client_file.practice, name)))
    said = _("The practice's value is now: %(value)s.") % {"value": today}
    return f"{also} {said}" if also else said


def _drawn(
    form: SettingsForm, name: str, client_file: ClientFile, *, state: str = "", can_change: bool = True
) -> SettingField:
    is_locked = name == "currency" and changes.is_currency_locked(client_file)
    form.fields[name].disabled = is_locked or not can_change
    url = reverse("file-setting", args=[client_file.id, name])
    words: dict[str, Any] = {}
    if name in changes.DEFAULT_FIELDS:
        is_custom = changes.is_customised(client_file, name)
        is_other = changes.differs_from_practice(client_file, name)
        words["origin"] = "custom" if is_custom else "inherited"
        # An inherited value can be another than the practice's of today, and is taken again one by one as well.
        if (is_custom or is_other) and can_change and not is_locked:
            words["reset_url"] = reverse("file-setting-reset", args=[client_file.id, name])
        if is_other:
            form.fields[name].help_text = _hint(name, client_file, also=str(form.fields[name].help_text))
    locked = changes.currency_sentence() if is_locked else ""
    return SettingField(field=form[name], url=url, locked=locked, state=state, **words)
