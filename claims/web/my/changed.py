"""What a correction of a claim says otherwise, by what losses, times and facts are called. Nothing of what was said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from claims.eligibility import FactSpec
from claims.models import Claim, Fact, Loss, LossStanding, Provenance, RevisionCause, WithdrawalReason
from claims.queries.own import OwnClaim
from claims.web.unlisted import name_of_loss
from services.language import in_english

ADDED, START, END = ("더함", "added"), ("시작", "start"), ("끝", "end")


def changes_of(claim: Claim, own: OwnClaim, specs: Mapping[str, FactSpec]) -> dict[int, str]:
    """By number of the revision. Two queries, none where nothing was corrected. Of a loss that is new its facts are not named,
    of one at another time those that are other than before.
    """
    revised = (event.data for event in own.events if event.kind == "claim_revised")
    numbers = {data["revision"] for data in revised if data.get("cause") == RevisionCause.CORRECTED}
    if not numbers:
        return {}
    losses, pick = {one.loss.pk: one.loss for one in sorted(own.losses, key=lambda one: one.loss.pk)}, in_english()
    moved = _moved(claim, losses)
    found: dict[int, dict[int | None, list[str]]] = defaultdict(lambda: defaultdict(list))
    for pk, loss in losses.items():
        was = moved.get(pk)
        times = [] if was is None else [(START, was.start_at != loss.start_at), (END, was.end_at != loss.end_at)]
        found[loss.revision][pk] += [words[pick] for words, differs in times if differs] or [ADDED[pick]]
    said: dict[tuple[int | None, str], tuple[int | None, str | None]] = {}
    for fact in Fact.objects.filter(claim=claim, provenance=Provenance.CLAIMANT).order_by("pk"):
        was = moved.get(fact.loss_id or 0)
        before = said.get((fact.loss_id, fact.name)) or said.get((was.pk if was else None, fact.name))
        said[fact.loss_id, fact.name] = now = (fact.int_value, fact.text_value)
        is_new = was is None and fact.loss_id is not None and losses[fact.loss_id].revision == fact.revision
        if now != before and not is_new and fact.name in specs:
            found[fact.revision][fact.loss_id].append(specs[fact.name].label.said(pick))
    return {number: "; ".join(_said(losses, place, what) for place, what in found[number].items()) for number in numbers}


def _moved(claim: Claim, losses: Mapping[int, Loss]) -> dict[int, Loss]:
    """By a loss, the one that it was told anew for, at another time."""
    found: dict[int, Loss] = {}
    gone = LossStanding.objects.filter(claim=claim, reason=WithdrawalReason.WRONG_TIME).order_by("pk")
    for revision, pk in gone.values_list("revision", "loss"):
        anew = (one.pk for one in losses.values() if one.revision == revision and one.service_id == losses[pk].service_id)
        if (place := next((one for one in anew if one not in found), None)) is not None:
            found[place] = losses[pk]
    return found


def _said(losses: Mapping[int, Loss], place: int | None, what: list[str]) -> str:
    names = ", ".join(dict.fromkeys(what))
    return names if place is None else f"{name_of_loss(losses[place])} — {names}"
