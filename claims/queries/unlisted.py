"""Which of the things that are in no list is meant, where a claim has several: letters and proofs do not have their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from claims.models import Claim, Loss
from services.names import UNLISTED

Numbers = Mapping[int, int]  # by loss


def unlisted_numbers(claim: Claim | int, revision: int | None = None) -> Numbers:
    """From 1 in the order of the claim's page, and what is told later after that; the same thing at another time keeps its
    number. None where there is one thing. `revision`: the last that was heard. One query.
    """
    told = Loss.objects.filter(claim=claim, service__code=UNLISTED)
    if revision is not None:
        told = told.filter(revision__lte=revision)
    things: dict[str | int, int] = {}
    numbers = {}
    for pk, words in told.order_by("revision", "start_at", "pk").values_list("pk", "words__text"):
        numbers[pk] = things.setdefault(words or pk, len(things) + 1)  # without words once they are erased
    return numbers if len(things) > 1 else {}


def numbers_in(document: Mapping[str, Any], claim: int, revision: int) -> Numbers:
    """For an explanation; no query where nothing of it is in no list."""
    spans = (span for line in document["lines"] for span in line["spans"])
    return unlisted_numbers(claim, revision) if any(span["service"] == UNLISTED for span in spans) else {}


def numbers_of(losses: Iterable[Loss], claim: Claim) -> Numbers:
    """For losses of it that are at hand with their service; no query where none is in no list."""
    return unlisted_numbers(claim) if any(loss.service.code == UNLISTED for loss in losses) else {}
