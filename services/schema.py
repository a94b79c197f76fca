"""How the first tables are made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pgtrigger.migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class AtOnce(Operation):
    """Models of an app as they are after all these operations: CreateModel, and what adds to these models.

    After each operation Django renders every model that is related to the changed one: with hundreds of constraints that was
    50 of the 79 seconds until a first demonstration. Here the models are rendered once, and a table is made with all it has.
    """

    reversible = False
    reduces_to_sql = True
    ADDED = (CreateModel, AddField, AddConstraint, AddIndex)  # what a table is made with

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.operations], {}

    def describe(self) -> str:
        return "Make the tables"

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # rendered again where it is next asked for
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in self.operations:
            if isinstance(operation, CreateModel):
                schema_editor.create_model(to_state.apps.get_model(app_label, operation.name))
            elif isinstance(operation, pgtrigger.migrations.AddTrigger):
                operation.database_forwards(app_label, schema_editor, from_state, to_state)
            elif not isinstance(operation, self.ADDED):
                raise TypeError(f"{operation!r} does not add to a new table")
