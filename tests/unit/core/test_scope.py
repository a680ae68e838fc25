"""The practice scope: the wall that code meets, and the one that PostgreSQL holds behind it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from liasse.core.errors import ScopeError
from liasse.core.scope import instance_scope, practice_scope
from liasse.core.tenancy import TenantModel
from liasse.practices.models import Colleague, Practice

pytestmark = pytest.mark.django_db


@pytest.fixture
def practices() -> tuple[Practice, Practice]:
    """Two practices with one colleague each."""
    made = (Practice.objects.create(name="Un"), Practice.objects.create(name="Deux"))
    for practice in made:
        with practice_scope(practice.id):
            Colleague.objects.create(practice=practice, email="a@example.fr", name="A")
    return made


def test_a_read_outside_any_scope_raises(practices: tuple[Practice, Practice]) -> None:
    del practices
    with pytest.raises(ScopeError):
        Colleague.objects.count()


def test_a_scope_shows_one_practice_only(practices: tuple[Practice, Practice]) -> None:
    first, second = practices
    with practice_scope(first.id):
        assert [row.practice_id for row in Colleague.objects.all()] == [first.id]
        assert not Colleague.objects.filter(practice=second).exists()


def test_the_instance_scope_shows_all(practices: tuple[Practice, Practice]) -> None:
    del practices
    with instance_scope():
        assert Colleague.objects.count() == 2


def test_an_inner_scope_ends_where_the_outer_one_was(practices: tuple[Practice, Practice]) -> None:
    first, second = practices
    with practice_scope(first.id):
        with practice_scope(second.id):
            assert Colleague.objects.get().practice_id == second.id
        assert Colleague.objects.get().practice_id == first.id


def test_every_tenant_model_reads_through_the_wall() -> None:
    tenants = TenantModel.__subclasses__()
    assert len(tenants) >= 12
    for model in tenants:
        with pytest.raises(ScopeError):
            model._default_manager.count()


@pytest.mark.postgres
def test_postgresql_hides_rows_from_a_query_that_forgot_its_filter(practices: tuple[Practice, Practice]) -> None:
    _needs_postgresql()
    first, _second = practices
    with practice_scope(first.id), connection.cursor() as cursor:
        cursor.execute("SELECT practice_id FROM practices_colleague")
        assert [row[0] for row in cursor.fetchall()] == [first.id]


@pytest.mark.postgres
def test_postgresql_refuses_a_read_without_a_scope(practices: tuple[Practice, Practice]) -> None:
    _needs_postgresql()
    del practices
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM practices_colleague")


@pytest.mark.postgres
def test_postgresql_refuses_to_write_into_another_practice(practices: tuple[Practice, Practice]) -> None:
    _needs_postgresql()
    first, second = practices
    with practice_scope(first.id), pytest.raises(DatabaseError), transaction.atomic():
        Colleague.objects.create(practice=second, email="b@example.fr", name="B")


@pytest.mark.postgres
def test_every_table_with_a_practice_has_its_forced_wall() -> None:
    _needs_postgresql()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'practice_id'"
            " WHERE c.relkind = 'r'"
        )
        walls = dict(cursor.fetchall())
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        (is_above_walls,) = cursor.fetchone() or (True,)
    assert len(walls) >= 15
    assert [table for table, is_walled in walls.items() if not is_walled] == []
    assert not is_above_walls


def _needs_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("row-level security is PostgreSQL's; SQLite has the scope alone")
