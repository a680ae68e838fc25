"""What is typed to delete a file; the service judges it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy


class DeleteForm(forms.Form):
    """The name of the file, typed by hand, so that nobody deletes one in passing."""

    use_required_attribute = False

    name = forms.CharField(
        label=gettext_lazy("Type the name of the file"),
        required=False,
        widget=forms.TextInput(
            attrs={"autofocus": True, "autocomplete": "off", "spellcheck": "false", "dir": "auto", "id": "delete-name"}
        ),
    )
