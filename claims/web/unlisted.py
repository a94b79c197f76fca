"""What somebody could not use and no list has: in a few words of theirs, with its times. It is filed as a message (ADR 31)."""

from __future__ import annotations

from collections.abc import Sequence

from claims.operations import ToldLoss
from claims.operations.messages import LONGEST_MESSAGE
from claims.web.choices import Choice
from claims.web.words import say
from services.words import said_instant

UNLISTED = "not-listed"  # among the codes of services, which have no dash
MOST_WORDS = 200  # characters
BETWEEN = "\n\n"


def unlisted_choice(words: str) -> Choice:
    return Choice(UNLISTED, words, ())


def said_unlisted(words: str, times: Sequence[ToldLoss]) -> str:
    """As the message of the claim begins, in the active language; nothing where there is nothing."""
    spans = [
        f"{said_instant(one.start_at)} ~ {say('ongoing') if one.end_at is None else said_instant(one.end_at)}"
        for one in times
    ]  # fmt: skip
    return say("unlisted_kept").format(words, ", ".join(spans)) if words else ""


def longest_beside(words: str, times: Sequence[ToldLoss]) -> int:
    """Characters that are left for what they write beside it, inclusive."""
    said = said_unlisted(words, times)
    return LONGEST_MESSAGE - (len(said) + len(BETWEEN) if said else 0)


def in_own_words(words: str, times: Sequence[ToldLoss], message: str) -> str:
    """The message of the claim: what no list has, then what they wrote beside it."""
    return BETWEEN.join(text for text in (said_unlisted(words, times), message) if text)
