"""What the page of a claim shows: person, losses, facts, calculation, decisions, payouts, appeals and events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse

from accounts.masking import masked_email, masked_name, masked_phone
from accounts.models import PersonalData
from accounts.payees import payee_of
from claims.admin.appeals import said_point
from claims.admin.case_words import readable, said_event, say
from claims.admin.choice_words import worded
from claims.admin.claim_actions import Case
from claims.admin.claim_timeline import timeline_of
from claims.admin.enter_page import said_entries
from claims.admin.enter_words import say as say_entered
from claims.admin.evidence_shown import evidence_of
from claims.admin.facts_said import OF_RIDES, counting, said_fact
from claims.admin.goodwill_said import said_goodwill, said_proposal
from claims.admin.message_page import messages_of
from claims.admin.payee_page import said_payee
from claims.admin.reasons_said import reason_in
from claims.admin.similar_said import Reason, said_similar
from claims.amounts import said_difference, said_of_remedy
from claims.eligibility import FactSpec
from claims.models import Appeal, AppealPoint, Assessment, Claim, Decision, Event, Fact, Pattern, ReviewStatus
from claims.operations import PublishedWords, published_words
from claims.operations.intake import words_of
from claims.operations.settlement import TWIN
from claims.queries import (
    ExplanationDiffers,
    ExplanationUnavailable,
    PersonLoss,
    TwinSeen,
    explain_assessment,
    losses_of_claim,
    official_spans,
    patterns_of,
    payouts_of,
    reasons_now,
    record_in_force,
    twins_of,
)
from claims.queries.messages import newest_events
from services.language import in_english
from services.names import UNLISTED
from services.seoul import shown, shown_span
from services.words import said_length


def about_claim(claim: Claim, case: Case) -> dict[str, Any]:
    """All that the page says of it beside its status. As many queries however much there is of anything."""
    record, words = record_in_force(claim.incident), published_words()
    specs = {**OF_RIDES, **words.facts}
    losses = losses_of_claim(claim, record)
    events, all_there = newest_events(claim)
    has = case.has
    similar = twins_of(claim) if "twins" in has else []
    patterns = patterns_of(claim) if "patterns" in has else []
    return {
        "proposed": said_proposal(case.proposal, words),
        "reasons": _reasons(case, words, losses, similar, patterns),
        "person": _person(claim),
        "payee": said_payee(payee_of(claim.person_id) if "payee" in has else None, reads=case.reads),
        "entries": said_entries(claim) if "entries" in has else [],
        "entered": say_entered("entered_for"),
        "losses": [_loss(loss, reads=case.reads) for loss in losses],
        "talk": messages_of(
            claim, case.status, case.user, decides=case.decides, reads=case.reads, everything=events if all_there else None
        ),
        "timeline": timeline_of(
            losses, {} if record is None else official_spans(record, {loss.service.code for loss in losses})
        ),
        "facts": _facts(claim, specs, losses, reads=case.reads),
        "evidence": evidence_of(claim, specs, may_ask=case.mine, decides=case.decides, reads=case.reads, has=has),
        "calculation": _calculation(case.assessment),
        "decisions": [_decision(one, case, words) for one in case.decisions],
        "payouts": _payouts(claim, words) if "payouts" in has else [],
        "appeals": [_appeal(one, case, words) for one in _appeals(claim)] if "appeals" in has else [],
        "appeal_new": reverse("admin:claims_appeal_new", args=[claim.pk]) if case.decides and case.stands else "",
        "letters": [
            (*(reverse(f"admin:claims_letter_{one}", args=[letter]) for one in ("content", "pdf")), shown(at))
            for letter, at in claim.letters.order_by("pk").values_list("pk", "made_at")
        ] if "letters" in has else [],
        "similar": [_similar(one) for one in similar],
        "patterns": [
            (reverse("admin:claims_pattern_change", args=[one.pk]), worded("twin_reason", f"same_{one.kind}"), one.claims)
            for one in patterns
        ],
        "events": [_event(one, case) for one in events],
    }  # fmt: skip


def _reasons(
    case: Case, words: PublishedWords, losses: Sequence[PersonLoss], twins: Sequence[TwinSeen], patterns: Sequence[Pattern]
) -> list[Reason]:  # fmt: skip
    """Why a person has to look at it, with links. What it may be a duplicate of is named whatever rules have said of it: they
    speak of duplicates only where they would have approved.
    """
    codes = [code for code in reasons_now([case.status])[case.status.pk] if code != TWIN]
    gone = case.status.review in (ReviewStatus.MERGED, ReviewStatus.WITHDRAWN)
    similar = [] if gone else list(said_similar(twins, patterns))
    open_to = (ReviewStatus.QUEUED, ReviewStatus.IN_REVIEW, ReviewStatus.PROPOSED)
    if case.status.review in open_to and any(loss.service.code == UNLISTED and not loss.withdrawn for loss in losses):
        similar.append((say("in_no_list_here"), []))
    return similar + [(reason_in(words, code), []) for code in codes]


def _person(claim: Claim) -> dict[str, str]:
    kept = getattr(claim.person, "personal_data", None)
    data = kept or PersonalData()
    return {
        "kept": "kept" if kept else "",
        "id": str(claim.person.public_id), "name": masked_name(data.name), "phone": masked_phone(data.phone),
        "email": masked_email(data.email),
    }  # fmt: skip


def _loss(loss: PersonLoss, *, reads: bool) -> dict[str, Any]:
    through = f" ← {loss.via.name}" if loss.via else ""
    words = readable(words_of(loss.loss), reads=reads)
    called = f" “{words}”" if words else ""
    official = said_length(timedelta(seconds=loss.total_seconds)) if loss.official else say("none")
    cells = [
        f"{loss.service.name}{called} {loss.service.code}{through}", shown_span(loss.start_at, loss.end_at),
        worded("origin", loss.origin), official,
    ]  # fmt: skip
    why = f"{say('withdrawn')}: {worded('withdrawal', loss.withdrawn)}" if loss.withdrawn else ""
    return {"cells": cells, "withdrawn": why}


def _facts(claim: Claim, specs: Mapping[str, FactSpec], losses: Sequence[PersonLoss], *, reads: bool) -> list[tuple[str, ...]]:
    """All that was said, in turn; of several words about one fact, those that do not count are marked, and all of losses
    that were withdrawn. `reads`: what people wrote in words of their own."""
    facts = list(Fact.objects.filter(claim=claim).order_by("pk"))
    known, withdrawn = {one.loss.pk: one.loss for one in losses}, {one.loss.pk for one in losses if one.withdrawn}
    for fact in facts:
        if fact.loss_id in known:  # not of a loss that came in this moment
            fact.loss = known[fact.loss_id]
    counts = counting(facts)
    pick = in_english()
    return [
        (
            (specs[fact.name].label.said(pick) if fact.name in specs else fact.name)
            + ("" if fact.loss is None else f" ({fact.loss.service.code})"),
            said_fact(fact, specs.get(fact.name), reads=reads),
            worded("provenance", fact.provenance)
            + (
                f" · {say('withdrawn')}" if fact.loss_id in withdrawn
                else "" if counts[fact.loss_id, fact.name] is fact else f" · {say('superseded')}"
            ),
            str(fact.revision),
            shown(fact.recorded_at),
        )
        for fact in facts
    ]  # fmt: skip


def _calculation(assessment: Assessment | None) -> list[dict[str, Any]]:
    if assessment is None:
        return []
    try:
        explained = explain_assessment(assessment)
    except (ExplanationDiffers, ExplanationUnavailable) as alarm:
        return [{"text": f"{alarm.code}: {alarm.message}", "deep": 0}]
    lines = explained.text("en" if in_english() else "ko")
    return [{"text": line.strip(), "deep": (len(line) - len(line.lstrip())) // 4} for line in lines]


def _decision(decision: Decision, case: Case, words: PublishedWords) -> dict[str, Any]:
    return {
        "at": shown(decision.decided_at),
        "what": worded("decision", "approved" if decision.approved else "rejected") + said_goodwill(decision),
        "by": decision.decided_by or say("rule"),
        "second": decision.checked_by or "",
        "reasons": ", ".join(reason_in(words, code, rejected=True) for code in decision.reasons),
        "standing": say("undone") if hasattr(decision, "undone") else say("stands") if decision == case.stands else "",
    }


def _appeals(claim: Claim) -> list[Appeal]:
    points = AppealPoint.objects.select_related("words", "service", "loss__service")
    return list(Appeal.objects.filter(claim=claim).prefetch_related(Prefetch("points", points)).order_by("-pk"))


def _appeal(appeal: Appeal, case: Case, words: PublishedWords) -> dict[str, Any]:
    return {
        "address": reverse("admin:claims_appeal_change", args=[appeal.pk]), "what": worded("kind", appeal.kind),
        "channel": worded("channel", appeal.channel), "at": shown(appeal.opened_at),
        "due": appeal.due_date, "state": worded("state", appeal.state),
        "points": [said_point(point, words, reads=case.reads) for point in appeal.points.all()],
    }  # fmt: skip


def _similar(seen: TwinSeen) -> dict[str, Any]:
    return {
        "address": reverse("admin:claims_twin_change", args=[seen.twin_id]), "score": seen.score, "asks": seen.asks,
        "reference": "" if seen.other is None else seen.other.reference,
        "why": ", ".join(worded("twin_reason", reason) for reason in seen.reasons),
        "state": worded("state", "dismissed") if seen.dismissed else worded("review", seen.review) if seen.review else "",
    }  # fmt: skip


def _payouts(claim: Claim, words: PublishedWords) -> list[tuple[str, ...]]:
    return [
        (
            shown(row.created_at), reason_in(words, row.policy), worded("kind", row.kind),
            said_difference(row.quantity, row.unit), said_of_remedy(row.remedy, settled.after, row.unit),
        )
        for settled in payouts_of(claim)
        for row in [settled.payout]
    ]  # fmt: skip


def _event(event: Event, case: Case) -> dict[str, Any]:
    changes = [
        f"{worded(of, before)} → {worded(of, after)}"
        for of in ("review", "decision", "payment")
        if isinstance(event.data.get(of), list)
        for before, after in [event.data[of]]
    ]
    return {
        "at": shown(event.at), "what": said_event(event.kind), "who": event.actor or "", "changes": ", ".join(changes),
        "note": readable(event.note.text if hasattr(event, "note") else "", reads=case.reads),
    }  # fmt: skip
