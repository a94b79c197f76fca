"""The page of a run: how far, how fast, what failed; it moves by itself while the run is under way."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from claims.models import AssessmentRun
from claims.operations import assess_next_chunk, assessment, plan_runs
from claims.queries import report_of
from services.models import Incident
from tests.builders import NOW, a_person, a_policy, claim_of
from tests.services.feed_cast import staff

pytestmark = pytest.mark.django_db
QUERIES = 6  # session, user, roles, the run, its chunks by state, and those that failed


@pytest.fixture
def run(incident: Incident, settings: Any) -> AssessmentRun:
    settings.CLAIMS_CHUNK_SIZE = 2
    a_policy()
    for _ in range(5):
        claim_of(a_person(), incident)
    (planned,) = plan_runs(now=NOW)
    return planned


@pytest.fixture
def reader(client: Client, db: None) -> Client:
    client.force_login(staff("reader", "auditor"))
    return client


def shown(reader: Client, run: AssessmentRun) -> str:
    answer = reader.get(reverse("admin:claims_assessmentrun_change", args=[run.pk]), headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_moves_while_the_run_is_under_way_and_stands_still_afterwards(run: AssessmentRun, reader: Client):
    assert "data-refresh" in shown(reader, run)
    assert "0 / 5" in shown(reader, run)
    assert "Claims per second" not in shown(reader, run), "nothing was done by which to tell"
    assess_next_chunk(run_id=run.pk, worker="w1", now=NOW + timedelta(seconds=4))
    report = report_of(run)
    assert (report.progress.answered, report.pace, report.left) == (2, 0.5, timedelta(seconds=6))
    assert "2 / 5" in shown(reader, run)
    assert "Time left, at this pace" in shown(reader, run)
    while assess_next_chunk(run_id=run.pk, worker="w1", now=NOW + timedelta(seconds=10)):
        pass
    AssessmentRun.objects.filter(pk=run.pk).update(state="done", finished_at=NOW + timedelta(seconds=10))
    page = shown(reader, run)
    assert "5 / 5" in page
    assert "data-refresh" not in page
    assert "Time left" not in page


def test_what_failed_is_told_with_its_error_as_text(run: AssessmentRun, reader: Client, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: Any) -> None:
        raise DataError("<script>alert(1)</script>")

    monkeypatch.setattr(assessment, "assess_apart", fail)
    while assess_next_chunk(run_id=run.pk, worker="w1", now=NOW + timedelta(hours=1)):
        pass
    troubled, page = report_of(run).troubled, shown(reader, run)
    assert {chunk.state for chunk in troubled} == {"split", "quarantined"}
    put_aside = next(chunk for chunk in troubled if chunk.state == "quarantined")
    assert reverse("admin:claims_claim_change", args=[put_aside.first_claim_id]) in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_a_page_costs_as_many_queries_however_many_chunks(
    run: AssessmentRun, reader: Client, django_assert_num_queries: DjangoAssertNumQueries
):
    shown(reader, run)
    with django_assert_num_queries(QUERIES):
        shown(reader, run)
    while assess_next_chunk(run_id=run.pk, worker="w1", now=NOW):
        pass
    with django_assert_num_queries(QUERIES):
        shown(reader, run)


def test_a_number_that_no_run_has_is_not_found(reader: Client, db: None):
    assert reader.get(reverse("admin:claims_assessmentrun_change", args=[10**9])).status_code == 404
