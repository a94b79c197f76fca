"""Proofs that go through everything there is: in the suite through a part of it, by `make proofs` through the whole."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

One = TypeVar("One")

WHOLE = os.environ.get("PROOFS") == "1"


def some(everything: Iterable[One], *, each: int, turn: int = 0) -> list[One]:
    """Every so manieth, the same in each run. `turn`: walks within a walk begin at another one each, so that all are met."""
    listed = list(everything)
    return listed if WHOLE else listed[turn % each :: each]


def so_many(whole: int, *, in_the_suite: int) -> int:
    return whole if WHOLE else in_the_suite
