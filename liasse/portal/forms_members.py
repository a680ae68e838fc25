"""What those who run a file's users type about a person; the services judge it, so that there is one rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self
from uuid import UUID

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liasse.clients.models import Member
from liasse.clients.people import MemberForm
from liasse.core.errors import InvalidError


class _WindowForm(forms.Form):
    """A form in a window: its ids are its own, and a refusal is remembered for the answer's status."""

    use_required_attribute = False
    is_refused = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        self.auto_id = "user_%s"

    def refused(self, error: InvalidError) -> Self:
        """Put the service's sentences beside the fields they are about."""
        self.is_refused = True
        self.full_clean()
        for field, sentence in error.fields.items():
            self.add_error(field if field in self.fields else None, sentence)
        return self


class PersonForm(_WindowForm):
    """Name, address, role, and whether the person is written to at once."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "dir": "auto"}),
    )
    email = forms.CharField(
        label=gettext_lazy("Email address"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)
    can_see_all = forms.BooleanField(
        label=gettext_lazy("Sees all documents of the file"),
        required=False,
        help_text=gettext_lazy("For a standard user; the others see them anyway."),
    )
    employee_code = forms.CharField(
        label=gettext_lazy("Employee code"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    invites = forms.BooleanField(label=gettext_lazy("Invite by email at once"), required=False)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's own signature
        roles: Mapping[str, str | Promise],
        **kwargs: Any,  # noqa: ANN401 - Django's own signature
    ) -> None:
        """Offer the roles that the asker may give."""
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(roles.items())

    def typed(self, *, phone: str = "") -> MemberForm:
        """Give what was typed, for the services."""
        words = self.data
        return MemberForm(
            name=words.get("name", ""),
            email=words.get("email", ""),
            phone=phone,
            role=words.get("role", ""),
            employee_code=words.get("employee_code", ""),
            can_see_all="can_see_all" in words,
        )


class HeirForm(_WindowForm):
    """Who gets the documents of somebody who is taken out of the file."""

    heir = forms.ChoiceField(label=gettext_lazy("The documents go to"), required=False)

    def __init__(self, *args: Any, heirs: list[Member], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        """Offer those who stay, the main contact first."""
        super().__init__(*args, **kwargs)
        field = self.fields["heir"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Choose…")), *((str(heir.id), heir.name) for heir in heirs)]

    def heir_id(self) -> UUID | None:
        """Give whoever was chosen; None for nobody and for what is no id."""
        try:
            return UUID(self.data.get("heir", ""))
        except ValueError:
            return None
