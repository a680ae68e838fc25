"""The fields about a colleague; the services judge what is typed, so that there is one rule."""

from __future__ import annotations

from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy

from liasse.core.errors import InvalidError
from liasse.practices.sentences import ROLES


class ColleagueForm(forms.Form):
    """Name, address, role and two rights."""

    use_required_attribute = False
    is_refused = False

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
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        required=False,
        choices=list(ROLES.items()),
        help_text=gettext_lazy(
            "An administrator reaches every file and runs the practice. A team lead manages the files of the team."
        ),
    )
    can_add_clients = forms.BooleanField(label=gettext_lazy("May add clients"), required=False)
    can_see_progress = forms.BooleanField(label=gettext_lazy("May see the progress of work"), required=False)

    def __init__(self, *args: Any, is_known: bool = False, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        """Leave out the address of somebody who was added already: the invitation is bound to it."""
        super().__init__(*args, **kwargs)
        self.auto_id = "colleague_%s"
        if is_known:
            del self.fields["email"]

    def typed(self, name: str) -> str:
        """Give what was typed into a field."""
        return str(self.data.get(name, ""))

    def refused(self, error: InvalidError) -> Self:
        """Put the service's sentences beside the fields they are about."""
        self.is_refused = True
        self.full_clean()
        for field, sentence in error.fields.items():
            if field in self.errors:
                del self.errors[field]
            self.add_error(field if field in self.fields else None, sentence)
        return self
