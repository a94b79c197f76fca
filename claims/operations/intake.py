"""Claims come in and grow: open, revise, add facts. Rows are added, never changed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from accounts.models import Partner, Person, User
from accounts.operations import lock_person
from claims.deadlines import answer_due
from claims.eligibility import EngineRefusal, FactSpec, check_consistent, fact_value, microseconds
from claims.models import (
    Claim,
    ClaimOrigin,
    ClaimRevision,
    Fact,
    Loss,
    LossOrigin,
    LossStanding,
    LossWords,
    Policy,
    Provenance,
    ReviewStatus,
    RevisionCause,
)
from claims.operations.appealed import lasting
from claims.operations.checks import check_prose, check_service, check_text, service_ids
from claims.operations.keys import key_claims, twins_are_due
from claims.operations.messages import add_message, sort_is_due
from claims.operations.moves import Move, lock_status, make_move, queued_anew
from claims.operations.partner_events import tell_of_filing
from claims.operations.policy import published_facts
from claims.operations.refusals import ReferenceUnknown, Required
from claims.operations.revision_rows import write_revision
from services.instants import check_instant, check_span
from services.models import Incident
from services.names import UNLISTED
from services.prepared import prepared_cursor, prepared_row
from services.refusals import Refusal, within
from services.resident_numbers import check_no_resident_number
from services.seoul import SEOUL

MOST_WORDS = 200  # characters of what something is called that is in no list
FACT_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
Span = tuple[datetime, datetime | None]
Place = Loss | int | None  # what a fact is of: a loss, maybe not stored yet, its id, or the whole claim


class FactNameInvalid(Refusal):
    code = "fact_name_invalid"


class ProvenanceUnknown(Refusal):
    code = "provenance_unknown"


class FactUnknown(Refusal):
    code = "fact_unknown"


class FactOfAnotherPlace(Refusal):
    """Said of the claim where the policy asks for it of each loss, or the other way round: it would never be read."""

    code = "fact_of_another_place"


class FactRefused(Refusal):
    """A value that its policy does not take, with the engine's code: integer_expected, out_of_range, out_of_order, ..."""

    def __init__(self, refusal: EngineRefusal, name: str) -> None:
        super().__init__(f"{name}: {refusal.message}.", field=name)
        self.code = refusal.code  # type: ignore[misc]  # of this instance


class NotYet(Refusal):
    """What was lost is told once it is: whoever is without a service still leaves the end open."""

    code = "in_the_future"


class WordsNotAsked(Refusal):
    """Only what is in no list is told in words."""

    code = "words_not_asked"


class LossOfAnotherClaim(Refusal):
    code = "loss_of_another_claim"


class LossWithdrawn(Refusal):
    """Staff have withdrawn it: to tell it again, or more of it, would change nothing."""

    code = "loss_withdrawn"


@dataclass(frozen=True)
class ToldFact:
    """A value that a published policy asks for: whole numbers (money in minor units), truth, text, a date or an aware
    instant, as the policy says; days and instants may be ISO 8601 text."""

    name: str
    value: int | bool | str | datetime | date
    provenance: str = Provenance.CLAIMANT


@dataclass(frozen=True)
class ToldLoss:
    """What somebody says was lost, with the facts of that one loss. `end_at` is exclusive; None: still going on."""

    service: str
    start_at: datetime
    end_at: datetime | None
    kind: str = ""
    facts: tuple[ToldFact, ...] = ()
    words: str = ""  # of `UNLISTED`, and only there: what it is


