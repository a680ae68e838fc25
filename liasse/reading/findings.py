"""What is wrong with an e-invoice, in a plain sentence for each rule, and what to do about it.

Rules of one kind have one sentence: what is missing, which code is none, which sum does not come out. The rule's id and
its own text stand beside it on the screen, since they are what the supplier's software is put right by.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liasse.reading import findings_tables as tables
from liasse.reading.conformity import stops
from liasse.reading.ports import CHECK_STOPPED
from liasse.reading.terms import TERMS
from liasse.reading.types import Finding

_CATEGORY: Final = re.compile(r"BR-(?:F[XR]EXT-)?(S|Z|E|AE|IC|G|O|AF|AG|IG|IP|B)-(\d\d)(?:rev)?")
_PAGE: Final = re.compile(r"page: (?P<page>.*) \| xml: (?P<xml>.*)")
_FAMILIES: Final[tuple[tuple[str, Promise], ...]] = (
    (r"FX-NOT-IN-PROFILE|(UBL|CII)-CR-", tables.FORM_UNKNOWN),
    (r"(UBL|CII)-(SR|DT)-|FX-SCH-A-", tables.FORM),
    (r"BR-F[XR]EXT-(BR-)?\d", tables.EXTENDED),
    (r"BR-FR-(MV|BD)-", tables.FRENCH_SEVERAL_SELLERS),
    (r"(BR-DEX?|BR-TMP|[A-Z]{2}-R)-", tables.NATIONAL),
)


class Weight(StrEnum):
    """What a finding asks of a person."""

    DIFFERS = "differs"
    AMOUNTS = "amounts"
    FORM = "form"
    UNKNOWN = "unknown"


ADVICE: Final[dict[Weight, Promise]] = {
    Weight.DIFFERS: _("Page and data disagree: ask the supplier which is right, and book nothing before."),
    Weight.AMOUNTS: _(
        "Check the amounts and the parties before booking, and ask the supplier for a corrected invoice."
    ),
    Weight.FORM: _(
        "Nothing to do for booking: the figures were read. Tell the supplier, whose software is to be mended."
    ),
    Weight.UNKNOWN: _("The figures were read. Whether they keep the rules is not known."),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A finding in words: what is wrong, and what kind of thing that is."""

    sentence: str
    weight: Weight


def told(finding: Finding) -> Told:
    """Give a finding in words."""
    return Told(sentence=_sentence(finding), weight=_weight(finding))


def page_and_data(finding: Finding) -> tuple[str, str] | None:
    """Give what the page says and what the data say, where a finding is about both."""
    found = _PAGE.fullmatch(finding.text) if finding.rule.startswith("PAGE-") else None
    return (found["page"], found["xml"]) if found else None


def _weight(finding: Finding) -> Weight:
    if finding.rule.startswith("PAGE-"):
        return Weight.DIFFERS
    if finding.rule == CHECK_STOPPED:
        return Weight.UNKNOWN
    return Weight.AMOUNTS if stops(finding) else Weight.FORM


def _sentence(finding: Finding) -> str:
    rule = finding.rule
    # The extended profiles have rules of their own in the place of some of the standard's.
    plain = re.sub(r"^BR-F[XR]EXT-(?:BR-(?=\d)|(?=CO-|CL-|2\d))", "BR-", rule).removesuffix("rev")
    exact = tables.EXACT.get(plain) or tables.EXACT.get(_base(plain))
    if exact is not None:
        return str(exact)
    missing = tables.MISSING.get(plain)
    if missing is not None:
        return tables.LACKS % {"what": _terms(missing)}
    return _of_page(finding) or _of_category(rule) or _of_family(finding) or str(tables.OTHER)


def _base(rule: str) -> str:
    """Give a French rule without the term or the variant that it was applied to."""
    return re.split(r"[_/]", rule)[0]


def _terms(names: tuple[str, ...]) -> str:
    return ", ".join(str(TERMS[name]) for name in names if name in TERMS)


def _of_page(finding: Finding) -> str:
    if not finding.rule.startswith("PAGE-"):
        return ""
    return tables.DIFFERS % {"what": _terms(finding.terms) or finding.rule.removeprefix("PAGE-")}


def _of_category(rule: str) -> str:
    found = _CATEGORY.fullmatch(rule)
    if found is None:
        return ""
    category, number = found[1], found[2]
    sentence = tables.OF_CATEGORY.get(f"{category}-{number}") or tables.OF_CATEGORY.get(number)
    return sentence % {"category": tables.CATEGORIES[category]} if sentence else ""


def _of_family(finding: Finding) -> str:
    """Give the sentence of rules of which there are many of one kind."""
    rule, named = finding.rule, _terms(finding.terms[:1])
    if re.match(r"BR-(FR-)?DEC-", rule):
        return tables.DECIMALS % {"what": named} if named else str(tables.DECIMALS_SOMEWHERE)
    if re.match(r"BR-(F[XR]EXT-|EXT-)?CL-|PEPPOL-EN16931-CL", rule):
        what = named or _terms(tables.CODES.get(rule, ()))
        return tables.NO_CODE % {"what": what} if what else str(tables.NO_CODE_SOMEWHERE)
    sentence = next((sentence for pattern, sentence in _FAMILIES if re.match(pattern, rule)), None)
    return str(sentence) if sentence is not None else ""
