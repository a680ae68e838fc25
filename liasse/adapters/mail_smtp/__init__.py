"""Outgoing mail through an SMTP relay."""

from liasse.adapters.mail_smtp.sender import SmtpMailSender

__all__ = ["SmtpMailSender"]
