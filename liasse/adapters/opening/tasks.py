"""Mails by which Gmail and Outlook ask to confirm a forwarding, in any language: told by sender, hosts and structure.

The sender can be forged, so a link counts only on the provider's own hosts; whether the sender is who it says is
told beside it by the check of its signatures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

_MAX_TEXT: Final = 50_000
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}")
_SUBJECT_CODE = re.compile(r"\(#(\d{6,12})\)")
_PLAIN_CODE = re.compile(r"(?<![\d/=_-])(\d{6,10})(?![\d/=_-])")


@dataclass(frozen=True, slots=True)
class _Provider:
    kind: str
    senders: tuple[str, ...]
    sender_domains: tuple[str, ...]
    hosts: tuple[str, ...]
    path: re.Pattern[str]


_PROVIDERS: Final = (
    _Provider(
        "gmail",
        ("forwarding-noreply@google.com",),
        (),
        ("mail-settings.google.com", "mail.google.com", "isolated.mail.google.com"),
        re.compile(r"/mail/(?:[^?#]*/)?vf-"),
    ),
    _Provider(
        "outlook",
        (),
        ("accountprotection.microsoft.com", "microsoft.com", "email.microsoft.com", "outlook.com", "hotmail.com"),
        ("account.live.com", "login.live.com", "account.microsoft.com", "outlook.live.com", "outlook.office.com"),
        re.compile(r"/(?:[^?#]*)(?:forward|verif|confirm|proof|aliases|rule)", re.IGNORECASE),
    ),
)
_SYSTEM_SENDERS = re.compile(r"(?:no-?reply|account-security|postmaster|msa|forward)", re.IGNORECASE)


def confirmation_of(
    *, from_address: str, subject: str, text: str, links: list[tuple[str, str]]
) -> dict[str, str] | None:
    """Return ``{"kind", "code", "link", "address"}`` of a forwarding confirmation, None for any other mail.

    ``address`` is the mailbox that asks to forward; code or link may be blank, not both.
    """
    sender = from_address.lower()
    for provider in _PROVIDERS:
        if not _is_from(provider, sender):
            continue
        link = next((href for href, _words in links if _leads_to(provider, href)), "")
        code = _code(subject, text[:_MAX_TEXT])
        if provider.kind == "gmail" and (link or code):
            return _task(provider, code, link, subject, text)
        if provider.kind == "outlook" and link:
            return _task(provider, code, link, subject, text)
    return None


def _is_from(provider: _Provider, sender: str) -> bool:
    if sender in provider.senders:
        return True
    local, _at, domain = sender.rpartition("@")
    return domain in provider.sender_domains and _SYSTEM_SENDERS.search(local) is not None


def _leads_to(provider: _Provider, href: str) -> bool:
    try:
        parts = urlsplit(href)
        host = parts.hostname
    except ValueError:
        return False
    return (
        parts.scheme == "https" and host in provider.hosts and bool(provider.path.match(parts.path + "?" + parts.query))
    )


def _code(subject: str, text: str) -> str:
    found = _SUBJECT_CODE.search(subject)
    if found:
        return found.group(1)
    found = _PLAIN_CODE.search(re.sub(r"https?://\S+", " ", text))
    return found.group(1) if found else ""


def _task(provider: _Provider, code: str, link: str, subject: str, text: str) -> dict[str, str]:
    addresses = [
        found
        for found in _ADDRESS.findall(f"{subject}\n{text[:_MAX_TEXT]}")
        if not found.lower().endswith("@google.com")
    ]
    return {"kind": provider.kind, "code": code, "link": link, "address": addresses[0] if addresses else ""}
