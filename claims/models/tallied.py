"""How a table tells the tallies about its rows: in the statement that writes them, so that nobody can forget it."""

import pgtrigger

_TELL = """
INSERT INTO claims_tallydue (source, rows, size)
SELECT '{source}', array_agg(a.{pk} ORDER BY a.{pk}), count(*) FROM {rows} HAVING count(*) > 0;
RETURN NULL;
"""


def tells_tallies(source: str, *, where: str = "", pk: str = "id") -> pgtrigger.Trigger:
    """One row of `TallyDue` for each statement that adds rows `a`, with the ids of those that `where` finds."""
    rows = f"added a{where and f' WHERE {where}'}"
    return pgtrigger.Trigger(
        name="tells_tallies",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
        func=_TELL.format(source=source, rows=rows, pk=pk),
    )


def tells_tallies_of_change(source: str, *, where: str) -> pgtrigger.Trigger:
    """The same for rows that a statement changes, `a` as they are and `b` as they were."""
    return pgtrigger.Trigger(
        name="tells_tallies",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        referencing=pgtrigger.Referencing(old="earlier", new="later"),  # type: ignore[no-untyped-call]
        func=_TELL.format(source=source, rows=f"later a JOIN earlier b USING (id) WHERE {where}", pk="id"),
    )
