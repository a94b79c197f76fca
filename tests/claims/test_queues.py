"""The next of a queue is found in an index, however long the queue is: none is read or sorted as a whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import TermsInForce
from claims.operations import (
    begin_full_comparisons,
    chase_versions,
    compare_next_chunk,
    derive_next,
    find_next_twins,
    plan_runs,
    settle_next,
    sort_next,
    write_next_letters,
)
from services.models import Incident
from tests.builders import a_policy

pytestmark = pytest.mark.django_db

NOW = datetime(2022, 12, 10, tzinfo=UTC)
# Made-up rows, so many that nothing is sorted where an index has them in turn, of what is nowhere: no foreign keys, and numbers
# that no test comes to.
FILL = {
    "claims_letterdue": """(decision_id, attempts, last_error, created_at)
        SELECT n, n %% 7, '', %s FROM generate_series(1, 5000) n""",
    "claims_settlementdue": """(chunk_id, attempts, last_error, created_at)
        SELECT n, n %% 7, '', %s FROM generate_series(1, 5000) n""",
    "claims_derivationdue": """(first_usage_id, last_usage_id, attempts, last_error, created_at)
        SELECT n, n, n %% 7, '', %s FROM generate_series(1, 5000) n""",
    "claims_twindue": """(claim_id, incident_id, attempts, last_error, created_at)
        SELECT n, 900000000 + n %% 3, n %% 7, '', %s FROM generate_series(1, 5000) n""",
    "claims_sortdue": """(claim_id, attempts, last_error, created_at)
        SELECT n, n %% 7, '', %s FROM generate_series(1, 5000) n""",
    "claims_reassessmentdue": """(claim_id, incident_id, cause, created_at)
        SELECT n, 900000000 + n %% 3, 'record', %s FROM generate_series(1, 5000) n""",
    "claims_comparison": """(incident_id, of, terms_hash, document, against, total, state, begun_at, finished_at)
        SELECT i.id, 'in_force', '', '{}', '', 0, 'done', at, at
          FROM services_incident i, (SELECT %s::timestamptz AS at), generate_series(1, 5000) n""",
    "claims_comparisonchunk": """
        (comparison_id, number, first_claim_id, last_claim_id, state, attempts, claims, last_error, done_at)
        SELECT id, 1, 1, 1, 'done', 1, 1, '', %s FROM claims_comparison""",
}


def fill(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} {FILL[table]}", [NOW])


def plan_of(work: Callable[..., object], words: str) -> str:
    """How the database answers the statement of the work that has these words."""
    with CaptureQueriesContext(connection) as queries:
        work(now=NOW)
    (statement,) = {query["sql"] for query in queries if words in query["sql"] and query["sql"].startswith(("SELECT", "WITH"))}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")  # whatever it is thought to hold: sorted only where no index serves
        cursor.execute(f"EXPLAIN {statement}")
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize(
    ("work", "table", "index"),
    [
        (write_next_letters, "claims_letterdue", "letters_in_turn"),
        (settle_next, "claims_settlementdue", "settlements_in_turn"),
        (derive_next, "claims_derivationdue", "derivations_in_turn"),
        (find_next_twins, "claims_twindue", "twins_in_turn"),
        (sort_next, "claims_sortdue", "sorts_in_turn"),
    ],
)
def test_what_is_next_is_read_from_an_index_in_turn(work: Callable[..., object], table: str, index: str):
    fill(table)
    words = '"claim_id" IS NULL' if table == "claims_derivationdue" else f'FROM "{table}"'
    plan = plan_of(work, words)
    assert f"using {index}" in plan, plan
    assert "Index Cond: (attempts < 5)" in plan, plan
    assert "Sort" not in plan, plan


def test_whose_assessments_are_due_is_asked_of_each_incident(incident: Incident):
    fill("claims_reassessmentdue")
    with connection.cursor() as cursor:  # the one incident of a test may as well be joined otherwise
        cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_hashagg = off")
    plan = plan_of(plan_runs, 'FROM "services_incident"')
    assert "Nested Loop Semi Join" in plan, plan
    assert "using due_by_incident" in plan, plan
    assert "Aggregate" not in plan, "the queue is not read as a whole"


def test_looking_for_nightly_comparisons_to_begin_costs_the_same_for_many_incidents(incident: Incident):
    a_policy()
    chase_versions(now=NOW)
    (in_force,) = TermsInForce.objects.all()
    assert begin_full_comparisons(now=NOW, since=NOW) == 1
    found = [queries_of_a_look()]
    for number in range(3):
        another = Incident.objects.create(key=f"another-{number}", title_ko="다른 장애", title_en="Another", started_at=NOW)
        TermsInForce.objects.create(incident=another, terms=in_force.terms, since_at=NOW)
    assert begin_full_comparisons(now=NOW, since=NOW) == 3, "the first one was begun"
    found.append(queries_of_a_look())
    assert found == [2, 2], "the lock, and one question"


def queries_of_a_look() -> int:
    with CaptureQueriesContext(connection) as queries:
        assert begin_full_comparisons(now=NOW, since=NOW) == 0
    return len(queries)


def test_what_is_compared_next_is_asked_of_open_comparisons_alone(incident: Incident):
    fill("claims_comparison")
    fill("claims_comparisonchunk")
    plan = plan_of(compare_next_chunk, "FROM claims_comparisonchunk")
    assert "open_comparisons" in plan, plan
    assert "using chunks_to_compare" in plan, plan
