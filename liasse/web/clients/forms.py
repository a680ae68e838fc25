"""The fields of each step, and what is wrong with them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liasse.clients import rules
from liasse.clients.sectors import SECTORS
from liasse.clients.sentences import name_sentence, person_sentence, phone_sentence
from liasse.identity.sentences import email_sentence
from liasse.invitations.opening import sms_problem
from liasse.lib.people import clean_name, email_problem, normal_email
from liasse.web.clients.wizard import Answers


class StepForm(forms.Form):
    """One step: the browser's own messages are off, ours stand beside the fields."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        """Give the fields ids of their own, since the window lies over another screen."""
        super().__init__(*args, **kwargs)
        self.auto_id = "wizard_%s"


class NameForm(StepForm):
    """Step 1."""

    name = forms.CharField(
        label=gettext_lazy("Company name"),
        required=False,
        strip=False,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "aria-required": "true"}),
    )
    sector = forms.ChoiceField(label=gettext_lazy("Sector of activity"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        """List the sectors in the language of the moment."""
        super().__init__(*args, **kwargs)
        self.fields["sector"].choices = [("", _("Choose a sector")), *SECTORS.items()]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        """Refuse a blank and a name without end, keep the rest as typed."""
        name = clean_name(self.cleaned_data["name"])
        problem = rules.name_problem(name)
        if problem:
            raise forms.ValidationError(name_sentence(problem))
        return name


class ClientForm(StepForm):
    """Step 3: whom to invite; both are wanted."""

    contact_name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        strip=False,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "aria-required": "true"}),
    )
    email = forms.CharField(
        label=gettext_lazy("Email address"),
        required=False,
        strip=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "email", "spellcheck": "false", "aria-required": "true"}
        ),
    )

    def clean_contact_name(self) -> str:
        """Refuse a blank and a name without end."""
        name = clean_name(self.cleaned_data["contact_name"])
        problem = rules.name_problem(name)
        if problem:
            raise forms.ValidationError(person_sentence(problem))
        return name

    def clean_email(self) -> str:
        """Give the address as it is kept; say what is wrong with one that cannot be written to."""
        email = normal_email(self.cleaned_data["email"])
        problem = email_problem(email)
        if problem:
            raise forms.ValidationError(email_sentence(problem))
        return email


class PhoneForm(StepForm):
    """Step 4: a number, if there is one, and the ways to invite."""

    phone = forms.CharField(
        label=gettext_lazy("Phone number"),
        required=False,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "inputmode": "tel"}),
    )
    by_email = forms.BooleanField(label=gettext_lazy("By email"), required=False)
    by_sms = forms.BooleanField(label=gettext_lazy("By SMS"), required=False)

    def __init__(self, *args: Any, country: str, has_sms: bool, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        """Read numbers as the practice's country writes them; without a provider SMS cannot be ticked."""
        super().__init__(*args, **kwargs)
        self.country = country
        self.fields["by_sms"].disabled = not has_sms

    def clean_phone(self) -> str:
        """Give the number in international form."""
        typed: str = self.cleaned_data["phone"]
        if not typed:
            return ""
        number = rules.normal_phone(typed, country=self.country)
        if number is None:
            raise forms.ValidationError(phone_sentence())
        return number

    def clean(self) -> dict[str, Any]:
        """Want one way to invite at least, and a number for an SMS."""
        words = self.cleaned_data
        if not (words.get("by_email") or words.get("by_sms")):
            self.add_error("by_email", _("Choose at least one way to invite."))
        if words.get("by_sms") and not words.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Type a phone number, or do not invite by SMS."))
        problem = sms_problem(words["phone"]) if words.get("by_sms") and words.get("phone") else ""
        if problem:
            self.add_error("phone", problem)
        return words


def initial(answers: Answers) -> dict[str, Any]:
    """Give what the fields show before anything is typed in this step."""
    return {
        "name": answers.name,
        "sector": answers.sector,
        "contact_name": answers.contact_name,
        "email": answers.email,
        "phone": rules.readable_phone(answers.phone) if answers.phone else "",
        "by_email": answers.by_email,
        "by_sms": answers.by_sms,
    }
