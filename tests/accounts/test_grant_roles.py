"""The application role's rights, asked of PostgreSQL itself."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connections, transaction

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

MODELS = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy]
APPEND_ONLY = [model for model in MODELS if getattr(model, "append_only", False)]
ALL = {"SELECT", "INSERT", "UPDATE", "DELETE"}


def rights(table: str) -> set[str]:
    """What the application may do with a table; the owner looks, so that uncommitted grants are seen."""
    role = connections["default"].settings_dict["USER"]
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT right_name FROM unnest(%s::text[]) AS right_name WHERE has_table_privilege(%s, %s, right_name)",
            [[*ALL, "TRUNCATE", "REFERENCES", "TRIGGER"], role, table],
        )
        return {name for (name,) in cursor.fetchall()}


def test_tests_run_as_the_application_role():
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT current_user, usesuper, usecreatedb FROM pg_user WHERE usename = current_user")
        assert cursor.fetchone() == (connections["default"].settings_dict["USER"], False, False)
    assert connections["default"].settings_dict["USER"] != connections["owner"].settings_dict["USER"]


def test_rights_follow_the_model():
    for model in MODELS:
        kept = model in APPEND_ONLY or hasattr(model, "changeable")
        assert rights(model._meta.db_table) == ({"SELECT", "INSERT"} if kept else ALL), model


def test_only_the_named_columns_can_change():
    role = connections["default"].settings_dict["USER"]
    kept = [model for model in MODELS if hasattr(model, "changeable")]
    assert {model.__name__ for model in kept} >= {"Claim", "AssessmentRun", "RunChunk", "Policy", "Service", "Incident"}
    with connections["owner"].cursor() as cursor:
        for model in kept:
            cursor.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
                "AND has_column_privilege(%s, attrelid, attnum, 'UPDATE')",
                [model._meta.db_table, role],
            )
            named = {model._meta.get_field(name).column for name in model.changeable}
            assert {column for (column,) in cursor.fetchall()} == named, model


def test_the_list_of_migrations_is_only_read():
    assert rights("django_migrations") == {"SELECT"}


def test_what_is_append_only_has_its_trigger():
    with connections["owner"].cursor() as cursor:
        for model in APPEND_ONLY:
            # Bits of pg_trigger.tgtype: 2 before, 8 delete, 16 update, 32 truncate; without 1 it is per statement.
            cursor.execute(
                "SELECT tgtype, tgenabled FROM pg_trigger "
                "WHERE tgrelid = %s::regclass AND tgname LIKE 'pgtrigger_append_only%%'",
                [model._meta.db_table],
            )
            assert cursor.fetchall() == [(2 + 8 + 16 + 32, "O")], model


def test_running_it_again_mends_what_was_changed():
    role = connections["default"].settings_dict["USER"]
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(f'GRANT UPDATE, TRUNCATE ON services_notice TO "{role}"')
        cursor.execute(f'REVOKE INSERT ON services_notice FROM "{role}"')
        assert rights("services_notice") == {"SELECT", "UPDATE", "TRUNCATE"}
        for _ in range(2):
            call_command("grant_roles", stdout=StringIO())
            assert rights("services_notice") == {"SELECT", "INSERT"}


def test_with_one_role_for_all_nothing_is_granted(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "USER", connections["owner"].settings_dict["USER"])
    said = StringIO()
    call_command("grant_roles", stdout=said)
    assert said.getvalue().startswith("Nothing granted: the application and the owner are the same role")
