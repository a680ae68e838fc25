"""What people type to come in, to set the practice up, and about themselves; the services judge it."""

from __future__ import annotations

from typing import Any, Final, Self

from django import forms
from django.utils.translation import gettext_lazy

from liasse.core.errors import LiasseError

LANGUAGES: Final = (("fr", "Français"), ("en", "English"))


class AccountForm(forms.Form):
    """A form whose sentences come from the services, so that there is one rule."""

    use_required_attribute = False

    def refused(self, error: LiasseError) -> Self:
        """Put the service's sentences beside the fields they are about, the others on top."""
        self.full_clean()
        fields: dict[str, Any] = getattr(error, "fields", {}) or {"": str(error.sentence)}
        for field, sentence in fields.items():
            self.add_error(field if field in self.fields else None, sentence)
        return self

    def typed(self, name: str) -> str:
        """Give what was typed into a field; blank when nothing came."""
        return str(self.data.get(name, ""))


def _text(label: Any, **attributes: Any) -> forms.CharField:  # noqa: ANN401 - a lazy text, and HTML attributes
    attrs = {"aria-required": "true", **attributes}
    return forms.CharField(label=label, required=False, strip=False, widget=forms.TextInput(attrs=attrs))


def _email(**attributes: Any) -> forms.CharField:  # noqa: ANN401 - HTML attributes
    return _text(
        gettext_lazy("Email address"), inputmode="email", spellcheck="false", autocapitalize="none", **attributes
    )


def _password(label: Any, *, autocomplete: str, hint: Any = "") -> forms.CharField:  # noqa: ANN401 - lazy texts
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete, "aria-required": "true"})
    return forms.CharField(label=label, required=False, strip=False, widget=widget, help_text=hint)


_HINT = gettext_lazy("At least 12 characters: a few words together are easy to keep in mind.")


class SignInForm(AccountForm):
    """Address and password."""

    email = _email(autocomplete="username", autofocus=True)
    password = _password(gettext_lazy("Password"), autocomplete="current-password")


class SetUpForm(AccountForm):
    """The practice and its first administrator."""

    practice_name = _text(gettext_lazy("Name of the practice"), autocomplete="organization", autofocus=True)
    person_name = _text(gettext_lazy("Your name"), autocomplete="name")
    email = _email(autocomplete="username")
    password = _password(gettext_lazy("Password"), autocomplete="new-password", hint=_HINT)


class ProfileForm(AccountForm):
    """What a person may say about themselves."""

    name = _text(gettext_lazy("Your name"), autocomplete="name")
    # Each language by its own name: whoever cannot read this page finds theirs.
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False, choices=LANGUAGES)


def _code(label: Any, **attributes: Any) -> forms.CharField:  # noqa: ANN401 - a lazy text, and HTML attributes
    return _text(label, autocomplete="one-time-code", spellcheck="false", autocapitalize="none", **attributes)


class CodeAskForm(AccountForm):
    """The address to which a code goes."""

    email = _email(autocomplete="username", autofocus=True)


class CodeForm(AccountForm):
    """A code that came by email."""

    code = _code(gettext_lazy("Code of 6 digits"), inputmode="numeric", autofocus=True)


class FactorForm(AccountForm):
    """A code of the app, or a recovery code."""

    code = _code(gettext_lazy("Code"), autofocus=True)


class AppForm(AccountForm):
    """The first code of an app; what it proves comes back sealed."""

    code = _code(gettext_lazy("Code that the app shows"), inputmode="numeric", autofocus=True)
    offer = forms.CharField(required=False, widget=forms.HiddenInput())


class ProofForm(AccountForm):
    """The password, once more."""

    password = _password(gettext_lazy("Password"), autocomplete="current-password")


class PasskeyForm(AccountForm):
    """A passkey's name."""

    name = _text(gettext_lazy("Name of the passkey"), autocomplete="off", maxlength="60")


class AddressForm(AccountForm):
    """A new email address."""

    email = _email(autocomplete="email")


class PasswordForm(AccountForm):
    """A new password, for whoever knows the current one."""

    current = _password(gettext_lazy("Current password"), autocomplete="current-password")
    new = _password(gettext_lazy("New password"), autocomplete="new-password", hint=_HINT)
