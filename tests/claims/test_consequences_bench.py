"""`make bench-consequences` in small: what it times deals with the claims that it says, and with no other."""

from __future__ import annotations

from collections import OrderedDict

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.corrections import LISTED, Case, add_others, correct, grow, open_case
from bench.growth import Size, chase, one_round
from claims.models import Assessment, Claim, Payout, SettlementDue
from claims.operations.locks import INCIDENT
from services.models import OutageWindow

pytestmark = pytest.mark.django_db

TOUCHED = 20


@pytest.fixture
def case(db: None) -> Case:
    made = open_case(corrections=4)
    add_others(made, incidents=2)
    add_others(made, incidents=2)
    assert OutageWindow.objects.exclude(incident=made.incident).count() == 4 * LISTED
    chase(made)
    return made


def touched_by_the_correction(case: Case) -> set[int]:
    """Of their losses each is still going on when the corrected window used to end; all others are over or on another day."""
    end = case.last_end()
    return set(Claim.objects.filter(losses__start_at__lt=end, losses__end_at__gt=end).values_list("pk", flat=True))


def test_a_correction_touches_the_same_number_of_claims_at_each_size(case: Case):
    for claims in (200, 2000):
        grow(case, claims=claims, corrections=2, touched=TOUCHED)
        assert Payout.objects.values("claim").distinct().count() == claims, "all of them are settled"
        for _ in range(2):
            assessed = set(Assessment.objects.values_list("pk", flat=True))
            one_round(case, Size(claims), TOUCHED)
            again = set(Assessment.objects.exclude(pk__in=assessed).values_list("claim", flat=True))
            assert again == touched_by_the_correction(case)
            assert len(again) == TOUCHED
        assert max(again) - min(again) > claims // 3, "they lie all over the table"
        assert not SettlementDue.objects.exists()


def test_incidents_to_which_nothing_happened_cost_one_query_together(case: Case):
    with CaptureQueriesContext(connection) as queries:
        chase(case)
    assert len([q for q in queries if "services_recordversion" in q["sql"]]) == 1
    assert locked(queries) == 0


def test_only_the_incident_that_was_corrected_is_compiled_even_by_a_fresh_process(case: Case, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("claims.operations.policy._compiled", OrderedDict())
    correct(case)
    with CaptureQueriesContext(connection) as queries:
        chase(case)
    assert locked(queries) == 1


def locked(queries: CaptureQueriesContext) -> int:
    """How many incidents."""
    return len([q for q in queries if f"pg_advisory_xact_lock({INCIDENT['plan']}, " in q["sql"]])
