"""What the fault tests do inside an instance, as a process of its own: `python -m tests.faults.tool seed`."""

import json
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from liasse.clients.models import ClientFile

ADDRESSES = tuple(f"dossier{number}.k7m2p9x4wq" for number in range(6))


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liasse.config.settings")
    import django

    django.setup()
    done = (seed, dump, outcome, unmark, people, free, pulses)
    {**{act.__name__: act for act in done}, "points": lost_points}[sys.argv[1]]()
    return 0


def seed() -> None:
    """Make the tables, and one practice with a file an address."""
    from django.core.management import call_command
    from django.utils import timezone

    from liasse.clients.models import ClientFile, InboundAddress
    from liasse.core.scope import instance_scope
    from liasse.lib.ids import uuid7
    from liasse.practices.models import Practice

    call_command("migrate", interactive=False, verbosity=0)
    with instance_scope():
        practice = Practice.objects.create(name="Cabinet", created_at=timezone.now())
        for address in ADDRESSES:
            file = ClientFile.objects.create(
                practice=practice,
                name=address,
                name_sort=address,
                search_text=address,
                creation_key=uuid7(),
                creation_fingerprint=address,
            )
            InboundAddress.objects.create(practice=practice, client_file=file, local_part=address)


def lost_points() -> None:
    """Print the points at which nothing of the product is any more, as JSON."""
    from tests.faults.points import check

    json.dump(check(), sys.stdout)


def free() -> None:
    """Let the leases of killed workers run out."""
    from tests.faults import doors

    doors.free_held_jobs()


def people() -> None:
    """Sign a colleague in who works in every file; print what a browser would send, and the files' ids, as JSON."""
    from django.conf import settings

    from liasse.clients.models import ClientFile
    from liasse.core.scope import instance_scope
    from liasse.practices.models import Practice
    from tests import factories

    colleague = factories.colleague(Practice.objects.get(), "Claire Faute")
    with instance_scope():
        files = list(ClientFile.objects.all())
    for file in files:
        factories.grant(file, to=colleague)
    session = factories.signed_in(colleague).cookies[settings.SESSION_COOKIE_NAME].value
    csrf = "f" * 32
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={csrf}"
    passes = _passes(files)
    ids = {file.name: str(file.id) for file in files}
    json.dump({"cookies": cookies, "csrf": csrf, "files": ids, **passes}, sys.stdout)


def _passes(files: "list[ClientFile]") -> dict[str, Any]:
    """Make a link for each file, and a token for all of them."""
    from liasse.core.access import Actor
    from liasse.core.scope import practice_scope
    from liasse.passes import links, tokens

    claire, words = Actor(kind="colleague", name="Claire"), {"days": "30", "files": "1000", "megabytes": "10240"}
    with practice_scope(files[0].practice_id):
        of_files = {file.name: links.token_of(links.make_link(file, words=words, actor=claire)) for file in files}
        token = tokens.make_token(
            files[0].practice, name="ERP", scopes=["receipts:write"], file_ids=[], days="30", actor=claire
        )
    return {"links": of_files, "token": token[1]}


def dump() -> None:
    """Print every receipt and the ids that have a job, as JSON."""
    from liasse.core.models import Job
    from liasse.core.scope import instance_scope
    from liasse.intake.models import Receipt

    with instance_scope():
        jobs = {str(subject) for subject in Job.objects.values_list("subject_id", flat=True)}
        rows = [
            {
                "address": receipt.address.local_part if receipt.address else "",
                "file": receipt.client_file.name,
                "door": receipt.door,
                "state": receipt.state,
                "problem": receipt.problem,
                "sha256": receipt.sha256,
                "size": receipt.size,
                "has_job": str(receipt.id) in jobs,
            }
            for receipt in Receipt.objects.select_related("address", "client_file")
        ]
    json.dump(rows, sys.stdout)


def unmark() -> None:
    """Forget that mailboxes' servers were told what became of their mails, as a kill between the two would."""
    from liasse.intake.models import FetchedMail

    print(FetchedMail.objects.update(is_marked=False))


def pulses() -> None:
    """Print what is wrong with each mailbox that is read, as JSON."""
    from liasse.core.pulses import pulses as of
    from liasse.pipeline.health import MAILBOX

    json.dump([one.problem for one in of(MAILBOX)], sys.stdout)


def outcome() -> None:
    """Print what has become of every receipt, and what is still to do, as JSON."""
    from django.db.models import Count

    from liasse.clients.models import ClientFile
    from liasse.core.models import Job
    from liasse.core.scope import instance_scope
    from liasse.documents.models import Document
    from liasse.intake.models import Receipt, ReceiptPart
    from liasse.reading.models import Reading

    with instance_scope():
        receipts = list(Receipt.objects.values("id", "sha256", "state", "count_documents", "count_set_aside"))
        answer = {
            "receipts": [{**row, "id": str(row["id"])} for row in receipts],
            "parts": [[str(one), verdict] for one, verdict in ReceiptPart.objects.values_list("receipt_id", "verdict")],
            "documents": [
                [str(receipt), str(part), step, status]
                for receipt, part, step, status in Document.objects.values_list(
                    "receipt_id", "part_id", "step", "status"
                )
            ],
            "readings": Reading.objects.count(),
            "pages": [row["n"] for row in Document.objects.values("page_images__page", "id").annotate(n=Count("id"))],
            "jobs": [list(row) for row in Job.objects.values_list("kind", "is_stopped", "attempts", "last_error")],
            "counted": sum(
                sum(row) for row in ClientFile.objects.values_list("count_processing", "count_to_review", "count_ready")
            ),
        }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    sys.exit(main())
