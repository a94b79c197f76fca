"""The sweeps over windows find what looking at every instant finds, in a few steps per window however many there are."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.eligibility import Record, Window
from claims.eligibility.record import SEVERITIES, ServiceNode
from claims.eligibility.rules import Planned, WindowScope
from claims.eligibility.segments import (
    Counting,
    Weighted,
    differing_spans,
    effective_windows,
    segments_of,
    weighted_spans,
)

from .test_oracle import random_cases

AS_OF = 24
# `a` needs two children of one parent: a window of the parent takes `a` away through each of them.
TREE = (ServiceNode("a", ("p.x", "p.y")), ServiceNode("p"), ServiceNode("p.x"), ServiceNode("p.y"))
COUNTINGS = (
    Counting(),
    Counting(WindowScope(severities=["full", "partial"], weights={"partial": "1/2"}, planned=Planned(counts="never"))),
)


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Up to 30 windows in 24 ticks: most instants lie in several of them."""
    windows = []
    for number in range(draw(st.integers(0, 30))):
        start_at = draw(st.integers(0, AS_OF + 2))
        length = draw(st.none() | st.integers(1, 8))
        windows.append(
            Window(
                f"k{number}", draw(st.sampled_from(["a", "p", "p.y"])), "operator", draw(st.sampled_from(SEVERITIES)), "all",
                start_at, None if length is None else start_at + length, planned=draw(st.booleans()),
            )
        )  # fmt: skip
    return Record("i", 1, AS_OF, TREE, tuple(windows), (), ("operator",))


def governing_at(instant: int, record: Record, counting: Counting) -> tuple[Any, ...] | None:
    """(window, via, weight, planned): asked of every window, at every instant."""
    over = [
        (window, via)
        for window, via in effective_windows(record, "a", counting.scope.source)
        if window.start_at <= instant < record.end_of(window)
    ]
    if not over:
        return None
    window, via = min(
        over,
        key=lambda one: (
            not counting.counts(one[0]), -counting.weight(one[0]), SEVERITIES.index(one[0].severity), one[1] is not None,
            one[0].key,
        ),
    )  # fmt: skip
    return window.key, via, counting.weight(window), counting.leaves_out(window)


@random_cases
@given(records(), st.sampled_from(COUNTINGS))
def test_a_segment_is_governed_as_each_of_its_instants_is(record: Record, counting: Counting) -> None:
    segments = segments_of(record, "a", counting)
    found = {
        instant: (segment.window, segment.via, segment.weight, segment.planned)
        for segment in segments
        for instant in range(segment.start_at, segment.end_at)
    }
    assert found == {
        instant: governs for instant in range(AS_OF + 12) if (governs := governing_at(instant, record, counting)) is not None
    }
    assert sum(segment.end_at - segment.start_at for segment in segments) == len(found), "disjoint"
    assert [segment.start_at for segment in segments] == sorted(found_at.start_at for found_at in segments), "in time order"
    assert all(
        (one.end_at, one.window, one.via) != (following.start_at, following.window, following.via)
        for one, following in pairwise(segments)
    ), "neighbours of one window are joined"


@random_cases
@given(records(), records(), st.sampled_from(COUNTINGS))
def test_spans_differ_where_their_instants_do(old: Record, new: Record, counting: Counting) -> None:
    before, after = (weighted_spans(segments_of(record, "a", counting)) for record in (old, new))
    found = differing_spans(before, after)
    assert {instant for start_at, end_at in found for instant in range(start_at, end_at)} == {
        instant for instant in range(AS_OF + 12) if weight_at(before, instant) != weight_at(after, instant)
    }
    assert all(end_at < start_at for (_, end_at), (start_at, _) in pairwise(found)), "joined, in order"


def weight_at(spans: list[Weighted], instant: int) -> list[tuple[int, bool]]:
    return [(weight, planned) for start_at, end_at, weight, planned in spans if start_at <= instant < end_at]


class Compared(int):
    """An instant that counts how often it is held against another."""

    times = 0

    def __lt__(self, other: int) -> bool:
        Compared.times += 1
        return super().__lt__(other)

    def __le__(self, other: int) -> bool:
        Compared.times += 1
        return super().__le__(other)

    def __gt__(self, other: int) -> bool:
        Compared.times += 1
        return super().__gt__(other)

    def __ge__(self, other: int) -> bool:
        Compared.times += 1
        return super().__ge__(other)


def compared(work: Callable[[], object]) -> int:
    Compared.times = 0
    work()
    return Compared.times


MANY = 500
FEW_STEPS = 50  # per window: sorting takes some ten; looking at each window for each border takes thousands


@pytest.mark.parametrize("length", [5, 15, 10**6])
def test_a_window_among_many_is_compared_a_few_times(length: int) -> None:
    """Those that last longer than 10 overlap the next; those of a million all others."""
    windows = tuple(
        Window(f"k{i}", "a", "operator", SEVERITIES[i % 3], "all", Compared(10 * i), Compared(10 * i + length))
        for i in range(MANY)
    )
    record = Record("i", 1, 10**9, TREE, windows, (), ("operator",))
    assert 0 < compared(lambda: segments_of(record, "a", Counting())) < FEW_STEPS * MANY


@pytest.mark.parametrize("length", [5, 15])
def test_a_span_among_many_is_compared_a_few_times(length: int) -> None:
    old, new = ([(Compared(20 * i), Compared(20 * i + length + more), i % 2, False) for i in range(MANY)] for more in (0, 1))
    assert 0 < compared(lambda: differing_spans(old, new)) < FEW_STEPS * MANY
