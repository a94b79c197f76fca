"""What claimants wrote and what they were answered, and the templates that there are for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from claims.models import Claim, Event, Letter, ReplyVersion

MOST_TOLD = 50  # messages and answers of a claim
MOST_EVENTS = 100


@dataclass(frozen=True)
class Turn:
    """A message or an answer. Of a message that was erased, and of a letter of another kind, both are None."""

    event: Event
    text: str | None
    letter: Letter | None

    @property
    def answers(self) -> bool:
        return self.event.kind == "claim_answered"


TOLD, SORTED = ("message_received", "claim_answered"), "claim_sorted"


def newest_events(claim: Claim) -> tuple[list[Event], bool]:
    """The newest MOST_EVENTS with actors, notes and messages, the newest first; and whether these are all. One query."""
    events = Event.objects.filter(claim=claim).select_related("actor", "note", "message").order_by("-pk")
    found = list(events[: MOST_EVENTS + 1])
    return found[:MOST_EVENTS], len(found) <= MOST_EVENTS


def turns_of(claim: Claim, everything: Sequence[Event] | None = None) -> tuple[list[Turn], bool]:
    """The newest MOST_TOLD, the oldest of them first; and whether there are older ones. `everything`: all events of the claim,
    of who has them already. Two queries, or one.
    """
    if everything is None:
        told = Event.objects.filter(claim=claim, kind__in=TOLD)
        events = list(told.select_related("message", "actor").order_by("-pk")[: MOST_TOLD + 1])
    else:
        events = [event for event in everything if event.kind in TOLD]
    shown = events[:MOST_TOLD][::-1]
    made = Letter.objects.filter(pk__in=[one.data.get("letter", 0) for one in shown], reply__isnull=False)
    answered = any("letter" in one.data for one in shown)
    letters = {one.pk: one for one in made.select_related("reply__template").defer("content")} if answered else {}
    turns = [Turn(one, _text(one), letters.get(one.data.get("letter", 0))) for one in shown]
    return turns, len(events) > MOST_TOLD


def _text(event: Event) -> str | None:
    return event.message.text if hasattr(event, "message") else None


def last_sorting(claim: Claim, everything: Sequence[Event] | None = None) -> Event | None:
    """Who or what said last of what kind the claim is, as far as somebody or a rule of messages said it."""
    if everything is not None:
        return next((event for event in everything if event.kind == SORTED), None)
    sortings = Event.objects.filter(claim=claim, kind=SORTED).select_related("actor", "note")
    return sortings.order_by("-pk").first()


def replies_in_use(kind: str) -> list[ReplyVersion]:
    """The newest version of each template, if it answers claims of this kind; by the templates' codes."""
    newer = ReplyVersion.objects.filter(template=OuterRef("template"), number__gt=OuterRef("number"))
    in_use = ReplyVersion.objects.filter(~Exists(newer), kinds__contains=[kind])
    return list(in_use.select_related("template").order_by("template__code"))
