"""What many would write: a loop over claims with the ORM.

It computes less than the engine does (one policy, no reasons, no record of windows not counted), which is in its favour.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from bench.processes import PROCESSES
from claims.models import Assessment, Claim, EntitlementLine, PolicyRule
from services.models import Incident, OutageWindow
from services.queries import record_in_force, windows_of

HALF_HOUR = timedelta(minutes=30)
WON_PER_HALF_HOUR = 250


def assess_sample(index: int, sample: int, incident_id: int) -> None:
    """`sample` claims shared among the processes."""
    version = record_in_force(Incident.objects.get(pk=incident_id))
    assert version is not None
    windows: dict[str, list[OutageWindow]] = {}
    for window in windows_of(version):
        windows.setdefault(window.service.code, []).append(window)
    rule = PolicyRule.objects.get(code="half_hours")
    claims = Claim.objects.filter(incident_id=incident_id).select_related("incident", "person").order_by("pk")
    for claim in claims[index:sample:PROCESSES]:
        with transaction.atomic():
            _assess(claim, windows, rule, version.as_of)


def _assess(claim: Claim, windows: dict[str, list[OutageWindow]], rule: PolicyRule, as_of: datetime) -> None:
    facts = {fact.name: fact for fact in claim.facts.all()}
    revision = claim.revisions.order_by("-number").first()
    assert revision is not None, "the population gives every claim a revision"
    assert facts, "and a fact"
    spans: list[tuple[datetime, datetime]] = []
    others = []
    for loss in claim.losses.select_related("service"):
        if loss.service.code != "kakaotalk.text_message":
            others.append(loss)
            continue
        for window in windows.get(loss.service.code, []):
            start_at = max(loss.start_at, window.start_at)
            end_at = min(loss.end_at or as_of, window.end_at or as_of)
            if window.severity == "full" and start_at < end_at:
                spans.append((start_at, end_at))
    counted, reached = timedelta(), None
    for start_at, end_at in sorted(spans):
        fresh = start_at if reached is None else max(start_at, reached)
        if fresh < end_at:
            counted += end_at - fresh
            reached = end_at
    assessment = Assessment.objects.create(
        claim=claim, revision=revision.number, run_id=1, chunk_id=1, assessed_at=timezone.now()
    )
    quantity = counted // HALF_HOUR * WON_PER_HALF_HOUR
    lines = [
        EntitlementLine(
            assessment=assessment, position=0, rule=rule, outcome="eligible" if quantity else "not_eligible",
            remedy="credit", unit="KRW", currency="KRW", quantity=quantity, counted_seconds=counted // timedelta(seconds=1),
        )
    ]  # fmt: skip
    lines += [
        EntitlementLine(
            assessment=assessment, position=i, loss=loss, outcome="not_eligible", reasons=["no_policy_pays"],
            quantity=0, counted_seconds=0,
        )
        for i, loss in enumerate(others, start=1)
    ]  # fmt: skip
    EntitlementLine.objects.bulk_create(lines)
