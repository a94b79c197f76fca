"""A made-up outage of taxi calling whose end is corrected twice: who is paid what, told what, and who is left alone."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from claims.eligibility import assess_apart
from claims.models import (
    Assessment,
    Claim,
    Comparison,
    ComparisonDifference,
    Event,
    Letter,
    LetterDue,
    Payout,
    ReassessmentDue,
    SettlementDue,
)
from claims.operations import (
    ToldFact,
    begin_full_comparisons,
    compare_next_chunk,
    publish_policy,
    record_facts,
)
from claims.queries import explain_assessment
from services.models import Incident
from services.operations import NoticeSaid, ObservationSaid, record_notice, record_observation
from tests.builders import a_person, a_user, follow_up, work_off
from tests.made_up import (
    LATER,
    PACK,
    chase,
    claim,
    claims_of_the_morning,
    compare_all,
    everything,
    made_up,
    net,
    on,
    overlap,
    owed,
    owed_by_rule,
    publish,
)
from tests.worlds import world

pytestmark = pytest.mark.django_db


@world
def incident(db: None) -> Incident:
    return made_up()


FIRST, SECOND, THIRD = on("12:00"), on("12:30"), on("11:00")
MOST = int(os.environ.get("SCENARIO_CLAIMS", "60"))


@world
def paid(incident: Incident) -> list[Claim]:
    """Paid under version 1."""
    publish(FIRST)
    claims = claims_of_the_morning(incident, MOST)
    everything()
    return claims


def test_each_correction_makes_exactly_one_difference_for_those_it_touches(paid: list[Claim]):
    letters = {letter.pk: (bytes(letter.content), letter.content_hash) for letter in Letter.objects.all()}
    first = {a.pk: explain_assessment(a).text("ko") for a in Assessment.objects.select_related("run__terms", "claim")[:10]}
    assert {p.kind for p in Payout.objects.all()} == {"first"}
    assert len(letters) == MOST, "who is owed nothing is told so"

    for before, after in ((FIRST, SECOND), (SECOND, THIRD)):
        rows = {c.pk: c.payouts.count() for c in paid}
        publish(after)
        touched = {c.pk for c in paid if overlap(c, before) != overlap(c, after)}
        assert chase() == len(touched) > 0
        assert set(ReassessmentDue.objects.values_list("claim", flat=True)) == touched
        everything()
        for one in paid:
            changed = owed_by_rule(overlap(one, after)) != owed_by_rule(overlap(one, before))
            assert one.payouts.count() - rows[one.pk] == changed, one.losses.get()
            assert net(one) == owed(one) == owed_by_rule(overlap(one, after))
        differences = Payout.objects.count() - sum(rows.values())
        print(f"{MOST} claims: {len(touched)} touched, {differences} differences, {Letter.objects.count()} letters so far")

    for pk, kept in letters.items():
        letter = Letter.objects.get(pk=pk)
        assert (bytes(letter.content), letter.content_hash) == kept
    assert {pk: explain_assessment(Assessment.objects.get(pk=pk)).text("ko") for pk in first} == first
    counts = [model.objects.count() for model in (Assessment, Payout, Letter)]
    publish(THIRD)
    assert chase() == 0
    everything()
    assert [model.objects.count() for model in (Assessment, Payout, Letter)] == counts


def test_a_small_recovery_is_written_off_and_taken_up_again_before_more_is_paid(incident: Incident):
    publish(on("12:00"))
    one = claim(a_person(), incident, on("11:00"), on("13:00"))
    everything()
    for end, expected in (
        ("11:55", []),
        ("11:50", [("written_off", -500)]),
        ("12:00", [("written_off", 500)]),
        ("11:50", [("written_off", -500)]),
        ("12:20", [("written_off", 500), ("top_up", 1000)]),
        ("11:20", [("recovery", -3000)]),
    ):
        last = one.payouts.order_by("-pk")[0].pk
        publish(on(end))
        chase()
        everything()
        assert [(p.kind, p.quantity) for p in one.payouts.filter(pk__gt=last).order_by("kind", "pk").reverse()] == expected, end
        assert net(one) == owed(one)
    out = one.payouts.exclude(kind="written_off").aggregate(out=Sum("quantity"))["out"]
    assert out == owed(one) == 1000


def test_nothing_is_asked_back_while_a_line_is_not_decided(incident: Incident):
    """A new version of the policy asks for a fact that nobody has told: that is not known, and not less."""
    publish(on("12:00"))
    one = claim(a_person(), incident, on("11:00"), on("12:00"))
    everything()
    asks = "facts:\n  is_driver: {type: boolean, label: {ko: 기사, en: Driver}}\nreasons:\n  no_driver: {ko: 아님, en: No}\n"
    counts = "    windows: {severities: [full]}\n"
    text = PACK.read_text(encoding="utf-8").replace("rules:\n", f"{asks}rules:\n", 1)
    text = text.replace(counts, f"{counts}    require: [{{fact: is_driver, is: true, reason: no_driver}}]\n", 1)
    text = text.replace("    expect:", "    facts: {is_driver: true}\n    expect:")
    with transaction.atomic():
        publish_policy(pack_yaml=text, now=LATER)
    assert chase() == 1
    everything()
    assert one.assessments.order_by("-run")[0].lines.get().outcome == "unknown"
    assert [(p.kind, p.quantity) for p in one.payouts.all()] == [("first", 3000)]
    assert not compare_all().differences.exists()
    with transaction.atomic():
        record_facts(claim_id=one.pk, facts=[ToldFact("is_driver", False, provenance="staff")], now=LATER)
    everything()
    assert [(p.kind, p.quantity) for p in one.payouts.all()] == [("first", 3000), ("recovery", -3000)]


def test_what_moves_to_another_rule_is_not_paid_twice(incident: Incident):
    """500 won are less than the floor of what is asked back."""
    publish(on("12:00"))
    one = claim(a_person(), incident, on("11:50"), on("12:00"))
    everything()
    with transaction.atomic():
        renamed = PACK.read_text(encoding="utf-8").replace("code: ten_minutes", "code: tens").replace("{ten_minutes:", "{tens:")
        publish_policy(pack_yaml=renamed, now=LATER)
    chase()
    everything()
    assert sorted((p.rule, p.kind, p.quantity) for p in one.payouts.all()) == [
        ("ten_minutes", "first", 500), ("ten_minutes", "recovery", -500), ("tens", "first", 500),
    ]  # fmt: skip


def test_a_version_that_only_knows_longer_touches_open_losses_and_no_others(incident: Incident):
    still_down = claim(a_person(), incident, on("10:00"), None)
    over = claim(a_person(), incident, on("10:00"), on("10:30"))
    publish(on("12:00"), as_of=on("11:00"))
    everything()
    assert net(still_down) == 3000
    publish(on("12:00"), as_of=on("12:00"))
    assert chase() == 1
    everything()
    assert (net(still_down), over.assessments.count()) == (6000, 1)


def test_what_a_citizen_reports_touches_those_who_lost_that_service(incident: Incident):
    publish(on("12:00"))
    one = claim(a_person(), incident, on("11:00"), on("12:00"), service="unnamed_bank.banking")
    everything()
    with transaction.atomic():
        heard: dict[str, Any] = {
            "key": "heard",
            "source": "citizen",
            "channel": "letter",
            "text": "안 된다.",
            "incident": "made-up",
        }
        record_notice(NoticeSaid(**heard, published_at=on("13:00")), now=LATER)
        record_observation(ObservationSaid(notice="heard", service="unnamed_bank.banking", state="down"))
    assert chase() == 1
    everything()
    assert not compare_all().differences.exists()
    assert one.assessments.count() == 2


def test_who_is_owed_nothing_gets_no_row_and_is_told_why(incident: Incident):
    publish(on("12:00"))
    outside = claim(a_person(), incident, on("14:00"), on("15:00"))
    everything()
    assert outside.assessments.count() == 1
    assert not Payout.objects.exists()
    told = bytes(Letter.objects.get().content).decode()
    assert "보상해 드릴 것이 없습니다" in told
    assert "사람이 다시 보도록" in told
    assert "<table>" not in told
    assert not SettlementDue.objects.exists()


def test_a_letter_says_what_changed_and_why(incident: Incident):
    publish(on("12:00"))
    one = claim(a_person(), incident, on("11:00"), on("13:00"))
    everything()
    publish(on("12:30"))
    chase()
    everything()
    first, second = (bytes(letter.content).decode() for letter in one.letters.order_by("pk"))
    assert "3,000원" in first
    assert one.reference in first
    assert "추가 보상" in second
    assert "1,500원" in second
    assert "제2판" in second
    assert "made-up" not in second.split("</h1>")[0]


# --- every night -----------------------------------------------------------------------------------


def test_the_nightly_comparison_finds_nothing_where_nothing_was_missed(paid: list[Claim]):
    publish(SECOND)
    chase()
    everything()
    found = compare_all()
    assert (found.state, found.total) == ("done", MOST)
    assert not found.differences.exists()
    assert not Event.objects.filter(kind="consequences_missed").exists()
    with transaction.atomic():
        assert begin_full_comparisons(now=LATER, since=LATER - timedelta(hours=1)) == 0


def test_the_nightly_comparison_finds_a_claim_that_was_not_assessed_again(paid: list[Claim]):
    publish(SECOND)
    chase()
    missed = ReassessmentDue.objects.order_by("pk").first()
    assert missed is not None
    claim_id = missed.claim_id
    missed.delete()
    everything()
    found = compare_all()
    assert set(found.differences.values_list("claim", flat=True)) == {claim_id}
    assert Event.objects.get(kind="consequences_missed").data["claims"] == [claim_id]
    assert ReassessmentDue.objects.get().cause == "comparison"
    everything()
    assert not compare_all().differences.exists()


def test_the_nightly_comparison_finds_a_claim_that_was_never_assessed(incident: Incident, paid: list[Claim]):
    lost, waits = (claim(a_person(), incident, on("11:00"), on("12:00")) for _ in range(2))
    ReassessmentDue.objects.filter(claim=lost).delete()
    found = compare_all()
    assert set(found.differences.values_list("claim", "after")) == {(lost.pk, 3000)}
    assert Event.objects.get(kind="consequences_missed").data["claims"] == [lost.pk]
    everything()
    assert (net(lost), net(waits)) == (3000, 3000)
    assert not compare_all().differences.exists()


def test_the_nightly_comparison_does_not_miss_a_claim_in_quarantine_until_it_is_assessed(
    incident: Incident, monkeypatch: pytest.MonkeyPatch
):
    publish(FIRST)
    one = claim(a_person(), incident, on("11:00"), on("12:00"))
    with monkeypatch.context() as failing:
        failing.setattr("claims.operations.assessment.assess_apart", lambda batch, terms: 1 // 0)
        work_off()
    assert Event.objects.get(kind="claim_quarantined").claim == one
    assert not compare_all().differences.exists()
    assert not Event.objects.filter(kind="consequences_missed").exists()
    publish(THIRD)
    chase()
    everything()
    publish(SECOND)
    chase()
    ReassessmentDue.objects.all().delete()
    assert set(compare_all().differences.values_list("claim", flat=True)) == {one.pk}


def test_the_nightly_comparison_finds_what_was_assessed_and_never_settled(paid: list[Claim]):
    publish(SECOND)
    chase()
    work_off()
    SettlementDue.objects.all().delete()
    found = compare_all()
    assert not ComparisonDifference.objects.filter(comparison=found).exists()
    assert len(Event.objects.get(kind="consequences_missed").data["unsettled_chunks"]) == 1
    follow_up()
    assert all(net(one) == owed(one) for one in paid)
    assert not LetterDue.objects.exists()


def test_one_claim_that_cannot_be_assessed_is_left_out_and_named(paid: list[Claim], monkeypatch: pytest.MonkeyPatch):
    poisoned = paid[7].pk

    def failing(batch: Any, terms: Any) -> Any:
        if poisoned in batch.claims["claim"]:
            raise ArithmeticError("poison")
        return assess_apart(batch, terms)

    monkeypatch.setattr("claims.operations.comparison.assess_apart", failing)
    found = compare_all()
    assert (found.state, found.chunks.filter(state="done").count() > 1) == ("done", True)
    assert found.chunks.get(state="failed").claim_ids == [poisoned]
    assert Event.objects.get(kind="claim_not_compared").claim_id == poisoned
    assert sum(chunk.claims for chunk in found.chunks.filter(state="done")) == len(paid) - 1


def test_a_nightly_comparison_ends_when_other_terms_come_in_force(paid: list[Claim]):
    with transaction.atomic():
        begin_full_comparisons(now=LATER, since=LATER)
    publish(SECOND)
    chase()
    everything()
    assert compare_next_chunk(now=LATER)
    assert Comparison.objects.get().state == "superseded"
    assert not Event.objects.filter(kind="consequences_missed").exists()


# --- the claim's page ------------------------------------------------------------------------------


def test_the_claims_page_shows_what_was_paid_and_the_letter_byte_by_byte(incident: Incident, client: Client):
    publish(on("12:00"))
    one = claim(a_person(), incident, on("11:00"), on("13:00"))
    everything()
    client.force_login(a_user("finance"))
    page = client.get(reverse("admin:claims_claim_change", args=[one.pk])).content.decode()
    letter = one.letters.get()
    address = reverse("admin:claims_letter_content", args=[letter.pk])
    assert "+3,000원" in page
    assert address in page
    answer = client.get(address)
    assert answer.content == bytes(letter.content)
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    client.logout()
    assert client.get(address).status_code == 302
