"""What a claim may be a duplicate of, as the first of the reasons to look at it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse

from claims.admin.choice_words import worded
from claims.admin.twin_words import say
from claims.models import Pattern
from claims.queries import TwinSeen

Reason = tuple[str, list[tuple[str, str]]]  # what is said, and links behind it: each an address and its text


def said_similar(twins: Iterable[TwinSeen], patterns: Iterable[Pattern]) -> Iterator[Reason]:
    """What stops rules, of what was found of a claim, with links to the other claim and to where it is answered."""
    yield from (_twin(one) for one in twins if one.stops)
    yield from (_pattern(one) for one in patterns if one.stops)


def _twin(twin: TwinSeen) -> Reason:
    why = ", ".join(worded("twin_reason", reason) for reason in twin.reasons)
    answered = reverse("admin:claims_twin_change", args=[twin.twin_id]), f"{twin.score}/100 · {why}"
    if twin.other is None:
        return f"{say('alone')}:", [answered]
    other = reverse("admin:claims_claim_change", args=[twin.other.pk]), twin.other.reference
    return f"{say('may_be')}:", [other, answered]


def _pattern(pattern: Pattern) -> Reason:
    address = reverse("admin:claims_pattern_change", args=[pattern.pk])
    return f"{worded('twin_reason', f'same_{pattern.kind}')}: {say('claims')}", [(address, f"{pattern.claims:,}")]
