"""The real desk: room on the disk, and addresses as the clients' area knows them."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from liasse.adapters.storage_files import FileBlobStore
from liasse.clients.models import ClientFile, InboundAddress
from liasse.core.scope import instance_scope
from liasse.lib.ids import uuid7
from liasse.mailgate.desk import PipelineDesk
from liasse.mailgate.types import Standing
from liasse.practices.models import Practice

GB = 1000**3


class Disk(FileBlobStore):
    """A disk of any size."""

    def __init__(self, *, free: int, total: int) -> None:
        self.sizes = free, total

    def free_bytes(self) -> tuple[int, int]:
        return self.sizes


@pytest.mark.parametrize(
    ("free", "total", "minimum", "has_room"),
    [
        (5 * GB, 50 * GB, 0, True),
        (5 * GB - 1, 50 * GB, 0, False),
        (50 * GB, 1000 * GB, 0, True),
        (50 * GB - 1, 1000 * GB, 0, False),
        (10, 1000 * GB, 10, True),
        (9, 1000 * GB, 10, False),
    ],
)
def test_room_is_5_gb_or_5_percent_or_what_the_setting_says(
    free: int, total: int, minimum: int, *, has_room: bool
) -> None:
    assert PipelineDesk(blobs=Disk(free=free, total=total), minimum_free=minimum).has_room() is has_room


@pytest.fixture
def address(transactional_db: None) -> InboundAddress:  # noqa: ARG001 - the desk closes old connections
    with instance_scope():
        practice = Practice.objects.create(name="Cabinet")
        file = ClientFile.objects.create(
            practice=practice, name="x", name_sort="x", search_text="x", creation_key=uuid7(), creation_fingerprint="x"
        )
        return InboundAddress.objects.create(practice=practice, client_file=file, local_part="x.k7m2p9")


@pytest.mark.parametrize(("days", "standing"), [(None, Standing.KNOWN), (89, Standing.KNOWN), (91, Standing.CLOSED)])
def test_the_address_of_a_closed_file_answers_for_90_days(
    address: InboundAddress, tmp_path: Path, days: int | None, standing: Standing
) -> None:
    if days is not None:
        with instance_scope():
            archived_at = timezone.now() - timedelta(days=days)
            ClientFile.objects.filter(addresses=address).update(status="archived", archived_at=archived_at)
    desk = PipelineDesk(blobs=FileBlobStore(root=tmp_path), minimum_free=1)
    found, unknown = desk.lookup_all(["x.k7m2p9", "y.k7m2p9"], domain="liasse.example")
    assert found.standing == standing
    assert (found.practice, found.file) == (str(address.practice_id), str(address.client_file_id))
    assert unknown.standing == Standing.UNKNOWN
