"""What a domain says about mails in its name: DMARC (RFC 7489), with the tree walk of its successor (DMARCbis).

The walk asks each name above the author's for a policy, so that no list of public suffixes is needed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from liasse.adapters.mail_senders.known import Known

_MOST_LABELS: Final = 8


@dataclass(frozen=True, slots=True)
class Policy:
    """A domain's policy: ``none``, ``quarantine`` or ``reject``, and how strictly names must be the same."""

    wish: str
    is_strict_signature: bool
    is_strict_server: bool


def policy_of(domain: str, *, known: Known) -> Policy | None:
    """Give the policy that holds for a domain: its own, or that of the organisation above it."""
    tags = _record(domain, known=known)
    if tags is not None:
        return _policy(tags, wish=tags.get("p", "none"))
    above = organisation(domain, known=known)
    tags = _record(above, known=known) if above != domain else None
    return _policy(tags, wish=tags.get("sp", tags.get("p", "none"))) if tags is not None else None


def _policy(tags: dict[str, str], *, wish: str) -> Policy:
    return Policy(
        wish=wish if wish in {"quarantine", "reject"} else "none",
        is_strict_signature=tags.get("adkim") == "s",
        is_strict_server=tags.get("aspf") == "s",
    )


def _record(domain: str, *, known: Known) -> dict[str, str] | None:
    records = [one for one in known.text(f"_dmarc.{domain}") if one.replace(" ", "").lower().startswith("v=dmarc1")]
    if len(records) != 1:
        return None
    pairs = (part.partition("=") for part in records[0].split(";"))
    return {name.strip().lower(): value.strip().lower() for name, _sign, value in pairs}


def organisation(domain: str, *, known: Known) -> str:
    """Give the highest domain that answers for this one; itself where none above says so."""
    found = below = domain
    for name in _upwards(domain):
        tags = _record(name, known=known)
        if tags is not None:
            if tags.get("psd") == "n":
                return name
            if tags.get("psd") == "y":
                # A registry's policy: the organisation is the name right below it.
                return below
            found = name
        below = name
    return found


def _upwards(domain: str) -> Iterable[str]:
    labels = domain.split(".")
    yield domain
    for count in range(min(len(labels) - 1, _MOST_LABELS - 1), 0, -1):
        yield ".".join(labels[-count:])


def fits(signer: str, *, author: str, is_strict: bool, has_policy: bool, known: Known) -> bool:
    """Tell whether one who vouches for a mail is the author's own domain or organisation.

    Without a policy nobody says which names belong together: then only the domain itself counts, and one above it.
    """
    if not signer:
        return False
    if signer == author:
        return True
    if not has_policy:
        return "." in signer and author.endswith(f".{signer}")
    return not is_strict and organisation(signer, known=known) == organisation(author, known=known)
