"""What the kill tests of exports do inside an instance: `python -m tests.faults.export_tool fill 120`."""

import json
import os
import sys
import zipfile
from datetime import timedelta

from tests.faults.tool import ADDRESSES

SIZE = 200_000


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liasse.config.settings")
    import django

    django.setup()
    {"fill": fill, "ask": ask, "make": make, "outcome": outcome}[sys.argv[1]]()
    return 0


def fill() -> None:
    """Give one file so many documents, each with its mail, of bytes that no ZIP makes smaller."""
    from django.utils import timezone

    from liasse.clients.models import ClientFile
    from liasse.core.adapters import adapter
    from liasse.core.scope import instance_scope
    from liasse.documents.models import Document
    from liasse.documents.types import DocumentStatus, Step
    from liasse.intake.models import Receipt, ReceiptPart
    from liasse.intake.types import ReceiptState, Verdict

    store = adapter("blobs")
    with instance_scope():
        file = ClientFile.objects.get(name=ADDRESSES[0])
        for number in range(int(sys.argv[2])):
            blob = store.put([f"{number}\n".encode() + os.urandom(SIZE)])
            known = {"practice_id": file.practice_id, "sha256": blob.sha256, "size": blob.size}
            receipt = Receipt.objects.create(
                client_file=file, delivery_key=f"x{number}", received_at=timezone.now(), state=ReceiptState.OPENED,
                waits_since=None, count_documents=1, **known,
            )  # fmt: skip
            part = ReceiptPart.objects.create(receipt=receipt, index=0, verdict=Verdict.DOCUMENT, **known)
            Document.objects.create(
                client_file=file, receipt=receipt, part=part, filename=f"{number}.pdf", media_type="application/pdf",
                received_at=receipt.received_at, status=DocumentStatus.READY, step=Step.DONE, **known,
            )  # fmt: skip
        ClientFile.objects.filter(id=file.id).update(count_ready=int(sys.argv[2]))


def ask() -> None:
    """Ask for the ZIP of the whole file, as a person does; while one is being made it is the same."""
    from liasse.clients.models import ClientFile
    from liasse.core.scope import instance_scope, practice_scope
    from liasse.custody import whole
    from liasse.documents.takeout import Reader
    from liasse.practices.models import Colleague
    from liasse.practices.selectors import actor_of
    from tests import factories

    with instance_scope():
        file = ClientFile.objects.select_related("practice").get(name=ADDRESSES[0])
        anne = Colleague.objects.first() or factories.colleague(file.practice, "Anne Martin")
    with practice_scope(file.practice_id):
        whole.ask(file, actor=actor_of(anne), reader=Reader(language="fr", time_zone="Europe/Paris"))


def make() -> None:
    """Do what the worker does with it, once the killed one's sign of life is old."""
    from django.utils import timezone

    from liasse.core.scope import instance_scope, practice_scope
    from liasse.custody import whole
    from liasse.custody.models import WholeExport

    with instance_scope():
        export = WholeExport.objects.get()
        WholeExport.objects.filter(id=export.id).update(beat_at=timezone.now() - timedelta(hours=1))
    print("begun", flush=True)
    with practice_scope(export.practice_id):
        assert whole.make(export.id) is None


def outcome() -> None:
    """Print what there is, as JSON; a ZIP that is there is read to its last byte."""
    from django.conf import settings

    from liasse.core.adapters import adapter
    from liasse.core.scope import instance_scope
    from liasse.custody.models import WholeExport

    with instance_scope():
        export = WholeExport.objects.get()
    answer = {"state": export.state, "done": export.done, "documents": export.count_documents, "entries": 0, "bad": ""}
    if export.sha256:
        with zipfile.ZipFile(adapter("blobs").path(export.sha256)) as archive:
            answer["bad"] = archive.testzip() or ""
            answer["entries"] = sum(name.startswith("documents/") for name in archive.namelist())
            answer["defects"] = json.loads(archive.read("manifest.json"))["defects"]
    left = settings.LIASSE_DATA / "blobs" / "tmp"
    answer["unfinished"] = len(list(left.iterdir())) if left.is_dir() else 0
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    sys.exit(main())
