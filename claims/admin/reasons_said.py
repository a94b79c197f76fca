"""Reasons in words, with what the published policies call their facts, their own reasons and themselves."""

from __future__ import annotations

from collections.abc import Callable

from claims.admin.case_words import known_reason
from claims.operations import PublishedWords, published_words
from services.language import in_english

OF_A_FACT = "missing_fact"
UNKNOWN = "unknown"


def reasons_said(*, rejected: bool = False) -> Callable[[str], str]:
    """`reason_in` with the words that are published now: for a page, which asks for them once. One query."""
    words = published_words()
    return lambda code: reason_in(words, code, rejected=rejected)


def reason_in(words: PublishedWords, code: str, *, rejected: bool = False) -> str:
    """A code with what stands behind its colon: a policy, a fact, or a reason behind an outcome. What nothing is known of stays
    as it is. `rejected`: as a reason to reject a claim.
    """
    head, _, rest = code.partition(":")
    if not rest:
        return _said(words, head, rejected=rejected)
    if head == UNKNOWN and rest.startswith(f"{OF_A_FACT}:"):  # else it would say twice that it is missing
        rest = rest.removeprefix(f"{OF_A_FACT}:")
    return f"{_said(words, head, rejected=rejected)}: {reason_in(words, rest, rejected=rejected)}"


def _said(words: PublishedWords, code: str, *, rejected: bool) -> str:
    known = known_reason(code, rejected=rejected)
    if known is not None:
        return known
    if code in words.facts:
        return words.facts[code].label.said(in_english())
    text = words.reasons.get(code) or words.titles.get(code)
    return code if text is None else text.said(in_english())