def open_claim(
    *,
    person: Person,
    incident: Incident,
    now: datetime,
    losses: Sequence[ToldLoss] = (),
    facts: Sequence[ToldFact] = (),
    asks_for: Sequence[str] = (),
    message: str = "",
    origin: str = ClaimOrigin.FILED,
    partner: Partner | None = None,
    author: User | None = None,
    received_at: datetime | None = None,
    by_usage: bool = False,
) -> Claim:
    """The person's one claim about the incident, with what is said now.

    Where they have one already this adds a revision to it, and nothing at all if it says
    nothing new: a retry is harmless. `received_at`: when it reached us, if that was before `now`; a new claim is filed then,
    and its days to answer count from it. `by_usage`: it rests on what we have on record of the person, and has to say nothing
    more. Raises Required for a claim that says nothing, the refusals of `services.instants`, ReferenceUnknown,
    FactNameInvalid, FactUnknown, FactOfAnotherPlace, FactRefused, ProvenanceUnknown.
    """
    if not (losses or facts or asks_for or message.strip() or by_usage):
        raise Required("A claim tells a loss, gives a fact, asks for a policy, or brings a message.", field="losses")
    filed_at = check_instant(received_at or now, "received_at")
    lock_person(person.pk)  # whoever enters a payee meanwhile sees this claim, or is seen by its keys
    made = insert_claims(person_ids=[person.pk], incident_id=incident.pk, origin=origin, partner=partner, now=filed_at)
    claim = prepared_row(Claim, "person_id = %s AND incident_id = %s FOR NO KEY UPDATE", [person.pk, incident.pk])
    assert claim is not None, "it was made if it was not there"
    _revise(
        claim, None if made else _newest(claim), losses=losses, facts=facts, asks_for=asks_for, cause=RevisionCause.FILED,
        author=author, now=check_instant(now, "now"),
    )  # fmt: skip
    key_claims(claim_ids=[claim.pk], now=now)
    if message.strip():
        add_message(claim_id=claim.pk, text=message, sent_by=author, now=now, received_at=received_at)
    return claim


def record_facts(
    *, claim_id: int, facts: Sequence[ToldFact], now: datetime, loss_id: int | None = None, author: User | None = None
) -> ClaimRevision:
    """Add facts of the claim, or of one of its losses. A fact that says nothing new adds nothing.

    Raises what `revise_claim` raises.
    """
    return revise_claim(
        claim_id=claim_id, facts=facts, facts_loss_id=loss_id, cause=RevisionCause.CORRECTED, author=author, now=now
    )


def revise_claim(
    *,
    claim_id: int,
    now: datetime,
    cause: str,
    losses: Sequence[ToldLoss] = (),
    facts: Sequence[ToldFact] = (),
    asks_for: Sequence[str] = (),
    facts_loss_id: int | None = None,
    turns: Sequence[LossStanding] = (),
    author: User | None = None,
) -> ClaimRevision:
    """Add what is new as the claim's next revision; without news return the newest one.

    A told loss that is there already (service, span, kind) is not added again, but its facts are. `turns`: losses that do not
    count from this revision on, or count again; whoever asks has checked them. Raises LossOfAnotherClaim, LossWithdrawn,
    ReferenceUnknown, FactNameInvalid, FactUnknown, FactOfAnotherPlace, FactRefused, ProvenanceUnknown.
    """
    claim = Claim.objects.select_for_update(no_key=True).get(pk=claim_id)
    return _revise(
        claim, _newest(claim), cause=cause, losses=losses, facts=facts, asks_for=asks_for, facts_loss_id=facts_loss_id,
        turns=turns, author=author, now=check_instant(now, "now"),
    )  # fmt: skip


def _newest(claim: Claim) -> ClaimRevision | None:
    return claim.revisions.order_by("-number").first()


