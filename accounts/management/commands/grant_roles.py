"""Give the application role its rights on every table, and no more."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections, transaction
from django.db.models import Model
from psycopg import sql

CHANGEABLE = ("SELECT", "INSERT", "UPDATE", "DELETE")
APPEND_ONLY = ("SELECT", "INSERT")
Rights = tuple[str, ...]


class Command(BaseCommand):
    """Run after `migrate`, with the owner's connection. Running it again changes nothing.

    A model says what may happen to its rows: `append_only = True`, nothing more; `changeable = ("column", ...)`,
    these columns may change and no row may go; neither, everything.
    """

    help = "Grant the application role SELECT and INSERT everywhere, UPDATE and DELETE where the models allow it."

    def handle(self, *args: Any, **options: Any) -> None:
        role = settings.DATABASES["default"]["USER"]
        owner = connections["owner"].settings_dict["USER"]
        if role == owner:
            self.stdout.write(
                f"Nothing granted: the application and the owner are the same role ({role}), which has every right on its "
                "own tables. Set DATABASE_URL to a role of its own to have append-only tables refused by rights as well "
                "as by triggers."
            )
            return
        rights = {**dict.fromkeys(_existing_tables(), ("SELECT",)), **_rights_by_table(), **_caches()}
        with transaction.atomic(using="owner"):
            _grant(role, rights)
        frozen = sum(granted == APPEND_ONLY for granted in rights.values())
        self.stdout.write(f"{role}: {len(rights)} tables, {frozen} of them append-only.")


def _existing_tables() -> list[str]:
    """All tables, among them Django's own list of migrations, which the application only reads."""
    with connections["owner"].cursor() as cursor:
        return connections["owner"].introspection.table_names(cursor)


def _rights_by_table() -> dict[str, Rights]:
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: _rights(model) for model in models if model._meta.managed and not model._meta.proxy}


def _caches() -> dict[str, Rights]:
    """Django's own, which have no models."""
    kept = [cache["LOCATION"] for cache in settings.CACHES.values() if cache["BACKEND"].endswith(".DatabaseCache")]
    return dict.fromkeys(kept, CHANGEABLE)


def _rights(model: type[Model]) -> Rights:
    columns = getattr(model, "changeable", None)
    if columns is not None:
        names = {field.name: field.column for field in model._meta.concrete_fields}
        listed = ", ".join(f'"{names[name]}"' for name in columns)
        return (*APPEND_ONLY, f"UPDATE ({listed})")
    return APPEND_ONLY if getattr(model, "append_only", False) else CHANGEABLE


def _grant(role: str, rights: dict[str, Rights]) -> None:
    """Takes everything back first, so that a table that became append-only loses its rights."""
    grantee = sql.Identifier(role)
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(grantee))
        cursor.execute(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(grantee))
        cursor.execute(sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(grantee))
        for table, granted in sorted(rights.items()):
            privileges = sql.SQL(", ").join(map(sql.SQL, granted))
            cursor.execute(sql.SQL("GRANT {} ON {} TO {}").format(privileges, sql.Identifier(table), grantee))
