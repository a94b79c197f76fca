"""What is due is planned, assessed chunk by chunk, and chased when a version is published."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError, OperationalError
from django.utils import timezone

from accounts.models import Person
from claims import hints
from claims.eligibility import EngineRefusal
from claims.facts import explain_batch
from claims.models import Assessment, AssessmentRun, Claim, Event, Hint, ReassessmentDue, RunChunk, TermsInForce, WorkerBeat
from claims.operations import (
    ToldFact,
    assess_next_chunk,
    assessment,
    chase_versions,
    finish_run,
    plan_runs,
    record_facts,
    sweep,
)
from claims.queries import (
    claim_state,
    current_lines,
    explain_claim,
    line_history,
    needing_assessment,
    open_runs,
    payouts_of,
)
from services.models import Incident, Service
from tests.builders import (
    BIKE,
    MESSAGES,
    NOW,
    a_person,
    a_policy,
    a_policy_that_asks,
    claim_of,
    follow_up,
    outage,
    told,
    work_off,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def policy(db: None) -> None:
    a_policy()


@pytest.fixture
def claims(incident: Incident, policy: None) -> list[Claim]:
    return [claim_of(a_person(), incident) for _ in range(5)]


def chunk_of(settings: Any, size: int) -> None:
    settings.CLAIMS_CHUNK_SIZE = size


def amounts(claim: Claim) -> list[int | None]:
    return [line.quantity for line in current_lines(claim)]


def test_a_run_assesses_every_claim_once(claims: list[Claim], settings: Any):
    chunk_of(settings, 2)
    (run,) = plan_runs(now=NOW)
    assert list(run.chunks.values_list("claims", flat=True)) == [2, 2, 1]
    assert Hint.objects.filter(task=hints.WORK_ON_RUN, ref_id=run.pk).count() == 2
    state = claim_state(claims[0])
    assert (state.state, str(state.progress)) == ("waiting", "0 of 5 assessed")
    assert needing_assessment().count() == 5
    assert [progress.run for progress in open_runs()] == [run]
    work_off([run], worker="w1")
    assert not needing_assessment().exists()
    assert not open_runs()
    assert list(Assessment.objects.values_list("claim", flat=True).order_by("claim")) == [claim.pk for claim in claims]
    assert amounts(claims[0]) == [3250]
    assert (claim_state(claims[0]).state, claim_state(claims[0]).worker) == ("assessed", "w1")
    assert Event.objects.filter(kind="chunk_assessed").count() == 3
    assert plan_runs(now=NOW) == []


def test_a_claim_due_twice_is_assessed_once(claims: list[Claim]):
    record_facts(claim_id=claims[0].pk, facts=[ToldFact("is_member", True)], now=NOW)
    work_off()
    assert claims[0].assessments.get().revision == 2


def test_a_claim_filed_during_a_run_gets_a_run_of_its_own(claims: list[Claim], incident: Incident):
    (first,) = plan_runs(now=NOW)
    late = claim_of(a_person(), incident)
    record_facts(claim_id=claims[0].pk, facts=[ToldFact("is_member", True)], now=NOW)
    (second,) = plan_runs(now=NOW)
    assert (second.due_after, second.total) == (first.due_horizon, 2)
    work_off([second, first])
    assert [a.run_id for a in claims[0].assessments.order_by("run")] == [first.pk, second.pk]
    assert late.assessments.get().run == second
    assert not ReassessmentDue.objects.exists()


def test_a_due_row_that_came_late_into_a_runs_span_is_planned_when_the_run_is_done(claims: list[Claim], incident: Incident):
    (run,) = plan_runs(now=NOW)
    late = claim_of(a_person(), incident)
    number = run.due_after + 1
    ReassessmentDue.objects.filter(pk=number).delete()  # the row of claims[0] gives up its number
    late.due.update(id=number)
    work_off([run])
    assert not late.assessments.exists()
    (after,) = work_off()
    assert late.assessments.get().run == after


def test_publishing_a_record_chases_only_those_it_touches(incident: Incident, policy: None):
    early = claim_of(a_person(), incident, told(MESSAGES, "15 15:30", "15 22:00"))
    late = claim_of(a_person(), incident, told(MESSAGES, "15 15:00", "16 03:00"))
    work_off()
    follow_up()
    assert amounts(late) == [5250]
    outage(version=2)
    assert chase_versions(now=NOW) == 1
    assert chase_versions(now=NOW) == 0
    assert late.due.get().cause == "record"
    work_off()
    assert (early.assessments.count(), amounts(late)) == (1, [5000])
    follow_up()
    first, second = payouts_of(late)
    assert (first.payout.kind, first.after) == ("first", 5250)
    assert (second.before, second.after, second.payout.kind) == (5250, 5000, "written_off")
    assert [line.quantity for line in line_history(late)] == [5250, 5000]
    assert explain_claim(late) is not None


@pytest.mark.parametrize(("won", "kind"), [(300, "top_up"), (249, "written_off"), (100, "recovery")])
def test_publishing_a_policy_chases_whom_it_pays(claims: list[Claim], won: int, kind: str):
    work_off()
    follow_up()
    a_policy(won=won)
    assert chase_versions(now=NOW) == 5
    assert set(ReassessmentDue.objects.values_list("cause", flat=True)) == {"policy"}
    work_off()
    follow_up()
    assert [found.payout.kind for found in payouts_of(claims[0])] == ["first", kind]


def test_planning_chases_first(claims: list[Claim]):
    work_off()
    a_policy(won=300)
    claim_of(a_person(), claims[0].incident)
    assert work_off()[0].total == 6


def test_newer_terms_supersede_a_run_that_is_under_way(claims: list[Claim], settings: Any):
    chunk_of(settings, 2)
    (run,) = plan_runs(now=NOW)
    assess_next_chunk(run_id=run.pk, worker="w", now=NOW)
    a_policy(won=300)
    (second,) = plan_runs(now=NOW)
    run.refresh_from_db()
    assert (run.state, second.total) == ("superseded", 5)
    assert not assess_next_chunk(run_id=run.pk, worker="w", now=NOW)
    work_off([second])
    assert {amounts(claim)[0] for claim in claims} == {3900}
    assert Assessment.objects.count() == 7


def test_a_new_service_does_not_break_a_run_under_way(claims: list[Claim], incident: Incident):
    (run,) = plan_runs(now=NOW)
    Service.objects.create(code="new_thing", name_ko="x", name_en="x")
    claim_of(claims[0].person, incident, told("new_thing"))
    with pytest.raises(Exception, match="newer than the terms"):
        assess_next_chunk(run_id=run.pk, worker="w", now=NOW)
    work_off()
    assert {line.outcome for line in current_lines(claims[0])} == {"eligible", "parked"}


# --- failure ------------------------------------------------------------------------------------


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> dict[int, Exception]:
    """Claims that make the engine raise."""
    bad: dict[int, Exception] = {}
    real = assessment.assess_apart  # type: ignore[attr-defined]

    def assess(batch: Any, terms: Any) -> Any:
        for claim in batch.claims["claim"]:
            if claim in bad:
                raise bad[claim]
        return real(batch, terms)

    monkeypatch.setattr(assessment, "assess_apart", assess)
    return bad


@pytest.mark.parametrize("error", [EngineRefusal("bad", "input"), DataError("no"), ZeroDivisionError()], ids=repr)
def test_a_poisoned_claim_is_quarantined_and_the_others_are_done(
    claims: list[Claim], poison: dict[int, Exception], error: Exception
):
    poison[claims[3].pk] = error
    (run,) = work_off()
    run.refresh_from_db()
    assert run.state == "done"
    assert {claim.pk for claim in claims if claim.assessments.exists()} == {claim.pk for claim in claims} - {claims[3].pk}
    chunk = run.chunks.get(state="quarantined")
    assert (chunk.first_claim_id, chunk.attempts, chunk.last_error) == (claims[3].pk, 1, repr(error))
    assert claim_state(claims[3]).state == "quarantined"
    assert Event.objects.get(kind="claim_quarantined").claim == claims[3]
    assert plan_runs(now=NOW) == []
    poison.clear()
    record_facts(claim_id=claims[3].pk, facts=[ToldFact("is_member", True)], now=NOW)
    work_off()
    assert claim_state(claims[3]).state == "assessed"


def test_new_terms_try_a_quarantined_claim_again(claims: list[Claim], poison: dict[int, Exception]):
    poison[claims[0].pk] = DataError("no")
    work_off()
    poison.clear()
    a_policy(won=300)
    chase_versions(now=NOW)
    work_off()
    assert amounts(claims[0]) == [3900]


def let_time_pass(run: AssessmentRun) -> None:
    run.chunks.filter(state="todo").update(attempted_at=NOW)


def just_tried(run: AssessmentRun) -> None:
    """However long the machine took since: the pause between two tries is short."""
    run.chunks.filter(state="todo").update(attempted_at=timezone.now() + timedelta(minutes=1))


def test_an_unexplained_failure_is_tried_five_times_before_it_is_split(
    person: Person, incident: Incident, policy: None, poison
):
    claim = claim_of(person, incident)
    poison[claim.pk] = KeyError("a bug")
    (run,) = plan_runs(now=NOW)
    for attempt in range(1, 6):
        assert run.chunks.get().state == "todo"
        assert assess_next_chunk(run_id=run.pk, worker="w", now=NOW)
        assert run.chunks.get().attempts == attempt
        just_tried(run)
        assert not assess_next_chunk(run_id=run.pk, worker="w", now=NOW), "not at once again"
        let_time_pass(run)
    assert run.chunks.get().state == "quarantined"


def test_a_chunk_that_kills_its_workers_is_not_tried_for_ever(claims: list[Claim], monkeypatch: pytest.MonkeyPatch):
    (run,) = plan_runs(now=NOW)
    run.chunks.update(attempts=5)  # five workers counted their attempt and never came back
    assert assess_next_chunk(run_id=run.pk, worker="w", now=NOW)
    assert list(run.chunks.values_list("state", "claims")) == [("split", 5), ("todo", 2), ("todo", 3)]


def test_a_database_that_goes_away_is_not_the_claims_fault(claims: list[Claim], poison: dict[int, Exception]):
    poison[claims[0].pk] = OperationalError("server closed the connection")
    (run,) = plan_runs(now=NOW)
    with pytest.raises(OperationalError):
        assess_next_chunk(run_id=run.pk, worker="w", now=NOW)
    assert run.chunks.get().state == "todo"
    assert ReassessmentDue.objects.count() == 5
    assert not finish_run(run_id=run.pk, now=NOW)


# --- the bridge ---------------------------------------------------------------------------------


def test_facts_reach_the_engine_one_per_name(incident: Incident, person: Person, policy: None):
    a_policy_that_asks(ride_charge="money of loss", word="text", fee="money")
    claim = claim_of(person, incident, told(BIKE, "15 15:20", "15 21:15", ToldFact("ride_charge", 5)))
    loss = claim.losses.get()
    said: list[tuple[str, Any, str]] = [
        ("word", '가\\나"다', "claimant"),
        ("fee", 1, "partner"),
        ("fee", 2, "partner"),
        ("fee", 3, "claimant"),
    ]
    for name, value, provenance in said:
        record_facts(claim_id=claim.pk, facts=[ToldFact(name, value, provenance)], now=NOW)
    work_off()
    record_facts(claim_id=claim.pk, facts=[ToldFact("fee", 4, "staff")], now=NOW)
    batch, _ = explain_batch(claim.assessments.get())
    assert sorted(batch.facts.rows(), key=str) == sorted(
        [
            (claim.pk, loss.pk, "ride_charge", 5, None, 0),
            (claim.pk, None, "word", None, '가\\나"다', 0),
            (claim.pk, None, "fee", 2, None, 1),
        ],
        key=str,
    )


def test_claims_between_those_that_are_due_are_left_out(incident: Incident, policy: None):
    mine, other, mine_too = (claim_of(a_person(), incident) for _ in range(3))
    other.due.all().delete()
    work_off()
    assert [claim.assessments.count() for claim in (mine, other, mine_too)] == [1, 0, 1]


def test_lines_come_back_as_they_were(incident: Incident, person: Person, policy: None, monkeypatch: pytest.MonkeyPatch):
    claim = claim_of(person, incident)
    real = assessment.assess_apart  # type: ignore[attr-defined]
    odd = ['a"b', "c\\d", "tab\there", "가,나", "{x}"]
    monkeypatch.setattr(assessment, "assess_apart", lambda batch, terms: _with_reasons(real(batch, terms), odd))
    work_off()
    assert current_lines(claim).get().reasons == odd


def _with_reasons(assessed: Any, reasons: list[str]) -> Any:
    return replace(assessed, verdicts=[replace(verdict, reasons=tuple(reasons)) for verdict in assessed.verdicts])


# --- the sweep ----------------------------------------------------------------------------------


def test_the_sweep_calls_idle_runs_and_beats(claims: list[Claim], settings: Any):
    chunk_of(settings, 1)
    (run,) = plan_runs(now=NOW)
    Hint.objects.all().delete()  # sent, and lost with the broker
    assert sweep(worker="w1", now=NOW)
    assert Hint.objects.filter(task=hints.WORK_ON_RUN, ref_id=run.pk).count() == 2
    assert sweep(worker="w1", now=NOW)
    assert Hint.objects.filter(task=hints.WORK_ON_RUN).count() == 2, "a call that waits is not repeated"
    Hint.objects.all().delete()
    assess_next_chunk(run_id=run.pk, worker="w2", now=NOW)
    sweep(worker="w1", now=NOW)
    assert not Hint.objects.filter(task=hints.WORK_ON_RUN).exists(), "somebody is at it"
    assert WorkerBeat.objects.get().name == "w1"


def test_a_second_sweep_changes_nothing(claims: list[Claim]):
    work_off()
    chase_versions(now=NOW)
    sweep(worker="w", now=NOW)
    before = [m.objects.count() for m in (Event, Hint, ReassessmentDue, AssessmentRun, RunChunk, TermsInForce)]
    assert chase_versions(now=NOW) == 0
    sweep(worker="w", now=NOW)
    assert [m.objects.count() for m in (Event, Hint, ReassessmentDue, AssessmentRun, RunChunk, TermsInForce)] == before
