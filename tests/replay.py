"""The record as it was loaded once in this process, for the many tests that begin with it: a twentieth of the work.

What is copied back was made by the real operations, in the same database; its triggers and constraints run again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from services.models import ClockMove, Incident, Service, Source

_loaded: dict[str, list[tuple[str, bytes]]] = {}


def loaded(name: str, load: Callable[[], Any]) -> None:
    """Run `load`, which writes in `services` only; where nothing is there yet, what it wrote the first time is copied back.

    The ids are those of the first time: a sequence never goes back, so nothing else has them.
    """
    if any(model.objects.exists() for model in (Source, Service, Incident)):
        load()
    elif name in _loaded:
        with transaction.atomic(), connection.cursor() as cursor:
            for columns, rows in _loaded[name]:
                with cursor.copy(f"COPY {columns} FROM STDIN") as copy:
                    copy.write(rows)
    else:
        load()
        _loaded[name] = [(columns, rows) for columns in _tables() if (rows := _copied(columns))]


def _tables() -> list[str]:
    """With their columns, in the order of declaration: who is referred to comes first. A sandbox's clock is no record."""
    models = [model for model in apps.get_app_config("services").get_models() if model is not ClockMove]
    columns = {model: ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields) for model in models}
    return [f"{model._meta.db_table} ({named})" for model, named in columns.items()]


def _copied(columns: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f"COPY {columns} TO STDOUT") as copy:
        return b"".join(bytes(part) for part in copy)
