"""What is due, and how far runs have come."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Sum

from claims.models import AssessmentRun, ChunkState, Claim, ReassessmentDue, RunState


@dataclass(frozen=True)
class RunProgress:
    """`assessed` of `total` claims; quarantined ones are answered too, but not assessed."""

    run: AssessmentRun
    assessed: int
    quarantined: int
    total: int

    def __str__(self) -> str:
        return f"{self.assessed} of {self.total} assessed"


def needing_assessment() -> QuerySet[Claim]:
    """Claims that stand in the queue: something about them is newer than their assessment."""
    return Claim.objects.filter(Exists(ReassessmentDue.objects.filter(claim=OuterRef("pk"))))


def open_runs() -> list[RunProgress]:
    """Runs under way, the oldest first."""
    return [progress_of(run) for run in AssessmentRun.objects.filter(state=RunState.OPEN).order_by("pk")]


def progress_of(run: AssessmentRun) -> RunProgress:
    """How far a run has come. A claim that fell due while it ran may be answered as well, so the total can grow."""
    by_state = dict(run.chunks.order_by().values_list("state").annotate(Sum("claims")))
    assessed, quarantined = by_state.get(ChunkState.DONE, 0), by_state.get(ChunkState.QUARANTINED, 0)
    return RunProgress(run, assessed, quarantined, max(run.total, assessed + quarantined))
