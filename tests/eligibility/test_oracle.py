"""The engine against an independent oracle, on random records, packs and claims.

HYPOTHESIS_PROFILE=exact runs twenty times as many examples.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st

from claims.eligibility import ClaimInput, EngineRefusal, LossInput, Pack, Record, Terms, assess, batch_of, compile_terms

from . import oracle, strategies
from .cast import Document, as_told

PHASES = [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink]  # without Phase.explain: it reruns for minutes
EXAMPLES = 100 * (20 if os.environ.get("HYPOTHESIS_PROFILE") == "exact" else 1)
random_cases = settings(max_examples=EXAMPLES, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))


@contextmanager
def unless_it_could_overflow() -> Iterator[None]:
    """Random products may be refused; test_amounts holds the border."""
    try:
        yield
    except EngineRefusal as refusal:
        if refusal.code != "amount_overflow":
            raise
        reject()


def terms_of(record: Record, documents: list[Document]) -> Terms:
    return compile_terms(record, [Pack.from_document(d, 1, d["code"]) for d in documents])


def engine_answers(terms: Terms, claims: list[ClaimInput]) -> list[oracle.Answer]:
    lines = assess(batch_of(as_told(claims, strategies.TYPES), terms), terms)
    return [
        oracle.Answer(
            line["claim"], None if line["rule"] is None else (terms.rules[line["rule"]][0], terms.rules[line["rule"]][2]),
            line["loss"], line["outcome"], tuple(sorted(line["reasons"])), line["quantity"], line["counted_seconds"],
            line["remedy"], line["unit"],
        )
        for line in lines.iter_rows(named=True)
    ]  # fmt: skip


def in_order(answers: list[oracle.Answer]) -> list[oracle.Answer]:
    return sorted(answers, key=lambda a: (a.claim, a.rule is None, a.rule or ("", ""), a.loss or 0))


def assert_same(record: Record, documents: list[Document], claims: list[ClaimInput]) -> None:
    terms = terms_of(record, documents)
    with unless_it_could_overflow():
        found = engine_answers(terms, claims)
    wanted = oracle.answers(record, documents, claims)
    if in_order(found) == in_order(wanted):
        return
    for claim in claims:
        mine, theirs = ([a for a in in_order(side) if a.claim == claim.claim] for side in (found, wanted))
        for engine, should in zip(mine, theirs, strict=False):
            if engine != should:
                rule = [r for d in documents for r in d["rules"] if (d["code"], r["code"]) == should.rule]
                case = f"{claim}\n{record}\n{json.dumps(rule)}"
                raise AssertionError(f"engine {engine}\noracle {should}\n{case}")
        assert len(mine) == len(theirs), f"engine {mine}\noracle {theirs}\n{claim}\n{json.dumps(documents)}"


@random_cases
@given(st.data(), st.sampled_from(strategies.TICKS), st.integers(1, 50), st.integers(0, 2**32))
def test_engine_agrees_with_the_oracle(data: st.DataObject, tick: int, number: int, seed: int) -> None:
    record = data.draw(strategies.records(tick))
    documents = data.draw(strategies.packs())
    assert_same(record, documents, strategies.claims(number, seed, tick))


@settings(random_cases, max_examples=EXAMPLES // 2)
@given(strategies.records(10**6), strategies.window_scopes, st.integers(0, 2**32))
def test_the_oracle_agrees_with_the_clock(record: Record, windows: Document, seed: int) -> None:
    for claim in strategies.claims(20, seed, 10**6):
        losses: list[LossInput] = list(claim.losses)
        swept = oracle.measure(record, losses, windows).counted
        assert swept == oracle.seconds_by_clock(record, losses, windows) * 10**6
