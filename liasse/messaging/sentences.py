"""The sentences of messages that did not leave, or came back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext as _

from liasse.messaging.types import Trouble

_SENTENCES: Final[dict[Trouble, Callable[[], str]]] = {
    Trouble.NO_SUCH_ADDRESS: lambda: _("This number cannot be reached by SMS: it is wrong, or out of use."),
    Trouble.BLOCKED: lambda: _("The recipient refuses our messages. Write another way."),
    Trouble.REFUSED: lambda: _("The message was refused for good."),
    Trouble.SET_UP: lambda: _("The provider refuses our account: whoever runs Liasse has to look at the settings."),
    Trouble.CREDIT: lambda: _("There is no credit left at the provider: whoever runs Liasse has to add some."),
    Trouble.AWAY: lambda: _("The relay or provider does not answer. Liasse goes on trying."),
    Trouble.BUSY: lambda: _("The relay or provider asks us to wait. Liasse goes on trying."),
    Trouble.BOUNCED: lambda: _("The mail came back: it reached nobody. Check the address."),
    Trouble.COMPLAINT: lambda: _("The recipient called this mail unwanted. Do not write to this address again."),
    Trouble.NOT_DELIVERED: lambda: _("The SMS did not reach the phone: it is off, out of reach, or out of use."),
    Trouble.NO_MOBILE: lambda: _("This is no mobile number, so it takes no SMS."),
    Trouble.PREMIUM: lambda: _("This is a number with a surcharge. Liasse sends no SMS to such numbers."),
    Trouble.COUNTRY: lambda: _("SMS to this country are not allowed here. Invite by email."),
    Trouble.NUMBER_LIMIT: lambda: _("This number got too many SMS lately. Try again later, or invite by email."),
    Trouble.PERSON_LIMIT: lambda: _("You sent too many SMS in the last hour. Try again later, or invite by email."),
    Trouble.PRACTICE_LIMIT: lambda: _("Your practice sent too many SMS today. Try again tomorrow, or invite by email."),
    Trouble.MONTHLY_CAP: lambda: _("Your practice spent what it may on SMS this month. Invite by email."),
    Trouble.TRIES: lambda: _("This message was sent often enough. Write another way."),
}


def sentence(trouble: str) -> str:
    """Give what a person reads about a trouble; blank for none."""
    return _SENTENCES[Trouble(trouble)]() if trouble in _SENTENCES else ""
