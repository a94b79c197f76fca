"""Why an assessment says what it says: computed again from what it pinned, and held against what it stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from claims.eligibility import EngineRefusal, Terms
from claims.eligibility.explain import explain, without_lines
from claims.eligibility.explanation_text import ExplanationText
from claims.eligibility.wording import Cited
from claims.facts import explain_batch
from claims.models import Assessment, Claim
from claims.queries.assessment import current_assessment
from claims.queries.unlisted import Numbers
from services.names import Names, service_names
from services.refusals import Refusal
from services.seoul import SEOUL
from services.words import IN_KOREAN


class ExplanationDiffers(Refusal):
    """An alarm: the same engine on the same inputs gave other lines than are stored."""

    code = "explanation_differs"


class ExplanationUnavailable(Refusal):
    """This engine no longer compiles the stored terms to what an earlier one made of them."""

    code = "explanation_unavailable"


@dataclass(frozen=True)
class Explanation:
    """`document` as `claims.eligibility.explain.explain` gives it, for one assessment. `losses`: ids of those that counted."""

    assessment: Assessment
    document: dict[str, Any]
    terms: Terms
    losses: Sequence[int]

    def text(self, language: str, *, codes: bool = True, refused: bool = False, numbers: Numbers | None = None) -> list[str]:
        """In `ko` or `en`, one string per line; for claimants without the codes that staff read. `refused`: nothing of it is
        given, by a decision of people. `numbers`: as `unlisted_numbers` has them.
        """
        names = service_names()
        cited = None if codes else cited_by(self.terms, names)
        said = ExplanationText(self.terms, language, names.by_code, cited, numbers)
        return said.explanation(self.document, SEOUL, refused=refused)


def cited_by(terms: Terms, names: Names) -> Cited:
    """What claimants read of the record's sources and notices."""
    channels = {notice.channel for notice in terms.record.notices}
    return Cited(names.sources, {channel: (IN_KOREAN.get(channel, channel), channel) for channel in channels})


def explain_claim(claim: Claim) -> Explanation | None:
    """Of the claim's current assessment; None while it has none. Raises ExplanationDiffers."""
    assessment = current_assessment(claim)
    return None if assessment is None else explain_assessment(assessment)


def explain_assessment(assessment: Assessment) -> Explanation:
    """Raises ExplanationDiffers when the recomputed lines are not the stored ones, and ExplanationUnavailable."""
    try:
        batch, terms = explain_batch(assessment)
    except EngineRefusal as refusal:
        raise ExplanationUnavailable(
            f"Assessment {assessment.pk} was made by engine {assessment.run.terms.engine_version}: {refusal}. "
            "Its lines stand; to explain them run that version."
        ) from refusal
    found = explain(batch, terms)
    document = found[0] if found else without_lines(assessment.claim_id, terms)
    recomputed = [_comparable(line) for line in document["lines"]]
    stored = list(assessment.lines.order_by("position").values_list(*RULE, *KEPT))
    if recomputed != stored:
        raise ExplanationDiffers(
            f"Assessment {assessment.pk} of {assessment.claim.reference} stores {stored}, recomputed are {recomputed}. "
            "Do not pay or send anything about it; compare the engine's versions."
        )
    return Explanation(assessment, document, terms, batch.losses["loss"].to_list())


RULE = ("rule__version__policy__code", "rule__version__number", "rule__code")
KEPT = ("position", "loss", "outcome", "reasons", "remedy", "unit", "quantity", "currency", "counted_seconds")


def _comparable(line: dict[str, Any]) -> tuple[Any, ...]:
    return (line["policy"], line["policy_version"], line["rule"], *(line[key] for key in KEPT))
