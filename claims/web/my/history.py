"""What happened to a claim, as its claimant reads it: each thing once, and who did it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from claims.eligibility import FactSpec
from claims.models import Claim, Event, RevisionCause, WithdrawalReason
from claims.queries.own import OwnClaim
from claims.web.my.changed import changes_of
from claims.web.my.words import BY_US, FOUND, HISTORY
from services.language import in_english
from services.words import said_instant

Doing = tuple[int, int | None]  # a revision, and by whom
SAID = ("claim_opened", "claim_revised")
# What a revision was made for; where it was made for one of these, that it was made says the same once more.
MADE_FOR = ("claim_entered", "facts_verified", "loss_withdrawn", "loss_put_back")


def history_of(claim: Claim, own: OwnClaim, specs: Mapping[str, FactSpec]) -> list[tuple[str, str]]:
    """Without what others wrote about claims of theirs that were merged into this one. `specs`: of facts, by name."""
    changes = changes_of(claim, own, specs)
    told = Counter((event.data["revision"], event.actor_id) for event in own.events if event.kind in MADE_FOR)
    return [
        (said_instant(event.at.replace(second=0, microsecond=0)), _said(event, claim, changes))
        for event in own.events
        if event.kind in HISTORY and not _by_another(event, claim) and not _is_said_by_another(event, claim, told)
    ]


def _said(event: Event, claim: Claim, changes: Mapping[int, str]) -> str:
    if event.kind in SAID and event.data.get("cause") == RevisionCause.DERIVED:
        return FOUND[event.kind][in_english()]
    ours = event.kind in BY_US and not _by_claimant(event, claim)
    text = (BY_US if ours else HISTORY)[event.kind][in_english()]
    changed = changes.get(event.data["revision"], "") if event.kind == "claim_revised" else ""
    return f"{text}: {changed}" if changed else text


def _by_claimant(event: Event, claim: Claim) -> bool:
    """What is filed comes without a log-in; an account without one was loaded by us."""
    if event.actor is None:
        return event.kind != "payee_set"
    return event.actor.person_id == claim.person_id


def _by_another(event: Event, claim: Claim) -> bool:
    actor = event.actor
    return actor is not None and not actor.is_staff and actor.person_id not in (None, claim.person_id)


def _is_said_by_another(event: Event, claim: Claim, told: Counter[Doing]) -> bool:
    """By another event of the same doing. Of a loss that the claimant moved only that something was corrected."""
    theirs = _by_claimant(event, claim)
    if event.kind == "loss_withdrawn":
        return theirs and event.data.get("reason") == WithdrawalReason.WRONG_TIME
    if event.kind not in SAID:
        return False
    others = told[event.data["revision"], event.actor_id]
    return others > 0 and not (theirs and event.data["losses"] + event.data["facts"] > others)
