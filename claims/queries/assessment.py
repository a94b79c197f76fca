"""What was said about a claim, now and before."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import get_language

from claims.models import (
    MOST_ATTEMPTS,
    Assessment,
    ChunkState,
    Claim,
    EntitlementLine,
    ReassessmentDue,
    RunState,
)
from claims.queries.work import RunProgress, progress_of


class Standing(StrEnum):
    """Waiting: an assessment is due. Quarantined: it failed, a person must look. Empty: there is nothing to assess."""

    WAITING = "waiting"
    ASSESSED = "assessed"
    QUARANTINED = "quarantined"
    EMPTY = "empty"


@dataclass(frozen=True)
class ClaimState:
    """Where a claim stands; `progress` is of the open run that will answer it, if it is planned already."""

    state: Standing
    assessment: Assessment | None
    progress: RunProgress | None

    @property
    def worker(self) -> str | None:
        """The process that made the current assessment."""
        return None if self.assessment is None else self.assessment.chunk.worker

    @property
    def sentence(self) -> str:
        """For people, in the active language."""
        korean, english = SENTENCES[self.state]
        if self.progress is not None:  # only of a claim that waits
            done, total = self.progress.assessed, self.progress.total
            korean, english = (
                f"{korean} (이번 회차 {total}건 중 {done}건 산정)",
                f"{english} ({done} of {total} assessed in this run)",
            )
        elif self.state == Standing.WAITING:
            korean, english = f"{korean} (아직 회차에 들어가지 않음)", f"{english} (not in a run yet)"
        return korean if (get_language() or "ko").startswith("ko") else english


SENTENCES = {
    Standing.WAITING: ("산정을 기다리고 있습니다", "Waiting to be assessed"),
    Standing.ASSESSED: ("산정이 끝났습니다", "Assessed"),
    Standing.QUARANTINED: ("산정에 실패하여 담당자가 확인합니다", "Assessing it failed; a caseworker looks at it"),
    Standing.EMPTY: ("산정할 내용이 없습니다", "There is nothing to assess"),
}


def claim_state(claim: Claim) -> ClaimState:
    """Waiting comes first: what was said before is no longer the last word."""
    return state_with(claim, current_assessment(claim))


def state_with(claim: Claim, assessment: Assessment | None) -> ClaimState:
    """For whoever has the current assessment already."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING, {"claim": claim.pk, "quarantined": ChunkState.QUARANTINED})
        due, quarantined, attempts = cursor.fetchone()
    if due is not None:
        waits = ReassessmentDue.objects.filter(pk=due).first()  # None: it was assessed in this moment
        return ClaimState(Standing.WAITING, assessment, None if waits is None else _progress(waits))
    if quarantined is not None and (assessment is None or quarantined > assessment.run_id):
        return ClaimState(Standing.QUARANTINED, assessment, None)
    if attempts is not None:
        return ClaimState(Standing.WAITING if attempts < MOST_ATTEMPTS else Standing.QUARANTINED, assessment, None)
    return ClaimState(Standing.EMPTY if assessment is None else Standing.ASSESSED, assessment, None)


# The first row by which it is due, the newest run that failed at it, and how often finding what usage attests about it failed.
STANDING = """
SELECT (SELECT min(id) FROM claims_reassessmentdue WHERE claim_id = %(claim)s),
       (SELECT max(run_id) FROM claims_runchunk WHERE state = %(quarantined)s AND first_claim_id = %(claim)s),
       (SELECT max(attempts) FROM claims_derivationdue WHERE claim_id = %(claim)s)"""


def _progress(due: ReassessmentDue) -> RunProgress | None:
    run = due.incident.runs.filter(state=RunState.OPEN, due_after__lt=due.pk, due_horizon__gte=due.pk).first()
    return None if run is None else progress_of(run)


def current_assessment(claim: Claim) -> Assessment | None:
    """Of its newest run; without the document of its terms, of which `terms_of` keeps what is compiled."""
    return claim.assessments.select_related("chunk", "run__terms").defer("run__terms__document").order_by("-run_id").first()


def current_lines(claim: Claim) -> QuerySet[EntitlementLine]:
    """Lines of the current assessment, in their order; none while there is no assessment."""
    return _lines().filter(assessment=current_assessment(claim)).order_by("position")


def line_history(claim: Claim) -> QuerySet[EntitlementLine]:
    """Lines of all assessments, the oldest first."""
    return _lines().filter(assessment__claim=claim).order_by("assessment__run_id", "position")


def _lines() -> QuerySet[EntitlementLine]:
    return EntitlementLine.objects.select_related(
        "assessment__run__terms__record_version", "rule__version__policy", "loss__service"
    ).defer("assessment__run__terms__document", "rule__version__pack_yaml")


def owes(assessment: Assessment) -> bool:
    """Whether any of its lines gives something."""
    return assessment.lines.filter(outcome="eligible", quantity__gt=0).exists()
