"""Statements that each request makes, planned once for each connection instead of each time.

Django writes values into the text of a statement, so that PostgreSQL reads and plans it anew each time; for long ones that
takes longer than to carry them out. They name their columns: one with `*` fails on a connection that is older than a column. A
pooler between us and PostgreSQL has to know prepared statements, as PgBouncer does from 1.21 on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper


@contextmanager
def prepared_cursor() -> Iterator[CursorWrapper]:
    """In the place of `connection.cursor()`. A value gets its type from where it stands; one that stands alone needs a cast.

    Where statements are logged it is that one: of a prepared statement the log would not know the text.
    """
    if connection.queries_logged:
        with connection.cursor() as plain:
            yield plain
        return
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with cast(Any, ServerBindingCursor)(connection.connection) as cursor:
        yield connection.make_cursor(cursor)
