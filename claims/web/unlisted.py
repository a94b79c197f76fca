"""What somebody could not use and no list has: a loss like others (ADR 40), in a few words of theirs."""

from __future__ import annotations

from claims.models import Loss
from claims.operations.intake import words_of
from claims.queries.unlisted import Numbers
from claims.web.choices import Choice
from claims.web.words import say
from services.names import UNLISTED
from services.words import name_of


def unlisted_choice(words: str) -> Choice:
    return Choice(UNLISTED, words, ())


def name_of_loss(loss: Loss, numbers: Numbers | None = None) -> str:
    """In the active language; of what is in no list what they call it, until that is erased, with the number that letters have
    instead. With `service` and `words` at hand no query.
    """
    words, number = words_of(loss), (numbers or {}).get(loss.pk)
    if number is not None:
        named = f"{name_of(loss.service)} {number}"
        return f"{words} ({named})" if words else named
    return f"{words} ({say('unlisted_here')})" if words else name_of(loss.service)
