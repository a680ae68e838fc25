"""What the kill test of outside engines does inside an instance: `python -m tests.faults.engine_tool seed`."""

import json
import os
import sys
from datetime import timedelta
from typing import Any


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liasse.config.settings")
    import django

    django.setup()
    {"seed": seed, "free": free, "outcome": outcome}[sys.argv[1]]()
    return 0


def _file() -> Any:  # noqa: ANN401 - Django is not set up yet where this file is read
    from liasse.clients.models import ClientFile
    from liasse.core.scope import instance_scope

    with instance_scope():
        return ClientFile.objects.select_related("practice").order_by("id")[0]


def seed() -> None:
    """Switch the engine on for a file, and let a paper arrive that the rules are not sure of."""
    from django.utils import timezone

    from liasse.core.scope import practice_scope
    from liasse.intake.types import Door, IncomingFile
    from liasse.outside import selectors, services
    from liasse.pipeline import child, flow
    from tests.outside import CLAIRE, paper

    file = _file()
    with practice_scope(file.practice_id):
        goal = selectors.destination()
        assert goal is not None
        services.switch_on(file, host=goal.host, actor=CLAIRE)
        blob = child.blobs().put(paper())
        flow.receive(
            IncomingFile(
                door=Door.MAIL, practice_id=file.practice_id, client_file_id=file.id, address_id=None,
                sha256=blob.sha256, size=blob.size, received_at=timezone.now(), delivery_key="engine",
            )
        )  # fmt: skip


def free() -> None:
    """Let the leases of the dead worker be over."""
    from django.utils import timezone

    from liasse.core.models import Job
    from liasse.core.scope import instance_scope

    with instance_scope():
        Job.objects.exclude(leased_until=None).update(leased_until=timezone.now() - timedelta(seconds=1))


def outcome() -> None:
    """Print what there is, as JSON."""
    from liasse.core.models import AuditEvent
    from liasse.core.scope import practice_scope
    from liasse.reading.models import Reading

    file = _file()
    with practice_scope(file.practice_id):
        events = AuditEvent.objects.filter(verb__startswith="document.engine").order_by("sequence")
        reading = Reading.objects.first()
        number = (reading.fields if reading else {}).get("invoice_number") or {}
        print(json.dumps({"verbs": list(events.values_list("verb", flat=True)), "number": number.get("value")}))


if __name__ == "__main__":
    sys.exit(main())
