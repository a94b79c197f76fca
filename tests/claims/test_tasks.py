"""The Celery tasks: one call each, harmless when they come twice, late, or for nothing."""

from datetime import timedelta
from typing import Any

import pytest

from claims import hints, tasks
from claims.models import AssessmentRun, Dispute, Event, Hint, WorkerBeat
from claims.queries import unlinked_rows
from services.models import Incident
from tests.builders import BIKE, NOW, a_person, a_policy, claim_of, outage, told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def incident(transactional_db: None) -> Incident:
    incident = outage()
    a_policy()
    return incident


def test_a_slice_works_off_a_run_closes_it_and_plans_what_came_meanwhile(incident: Incident):
    claims = [claim_of(a_person(), incident) for _ in range(3)]
    tasks.plan_runs()
    run = AssessmentRun.objects.get()
    late = claim_of(a_person(), incident)
    tasks.work_on_run.apply(kwargs={"run_id": run.pk}, throw=True)
    run.refresh_from_db()
    assert (run.state, sum(claim.assessments.count() for claim in claims)) == ("done", 3)
    assert AssessmentRun.objects.get(state="open").total == 1
    assert not late.assessments.exists()
    assert WorkerBeat.objects.count() == 1
    tasks.work_on_run.apply(kwargs={"run_id": run.pk}, throw=True)
    tasks.work_on_run.apply(kwargs={"run_id": 2**62}, throw=True)


def test_a_slice_that_runs_out_of_time_asks_to_be_called_again(incident: Incident, monkeypatch: pytest.MonkeyPatch):
    claim_of(a_person(), incident)
    tasks.plan_runs()
    run = AssessmentRun.objects.get()
    Hint.objects.all().delete()
    monkeypatch.setattr(tasks, "SLICE_SECONDS", 0)
    tasks.work_on_run.apply(kwargs={"run_id": run.pk}, throw=True)
    assert Hint.objects.values_list("task", "ref_id").get() == (hints.WORK_ON_RUN, run.pk)


def test_the_sweep_finds_what_nobody_called_for(incident: Incident):
    claim_of(a_person(), incident)
    Hint.objects.all().delete()
    tasks.sweep.apply(throw=True)
    assert AssessmentRun.objects.get().total == 1


def test_the_sweep_links_what_was_logged(incident: Incident):
    assert Event.objects.exists()
    tasks.sweep.apply(throw=True)
    assert not unlinked_rows(NOW + timedelta(days=9999))


def test_the_sweep_counts_what_is_reported_outside_the_record(incident: Incident, settings: Any):
    settings.CLAIMS_DISPUTE_THRESHOLD = 1
    claim_of(a_person(), incident, told(BIKE, "15 16:00", "15 17:00"))
    tasks.sweep.apply(throw=True)
    tasks.sweep.apply(throw=True)
    assert Dispute.objects.get().service.code == BIKE
