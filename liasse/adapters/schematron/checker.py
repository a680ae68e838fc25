"""Checks an e-invoice by its official rules: schema first, then Schematron by SaxonC."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from liasse.adapters.schematron.choice import rules_for, shape_for
from liasse.adapters.schematron.subject import invoice_in, subject_of, tree_of
from liasse.adapters.schematron.svrl import findings_of
from liasse.reading.ports import CHECK_STOPPED, RulesChecked
from liasse.reading.types import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from liasse.adapters.schematron.artefacts import Artefact, Shape

# Saxon's stylesheets call themselves deeply, and a thread's own stack is small.
_STACK: Final = 64 * 1024 * 1024
_MOST_SHAPE_FAULTS: Final = 5


class SaxonChecker:
    """The rules of EN 16931, XRechnung, Peppol, Factur-X and the French reform, each by its official stylesheet."""

    def check(self, data: bytes, *, format: str) -> RulesChecked:
        """Return which rules the invoice breaks, and by which artefacts it was checked.

        `format` is that of its `ReadingResult`. What is no readable XML is checked by nothing.
        """
        root = tree_of(data)
        if root is None:
            return RulesChecked()
        invoice = invoice_in(root)
        subject = subject_of(invoice, format=format)
        shape, rules = shape_for(subject), rules_for(subject)
        findings = shape_faults(invoice, shape) if shape else []
        installed = [rule for rule in rules if rule.path is not None]
        findings += [
            Finding(CHECK_STOPPED, Severity.WARNING, text=f"{rule.name}: the package {rule.package} is not installed")
            for rule in rules
            if rule.path is None
        ]
        if installed:
            text = etree.tostring(invoice, encoding="unicode")
            findings += _in_thread(lambda: Stylesheets().findings(text, installed))
        return RulesChecked(findings=tuple(_once(findings)), checked_by=tuple(rule.label for rule in installed))


class Stylesheets:
    """A Saxon processor and the stylesheets it compiled; of one thread, and never carried over a fork."""

    def __init__(self) -> None:
        """Start Saxon: some milliseconds, and 32 GiB of address space that it never touches."""
        # Loaded here, because what loads it cannot be forked any more.
        from saxonche import PySaxonApiError, PySaxonProcessor  # noqa: PLC0415

        self._fault = PySaxonApiError
        self._processor = PySaxonProcessor(license=False)
        self._compiler = self._processor.new_xslt30_processor()
        self._compiled: dict[Path, Any] = {}

    def findings(self, text: str, rules: list[Artefact]) -> list[Finding]:
        """Return what the rules say of an XML document; what several say is there several times.

        Some invoices are built so oddly that an official stylesheet stops at them: that is a finding too.
        """
        node = self._processor.parse_xml(xml_text=text)
        found: list[Finding] = []
        for rule in rules:
            if rule.path is None:
                continue
            try:
                report = self._stylesheet(rule.path).transform_to_string(xdm_node=node)
            except self._fault as error:
                words = " ".join(str(error).split())[:400]
                found.append(Finding(CHECK_STOPPED, Severity.WARNING, text=f"{rule.name}: {words}"))
            else:
                found += findings_of(report, leaves_out=rule.leaves_out)
        return found

    def _stylesheet(self, path: Path) -> Any:  # noqa: ANN401 - the library has no types.
        if path not in self._compiled:
            self._compiled[path] = self._compiler.compile_stylesheet(stylesheet_file=str(path))
        return self._compiled[path]


def shape_faults(invoice: etree._Element, shape: Shape) -> list[Finding]:
    """Return the first places where the XML is not built as its syntax says: warnings, since it is read anyway."""
    if shape.path is None:
        return []
    schema = etree.XMLSchema(etree.parse(str(shape.path), parser=etree.XMLParser(no_network=True)))
    # The schema's lines and paths are those of a document, so the invoice is taken out of its envelope.
    alone = etree.fromstring(etree.tostring(invoice))
    if schema.validate(alone):
        return []
    faults: Any = schema.error_log
    if faults[0].type_name == "SCHEMAV_CVC_ELT_1":
        # The root is of another family than the schema's: a release candidate of ZUGFeRD 1.
        return []
    return [
        Finding(
            rule="XSD",
            severity=Severity.WARNING,
            text=f"{shape.name}: {_without_namespaces(error.message)}"[:600],
            location=_without_prefixes(error.path or "")[:600],
        )
        for error in faults[:_MOST_SHAPE_FAULTS]
    ]


def _without_namespaces(message: str) -> str:
    return " ".join("".join(part.partition("}")[2] or part for part in message.split("{")).split())


def _without_prefixes(path: str) -> str:
    return "/".join(step.rpartition(":")[2] for step in path.split("/"))


def _once(findings: list[Finding]) -> list[Finding]:
    """Tell a rule about a place once, though two artefacts hold it; the graver word counts."""
    kept: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        before = kept.get((finding.rule, finding.location))
        if before is None or (before.severity is Severity.WARNING and finding.severity is Severity.FATAL):
            kept[finding.rule, finding.location] = finding
    return list(kept.values())


def _in_thread[T](work: Callable[[], T]) -> T:
    """Do something in a thread of its own.

    The sandbox shows no /proc, where Saxon would look for the end of the main thread's stack; of other threads the C
    library knows it.
    """
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread.
            failed.append(error)

    before = threading.stack_size(_STACK)
    try:
        thread = threading.Thread(target=run, name="schematron")
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    if failed:
        raise failed[0]
    return done[0]
