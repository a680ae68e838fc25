"""The index for searching comes and goes, on both databases, whatever was kept before it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from liasse.documents.models import Document
from tests.web.office import build

_BEFORE = [("clients", "0005_address_outlives_file"), ("documents", "0004_page_image_sizes")]


def _indexes(table: str) -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, table))


@pytest.mark.django_db(transaction=True)
def test_the_index_comes_and_goes_and_a_long_text_is_cut() -> None:
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        MigrationExecutor(connection).migrate(_BEFORE)
        assert "files_by_text" not in _indexes("clients_clientfile")
        assert "documents_by_text" not in _indexes("documents_document")
    finally:
        MigrationExecutor(connection).migrate(newest)
    assert "files_by_text" in _indexes("clients_clientfile")
    office = build()
    long = office.document(search_text="moulin " * 100)
    short = office.document(search_text="moulin")
    try:
        MigrationExecutor(connection).migrate(_BEFORE[1:])
    finally:
        MigrationExecutor(connection).migrate(newest)
    with office.scope():
        kept = dict(Document.objects.values_list("id", "search_text"))
    assert "documents_by_text" in _indexes("documents_document")
    assert (len(kept[long.id]), kept[short.id]) == (600, "moulin")
