"""What must change nothing: the batch around a claim, the order of rows, how a loss is cut, the machine's zone."""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.eligibility import Batch, ClaimInput, LossInput, Record, Terms, assess, batch_of, compile_terms

from . import strategies
from .cast import Document, as_told, at, lines_of, official, record, shipped_pack, sorted_lines, window
from .test_oracle import random_cases, terms_of, unless_it_could_overflow

fewer = settings(random_cases, max_examples=random_cases.max_examples // 6)


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


@fewer
@given(strategies.records(30 * 10**6), st.integers(0, 2**32), st.integers(1, 500))
def test_more_lost_time_never_gives_less(found: Record, seed: int, more: int) -> None:
    """Under the demonstration pack: a claim with a longer loss, or with another loss."""
    messages = tuple(replace(w, service="kakaotalk.text_message", severity="full") for w in found.windows)
    windows = tuple(w for w in messages if w.source == messages[0].source)
    made = record(*windows, services=["kakaotalk.text_message"], as_of=found.as_of)
    terms = compile_terms(made, [shipped_pack("demo_message_credit")])
    dice = random.Random(seed)
    start, end = sorted(dice.sample(range(-10, 60), 2))
    tick = 30 * 10**6
    first = LossInput(1, "kakaotalk.text_message", strategies.BASE + start * tick, strategies.BASE + end * tick)
    longer = replace(first, end_at=first.end_at + more * tick)
    other = LossInput(2, "kakaotalk.text_message", first.start_at - more * tick, first.start_at + tick)
    paid = [lines_of(terms, ClaimInput(1, losses))[0]["quantity"] or 0 for losses in ((first,), (longer,), (first, other))]
    assert paid[0] <= paid[1]
    assert paid[0] <= paid[2]


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
