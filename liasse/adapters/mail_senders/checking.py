"""Whether a stored mail comes from whom it says, with the answers of DNS that are at hand. Runs in the sandbox.

Never a reason to refuse a mail: what a forwarder broke is still an invoice. What is found is shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from liasse.adapters.mail_senders import headers
from liasse.adapters.mail_senders.headers import Head
from liasse.adapters.mail_senders.known import Answers, Known
from liasse.adapters.mail_senders.policy import Policy, fits, policy_of
from liasse.adapters.mail_senders.servers import server_result
from liasse.adapters.mail_senders.signatures import Chain, Signature, chain, signatures

_DMARC_PASS = re.compile(r"\bdmarc\s*=\s*pass\b[^;]*?\bheader\.from\s*=\s*([\w.-]+)", re.IGNORECASE)
_DKIM_PASS = re.compile(r"\bdkim\s*=\s*pass\b[^;]*?\bheader\.[id]\s*=\s*(?:[^\s;@]*@)?([\w.-]+)", re.IGNORECASE)


def check_sender(
    input_path: Path,
    output_dir: Path,
    *,
    address: str,
    envelope_from: str,
    peer: str,
    relays: Sequence[str],
    forwarders: Sequence[str],
    answers: Answers,
) -> dict[str, Any]:
    """Give what is found, or under ``missing`` the names that must be asked for first.

    ``address`` is the author as the mail was read; ``relays`` are one's own servers, ``forwarders`` the domains
    whose seals are believed.
    """
    del output_dir
    message = input_path.read_bytes()
    head, known = Head(message), Known(answers)
    author = headers.author(head, address=address)
    is_machine = headers.written_by_machine(head)
    if not author:
        return {"missing": [], "verdict": "unverified", "why": "no-author", "is_machine": is_machine}
    server = headers.sending_server(head, peer=peer, relays=relays)
    found = _Found(
        author=author,
        policy=policy_of(author, known=known),
        signed=signatures(message, known=known),
        server=server_result(server=server, envelope_from=_ascii(envelope_from), known=known),
        server_domain=headers.ascii_domain(envelope_from.rpartition("@")[2]),
        passed_on=chain(message, known=known),
    )
    verdict = found.verdict(known=known, forwarders=forwarders)
    return {"missing": sorted(known.missing), "is_machine": is_machine, **found.facts(), **verdict}


def _ascii(address: str) -> str:
    local_part, _at, domain = address.rpartition("@")
    domain = headers.ascii_domain(domain)
    return f"{local_part}@{domain}" if local_part and domain and address.isascii() else ""


class _Found:
    """What the single tests say, and what follows from them."""

    def __init__(
        self,
        *,
        author: str,
        policy: Policy | None,
        signed: list[Signature],
        server: str,
        server_domain: str,
        passed_on: Chain,
    ) -> None:
        self.author = author
        self.policy = policy
        self.signed = signed
        self.server = server
        self.server_domain = server_domain
        self.passed_on = passed_on

    def facts(self) -> dict[str, Any]:
        """Give the single results, as they are kept."""
        return {
            "author": self.author,
            "spf": {"result": self.server, "domain": self.server_domain},
            "dkim": [{"result": one.result, "domain": one.domain} for one in self.signed],
            "dmarc": self.policy.wish if self.policy else "",
            "arc": {"result": self.passed_on.result, "sealer": next(iter(self.passed_on.sealers), "")},
        }

    def verdict(self, *, known: Known, forwarders: Sequence[str]) -> dict[str, Any]:
        """Say whether the author is verified, and why or why not."""
        signer = next((one.domain for one in self.signed if one.result == "pass" and self._fits(one, known)), "")
        if signer:
            return {"verdict": "verified", "why": "signed", "by": signer}
        if self.server == "pass" and self._server_fits(known):
            return {"verdict": "verified", "why": "server", "by": self.server_domain}
        forwarder = self._trusted_forwarder(forwarders)
        if forwarder:
            return {"verdict": "verified", "why": "forwarded", "by": forwarder}
        if known.has_silence or self.server == "temperror":
            return {"verdict": "waiting", "why": "no-answer", "by": ""}
        return {"verdict": "unverified", **self._why(known)}

    def _fits(self, one: Signature, known: Known) -> bool:
        policy = self.policy
        is_strict = policy is not None and policy.is_strict_signature
        return fits(one.domain, author=self.author, is_strict=is_strict, has_policy=policy is not None, known=known)

    def _server_fits(self, known: Known) -> bool:
        policy = self.policy
        is_strict = policy is not None and policy.is_strict_server
        return fits(
            self.server_domain, author=self.author, is_strict=is_strict, has_policy=policy is not None, known=known
        )

    def _trusted_forwarder(self, forwarders: Sequence[str]) -> str:
        """Give the last of the forwarders when all are believed and the first of them had found the mail right."""
        passed_on = self.passed_on
        if passed_on.result != "pass" or not all(_is_one_of(one, forwarders) for one in passed_on.sealers):
            return ""
        named = {*_DMARC_PASS.findall(passed_on.found), *_DKIM_PASS.findall(passed_on.found)}
        return passed_on.sealers[0] if self.author in {name.lower().rstrip(".") for name in named} else ""

    def _why(self, known: Known) -> dict[str, str]:
        if self.policy is not None and self.policy.wish != "none":
            return {"why": "against-policy", "by": self.author}
        if any(one.result != "pass" and self._fits(one, known) for one in self.signed):
            return {"why": "broken", "by": self.author}
        if self.server == "fail" and self._server_fits(known):
            return {"why": "other-server", "by": self.author}
        other = next((one.domain for one in self.signed if one.result == "pass"), "")
        if other:
            return {"why": "other-signer", "by": other}
        return {"why": "nothing", "by": self.author}


def _is_one_of(domain: str, forwarders: Sequence[str]) -> bool:
    return any(domain == one or domain.endswith(f".{one}") for one in forwarders)
