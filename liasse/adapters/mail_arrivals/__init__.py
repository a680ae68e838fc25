"""Mail that a provider brings by webhook, by django-anymail."""

from liasse.adapters.mail_arrivals.reader import AnymailMailArrivals

__all__ = ["AnymailMailArrivals"]
