"""What is paid and asked back when what is owed by several rules of a policy changes. The floor is 1,000 won."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum

from accounts.models import User
from claims.models import (
    Assessment,
    AssessmentRun,
    Claim,
    Decision,
    EntitlementLine,
    PaymentItem,
    PaymentPart,
    PaymentRun,
    Payout,
    PolicyRule,
    RunChunk,
)
from claims.operations import publish_policy
from claims.operations.payouts import Answers, pay_differences, withhold
from tests.builders import a_person, a_user, work_off
from tests.made_up import LATER, PACK, claim, made_up, net, on, publish
from tests.worlds import world

pytestmark = pytest.mark.django_db

FLOOR = 1000
RULES = ["a", "b", "c"]
Owed = dict[str, int]
POLICY = """
  - code: {code}
    title: {{ko: 하나, en: One}}
    losses: {{services: [kakao_t.taxi_call]}}
    amount: {{figure: per_ten_minutes}}
    remedy: {{instrument: cash, unit: KRW, currency: KRW}}
"""


@world
def one(db: None) -> Claim:
    """A claim that was assessed, and not settled, by a policy with the rules a, b and c."""
    incident = made_up()
    text = PACK.read_text(encoding="utf-8").split("examples:")[0]
    rules = "".join(POLICY.format(code=code) for code in RULES)
    text = text.replace("rules:\n", f"rules:{rules}", 1)
    text += "examples:\n  - name: none\n    never: {a: -1}\n"
    publish_policy(pack_yaml=text, now=LATER)
    publish(on("12:00"))
    made = claim(a_person(), incident, on("11:00"), on("12:00"))
    work_off()
    return made


def correct(claim: Claim, owed: Owed, *, unit: str = "KRW", approved: bool = True) -> list[tuple[str, str, int]]:
    """Assess the claim anew with these amounts and settle it; the payouts that this makes."""
    last = Assessment.objects.filter(claim=claim).order_by("-run").select_related("run")[0]
    run = AssessmentRun.objects.create(
        incident=claim.incident, terms=last.run.terms, due_after=1, due_horizon=2, total=1, state="done", planned_at=LATER,
        finished_at=LATER,
    )  # fmt: skip
    chunk = RunChunk.objects.create(run=run, number=1, first_claim_id=claim.pk, last_claim_id=claim.pk, claims=1, state="done")
    made = Assessment.objects.create(claim=claim, revision=1, run=run, chunk=chunk, assessed_at=LATER)
    rules = {rule.code: rule for rule in PolicyRule.objects.filter(version__number=2)}
    EntitlementLine.objects.bulk_create(
        EntitlementLine(assessment=made, position=place, rule=rules[code], outcome="eligible", remedy="cash", unit=unit,
                        quantity=quantity, currency="KRW", counted_seconds=0)
        for place, (code, quantity) in enumerate(owed.items(), start=1)
    )  # fmt: skip
    reasons = [] if approved else ["nothing_owed"]
    decision = Decision.objects.create(claim=claim, assessment=made, approved=approved, decided_at=LATER, reasons=reasons)
    answers = Answers([claim.pk], [made.pk], approved=approved, decisions=[decision.pk])
    pay_differences([answers], {rules["a"].version.policy.code: FLOOR}, LATER)
    if not approved:
        withhold({claim.pk: decision.pk}, LATER)
    return [(p.rule, p.kind, p.quantity) for p in made.payouts.order_by("rule", "kind")]


def gone_out(claim: Claim) -> int:
    return claim.payouts.exclude(kind="written_off").aggregate(out=Sum("quantity"))["out"] or 0


CASES: list[tuple[str, list[Owed], list[tuple[str, str, int]]]] = [
    ("small", [{"a": 3000}, {"a": 2001}], [("a", "written_off", -999)]),
    ("as much as the floor", [{"a": 3000}, {"a": 2000}], [("a", "recovery", -1000)]),
    ("a small net of a rise", [{"a": 3000, "b": 5000}, {"a": 3006, "b": 4100}],
     [("a", "top_up", 6), ("b", "recovery", -6), ("b", "written_off", -894)]),
    ("a large net of a rise", [{"a": 3000, "b": 5000}, {"a": 3006, "b": 3994}],
     [("a", "top_up", 6), ("b", "recovery", -1006)]),
    ("a move", [{"a": 3000, "b": 5000}, {"a": 3900, "b": 4100}], [("a", "top_up", 900), ("b", "recovery", -900)]),
    ("a move to a rule that owed nothing", [{"a": 900}, {"b": 900}], [("a", "recovery", -900), ("b", "first", 900)]),
    ("a net rise", [{"a": 3000, "b": 5000}, {"a": 5000, "b": 4100}], [("a", "top_up", 2000), ("b", "recovery", -900)]),
    ("two that fall by as much as the floor", [{"a": 3000, "b": 5000}, {"a": 2500, "b": 4500}],
     [("a", "recovery", -500), ("b", "recovery", -500)]),
    ("two that fall by less", [{"a": 3000, "b": 5000}, {"a": 2501, "b": 4500}],
     [("a", "written_off", -499), ("b", "written_off", -500)]),
    ("what a rise does not cover of two", [{"a": 900, "b": 900, "c": 0}, {"a": 300, "b": 300, "c": 700}],
     [("a", "recovery", -600), ("b", "recovery", -100), ("b", "written_off", -500), ("c", "first", 700)]),
    ("one correction after another", [{"a": 3000}, {"a": 2400}, {"a": 1800}], [("a", "written_off", -600)]),
    ("a rise that only takes up", [{"a": 3000, "b": 5000}, {"a": 2400, "b": 5000}, {"a": 2700, "b": 4100}],
     [("a", "written_off", 300), ("b", "written_off", -900)]),
    ("a rise that takes up, and more", [{"a": 3000}, {"a": 2400}, {"a": 3500}],
     [("a", "top_up", 500), ("a", "written_off", 600)]),
    ("a rise of another rule takes up", [{"a": 3000}, {"a": 2400}, {"a": 2400, "b": 700}],
     [("b", "first", 100), ("b", "written_off", 600)]),
    ("what was taken up falls again", [{"a": 3000}, {"a": 2400}, {"a": 2400, "b": 600}, {"a": 2400}],
     [("b", "written_off", -600)]),
    ("what was taken up for another rule rises again", [{"a": 3000}, {"a": 2400}, {"a": 2400, "b": 600}, {"a": 3000, "b": 600}],
     [("a", "top_up", 600)]),
    ("several rises take up in turn", [{"a": 3000}, {"a": 2400}, {"a": 2800, "b": 500}],
     [("a", "written_off", 400), ("b", "first", 300), ("b", "written_off", 200)]),
]  # fmt: skip


@pytest.mark.parametrize(("case", "owed", "payouts"), CASES, ids=[case for case, _, _ in CASES])
def test_the_net_decides_what_is_asked_back(one: Claim, case: str, owed: list[Owed], payouts: Any):
    made = [correct(one, amounts) for amounts in owed]
    assert made[-1] == payouts, case


def test_units_are_not_held_against_each_other(one: Claim):
    correct(one, {"a": 3000})
    assert correct(one, {"a": 900}, unit="coin") == [("a", "first", 900), ("a", "recovery", -3000)]


def test_however_often_it_is_corrected_nobody_has_less_than_is_owed_or_more_than_ever_was(one: Claim):
    dice, most = random.Random(1), 0
    for _ in range(150):
        owed = {code: dice.choice([0, 300, 900, 1100, 2500]) for code in RULES if dice.random() < 0.9}
        before, total = gone_out(one), sum(owed.values())
        correct(one, owed)
        for code in RULES:
            assert (one.payouts.filter(rule=code).aggregate(net=Sum("quantity"))["net"] or 0) == owed.get(code, 0)
        assert net(one) == total
        most = max(most, total)
        out = gone_out(one)
        assert total <= out <= most
        assert out >= before or before - out >= FLOOR, "so little is not asked back"


def test_whatever_has_gone_out_a_rejection_leaves_nothing_to_go_out_and_asks_for_the_floor_or_nothing(one: Claim):
    dice, finance, seen = random.Random(2), a_user("finance"), set()
    for _ in range(60):
        with transaction.atomic():
            for _ in range(dice.randint(1, 3)):
                correct(one, {code: dice.choice([0, 300, 600, 1100]) for code in RULES if dice.random() < 0.7})
                if dice.random() < 0.4:
                    send(one, finance)
            gone, asked_before = gone_out(one) - waiting(one), max(-waiting(one), 0)
            correct(one, {}, approved=False)
            for code in RULES:
                assert (one.payouts.filter(rule=code).aggregate(net=Sum("quantity"))["net"] or 0) == 0
            asked = -waiting(one)
            assert 0 <= asked <= gone, "nothing waits to go out"
            assert asked == asked_before or asked - asked_before >= FLOOR
            seen.add((gone > 0, asked > 0))
            transaction.set_rollback(True)
    assert len(seen) == 3, "nothing had gone out, less than the floor, more"


def not_gone(claim: Claim) -> list[Payout]:
    live = PaymentPart.objects.filter(live=True).values("payout")
    return list(claim.payouts.exclude(kind="written_off").exclude(pk__in=live))


def waiting(claim: Claim) -> int:
    return sum(payout.quantity for payout in not_gone(claim))


def send(claim: Claim, by: User) -> None:
    payouts = not_gone(claim)
    if (quantity := sum(payout.quantity for payout in payouts)) <= 0:
        return
    run = PaymentRun.objects.create(made_by=by, made_at=LATER, content=b"x", content_hash="0" * 64, items=1)
    item = PaymentItem.objects.create(run=run, claim=claim, remedy="cash", unit="KRW", currency="KRW", quantity=quantity)
    PaymentPart.objects.bulk_create(PaymentPart(item=item, payout=payout) for payout in payouts)
