"""The fields about a person of the client; the services judge what is typed, so that there is one rule."""

from __future__ import annotations

from typing import Any, Self

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liasse.clients.models import Member
from liasse.clients.sentences import MEMBER_ROLES
from liasse.core.errors import InvalidError


class PersonForm(forms.Form):
    """Name, email, phone, role and what goes with it."""

    use_required_attribute = False

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
    phone = forms.CharField(
        label=gettext_lazy("Phone number"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        required=False,
        choices=list(MEMBER_ROLES.items()),
        help_text=gettext_lazy(
            "Administrators also decide which practice has the file; managers look after its users;"
            " standard users see their own documents."
        ),
    )
    can_see_all = forms.BooleanField(
        label=gettext_lazy("Sees all documents of the file"),
        required=False,
        help_text=gettext_lazy("For a standard user; the others see them anyway."),
    )
    employee_code = forms.CharField(
        label=gettext_lazy("Employee code"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    is_refused = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        """Give the fields ids of their own, since the window lies over another screen."""
        super().__init__(*args, **kwargs)
        self.auto_id = "person_%s"

    def refused(self, error: InvalidError) -> Self:
        """Put the service's sentences beside the fields they are about."""
        self.is_refused = True
        self.full_clean()
        names = {"contact_name": "name", "channels": "by_email"}
        for field, sentence in error.fields.items():
            name = names.get(field, field)
            self.add_error(name if name in self.fields else None, sentence)
        return self


class InviteForm(PersonForm):
    """The same with the ways to invite, without what the person may do."""

    by_email = forms.BooleanField(label=gettext_lazy("By email"), required=False)
    by_sms = forms.BooleanField(label=gettext_lazy("By SMS"), required=False)

    def __init__(self, *args: Any, has_sms: bool, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        """Without a provider SMS cannot be ticked."""
        super().__init__(*args, **kwargs)
        for name in ("role", "can_see_all", "employee_code"):
            del self.fields[name]
        self.fields["by_sms"].disabled = not has_sms


class HeirForm(forms.Form):
    """Who gets the documents of somebody who is taken out of the file."""

    use_required_attribute = False
    is_refused = False

    heir = forms.ChoiceField(label=gettext_lazy("The documents go to"), required=False)

    def __init__(self, *args: Any, heirs: list[Member], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        """Offer those who stay, the main contact first."""
        super().__init__(*args, **kwargs)
        self.auto_id = "person_%s"
        field = self.fields["heir"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Choose…")), *((str(heir.id), heir.name) for heir in heirs)]

    def refused(self, error: InvalidError) -> Self:
        """Put the service's sentence beside the field."""
        self.is_refused = True
        self.full_clean()
        self.add_error("heir", error.fields["heir"])
        return self
