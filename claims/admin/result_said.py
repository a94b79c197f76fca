"""What an assessment gives, beside the buttons that rest on it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from claims.admin.appeal_words import say
from claims.admin.choice_words import worded
from claims.admin.goodwill_said import said_goodwill
from claims.admin.reasons_said import reason_in
from claims.amounts import said_of_line, said_stakes
from claims.models import Assessment, Decision, EntitlementLine
from claims.models.owing import is_owed, stake
from claims.operations import PublishedWords
from services.seoul import shown_span


def said_result(assessment: Assessment, words: PublishedWords) -> dict[str, Any]:
    """The sum that it owes, in each unit, and its lines: of which policy, for what, with which outcome and why, how much.
    Two queries.
    """
    lines = list(assessment.lines.select_related("rule__version__policy", "loss__service"))
    return {"sum": _sum(lines), "lines": [_line(line, words) for line in lines]}


def said_sum(decision: Decision) -> str:
    """That it gives, with its goodwill; its related row is selected."""
    owed = _sum(list(decision.assessment.lines.all())) if decision.approved else say("none")
    return owed + said_goodwill(decision)


def _sum(lines: list[EntitlementLine]) -> str:
    owed: Counter[str] = Counter()
    for line in lines:
        if line.remedy and line.unit and line.quantity and is_owed(line.outcome, line.quantity, line.reasons):
            owed[stake(line.remedy, line.unit, line.currency)] += line.quantity
    return said_stakes(owed, {}) if owed else say("none")


def _line(line: EntitlementLine, words: PublishedWords) -> tuple[str, ...]:
    return (
        f"{line.position + 1}. {'-' if line.rule is None else reason_in(words, line.rule.version.policy.code)}",
        "-" if line.loss is None else f"{line.loss.service.name} {shown_span(line.loss.start_at, line.loss.end_at)}",
        worded("outcome", line.outcome),
        ", ".join(reason_in(words, code) for code in line.reasons) or "-",
        said_of_line(line) or "-",
    )
