"""What a Schematron's report (SVRL) says, as findings."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from liasse.reading.types import Finding, Severity

MOST_FINDINGS: Final = 200
"""Of one invoice; a rule that a thousand lines break is told once a line only up to here."""

NOT_IN_PROFILE: Final = "FX-NOT-IN-PROFILE"
"""What Factur-X says without an id: the profile that the invoice names has no such element."""

_SVRL: Final = "{http://purl.oclc.org/dsdl/svrl}"
_TERM: Final = re.compile(r"\bB[TG]-\d{1,3}\b")
_ID_IN_TEXT: Final = re.compile(r"\s*\[?([A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+)[\]\s:]")
_MILD: Final = frozenset({"warning", "warn", "information", "info"})
_LONGEST: Final = 600


def findings_of(report: str, *, leaves_out: tuple[str, ...] = ()) -> list[Finding]:
    """Return the rules that did not hold, in the report's order; what is only information is not told."""
    root = etree.fromstring(report.encode(), parser=etree.XMLParser(resolve_entities=False, no_network=True))
    found: list[Finding] = []
    for element in root.iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report"):
        finding = _finding(element)
        if finding is None or finding.rule.startswith(leaves_out or ("\0",)):
            continue
        found.append(finding)
        if len(found) >= MOST_FINDINGS:
            break
    return found


def _finding(element: etree._Element) -> Finding | None:
    text = " ".join(str(etree.XPath("string()")(element)).split())
    flag = (element.get("flag") or element.get("role") or "fatal").strip().lower()
    if flag in {"information", "info"}:
        return None
    return Finding(
        rule=_rule(element, text)[:60],
        severity=Severity.WARNING if flag in _MILD else Severity.FATAL,
        text=text[:_LONGEST],
        location=_plain(element.get("location") or "")[:_LONGEST],
        terms=tuple(dict.fromkeys(_TERM.findall(text)))[:8],
    )


def _rule(element: etree._Element, text: str) -> str:
    named = element.get("id") or ""
    if named and not named.startswith("FX-SCH-A-"):
        return named
    # Factur-X numbers its rules; where one is a rule of EN 16931, its text begins with that one's id.
    told = _ID_IN_TEXT.match(text)
    return told[1] if told else named or NOT_IN_PROFILE


def _plain(location: str) -> str:
    """Shorten the XPath of a place: namespaces are of no use to whoever reads it."""
    plain = re.sub(r"\*:([A-Za-z0-9]+)\[namespace-uri\(\)='[^']*'\]", r"\1", location)
    return re.sub(r"Q\{[^}]*\}", "", plain)
