"""What was said about a claim, now and before, and what stands between."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from django.db.models import Max, QuerySet
from django.utils.translation import get_language

from claims.eligibility import load_pack
from claims.models import (
    MOST_ATTEMPTS,
    Assessment,
    ChunkState,
    Claim,
    DerivationDue,
    EntitlementLine,
    Outcome,
    PolicyVersion,
    ReassessmentDue,
    RunChunk,
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
    assessment = current_assessment(claim)
    due = ReassessmentDue.objects.filter(claim=claim).order_by("pk").first()
    if due is not None:
        return ClaimState(Standing.WAITING, assessment, _progress(due))
    quarantined = RunChunk.objects.filter(state=ChunkState.QUARANTINED, first_claim_id=claim.pk).order_by("-run").first()
    if quarantined is not None and (assessment is None or quarantined.run_id > assessment.run_id):
        return ClaimState(Standing.QUARANTINED, assessment, None)
    return ClaimState(
        _standing_underived(claim) or (Standing.EMPTY if assessment is None else Standing.ASSESSED), assessment, None
    )


def _standing_underived(claim: Claim) -> Standing | None:
    """What usage attests about the claim is still to be found, or finding it failed; None when it has been found."""
    attempts = DerivationDue.objects.filter(claim=claim).aggregate(Max("attempts"))["attempts__max"]
    if attempts is None:
        return None
    return Standing.WAITING if attempts < MOST_ATTEMPTS else Standing.QUARANTINED


def _progress(due: ReassessmentDue) -> RunProgress | None:
    run = due.incident.runs.filter(state=RunState.OPEN, due_after__lt=due.pk, due_horizon__gte=due.pk).first()
    return None if run is None else progress_of(run)


def current_assessment(claim: Claim) -> Assessment | None:
    """Of its newest run."""
    return claim.assessments.select_related("chunk", "run__terms").order_by("-run").first()


def current_lines(claim: Claim) -> QuerySet[EntitlementLine]:
    """Lines of the current assessment, in their order; none while there is no assessment."""
    return _lines().filter(assessment=current_assessment(claim)).order_by("position")


def line_history(claim: Claim) -> QuerySet[EntitlementLine]:
    """Lines of all assessments, the oldest first."""
    return _lines().filter(assessment__claim=claim).order_by("assessment__run_id", "position")


def _lines() -> QuerySet[EntitlementLine]:
    return EntitlementLine.objects.select_related(
        "assessment__run__terms__record_version", "rule__version__policy", "loss__service"
    )


class DifferenceKind(StrEnum):
    """Written off: less is owed than before, by so little that the policy does not ask for it back."""

    TOP_UP = "top_up"
    RECOVERY = "recovery"
    WRITTEN_OFF = "written_off"


@dataclass(frozen=True)
class Difference:
    """One rule owes more or less of one remedy than the assessment before said. Quantities are whole units."""

    earlier: Assessment
    later: Assessment
    policy: str
    rule: str
    remedy: str
    unit: str
    currency: str | None
    before: int
    after: int
    kind: DifferenceKind

    @property
    def quantity(self) -> int:
        """After less before; below zero for a recovery or write-off."""
        return self.after - self.before


def differences(claim: Claim) -> list[Difference]:
    """Between each assessment and the next, per rule and remedy; only what is eligible is owed."""
    lines: dict[int, list[EntitlementLine]] = {}
    for line in line_history(claim):
        lines.setdefault(line.assessment_id, []).append(line)
    history = [(assessment, _owed(lines.get(assessment.pk, []))) for assessment in claim.assessments.order_by("run")]
    return [
        difference
        for (before, owed_before), (after, owed_after) in pairwise(history)
        for difference in _between(before, owed_before, after, owed_after)
    ]


_Key = tuple[str, str, str, str, str | None]  # policy, rule, remedy, unit, currency


@dataclass
class _Owed:
    quantity: int
    version: PolicyVersion


def _owed(lines: Iterable[EntitlementLine]) -> dict[_Key, _Owed]:
    owed: dict[_Key, _Owed] = {}
    for line in lines:
        if line.outcome != Outcome.ELIGIBLE or line.rule is None or line.quantity is None:
            continue
        version = line.rule.version
        key = (version.policy.code, line.rule.code, line.remedy or "", line.unit or "", line.currency)
        owed.setdefault(key, _Owed(0, version)).quantity += line.quantity
    return owed


def _between(
    before: Assessment, owed_before: dict[_Key, _Owed], after: Assessment, owed_after: dict[_Key, _Owed]
) -> list[Difference]:
    found = []
    for key in sorted(owed_before.keys() | owed_after.keys(), key=str):
        earlier, later = owed_before.get(key), owed_after.get(key)
        first, second = (0 if owed is None else owed.quantity for owed in (earlier, later))
        if first == second:
            continue
        version = (later or earlier).version  # type: ignore[union-attr]  # one of them has the key
        found.append(Difference(before, after, *key, first, second, _kind(second - first, version)))
    return found


def _kind(quantity: int, version: PolicyVersion) -> DifferenceKind:
    if quantity > 0:
        return DifferenceKind.TOP_UP
    written_off = -quantity < _recovery_floor(version.content_hash, version.pack_yaml)
    return DifferenceKind.WRITTEN_OFF if written_off else DifferenceKind.RECOVERY


@lru_cache(maxsize=64)
def _recovery_floor(content_hash: str, pack_yaml: str) -> int:
    return load_pack(pack_yaml, content_hash[:12]).recovery_floor
