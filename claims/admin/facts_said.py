"""Which of several words about a fact counts, and how its value is written."""

from __future__ import annotations

from collections.abc import Iterable

from claims.admin.case_words import readable, say
from claims.eligibility import PROVENANCES, FactSpec, Text, day_of, instant_of
from claims.models import Fact
from services.language import in_english
from services.seoul import shown

# What a ride of a partner says, whether a policy asks for it or not: see NEW_FACTS in claims/operations/derive.py.
OF_RIDES = {
    "ride_started_at": FactSpec(type="instant", of="loss", label=Text(ko="이용 시작", en="Start of the ride")),
    "ride_ended_at": FactSpec(type="instant", of="loss", label=Text(ko="이용 종료", en="End of the ride")),
    "ride_locked_at": FactSpec(type="instant", of="loss", label=Text(ko="잠근 때", en="When it was locked")),
    "ride_charge": FactSpec(type="money", of="loss", label=Text(ko="이용 요금", en="Fare of the ride")),
}


def counting(facts: Iterable[Fact]) -> dict[tuple[int | None, str], Fact]:
    """By loss (None: of the claim) and name: the last of the strongest words. `facts` in the order in which they were said."""
    counts: dict[tuple[int | None, str], Fact] = {}
    for fact in facts:
        before = counts.get((fact.loss_id, fact.name))
        if before is None or PROVENANCES.index(fact.provenance) >= PROVENANCES.index(before.provenance):
            counts[fact.loss_id, fact.name] = fact
    return counts


def said_fact(fact: Fact, spec: FactSpec | None, *, reads: bool) -> str:
    """As people write it; of a fact that no policy asks for any more, what is stored."""
    if fact.int_value is None:
        if spec is not None and spec.values is not None:
            return spec.said_value(fact.text_value or "", in_english())
        return readable(fact.text_value, reads=reads) or ""
    of = None if spec is None else spec.type
    if of == "instant":
        return shown(instant_of(fact.int_value))
    if of == "date":
        return str(day_of(fact.int_value))
    if of == "boolean":
        return say("yes" if fact.int_value else "no")
    return f"{fact.int_value:,}"
