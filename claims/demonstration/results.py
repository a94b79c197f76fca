"""What the demonstration found, as plain rows: each person's lines under each version of the record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from claims.demonstration.loading import personas
from claims.models import Assessment, Claim, EntitlementLine
from services.models import RecordVersion


@dataclass(frozen=True)
class Under:
    """The assessment of a claim that governed while a record version was the newest."""

    claim: Claim
    persona: str
    assessment: Assessment
    lines: tuple[EntitlementLine, ...]


def assessments_under(version: int) -> list[Under]:
    """Of each person's claim the newest assessment that knows at most this record version, in the scenario's order."""
    people = personas()
    order = {key: position for position, key in enumerate(people)}
    assessments = (
        Assessment.objects.filter(run__terms__record_version__number__lte=version, claim__person__public_id__in=people)
        .select_related("claim__person", "claim__incident", "run__terms__record_version", "chunk")
        .prefetch_related("claim__losses__service", "claim__losses__via")
        .order_by("claim_id", "run_id")
    )
    newest = {assessment.claim_id: assessment for assessment in assessments}
    lines = _lines(newest.values())
    found = [Under(a.claim, people[a.claim.person.public_id]["persona"], a, tuple(lines[a.pk])) for a in newest.values()]
    return sorted(found, key=lambda under: order[under.claim.person.public_id])


def result_rows(version: int) -> list[dict[str, Any]]:
    """One row per line: what `var/demo/result.json` lists. Nothing of an incident that has no such version."""
    published = set(RecordVersion.objects.filter(number=version).values_list("incident", flat=True))
    return [
        {
            "reference": under.claim.reference,
            "persona": under.persona,
            "record_version": version,
            "policy": policy_code(line),
            "rule": line.rule.code if line.rule else None,
            "outcome": line.outcome,
            "remedy": line.remedy,
            "unit": line.unit,
            "quantity": line.quantity,
            "currency": line.currency,
            "reasons": line.reasons,
            "counted_seconds": line.counted_seconds,
        }
        for under in assessments_under(version)
        if under.claim.incident_id in published
        for line in under.lines
    ]


def policy_code(line: EntitlementLine) -> str | None:
    return line.rule.version.policy.code if line.rule else None


def _lines(assessments: Iterable[Assessment]) -> dict[int, list[EntitlementLine]]:
    found: dict[int, list[EntitlementLine]] = defaultdict(list)
    rows = EntitlementLine.objects.filter(assessment__in=[a.pk for a in assessments])
    for line in rows.select_related("rule__version__policy", "loss__service").order_by("assessment_id", "position"):
        found[line.assessment_id].append(line)
    return found
