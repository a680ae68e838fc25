"""Whether a PDF carries its invoice as Factur-X and ZUGFeRD want it: relationship, name, profile, PDF/A.

Sources: Factur-X 1.09 (FNFE-MPE, FeRD), part "PDF/A-3 and attachments"; ISO 19005-3. All are warnings: the data inside
are read whatever their wrapping.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liasse.reading.types import Finding, Severity

if TYPE_CHECKING:
    from liasse.reading.ports import EmbeddedFile, EmbeddedFiles
    from liasse.reading.types import ReadingResult

_RELATIONSHIPS: Final = frozenset({"Data", "Source", "Alternative"})
_NAMES: Final = {
    "cii": ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml"),
    "zugferd-1": ("zugferd-invoice.xml",),
}
# The parts of PDF/A that may hold attachments of any kind.
_PDFA: Final = frozenset({"3", "4"})
# The levels that are no whole invoice, and so can only be data beside the page.
_PARTIAL: Final = frozenset({"minimum", "basicwl"})
_LEVELS: Final = (
    ("minimum", "minimum"),
    ("basicwl", "basicwl"),
    ("extended", "extended"),
    ("xrechnung", "xrechnung"),
    ("basic", "basic"),
    ("comfort", "en16931"),
    ("komfort", "en16931"),
    ("en16931", "en16931"),
)


def container_findings(
    embedded: EmbeddedFiles, *, used: EmbeddedFile, invoices: int, xml: ReadingResult
) -> list[Finding]:
    """Return what is odd about how the invoice is embedded, as findings FX-*.

    `used` is the file that was read, `invoices` how many of the files are invoices, `xml` what was read.
    """
    claims = embedded.claims
    level = _level(xml.profile or "")
    told: list[tuple[str, str]] = []
    if used.relationship not in _RELATIONSHIPS:
        told.append(("FX-AF-RELATIONSHIP", used.relationship or "none"))
    elif level in _PARTIAL and used.relationship != "Data" and "factur-x.eu" in (xml.profile or ""):
        told.append(("FX-AF-DATA", f"{used.relationship} | {level}"))
    names = _NAMES.get((xml.format or "").removeprefix("pdf+"), ())
    if names and used.name.lower() not in names:
        told.append(("FX-NAME", used.name))
    if invoices > 1:
        told.append(("FX-TWO-INVOICES", str(invoices)))
    if claims.pdfa_part not in _PDFA:
        told.append(("FX-PDFA", claims.pdfa_part or "none"))
    if not claims.level:
        told.append(("FX-XMP-MISSING", ""))
    elif level and _level(claims.level) != level:
        told.append(("FX-XMP-PROFILE", f"xmp: {claims.level} | xml: {level}"))
    if claims.file_name and claims.file_name.lower() != used.name.lower():
        told.append(("FX-XMP-NAME", f"xmp: {claims.file_name} | file: {used.name}"))
    return [Finding(rule, Severity.WARNING, text=text[:300]) for rule, text in told]


def _level(text: str) -> str:
    """Return the level that a profile's identifier or the metadata name, blank for one that is not known."""
    plain = re.sub(r"[\s_:.-]", "", text.lower())
    # Every level above BASIC WL names the standard too, as what it is built on.
    own = plain.rpartition("#")[2]
    return next((level for word, level in _LEVELS if word in own), "")
