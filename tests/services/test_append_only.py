"""Rows are added, never changed: refused to the application by rights, to the owner by triggers."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction
from django.db.models import F, ProtectedError

from services.models import (
    ClockMove,
    Extent,
    Notice,
    Observation,
    OutageWindow,
    RecordExtent,
    RecordVersion,
    RecordWindow,
)
from services.operations import begin_clock
from tests.services.conftest import NOW

GUARDED = [Notice, Observation, OutageWindow, Extent, RecordVersion, RecordWindow, RecordExtent, ClockMove]

STATEMENTS = {
    "update": "UPDATE {table} SET id = id",
    "update of one row": "UPDATE {table} SET id = id WHERE id = (SELECT min(id) FROM {table})",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table} CASCADE",
    "upsert": "INSERT INTO {table} SELECT * FROM {table} LIMIT 1 ON CONFLICT (id) DO UPDATE SET id = excluded.id",
}


def test_orm_cannot_change_a_row(record):
    begin_clock(now=NOW)
    for model in GUARDED:
        row = model._default_manager.earliest("id")
        for attempt in (
            lambda model=model: model._default_manager.update(id=F("id")),
            row.save,
            row.delete,
            lambda model=model, row=row: model._default_manager.bulk_update([row], [model._meta.concrete_fields[1].name]),
            lambda model=model, row=row: model._default_manager.filter(pk=row.pk)._raw_delete("default"),
        ):
            with pytest.raises((ProgrammingError, ProtectedError)) as refused, transaction.atomic():
                attempt()
            assert "permission denied" in str(refused.value) or attempt == row.delete
        assert model._default_manager.get(pk=row.pk) == row


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("model", GUARDED)
def test_application_has_no_right_to_change_a_row(model, statement, db):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STATEMENTS[statement].format(table=model._meta.db_table))


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("model", GUARDED)
def test_not_even_the_owner_changes_a_row(model, statement):
    table = model._meta.db_table
    message = f"append_only: {table} rows are added, never changed"
    with (
        pytest.raises(IntegrityError, match=message),
        transaction.atomic(using="owner"),
        connections["owner"].cursor() as cursor,
    ):
        cursor.execute(STATEMENTS[statement].format(table=table))


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE services_notice DISABLE TRIGGER ALL",
        "DROP TABLE services_notice CASCADE",
        "CREATE TABLE stray (id integer)",
        "SET session_replication_role = replica",
    ],
)
def test_application_cannot_take_the_guards_away(statement, db):
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
