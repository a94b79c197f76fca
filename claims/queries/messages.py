"""What claimants wrote and what they were answered, and the templates that there are for an answer."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from claims.models import Claim, Event, Letter, ReplyVersion

MOST_TOLD = 50  # messages and answers of a claim


@dataclass(frozen=True)
class Turn:
    """A message or an answer. Of a message that was erased, and of a letter of another kind, both are None."""

    event: Event
    text: str | None
    letter: Letter | None

    @property
    def answers(self) -> bool:
        return self.event.kind == "claim_answered"


def turns_of(claim: Claim) -> tuple[list[Turn], bool]:
    """The newest MOST_TOLD, the oldest of them first; and whether there are older ones. Two queries."""
    told = Event.objects.filter(claim=claim, kind__in=("message_received", "claim_answered"))
    events = list(told.select_related("message", "actor").order_by("-pk")[: MOST_TOLD + 1])
    shown = events[:MOST_TOLD][::-1]
    made = Letter.objects.filter(pk__in=[one.data.get("letter", 0) for one in shown], reply__isnull=False)
    letters = {one.pk: one for one in made.select_related("reply__template").defer("content")}
    turns = [Turn(one, _text(one), letters.get(one.data.get("letter", 0))) for one in shown]
    return turns, len(events) > MOST_TOLD


def _text(event: Event) -> str | None:
    return event.message.text if hasattr(event, "message") else None


def last_sorting(claim: Claim) -> Event | None:
    """Who or what said last of what kind the claim is, as far as somebody or a rule of messages said it."""
    sortings = Event.objects.filter(claim=claim, kind="claim_sorted").select_related("actor", "note")
    return sortings.order_by("-pk").first()


def replies_in_use(kind: str) -> list[ReplyVersion]:
    """The newest version of each template, if it answers claims of this kind; by the templates' codes."""
    newer = ReplyVersion.objects.filter(template=OuterRef("template"), number__gt=OuterRef("number"))
    in_use = ReplyVersion.objects.filter(~Exists(newer), kinds__contains=[kind])
    return list(in_use.select_related("template").order_by("template__code"))