def _revise(
    claim: Claim,
    newest: ClaimRevision | None,
    *,
    now: datetime,
    cause: str,
    losses: Sequence[ToldLoss],
    facts: Sequence[ToldFact],
    asks_for: Sequence[str],
    author: User | None,
    facts_loss_id: int | None = None,
    turns: Sequence[LossStanding] = (),
) -> ClaimRevision:
    """As `revise_claim`, of a claim that is locked. What has no revision was told nothing: it is not asked for that."""
    number = 1 if newest is None else newest.number + 1
    asked = _asked(newest, asks_for)
    span = claim.losses.filter(pk=facts_loss_id).values_list("start_at", "end_at").first() if facts_loss_id else None
    if facts_loss_id is not None and span is None:
        raise LossOfAnotherClaim(f"Loss {facts_loss_id} is not of claim {claim.reference}.", field="loss")
    known = known_losses(claim) if losses and newest is not None else {}
    told, of_losses = _told_losses(claim, number, losses, now, known=known)
    spoken_of = {facts_loss_id, *(loss.pk for loss in told.values())} - {None}
    if spoken_of and (gone := _withdrawn_after(claim, turns) & spoken_of):
        raise LossWithdrawn(
            f"Loss {min(gone)} of claim {claim.reference} was withdrawn. Ask by a message, or object.", field="losses"
        )
    new_losses = {key: loss for key, loss in told.items() if loss.pk is None}
    specs = published_facts() if facts or of_losses else {}
    rows: list[tuple[Place, Fact]] = []
    for fact in facts:
        value = check_told(fact, specs, of_loss=facts_loss_id is not None)
        rows.append((facts_loss_id, _fact(claim, number, fact, value, now)))
    for position, loss, fact in of_losses:
        with within("losses", position):
            rows.append((loss, _fact(claim, number, fact, check_told(fact, specs, of_loss=True), now)))
    check_together(facts, specs, now=now, span=span)
    for position, told_loss in enumerate(losses):
        with within("losses", position):
            check_together(told_loss.facts, specs, now=now, span=(told_loss.start_at, told_loss.end_at))
    new_facts = _without_known(claim, rows, first=newest is None)
    if newest is not None and not (new_losses or new_facts or turns) and asked == newest.asks_for:
        return newest
    revision = ClaimRevision(claim=claim, number=number, cause=cause, asks_for=asked, created_at=now, author=author)
    write_revision(revision, losses=list(new_losses.values()), turns=len(turns), facts=len(new_facts))
    LossWords.objects.bulk_create(LossWords(loss=loss, text=key.words) for key, loss in new_losses.items() if key.words)
    for turn in turns:
        turn.revision = number
    LossStanding.objects.bulk_create(turns)
    for place, new in new_facts:
        new.loss_id = place.pk if isinstance(place, Loss) else place
    Fact.objects.bulk_create(fact for _, fact in new_facts)
    changed = bool(new_losses or turns)
    if changed and number > 1:  # a new claim gets its keys, and has its turn with them
        twins_are_due([claim.pk], now=now)
    if number > 1 or not changed:  # a new one with losses is sorted when it is queued
        sort_is_due(claim.pk, now=now)
    if number > 1:
        _look_again(claim, revision, author)
    return revision


def withdrawn_losses(claim: Claim) -> set[int]:
    """Ids of the losses that do not count by the newest word."""
    standings = dict(claim.loss_standings.order_by("revision").values_list("loss", "stands"))
    return {loss for loss, stands in standings.items() if not stands}


def _withdrawn_after(claim: Claim, turns: Sequence[LossStanding]) -> set[int]:
    turned = {turn.loss_id for turn in turns if not turn.stands}
    return (withdrawn_losses(claim) | turned) - {turn.loss_id for turn in turns if turn.stands}


def insert_claims(
    *, person_ids: Sequence[int], incident_id: int, origin: str, partner: Partner | None, now: datetime
) -> list[int]:
    """Give each person a claim about the incident who has none; returns the ids of the new ones.

    Each begins with its status. References are 40 bits of chance from the database, as base32 by Crockford. One that is taken
    already inserts nothing, so the loop asks again for who is still without.
    """
    found: list[int] = []
    with prepared_cursor(rows=len(person_ids)) as cursor:
        while True:
            cursor.execute(
                """
                WITH dice AS MATERIALIZED (
                    SELECT p.id, ('x' || left(replace(gen_random_uuid()::text, '-', ''), 10))::bit(40)::bigint AS n
                      FROM unnest(%(people)s::bigint[]) AS p(id)
                     WHERE NOT EXISTS (SELECT 1 FROM claims_claim c WHERE c.person_id = p.id AND c.incident_id = %(incident)s)
                ), letters AS (
                    SELECT id, (SELECT string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + ((n >> s) & 31)::int, 1), ''
                                                  ORDER BY s) FROM generate_series(0, 35, 5) AS s) AS word
                      FROM dice
                ), added AS (
                    INSERT INTO claims_claim (reference, person_id, incident_id, origin, partner_id, filed_at)
                    SELECT 'C-' || left(word, 4) || '-' || right(word, 4), id, %(incident)s, %(origin)s, %(partner)s, %(now)s
                      FROM letters ORDER BY id
                    ON CONFLICT DO NOTHING RETURNING id, incident_id, filed_at
                ), standing AS (
                    INSERT INTO claims_claimstatus (claim_id, incident_id, review, decision, payment, moves, reasons, moved_at,
                                                    kind, currency, answer_due_date)
                    SELECT id, incident_id, 'received', 'undecided', 'nothing', 0, '{}', filed_at, 'unsorted', '', %(due)s
                      FROM added ORDER BY id
                )
                SELECT (SELECT count(*) FROM dice), (SELECT array_agg(id ORDER BY id) FROM added)
                """,
                {
                    "people": list(person_ids),
                    "incident": incident_id,
                    "origin": origin,
                    "partner": partner.pk if partner else None,
                    "now": now,
                    "due": answer_due(now.astimezone(SEOUL).date()),
                },
            )
            without, added = cursor.fetchone()
            found += added or []
            if not without or len(added or []) == without:
                break
    tell_of_filing(found, now=now)
    return found


