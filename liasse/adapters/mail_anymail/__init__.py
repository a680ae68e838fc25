"""Outgoing mail through a provider's own interface, and what the provider tells about it, by django-anymail."""

from liasse.adapters.mail_anymail.events import AnymailMailEvents
from liasse.adapters.mail_anymail.sender import AnymailMailSender

__all__ = ["AnymailMailEvents", "AnymailMailSender"]
