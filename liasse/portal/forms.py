"""What an invited person types; the services judge it, so that there is one rule."""

from __future__ import annotations

from typing import Self

from django import forms
from django.utils.translation import gettext_lazy as _

from liasse.core.errors import InvalidError


class AcceptForm(forms.Form):
    """The name, and a password for the account that is made."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("Your name"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    password = forms.CharField(
        label=_("Choose a password"),
        required=False,
        strip=False,
        help_text=_("At least 12 characters: a few words together are easy to keep in mind."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "autofocus": True}),
    )

    def refused(self, error: InvalidError) -> Self:
        """Put the service's sentences beside the fields they are about."""
        self.full_clean()
        for field, sentence in error.fields.items():
            self.add_error(field if field in self.fields else None, sentence)
        return self


class CodeForm(forms.Form):
    """The six digits that were mailed to the invited address."""

    use_required_attribute = False

    code = forms.CharField(
        label=_("Code of six digits"),
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "12", "autofocus": True}
        ),
    )

    def refused(self, error: InvalidError) -> Self:
        """Put the service's sentence beside the field."""
        self.full_clean()
        self.add_error("code", error.fields["code"])
        return self


class AccountantForm(forms.Form):
    """The address of a colleague of the practice that is to have the file."""

    use_required_attribute = False

    email = forms.CharField(
        label=_("Email address of a colleague of the practice"),
        required=False,
        widget=forms.TextInput(
            attrs={"id": "accountant-email", "autocomplete": "off", "inputmode": "email", "spellcheck": "false"}
        ),
    )

    def refused(self, error: InvalidError) -> Self:
        """Put the service's sentence beside the field."""
        self.full_clean()
        self.add_error("email", error.fields["email"])
        return self