def _asked(newest: ClaimRevision | None, asks_for: Sequence[str]) -> list[str]:
    """All policies asked for so far, in order. Raises ReferenceUnknown."""
    before = newest.asks_for if newest else []
    new = [code for code in dict.fromkeys(asks_for) if code not in before]
    known = set(Policy.objects.filter(code__in=new).values_list("code", flat=True)) if new else set()
    for code in new:
        if code not in known:
            raise ReferenceUnknown(f"asks_for has {code!r}, which is no policy we know.", field="asks_for")
    return [*before, *new]


def _told_losses(
    claim: Claim, number: int, losses: Sequence[ToldLoss], now: datetime, *, known: Mapping[TellsSame, Loss]
) -> tuple[dict[TellsSame, Loss], list[tuple[int, Loss, ToldFact]]]:
    """The losses as rows by what is told of them, those that are there already as they are, and the facts of each with its
    position.
    """
    services = service_ids({told.service for told in losses}) if losses else {}
    rows: dict[TellsSame, Loss] = {}
    facts: list[tuple[int, Loss, ToldFact]] = []
    for position, told in enumerate(losses):
        with within("losses", position):
            start_at, end_at = check_told_span(told, now)
            row = Loss(
                claim=claim,
                revision=number,
                service_id=check_service(told.service, services),
                start_at=start_at,
                end_at=end_at,
                kind=check_text(told.kind, "kind", longest=60),
                origin=LossOrigin.TOLD,
            )
            key = told_key(told)
        row = rows.setdefault(key, known.get(key, row))
        facts += [(position, row, fact) for fact in told.facts]
    return rows, facts


def check_told_span(told: ToldLoss, now: datetime) -> Span:
    """In UTC. Raises NotYet for one that begins or ends after `now`, and what `check_span` raises."""
    start_at, end_at = check_span(told.start_at, told.end_at)
    for name, at in (("start_at", start_at), ("end_at", end_at)):
        if at is not None and at > now:
            raise NotYet(f"{name} is {at.isoformat()}, which has not come yet. Leave the end out while it lasts.", field=name)
    return start_at, end_at


def check_words(told: ToldLoss) -> str:
    """What is not in the list, on one line, without resident registration numbers. Raises Required, WordsNotAsked, and what
    `check_prose` raises.
    """
    if told.service != UNLISTED and told.words:
        raise WordsNotAsked(f"{told.service} is in the list; words are told of {UNLISTED} only.", field="words")
    return check_prose(" ".join(told.words.split()), "words", longest=MOST_WORDS, required=told.service == UNLISTED)


class TellsSame(NamedTuple):
    """By which a loss that is told again is known."""

    service: str
    start_at: datetime
    end_at: datetime | None
    kind: str
    words: str


def told_key(told: ToldLoss) -> TellsSame:
    return TellsSame(told.service, told.start_at, told.end_at, told.kind, check_words(told))


def known_losses(claim: Claim) -> dict[TellsSame, Loss]:
    """Those that were told."""
    losses = claim.losses.filter(origin=LossOrigin.TOLD).select_related("service", "words")
    return {TellsSame(loss.service.code, loss.start_at, loss.end_at, loss.kind, words_of(loss)): loss for loss in losses}


def words_of(loss: Loss) -> str:
    """Of what is in no list, until they are erased. With `service` and `words` at hand no query."""
    return loss.words.text if loss.service.code == UNLISTED and hasattr(loss, "words") else ""


