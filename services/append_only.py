"""Tables whose rows are added and never changed: the triggers behind the promise.

The application role has no right to UPDATE, DELETE or TRUNCATE such a table either
(`manage.py grant_roles`). The triggers hold for the owner too, so that a slip in a
migration or a psql session is refused as well.
"""

import pgtrigger


def append_only_triggers() -> list[pgtrigger.Trigger]:
    """For `class Meta: triggers = append_only_triggers()`.

    One statement trigger: inserts pay nothing for it, however many rows they carry,
    and even an update that would meet no row is refused.
    """
    return [
        pgtrigger.Trigger(
            name="append_only",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
            func="""
                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME
                    USING ERRCODE = 'integrity_constraint_violation',
                          HINT = 'Add a row that says what is true now.';
            """,
        )
    ]


def closed_for_ever(state: str) -> list[pgtrigger.Trigger]:
    """For `class Meta`: a row that has left this state says what was done and is never changed again."""
    return [
        pgtrigger.Trigger(
            name="closed_for_ever",
            level=pgtrigger.Row,
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            condition=~pgtrigger.Q(old__state=state),
            func="""
                RAISE EXCEPTION 'closed_for_ever: % of % is %', OLD.id, TG_TABLE_NAME, OLD.state
                    USING ERRCODE = 'integrity_constraint_violation',
                          HINT = 'What was done is not changed; begin a new one.';
            """,
        )
    ]
