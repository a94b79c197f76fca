"""What must change nothing: the batch around a claim, the order of rows, how a loss is cut, the machine's zone."""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.eligibility import Batch, ClaimInput, LossInput, Pack, Record, Terms, assess, batch_of, compile_terms
from claims.eligibility.shapes import FigureRef

from . import strategies
from .cast import Document, as_told, at, document, lines_of, official, record, rule, shipped_pack, sorted_lines, window
from .strategies_amounts import MODES
from .test_oracle import random_cases, terms_of, unless_it_could_overflow

fewer = settings(random_cases, max_examples=random_cases.max_examples // 10)


@st.composite
def terms_and_claims(draw: st.DrawFn, number: int = 12) -> tuple[Terms, list[ClaimInput]]:
    tick = draw(st.sampled_from(strategies.TICKS))
    terms = terms_of(draw(strategies.records(tick)), draw(strategies.packs()))
    told = as_told(strategies.claims(number, draw(st.integers(0, 2**32)), tick), strategies.TYPES)
    with unless_it_could_overflow():
        assess(batch_of(told, terms), terms)
    return terms, told


@fewer
@given(terms_and_claims())
def test_a_batch_of_many_equals_many_batches_of_one(case: tuple[Terms, list[ClaimInput]]) -> None:
    terms, claims = case
    together = lines_of(terms, *claims)
    alone = [line for claim in sorted(claims, key=lambda c: c.claim) for line in lines_of(terms, claim)]
    assert together == alone


@fewer
@given(terms_and_claims(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(case: tuple[Terms, list[ClaimInput]], dice: random.Random) -> None:
    terms, claims = case
    batch = batch_of(claims, terms)
    seed = dice.randrange(2**32)
    shuffled = Batch(
        *(frame.sample(fraction=1, shuffle=True, seed=seed) for frame in (batch.claims, batch.losses, batch.facts))
    )
    assert assess(shuffled, terms).to_dicts() == assess(batch, terms).to_dicts()


@fewer
@given(terms_and_claims())
def test_planning_the_query_changes_nothing(case: tuple[Terms, list[ClaimInput]]) -> None:
    terms, claims = case
    at_once = lines_of(terms, *claims)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys.modules[assess.__module__], "FEW_CLAIMS", 0)  # as in a batch of many
        assert lines_of(terms, *claims) == at_once


def _per_claim(terms: Terms, claims: list[ClaimInput]) -> list[Document]:
    """Lines of the rules that answer a claim as a whole; those of single losses are not comparable."""
    lines = [line for line in lines_of(terms, *claims) if line["loss"] is None]
    return [{key: value for key, value in line.items() if key != "position"} for line in lines]


def _cut(claim: ClaimInput, dice: random.Random) -> ClaimInput:
    """Some losses in two adjacent ones, or doubled by an overlapping one: the same time is lost."""
    losses: list[LossInput] = []
    for one in claim.losses:
        if one.end_at - one.start_at < 2 or dice.random() < 0.3:
            losses.append(one)
            continue
        border = dice.randrange(one.start_at + 1, one.end_at)
        losses += [replace(one, end_at=border), LossInput(one.loss + 10**7, one.service, border, one.end_at)]
    return replace(claim, losses=tuple(losses))


def _overlapped(claim: ClaimInput, dice: random.Random) -> ClaimInput:
    """Each loss told once more, in part."""
    again = []
    for one in claim.losses:
        inside = sorted(dice.randrange(one.start_at, one.end_at + 1) for _ in range(2))
        if inside[0] < inside[1]:
            again.append(LossInput(one.loss + 10**7, one.service, inside[0], inside[1]))
    return replace(claim, losses=(*claim.losses, *again))


@fewer
@given(terms_and_claims(), st.randoms(use_true_random=False))
def test_splitting_a_loss_changes_nothing(case: tuple[Terms, list[ClaimInput]], dice: random.Random) -> None:
    terms, claims = case
    assert _per_claim(terms, [_cut(claim, dice) for claim in claims]) == _per_claim(terms, claims)


@fewer
@given(terms_and_claims(), st.randoms(use_true_random=False))
def test_overlapping_losses_count_once(case: tuple[Terms, list[ClaimInput]], dice: random.Random) -> None:
    terms, claims = case
    keys = ("claim", "rule", "outcome", "quantity", "counted_seconds")
    once, twice = (_per_claim(terms, told) for told in (claims, [_overlapped(claim, dice) for claim in claims]))
    assert [[line[key] for key in keys] for line in twice] == [[line[key] for key in keys] for line in once]


@pytest.fixture
def zone() -> Iterator[None]:
    before = os.environ.get("TZ")
    yield
    os.environ.pop("TZ", None)
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.usefixtures("zone")
def test_the_zone_of_the_process_changes_nothing() -> None:
    claims = [
        ClaimInput(1, (LossInput(1, "kakaotalk.text_message", at("15 15:00"), at("16 03:00")),)),
        ClaimInput(2, (LossInput(2, "kakao_t.taxi_call", at("16 06:00"), at("16 14:00")),)),
    ]
    packs = [shipped_pack("demo_message_credit"), shipped_pack("kakao_mobility_membership")]
    found = []
    for name in ("Asia/Seoul", "America/New_York", "Pacific/Apia"):
        os.environ["TZ"] = name
        time.tzset()
        terms = compile_terms(official(2), packs)
        found.append((terms.content_hash, lines_of(terms, *claims)))
    assert found[0] == found[1] == found[2]


@pytest.mark.usefixtures("zone")
@fewer
@given(terms_and_claims())
def test_the_zone_of_the_process_changes_no_random_pack(case: tuple[Terms, list[ClaimInput]]) -> None:
    terms, claims = case
    found = []
    for name in ("Asia/Seoul", "America/New_York", "Pacific/Apia"):
        os.environ["TZ"] = name
        time.tzset()
        again = compile_terms(terms.record, terms.packs)
        found.append((again.content_hash, lines_of(again, *claims)))
    assert found[0] == found[1] == found[2]


@fewer
@given(terms_and_claims())
def test_what_a_claim_is_given_is_the_sum_of_what_each_policy_gives_by_itself(case: tuple[Terms, list[ClaimInput]]) -> None:
    terms, claims = case
    together = _by_policy(terms, claims)
    for made in terms.packs:
        alone = _by_policy(compile_terms(terms.record, [made], terms.calendars), claims)
        assert together.get(made.code) == alone.get(made.code)


def _by_policy(terms: Terms, claims: list[ClaimInput]) -> dict[str, list[Document]]:
    """Lines by the policy that gives them, without what numbers them among others."""
    policies = [made.code for made in terms.packs]
    specs = {name for made in terms.packs for name in made.body.facts}
    heard = [
        replace(c, facts=tuple(f for f in c.facts if f.name in specs), asks_for=tuple(a for a in c.asks_for if a in policies))
        for c in claims
    ]
    found: dict[str, list[Document]] = {}
    for line in lines_of(terms, *heard):
        if line["rule"] is not None:
            policy, _, code = terms.rules[line["rule"]]
            found.setdefault(policy, []).append({**line, "rule": code, "position": None})
    return found


@random_cases
@given(terms_and_claims())
def test_lines_stay_within_the_cap_of_their_rule(case: tuple[Terms, list[ClaimInput]]) -> None:
    terms, claims = case
    for line in lines_of(terms, *claims):
        if line["rule"] is None or line["quantity"] is None:
            continue
        compiled = terms.compiled[line["rule"]]
        cap = _constant(compiled.rule.at_most, compiled.pack)
        assert 0 <= line["quantity"] <= (2**62 if cap is None else max(cap, Fraction(0)))


def _constant(amount: Any, pack: Pack) -> Fraction | None:
    if isinstance(amount, int | str):
        return Fraction(amount)
    return pack.constants.get(amount.figure) if isinstance(amount, FigureRef) and amount.on is None else None


GROWING: list[Any] = [0, 30, {"counted": "minutes"}, {"counted": "seconds"}, {"counted": "minutes"}]


def growing(dice: random.Random, depth: int) -> Any:
    """An amount that more counted time never lowers, of the shapes that are so when their parts are."""
    if depth == 0:
        return dice.choice(GROWING)
    parts = [growing(dice, depth - 1) for _ in range(2)]
    low, high = sorted(dice.sample(range(1, 50), 2))
    return dice.choice(
        [
            {"add": parts}, {"multiply": [parts[0], dice.choice([0, 2, "1/3", "2.5"])]}, {"lesser_of": parts},
            {"greater_of": parts}, {"completed": parts[0], "per": low}, {"started": parts[0], "per": low},
            {"rounded": parts[0], "to": low, "mode": dice.choice(MODES)}, {"percent": low, "of": parts[0]},
            {"tiers": [{"up_to": low, "pays": 0}, {"below": high, "pays": low}, {"pays": high}], "of": parts[0]},
            {"cases": [{"when": [{"that": parts[0], "at_least": low}], "pays": high}], "otherwise": low},
        ]
    )  # fmt: skip


def paid_of(dice: random.Random) -> Document:
    """A rule that pays what grows, over all the time or over each day of it, with the caps that a rule has."""
    amount = growing(dice, dice.randint(0, 3))
    whole = dice.choice([amount, {"total": amount, "each": dice.choice(["day", "hour"])}, {"greatest": amount, "each": "run"}])
    more = {"at_least": 40, "at_most": 900, "deduct": [17], "minimum": {"at_least": 30}}
    bounds = {key: value for key, value in more.items() if dice.randrange(4) == 0}
    return rule(amount=whole, round={"to": dice.choice([1, 10]), "mode": dice.choice(MODES)}, **bounds)


@random_cases
@given(strategies.records(30 * 10**6), strategies.dices, st.integers(1, 500))
def test_more_lost_time_never_gives_less(found: Record, dice: random.Random, more: int) -> None:
    """A claim with a longer loss, or with another loss, under rules that do not say otherwise."""
    own = tuple(replace(w, service="a", severity="full") for w in found.windows)
    made = record(*(w for w in own if w.source == own[0].source), services=["a"], as_of=found.as_of)
    terms = terms_of(made, [document(rules=[paid_of(dice) | {"code": f"rule_{i}"} for i in range(4)])])
    start, end = sorted(dice.sample(range(-10, 60), 2))
    tick = 30 * 10**6
    first = LossInput(1, "a", strategies.BASE + start * tick, strategies.BASE + end * tick)
    longer = replace(first, end_at=first.end_at + more * tick)
    other = LossInput(2, "a", first.start_at - more * tick, first.start_at + tick)
    paid = [
        [line["quantity"] or 0 for line in lines_of(terms, ClaimInput(1, losses)) if line["rule"] is not None]
        for losses in ((first,), (longer,), (first, other))
    ]
    for once, one_more, with_another in zip(*paid, strict=True):
        assert once <= min(one_more, with_another)


@random_cases
@given(strategies.dices)
def test_lines_under_a_limit_give_what_they_give_without_it_or_all_of_it(dice: random.Random) -> None:
    made = record(window("a", "15 15:30", "15 16:00"), services=["a"])
    rules = [paid_of(dice) | {"code": f"rule_{i}"} for i in range(4)]
    limit: Document = {"rules": ["rule_0", "rule_2", "rule_3"], "at_most": dice.choice([0, 50, 500, 5000]), "reason": "enough"}
    reasons = {"enough": {"ko": "한도", "en": "Enough."}}
    claim = ClaimInput(1, (LossInput(1, "a", at("15 15:20"), at("15 15:30") + dice.randrange(10**10)),))
    without, under = (
        [line["quantity"] or 0 for line in lines_of(terms_of(made, [document(rules=rules, reasons=reasons, **more)]), claim)]
        for more in ({}, {"limits": [limit]})
    )
    limited = [[given for i, given in enumerate(lines) if i != 1] for lines in (without, under)]
    together: int = limit["at_most"]
    assert sum(limited[1]) == min(sum(limited[0]), together)
    assert all(less <= given for less, given in zip(under, without, strict=True))
    assert under[1:2] == without[1:2]


def test_other_claims_do_not_matter_at_scale() -> None:
    """One claim alone and the same claim among two thousand that share its service and times."""
    terms = compile_terms(
        record(window("kakaotalk.text_message", "15 15:30", "16 02:00")), [shipped_pack("demo_message_credit")]
    )
    dice = random.Random(7)
    claims = [
        ClaimInput(i, (LossInput(i, "kakaotalk.text_message", at("15 15:00"), at("15 16:00") + dice.randrange(10**11)),))
        for i in range(1, 2001)
    ]
    together = {line["claim"]: line for line in sorted_lines(assess(batch_of(claims, terms), terms))}
    for claim in (claims[0], claims[999], claims[1999]):
        assert lines_of(terms, claim) == [together[claim.claim]]
