"""`liasse verify` on a made store: how long sizes and existence of everything take, and how fast bytes are read.

    .venv/bin/python bench/verify.py [documents]

Makes a store of its own in a temporary folder: real rows (receipts, parts, documents, three page images each, audit
events) and real files of 0.4 to 12 KB, then runs the comparison without reading bytes, and with a share.
"""

import hashlib
import os
import random
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
_BATCH = 2000


def main() -> None:
    """Make the store, measure, print."""
    with tempfile.TemporaryDirectory(prefix="liasse-verify-") as folder:
        os.environ["LIASSE_DATA"] = folder
        os.environ.pop("DATABASE_URL", None)
        from liasse.cli.project import open_project  # noqa: PLC0415 - after the settings

        open_project()
        from django.core.management import call_command  # noqa: PLC0415 - after the settings

        call_command("migrate", verbosity=0)
        began = time.monotonic()
        _fill(Path(folder))
        print(f"made {COUNT:,} documents in {time.monotonic() - began:,.0f} s")
        _measure()


def _measure() -> None:
    from liasse.cli.verify import examine  # noqa: PLC0415 - after the settings
    from liasse.cli.verify_share import Mark, Share  # noqa: PLC0415 - after the settings
    from liasse.core.adapters import adapter  # noqa: PLC0415 - after the settings

    for name, share in (
        ("sizes and existence of all, journeys, audit", Share(Mark(behind="f" * 64, round_began="x"))),
        ("the same, and 1 GB of bytes hashed", Share(Mark(), most_bytes=10**9)),
    ):
        began, busy = time.monotonic(), time.process_time()
        findings = examine(adapter("blobs"), share=share)
        took = time.monotonic() - began
        print(
            f"{name}: {took:,.1f} s ({time.process_time() - busy:,.1f} s of processor), "
            f"{sum(findings.rows.values()):,} rows, {findings.blobs:,} blobs of {findings.bytes / 1e9:,.2f} GB, "
            f"{share.read / 1e9:,.2f} GB read, {findings.events:,} events, {len(findings.defects)} defects, "
            f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB"
        )
        for defect in findings.defects[:3]:
            print("  ", defect)


def _fill(folder: Path) -> None:
    from django.db import transaction  # noqa: PLC0415 - after the settings

    from liasse.clients.models import ClientFile  # noqa: PLC0415 - after the settings
    from liasse.core.scope import practice_scope  # noqa: PLC0415 - after the settings
    from liasse.lib.ids import uuid7  # noqa: PLC0415 - after the settings
    from liasse.practices.models import Practice  # noqa: PLC0415 - after the settings

    practice = Practice.objects.create(name="Bench")
    with practice_scope(practice.id):
        file = ClientFile.objects.create(
            practice=practice, name="B", name_sort="b", search_text="b", creation_key=uuid7(), creation_fingerprint="-"
        )
        for first in range(0, COUNT, _BATCH):
            with transaction.atomic():
                _batch(practice, file, folder / "blobs", count=min(_BATCH, COUNT - first))


def _batch(practice, file, blobs: Path, *, count: int) -> None:  # noqa: ANN001 - models are known after set-up
    from liasse.core import audit  # noqa: PLC0415 - after the settings
    from liasse.core.access import system_actor  # noqa: PLC0415 - after the settings
    from liasse.documents.models import Document, PageImage  # noqa: PLC0415 - after the settings
    from liasse.documents.types import DocumentStatus, Step  # noqa: PLC0415 - after the settings
    from liasse.intake.models import Receipt, ReceiptPart  # noqa: PLC0415 - after the settings
    from liasse.intake.types import ReceiptState, Verdict  # noqa: PLC0415 - after the settings

    now, receipts, parts, documents, images, facts = datetime.now(tz=UTC), [], [], [], [], []
    for _ in range(count):
        mail, paper = _blob(blobs), _blob(blobs)
        receipt = Receipt(
            practice=practice, client_file=file, delivery_key=mail[0], sha256=mail[0], size=mail[1], received_at=now,
            state=ReceiptState.OPENED, waits_since=None, count_documents=1, count_set_aside=1,
        )  # fmt: skip
        part = ReceiptPart(
            practice=practice, receipt=receipt, index=0, sha256=paper[0], size=paper[1], has_bytes=True,
            verdict=Verdict.DOCUMENT,
        )  # fmt: skip
        receipts.append(receipt)
        parts += [
            part,
            ReceiptPart(practice=practice, receipt=receipt, index=1, verdict=Verdict.IGNORED, reason="logo"),
        ]
        document = Document(
            practice=practice, client_file=file, receipt=receipt, part=part, sha256=paper[0], size=paper[1],
            media_type="application/pdf", received_at=now, status=DocumentStatus.READY, step=Step.DONE,
        )  # fmt: skip
        documents.append(document)
        subject = audit.Subject("document", document.id, file.id)
        facts += [audit.Fact("document.received", subject=subject), audit.Fact("document.read", subject=subject)]
        for page in (1, 2, 3):
            name, _size = _blob(blobs)
            images.append(
                PageImage(practice=practice, document=document, page=page, sha256=name, media_type="image/webp")
            )
    Receipt.objects.bulk_create(receipts)
    ReceiptPart.objects.bulk_create(parts)
    Document.objects.bulk_create(documents)
    PageImage.objects.bulk_create(images)
    audit.record_all(facts, actor=system_actor(practice.id), practice_id=practice.id)


_noise = random.Random(7)
_FILLING = _noise.randbytes(70_000)


def _blob(blobs: Path) -> tuple[str, int]:
    content = _noise.randbytes(16) + _FILLING[: _noise.randint(400, int(os.environ.get("BENCH_MOST", "12000")))]
    name = hashlib.sha256(content).hexdigest()
    folder = blobs / name[:2] / name[2:4]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return name, len(content)


if __name__ == "__main__":
    main()
