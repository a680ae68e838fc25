"""Sentences about people and their addresses, for screens and errors alike."""

from __future__ import annotations

from django.utils.translation import gettext as _

from liasse.core.errors import InvalidError
from liasse.lib.people import NAME_LIMIT, EmailProblem, clean_name, email_problem, is_blank_name, normal_email


def email_sentence(problem: EmailProblem) -> str:
    """Say why an email address cannot be used, and what to type."""
    sentences = {
        EmailProblem.BLANK: _("Type the email address."),
        EmailProblem.SPACES: _("An email address has no spaces. Type it like name@example.com."),
        EmailProblem.QUOTED: _("Type the address alone, without quotes or brackets, like name@example.com."),
        EmailProblem.ACCENTS: _("Before the @, an email address has no accents. Type it like name@example.com."),
        EmailProblem.TOO_LONG: _("This email address is too long."),
        EmailProblem.MALFORMED: _("This is not an email address. Type it like name@example.com."),
    }
    return sentences[problem]


def person_sentence(name: str) -> str:
    """Say why a clean name cannot be used; nothing when it can."""
    if is_blank_name(name):
        return _("Type a name.")
    if len(name) > NAME_LIMIT:
        return _("This name is too long: at most %(limit)d characters.") % {"limit": NAME_LIMIT}
    return ""


def clean_person(*, name: str, email: str) -> tuple[str, str]:
    """Give a person's name and address in the forms that are kept; raise InvalidError with a sentence a field."""
    clean, normal, problems = clean_name(name), normal_email(email), {}
    if sentence := person_sentence(clean):
        problems["name"] = sentence
    if problem := email_problem(normal):
        problems["email"] = email_sentence(problem)
    if problems:
        raise InvalidError(problems)
    return clean, normal
