"""`liasse status`: whether anything hangs, for people and for what watches the machine."""

from __future__ import annotations

from datetime import datetime

from liasse.cli.parser import command_parser
from liasse.cli.project import open_project


def main(argv: list[str]) -> int:
    """Print what is due, what stopped and what waits too long; 0 when nothing does, 1 when something does."""
    parser = command_parser(
        "status",
        does="Say how much work is due, and whether anything has been waiting for over an hour: 0 when nothing has, "
        "1 when something has. Reads the database alone; Liasse need not run.",
        example="liasse status || mail -s 'Liasse: something waits' admin@example.fr",
    )
    parser.parse_args(argv)
    open_project()
    from django.utils import timezone

    from liasse.core.scope import instance_scope
    from liasse.pipeline.alarm import late_of_all, queue_of_all
    from liasse.practices.models import Practice

    queue, late = queue_of_all(), late_of_all()
    print(f"Work:   {queue.due:,} jobs are due, {queue.later:,} wait for their time, {queue.stopped:,} stopped.")
    if queue.oldest is not None:
        print(f"Oldest: due for {_minutes(timezone.now(), queue.oldest):,} minutes.")
    if not late:
        print("Nothing has been waiting for over an hour.")
        return 0
    with instance_scope():
        names = dict(Practice.objects.filter(id__in=late).values_list("id", "name"))
    for practice_id, one in late.items():
        name = names.get(practice_id, str(practice_id))
        print(f"Late:   {name}: {one.receipts:,} deliveries and {one.documents:,} documents wait for over an hour.")
    return 1


def _minutes(now: datetime, since: datetime) -> int:
    return int((now - since).total_seconds() // 60)
