"""Statements that each request makes, planned once for each connection instead of each time.

Django writes values into the text of a statement, so that PostgreSQL reads and plans it anew each time; for long ones that
takes longer than to carry them out. They name their columns: one with `*` fails on a connection that is older than a column. A
pooler between us and PostgreSQL has to know prepared statements, as PgBouncer does from 1.21 on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar, cast

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

Row = TypeVar("Row", bound=Model)


@contextmanager
def prepared_cursor(rows: int = 1) -> Iterator[CursorWrapper]:
    """In the place of `connection.cursor()`. A value gets its type from where it stands; one that stands alone needs a cast.

    It is that one where statements are logged: of a prepared statement the log would not know the text; and for `rows` that are
    more than one: those are planned for by their number.
    """
    if rows > 1 or connection.queries_logged:
        with connection.cursor() as plain:
            yield plain
        return
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with cast(Any, ServerBindingCursor)(connection.connection) as cursor:
        yield connection.make_cursor(cursor)


def prepared_row(model: type[Row], where: str, values: Sequence[str | int]) -> Row | None:
    """The one row of which `where` holds, as its model has it; None without one. `where` is our own text, not the caller's, and
    may end with a lock. Of models whose columns are what PostgreSQL has: nothing is converted.
    """
    statement, columns = _read(model, where)
    with prepared_cursor() as cursor:
        cursor.execute(statement, values)
        found = cursor.fetchone()
    return None if found is None else model.from_db(connection.alias, columns, found)


@cache
def _read(model: type[Model], where: str) -> tuple[str, list[str]]:
    columns = [field.attname for field in model._meta.concrete_fields]
    return f"SELECT {', '.join(columns)} FROM {model._meta.db_table} WHERE {where}", columns  # noqa: S608 - our own names
