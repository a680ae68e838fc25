"""What the fault tests do inside an instance, as a process of its own: `python -m tests.faults.tool seed`."""

import json
import os
import sys

ADDRESSES = tuple(f"dossier{number}.k7m2p9x4wq" for number in range(6))


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liasse.config.settings")
    import django

    django.setup()
    {"seed": seed, "dump": dump}[sys.argv[1]]()
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
                "sha256": receipt.sha256,
                "size": receipt.size,
                "has_job": str(receipt.id) in jobs,
            }
            for receipt in Receipt.objects.select_related("address")
        ]
    json.dump(rows, sys.stdout)


if __name__ == "__main__":
    sys.exit(main())
