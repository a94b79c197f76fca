"""What an appeal may point at, which appeals are late, and which other claims were decided on the same grounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from claims.models import Appeal, AppealState, Assessment, PointKind
from claims.queries.explanation import ExplanationDiffers, ExplanationUnavailable, explain_assessment

Pointed = tuple[Any, ...]  # kind and what it names: fact and loss, policy and rule, position of a line, code of a service
FIRST = 100


def pointable(assessment: Assessment) -> dict[Pointed, list[int]]:
    """By what can be pointed at, the positions of the lines that rest on it.

    What its explanation names. Where it cannot be explained any more, the stored lines with their rules and services: a
    claimant is heard all the same, and whoever answers meets the alarm.
    """
    try:
        lines = explain_assessment(assessment).document["lines"]
    except (ExplanationUnavailable, ExplanationDiffers):
        lines = _stored_lines(assessment)
    found: dict[Pointed, list[int]] = {}
    for line in lines:
        for pointed in dict.fromkeys(_named(line)):
            found.setdefault(pointed, []).append(line["position"])
    return found


def _named(line: Mapping[str, Any]) -> Iterable[Pointed]:
    yield PointKind.LINE, line["position"]
    if line["rule"] is not None:
        yield PointKind.RULE, line["policy"], line["rule"]
    for fact in line.get("facts", ()):
        yield PointKind.FACT, fact["name"], line["loss"] if fact["of"] == "loss" else None
    for service in (*(span["service"] for span in line["spans"]), *(w["service"] for w in line["windows"].values())):
        yield PointKind.RECORD, service


def _stored_lines(assessment: Assessment) -> Iterable[dict[str, Any]]:
    for line in assessment.lines.select_related("rule__version__policy", "loss__service").order_by("position"):
        yield {
            "position": line.position, "loss": line.loss_id, "windows": {},
            "policy": line.rule.version.policy.code if line.rule else None, "rule": line.rule.code if line.rule else None,
            "spans": [{"service": line.loss.service.code}] if line.loss else [],
        }  # fmt: skip


def overdue_appeals(today: date) -> QuerySet[Appeal]:
    """Open ones that were to be answered before this day (in Korean time), the latest first."""
    return Appeal.objects.filter(state=AppealState.OPEN, due_date__lt=today).order_by("due_date", "pk")


@dataclass(frozen=True)
class SimilarDecision:
    claim_id: int
    reference: str
    decision_id: int


@dataclass(frozen=True)
class Similar:
    """How many there are, and the first hundred of them by the claims' numbers."""

    count: int
    first: list[SimilarDecision]


def similar_decisions(appeal: Appeal) -> Similar:
    """Other claims of the incident whose standing decision gave the same answer on the same grounds. One query.

    On the same grounds: it rests on a line of the same policy, rule (of whatever version), outcome and reasons as a line that
    the appeal points at; an appeal that points at none means all lines. Decisions made after the answer knew of it and are
    left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(SIMILAR + SELECT_FIRST, {**similar_to(appeal), "first": FIRST})
        rows = cursor.fetchall()
    return Similar(rows[0][0] if rows else 0, [SimilarDecision(*row[1:]) for row in rows])


def similar_to(appeal: Appeal) -> dict[str, Any]:
    """The parameters of `SIMILAR`."""
    return {
        "incident": appeal.claim.incident_id, "claim": appeal.claim_id, "assessment": appeal.decision.assessment_id,
        "approved": appeal.decision.approved, "before": appeal.answer_id,
        "positions": sorted({position for point in appeal.points.all() for position in point.positions}),
    }  # fmt: skip


# Lines without a rule (no policy pays for the loss) are those of rule 0.
SIMILAR = """
WITH grounds AS (
    SELECT DISTINCT coalesce(same.id, 0) AS rule_id, e.outcome, e.reasons
      FROM claims_entitlementline e
      LEFT JOIN claims_policyrule r ON r.id = e.rule_id
      LEFT JOIN claims_policyversion v ON v.id = r.version_id
      LEFT JOIN claims_policyversion versions ON versions.policy_id = v.policy_id
      LEFT JOIN claims_policyrule same ON same.version_id = versions.id AND same.code = r.code
     WHERE e.assessment_id = %(assessment)s AND (r.id IS NULL OR same.id IS NOT NULL)
       AND (%(positions)s::int[] = '{}' OR e.position = ANY(%(positions)s::int[]))
), alike AS (
    SELECT s.claim_id, d.id AS decision_id
      FROM claims_claimstatus s
      JOIN claims_decision d ON d.id = s.stands_id
     WHERE s.incident_id = %(incident)s AND s.claim_id <> %(claim)s
       AND d.approved = %(approved)s AND (%(before)s::bigint IS NULL OR d.id < %(before)s)
       AND EXISTS (SELECT 1 FROM claims_entitlementline e
                     JOIN grounds g ON g.rule_id = coalesce(e.rule_id, 0) AND g.outcome = e.outcome AND g.reasons = e.reasons
                    WHERE e.assessment_id = d.assessment_id)
)"""
SELECT_FIRST = """
SELECT count(*) OVER (), s.claim_id, c.reference, s.decision_id
  FROM alike s JOIN claims_claim c ON c.id = s.claim_id
 ORDER BY s.claim_id LIMIT %(first)s"""