Value = tuple[int | None, str | None]  # int_value and text_value, one of them empty


def check_told(fact: ToldFact, specs: Mapping[str, FactSpec], *, of_loss: bool) -> Value:
    """As stored, once everything about the fact is as a policy asks for it; `of_loss`: said of a loss, not of the claim.

    Raises FactNameInvalid, ProvenanceUnknown, FactUnknown, FactOfAnotherPlace, FactRefused, ResidentNumber.
    """
    if not FACT_NAME.fullmatch(fact.name):
        raise FactNameInvalid(f"{fact.name!r} is no name of a fact. Names are lower_snake, as in the policy.", field="name")
    if fact.provenance not in Provenance.values:
        raise ProvenanceUnknown(
            f"provenance is {fact.provenance!r}. Use one of {', '.join(Provenance.values)}.", field="provenance"
        )
    spec = specs.get(fact.name)
    if spec is None:
        raise FactUnknown(f"No published policy asks for {fact.name!r}.", field=fact.name)
    if (spec.of == "loss") != of_loss:
        raise FactOfAnotherPlace(f"{fact.name} is asked for of the {spec.of}. Say it there.", field=fact.name)
    try:
        value = fact_value(fact.value, spec, fact.name)
    except EngineRefusal as refusal:
        raise FactRefused(refusal, fact.name) from refusal
    check_no_resident_number(str(fact.value), fact.name)  # also where it is typed in as a sum
    return value


def check_together(
    facts: Sequence[ToldFact], specs: Mapping[str, FactSpec], *, now: datetime, span: Span | None = None
) -> None:
    """Facts of one claim, or of one loss with its span, each as `check_told` takes it: whether all of it can be so. Raises
    FactRefused.
    """
    values = {fact.name: fact_value(fact.value, specs[fact.name], fact.name)[0] for fact in facts}
    loss = None if span is None else (microseconds(span[0]), None if span[1] is None else microseconds(span[1]))
    try:
        check_consistent(values, specs, now=microseconds(now), loss=loss)
    except EngineRefusal as refusal:
        raise FactRefused(refusal, refusal.where) from refusal


def _fact(claim: Claim, number: int, fact: ToldFact, value: Value, now: datetime) -> Fact:
    return Fact(
        claim=claim,
        revision=number,
        name=fact.name,
        int_value=value[0],
        text_value=value[1],
        provenance=fact.provenance,
        recorded_at=now,
    )


def _without_known(claim: Claim, rows: list[tuple[Place, Fact]], *, first: bool) -> list[tuple[Place, Fact]]:
    """Drop what the newest fact of the same place, name and provenance says already, and repetitions."""
    said: dict[tuple[int | None, str, str], tuple[int | None, str | None]] = {}
    if rows and not first:
        for fact in claim.facts.order_by("pk"):
            said[(fact.loss_id, fact.name, fact.provenance)] = (fact.int_value, fact.text_value)
    new = []
    for place, fact in rows:
        stored = place.pk if isinstance(place, Loss) else place
        # A loss that is not stored yet has no hash; negative numbers are nobody's id.
        where = -id(place) if isinstance(place, Loss) and stored is None else stored
        key, value = (where, fact.name, fact.provenance), (fact.int_value, fact.text_value)
        if said.get(key) != value:
            said[key] = value
            new.append((place, fact))
    return new


# Where something new brings a claim back into the queue, and why; whoever has it in hand elsewhere sees it there.
BACK: dict[str, str] = {
    ReviewStatus.CLOSED: "said_more",
    ReviewStatus.AWAITING_CLAIMANT: "said_more",
    ReviewStatus.WITHDRAWN: "claimed_again",
}


def _look_again(claim: Claim, revision: ClaimRevision, author: User | None) -> None:
    status = lock_status(claim.pk)
    if status.review in BACK:
        data = {"revision": revision.number}
        reasons = [BACK[status.review], *lasting(status)]
        anew = queued_anew(status, revision.created_at)
        move = Move(claim.pk, "claim_queued", review=ReviewStatus.QUEUED, reasons=reasons, data=data, queued=anew)
        make_move(status, move, actor=author, now=revision.created_at)
