"""Which facts of a claim can be verified: first what its own assessment asks, then what its policies do, then all others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from enum import IntEnum
from typing import NamedTuple

from claims.eligibility import EngineRefusal, FactSpec, Pack, fact_specs
from claims.eligibility.reasons import OF_A_FACT
from claims.facts import terms_of
from claims.models import Assessment, EntitlementLine, Loss
from services.language import in_english


class Rank(IntEnum):
    MISSING = 0  # the newest assessment says that it is missing, or is to be proved
    ASKED = 1  # of a policy that answers this loss, or has a line about the claim
    ELSE = 2


class Asked(NamedTuple):
    label: str
    spec: FactSpec
    rank: Rank


def facts_asked(
    packs: Sequence[Pack], losses: Iterable[Loss], lines: Sequence[EntitlementLine], answered: Mapping[str, Set[str]]
) -> dict[str, Asked]:
    """By `name` of the claim or `name@loss`, in order; the losses are those that count. `answered`: the services whose losses a
    policy answers, by its code.
    """
    pick, counting = in_english(), list(losses)
    says = {line.rule.version.policy.code for line in lines if line.rule is not None}
    of = {loss.pk: {code for code, services in answered.items() if loss.service.code in services} for loss in counting}
    asked: dict[str, Asked] = {}
    for name, spec in sorted(fact_specs(packs).items()):
        asking = {pack.code for pack in packs if name in pack.body.facts}
        label = spec.label.said(pick)
        if spec.of == "claim":
            asked[name] = Asked(label, spec, _rank(name, asking, says.union(*of.values()), lines))
        elif spec.of == "loss":
            for loss in counting:
                about = [line for line in lines if line.loss_id in (None, loss.pk)]
                said = f"{label} · {loss.service.name} {loss.pk}"
                asked[f"{name}@{loss.pk}"] = Asked(said, spec, _rank(name, asking, of[loss.pk], about))
    return dict(sorted(asked.items(), key=lambda one: one[1].rank))


def _rank(name: str, asking: Set[str], concerned: Set[str], lines: Sequence[EntitlementLine]) -> Rank:
    reasons = {f"{why}:{name}" for why in OF_A_FACT}
    if any(not reasons.isdisjoint(line.reasons) for line in lines):
        return Rank.MISSING
    return Rank.ELSE if asking.isdisjoint(concerned) else Rank.ASKED


def services_answered(assessment: Assessment) -> dict[str, set[str]]:
    """By policy, as the terms have it that it was assessed by; of those that this engine reads otherwise nothing is known, and
    its lines say as much as is needed.
    """
    answered: dict[str, set[str]] = {}
    try:
        terms = terms_of(assessment.run.terms)
    except EngineRefusal:
        return answered
    for rule in terms.compiled:
        answered.setdefault(rule.pack.code, set()).update(rule.services)
    return answered
