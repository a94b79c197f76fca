"""Letters are made once and kept as bytes. Works off a slice at a time, in transactions of its own."""

from __future__ import annotations

import hashlib
from datetime import datetime

from claims.models import MOST_ATTEMPTS, Decision, Letter, LetterDue, NewsKind
from claims.operations.attempts import attempt
from claims.operations.language import language_of
from claims.operations.news import tell
from claims.queries.letter import render_letter
from services.instants import check_instant

SLICE = 20  # letters of a transaction: a fraction of a second


def write_next_letters(*, now: datetime) -> bool:
    """Make some of the letters that are due; False when none is. Call it outside any transaction.

    One that cannot be made is tried again alone, five times, and then left for a person to see.
    """
    now = check_instant(now, "now")
    with attempt(LetterDue) as taken:
        waiting = LetterDue.objects.filter(attempts__lt=MOST_ATTEMPTS).order_by("attempts", "pk")
        due = list(waiting.select_for_update(skip_locked=True)[:SLICE])
        taken.extend([one.pk for one in due if one.attempts == 0] or [one.pk for one in due[:1]])
        if taken:
            _write(taken, now)
    return bool(taken)


def _write(decision_ids: list[int], now: datetime) -> None:
    decisions = Decision.objects.filter(pk__in=decision_ids).select_related("claim__incident", "assessment__run__terms")
    letters = []
    for decision in decisions.order_by("pk"):
        language = language_of(decision.claim)
        content = render_letter(decision, language=language, now=now)
        digest = hashlib.sha256(content).hexdigest()
        letters.append(
            Letter(
                claim=decision.claim, assessment=decision.assessment, decision=decision, language=language, content=content,
                content_hash=digest, made_at=now,
            )
        )  # fmt: skip
    Letter.objects.bulk_create(letters)
    tell([letter.claim_id for letter in letters], NewsKind.DECIDED, now=now)
    LetterDue.objects.filter(pk__in=decision_ids).delete()
