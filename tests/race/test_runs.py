"""Workers, planners and claimants at the same time."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Person
from claims.models import Assessment, AssessmentRun, Claim, DerivationDue, Event, ReassessmentDue
from claims.operations import (
    ToldFact,
    assess_next_chunk,
    assessment,
    chase_versions,
    derivation,
    derive_losses,
    derive_next,
    finish_run,
    open_claim,
    plan_runs,
    publish_policy,
    record_facts,
    sweep,
    work,
)
from claims.queries import current_lines
from services.models import Incident
from tests.builders import NOW, a_person, a_policy, claim_of, outage, pack, told, usage, work_off
from tests.race.together import Step, in_transaction, one_before_the_other, together, until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def incident(transactional_db: None) -> Incident:
    incident = outage()
    a_policy()
    return incident


def file(incident: Incident, number: int) -> list[Claim]:
    return [claim_of(a_person(), incident) for _ in range(number)]


def plan() -> AssessmentRun:
    with transaction.atomic():
        (run,) = plan_runs(now=NOW)
    return run


def work_until_done(run: AssessmentRun, worker: str) -> Callable[[], int]:
    def run_all() -> int:
        chunks = 0
        while assess_next_chunk(run_id=run.pk, worker=worker, now=NOW):
            chunks += 1
        return chunks

    return run_all


def finish(run: AssessmentRun) -> bool:
    with transaction.atomic():
        return finish_run(run_id=run.pk, now=NOW)


def test_two_workers_assess_each_claim_once(incident: Incident, settings: Any, monkeypatch: pytest.MonkeyPatch):
    """The second chooses when the first has chosen and not committed it, and chooses another chunk."""
    settings.CLAIMS_CHUNK_SIZE = 1
    chose: dict[str, int] = {}
    one, other, real = Step(), Step(), assessment._count_attempt

    def choose(run_id: int, worker: str) -> Any:
        if worker == "w2":
            one.wait()
        with transaction.atomic():
            chunk = real(run_id, worker)
            chose.setdefault(worker, chunk.pk if chunk else 0)
            if worker == "w2":
                other.reach()
            elif not one.reached():
                one.reach()
                until_blocked(unless=other)
        return chunk

    monkeypatch.setattr(assessment, "_count_attempt", choose)
    claims = file(incident, 12)
    run = plan()
    first, second = together(work_until_done(run, "w1"), work_until_done(run, "w2"))
    assert first
    assert second
    assert chose["w1"] != chose["w2"]
    assert Counter(Assessment.objects.values_list("claim", flat=True)) == {claim.pk: 1 for claim in claims}
    assert Event.objects.filter(kind="chunk_assessed").count() == 12
    assert set(run.chunks.values_list("state", flat=True)) == {"done"}
    assert finish(run)


def test_two_workers_with_one_chunk(incident: Incident, monkeypatch: pytest.MonkeyPatch):
    """Both chose the chunk before either locked it: one computes it, the other leaves it alone."""
    file(incident, 3)
    run = plan()
    chunk = run.chunks.get()
    computed = []
    real = assessment.assess_apart  # type: ignore[attr-defined]

    def assess_slowly(batch: Any, terms: Any) -> Any:
        computed.append(1)
        time.sleep(0.3)
        return real(batch, terms)

    monkeypatch.setattr(assessment, "assess_apart", assess_slowly)

    def compute() -> None:
        with transaction.atomic():
            assessment._assess_chunk(chunk.pk, "w", NOW)

    together(compute, compute)
    assert len(computed) == 1
    assert Assessment.objects.count() == 3


def test_two_planners_make_one_run(incident: Incident):
    file(incident, 1)
    work_off()  # the terms are in force: storing them would make the planners wait for each other
    file(incident, 5)
    (run,), none = one_before_the_other(plan_runs, plan_runs, now=NOW)
    assert (run.total, none) == (5, [])


def test_two_chasers_make_a_claim_due_once(incident: Incident):
    (claim,) = file(incident, 1)
    run = plan()
    work_until_done(run, "w")()
    finish(run)
    a_policy(won=300)
    one_before_the_other(chase_versions, chase_versions, now=NOW)
    assert claim.due.count() == 1


def test_two_sweeps_are_one(incident: Incident, monkeypatch: pytest.MonkeyPatch):
    real = work._idle_runs

    def look_slowly(now: datetime) -> Any:
        time.sleep(0.3)
        return real(now)

    monkeypatch.setattr(work, "_idle_runs", look_slowly)
    swept = together(in_transaction(sweep, worker="a", now=NOW), in_transaction(sweep, worker="b", now=NOW))
    assert sorted(swept) == [False, True]


def test_a_claim_told_while_others_are_derived_stays_due(incident: Incident, monkeypatch: pytest.MonkeyPatch):
    """What is derived and what is deleted from the queue must be the same rows."""
    file(incident, 2)
    real = derivation.derive_losses  # type: ignore[attr-defined]
    told_meanwhile: list[Claim] = []

    def derive_slowly(**arguments: Any) -> Any:
        if not told_meanwhile:
            together(lambda: told_meanwhile.extend(file(incident, 1)))
        return real(**arguments)

    monkeypatch.setattr(derivation, "derive_losses", derive_slowly)
    assert derive_next(now=NOW)
    assert DerivationDue.objects.get().claim == told_meanwhile[0]


def test_of_two_derivers_one_does_the_work(incident: Incident, monkeypatch: pytest.MonkeyPatch):
    file(incident, 2)
    real = derivation.derive_losses  # type: ignore[attr-defined]
    derived = []

    def derive_slowly(**arguments: Any) -> Any:
        derived.append(1)
        time.sleep(0.3)
        return real(**arguments)

    monkeypatch.setattr(derivation, "derive_losses", derive_slowly)
    assert sorted(together(lambda: derive_next(now=NOW), lambda: derive_next(now=NOW))) == [False, True]
    assert derived == [1]


def test_a_revision_between_planning_and_chunk_is_read_or_stays_due(incident: Incident):
    (claim,) = file(incident, 1)
    run = plan()
    with transaction.atomic():
        record_facts(claim_id=claim.pk, facts=[ToldFact("is_member", True)], now=NOW)
    work_until_done(run, "w")()
    assert claim.assessments.get().revision == 2
    assert claim.due.count() == 1, "its due row is for the next run, which finds nothing new: better than to lose it"


def test_a_revision_that_commits_while_the_chunk_is_computed_is_not_swallowed(
    incident: Incident, monkeypatch: pytest.MonkeyPatch
):
    (claim,) = file(incident, 1)
    run = plan()
    written, computing = Step(), Step()
    real = assessment.load_batch  # type: ignore[attr-defined]

    def load_late(*args: Any, **more: Any) -> Any:
        loaded = real(*args, **more)
        computing.reach()
        written.wait()
        return loaded

    monkeypatch.setattr(assessment, "load_batch", load_late)

    def revise() -> None:
        computing.wait()
        with transaction.atomic():
            record_facts(claim_id=claim.pk, facts=[ToldFact("is_member", True)], now=NOW)
        written.reach()

    together(work_until_done(run, "w"), revise)
    finish(run)
    assert claim.assessments.get().revision == 1
    assert claim.due.count() == 1
    monkeypatch.undo()
    work_until_done(plan(), "w")()
    assert claim.assessments.order_by("-run")[0].revision == 2


def test_a_revision_that_is_written_before_and_commits_after_the_chunk_is_not_swallowed(incident: Incident):
    (claim,) = file(incident, 1)
    run = plan()
    written, assessed = Step(), Step()

    def revise() -> None:
        with transaction.atomic():
            record_facts(claim_id=claim.pk, facts=[ToldFact("is_member", True)], now=NOW)
            written.reach()
            assessed.wait()

    def compute() -> None:
        written.wait()
        work_until_done(run, "w")()
        assessed.reach()

    together(revise, compute)
    assert claim.assessments.get().revision == 1
    assert claim.due.count() == 1


def test_of_two_last_chunks_one_worker_closes_the_run(incident: Incident, settings: Any):
    """The first has done its chunk and seen the other one left; who does that one waits, and sees both done."""
    settings.CLAIMS_CHUNK_SIZE = 1
    file(incident, 2)
    run = plan()

    def last() -> bool:
        assess_next_chunk(run_id=run.pk, worker="w", now=NOW)
        return finish(run)

    assert one_before_the_other(last, last) == [False, True]
    run.refresh_from_db()
    assert run.state == "done"
    assert Event.objects.filter(kind="run_done").count() == 1


def test_two_workers_that_finish_at_the_same_time_record_it_once(incident: Incident):
    file(incident, 1)
    run = plan()
    work_until_done(run, "w")()
    assert one_before_the_other(finish_run, finish_run, run_id=run.pk, now=NOW) == [True, False]
    assert Event.objects.filter(kind="run_done").count() == 1


def test_new_terms_wait_for_the_chunk_that_is_being_computed(incident: Incident, monkeypatch: pytest.MonkeyPatch):
    """Or that claim would be assessed with the old terms after everybody had looked."""
    (claim,) = file(incident, 1)
    run = plan()
    computing = Step()
    real = assessment.load_batch  # type: ignore[attr-defined]

    def load_slowly(*args: Any, **more: Any) -> Any:
        loaded = real(*args, **more)
        computing.reach()
        until_blocked()
        return loaded

    monkeypatch.setattr(assessment, "load_batch", load_slowly)

    def publish() -> None:
        computing.wait()
        with transaction.atomic():
            publish_policy(pack_yaml=pack(won=300), now=NOW)
        with transaction.atomic():
            chase_versions(now=NOW)

    together(work_until_done(run, "w"), publish)
    assert claim.assessments.get().run == run
    work_until_done(plan(), "w")()
    assert current_lines(claim).get().quantity == 3900


# --- claims -------------------------------------------------------------------------------------


def test_a_person_who_files_twice_at_once_has_one_claim(incident: Incident):
    person = a_person()
    first, second = one_before_the_other(
        partial(open_claim, losses=[told()]), partial(open_claim, losses=[told("kakaotalk.pc_login")]),
        person=person, incident=incident, now=NOW,
    )  # fmt: skip
    assert first == second
    assert sorted(first.revisions.values_list("number", flat=True)) == [1, 2]
    assert first.due.count() == first.losses.count() == 2


def test_two_revisions_at_once_get_a_number_each(incident: Incident):
    (claim,) = file(incident, 1)
    one_before_the_other(
        lambda: record_facts(claim_id=claim.pk, facts=[ToldFact("is_member", True)], now=NOW),
        lambda: record_facts(claim_id=claim.pk, facts=[ToldFact("is_member", False)], now=NOW),
    )
    assert list(claim.revisions.values_list("number", flat=True)) == [1, 2, 3]


def test_two_identical_claims_at_once_are_one(incident: Incident):
    person = a_person()
    one_before_the_other(open_claim, open_claim, person=person, incident=incident, losses=[told()], now=NOW)
    claim = Claim.objects.get()
    assert claim.revisions.count() == claim.losses.count() == claim.due.count() == 1


def test_deriving_twice_at_once_adds_each_loss_once(incident: Incident):
    people: list[Person] = [a_person() for _ in range(5)]
    for person in people:
        usage(person, "kakao_t_taxi_driver.app", "shift", "16 06:00", "16 14:00")
    derived = one_before_the_other(derive_losses, derive_losses, incident=incident, now=NOW)
    assert [one.revisions for one in derived] == [5, 0]
    assert ReassessmentDue.objects.count() == 5


def test_the_same_policy_published_twice_at_once_is_one_version(incident: Incident):
    first, second = one_before_the_other(publish_policy, publish_policy, pack_yaml=pack(won=300), now=NOW)
    assert first == second
    assert first.number == 2
