"""FatturaPA 1.2 (FPA12, FPR12), the Italian national syntax, in the terms of EN 16931."""

from __future__ import annotations

from typing import Final

from liasse.adapters.einvoice_xml.syntax import AdjustmentGroup, Syntax
from liasse.reading.types import AdjustmentKind

_SELLER: Final = "FatturaElettronicaHeader/CedentePrestatore/DatiAnagrafici"
_BUYER: Final = "FatturaElettronicaHeader/CessionarioCommittente/DatiAnagrafici"
# A file may hold several invoices of one seller to one buyer; the first is read.
_BODY: Final = "FatturaElettronicaBody[1]"
_GENERAL: Final = f"{_BODY}/DatiGenerali/DatiGeneraliDocumento"
_PAYMENT: Final = f"{_BODY}/DatiPagamento/DettaglioPagamento"


def _name(party: str) -> tuple[str, ...]:
    person = f"{party}/Anagrafica"
    return (
        f"{person}/Denominazione",
        f"normalize-space(concat({person}/Nome, ' ', {person}/Cognome))",
    )


def _address(party: str) -> tuple[tuple[str, ...], ...]:
    seat = f"FatturaElettronicaHeader/{party}/Sede"
    return (
        (f"{seat}/Indirizzo", f"{seat}/NumeroCivico"),
        (f"{seat}/CAP", f"{seat}/Comune", f"{seat}/Provincia"),
        (f"{seat}/Nazione",),
    )


FATTURAPA: Final = Syntax(
    name="fatturapa",
    root="FatturaElettronica",
    namespaces=(
        "http://ivaservizi.agenziaentrate.gov.it/",
        "http://www.fatturapa.gov.it/",
    ),
    document={
        "BT-1": (f"{_GENERAL}/Numero",),
        "BT-2": (f"{_GENERAL}/Data",),
        "BT-3": (f"{_GENERAL}/TipoDocumento",),
        "BT-5": (f"{_GENERAL}/Divisa",),
        "BT-9": (f"{_PAYMENT}/DataScadenzaPagamento",),
        "BT-13": (f"{_BODY}/DatiGenerali/DatiOrdineAcquisto/IdDocumento",),
        "BT-27": _name(_SELLER),
        "BT-31": (f"concat({_SELLER}/IdFiscaleIVA/IdPaese, {_SELLER}/IdFiscaleIVA/IdCodice)",),
        "BT-44": _name(_BUYER),
        "BT-48": (f"concat({_BUYER}/IdFiscaleIVA/IdPaese, {_BUYER}/IdFiscaleIVA/IdCodice)",),
        "BT-81": (f"{_PAYMENT}/ModalitaPagamento",),
        "BT-84": (f"{_PAYMENT}/IBAN",),
        "BT-112": (f"{_GENERAL}/ImportoTotaleDocumento",),
        "BT-115": (f"{_PAYMENT}/ImportoPagamento",),
    },
    sirens=(),
    seller_address=_address("CedentePrestatore"),
    buyer_address=_address("CessionarioCommittente"),
    remarks=(f"{_GENERAL}/Causale",),
    attached=(f"{_BODY}/Allegati",),
    vat_group=f"{_BODY}/DatiBeniServizi/DatiRiepilogo",
    vat={
        "BT-116": ("ImponibileImporto",),
        "BT-117": ("Imposta",),
        "BT-118": ("Natura",),
        "BT-119": ("AliquotaIVA",),
    },
    line=f"{_BODY}/DatiBeniServizi/DettaglioLinee",
    lines={
        "BT-126": ("NumeroLinea",),
        "BT-129": ("Quantita",),
        "BT-130": ("UnitaMisura",),
        "BT-131": ("PrezzoTotale",),
        "BT-146": ("PrezzoUnitario",),
        "BT-152": ("AliquotaIVA",),
        "BT-153": ("Descrizione",),
    },
    adjustments=(
        AdjustmentGroup(
            kind=AdjustmentKind.ALLOWANCE,
            path=f"{_GENERAL}/ScontoMaggiorazione[normalize-space(Tipo)='SC']",
            amount=("Importo",),
            percent=("Percentuale",),
        ),
        AdjustmentGroup(
            kind=AdjustmentKind.CHARGE,
            path=f"{_GENERAL}/ScontoMaggiorazione[normalize-space(Tipo)='MG']",
            amount=("Importo",),
            percent=("Percentuale",),
        ),
    ),
)
