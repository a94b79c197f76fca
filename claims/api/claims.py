"""Claims: partners make them for people whom they know, and read what becomes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import get_language
from pydantic import BaseModel, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.callers import Caller, caller_of, partner_of
from accounts.models import Scope
from accounts.operations import ConsentOutdated, ConsentRequired, texts_to_agree_to
from claims.api.paging import PARAMETERS, Page, paged
from claims.api.questions import choice_asked, number_asked
from claims.api.sight import READS_CLAIMS, claim_seen, claims_seen, log_sight
from claims.api.views import ApiView, said, written
from claims.models import Claim, DecisionStatus, EntitlementLine, PaymentStatus, Provenance, ReviewStatus
from claims.operations import Claimant, Named, ToldFact, ToldLoss, claim_for
from claims.operations.refusals import ReferenceUnknown
from claims.queries import (
    ExplanationDiffers,
    ExplanationUnavailable,
    PersonLoss,
    current_assessment,
    explain_assessment,
    losses_of_claim,
    record_in_force,
    standing_of,
    version_of,
)
from services.bodies import Body
from services.body_fields import (
    LONGEST_CODE,
    NAME_OF_CODE,
    Code,
    Email,
    Instant,
    Key,
    Line,
    Name,
    OwnNumber,
    Prose,
    seen_line,
)
from services.models import Incident
from services.prepared import prepared_row

WHOLE = 2**63 - 1  # what a column holds; a policy's own bounds are narrower
LONGEST_FACT = 200  # characters
MOST_FACTS = 50


def _fact(value: Any) -> bool | int | str:
    """One check, and one error: of a union each member would give its own."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > WHOLE:
            raise PydanticCustomError("out_of_range", "This is more than can be stored.")
        return value
    if isinstance(value, str):
        if len(value) > LONGEST_FACT:
            raise PydanticCustomError("string_too_long", "This is too long.", {"max_length": LONGEST_FACT})
        return seen_line(value)
    if isinstance(value, float):
        infinite = value in (float("inf"), float("-inf"))  # 1e400
        raise PydanticCustomError("out_of_range" if infinite else "int_type", "A number is whole.")
    raise PydanticCustomError("value_invalid", "A fact is a whole number, true or false, or text.")


Fact = Annotated[bool | int | str, PlainValidator(_fact)]
NAMED: dict[str, Any] = {
    "type": "object", "maxProperties": MOST_FACTS, "propertyNames": {"pattern": NAME_OF_CODE, "maxLength": LONGEST_CODE},
    "additionalProperties": {
        "anyOf": [
            {"type": "boolean"}, {"type": "integer", "minimum": -WHOLE, "maximum": WHOLE},
            {"type": "string", "maxLength": LONGEST_FACT},
        ]
    },
}  # fmt: skip
Facts = Annotated[dict[Code, Fact], Field(max_length=MOST_FACTS), WithJsonSchema(NAMED)]
MOST_LOSSES = 50


class LossSent(Body):
    """A service that could not be used from `start_at` to before `end_at`."""

    service: Code = Field(examples=["kakao_t.taxi_call"])
    start_at: Instant
    end_at: Instant | None = Field(None, description="Exclusive; null while it lasts.")
    words: Annotated[Line, Field(max_length=200)] = Field("", description="What it is; only of the service `unlisted`.")
    facts: Facts = Field({}, description="What the claimant says of this loss.")
    recorded_facts: Facts = Field({}, description="What you have on record of it.")


class ConsentSent(Body):
    """Yes or no to a text of `GET /consents`, in the version that the person has read."""

    code: Code
    number: Annotated[int, Field(ge=1, le=2**31 - 1)]
    given: bool


class ClaimantSent(Body):
    """Who claims. Without an e-mail address nobody is told by us."""

    name: Name
    email: Email = ""
    phone: Annotated[Line, Field(max_length=30)] = ""
    locale: Literal["ko", "en"] = "ko"
    consents: Annotated[list[ConsentSent], Field(max_length=20)]


class Telling(Body):
    """Losses beside those that come of usage, and facts by the names that policies give them."""

    losses: Annotated[list[LossSent], Field(max_length=MOST_LOSSES)] = []
    facts: Facts = Field({}, description="What the claimant says, of the claim as a whole.")
    recorded_facts: Facts = Field({}, description="What you have on record, of the claim as a whole.")
    asks_for: Annotated[list[Code], Field(max_length=20)] = Field([], description="Policies by code.")


class Story(Telling):
    """What is claimed."""

    incident: Key = Field(examples=["kakao-2022-10-15"])


class ClaimSent(Story):
    """A claim for one person about one incident. There is one for each: what came of the person's usage is that one."""

    external_id: OwnNumber = Field(description="Your own number of the claim.", examples=["claim-0001"])
    person: OwnNumber = Field(description="Your own number of the person.", examples=["rider-77"])
    message: Annotated[Prose, Field(max_length=4000)] = ""
    claimant: ClaimantSent | None = None


class ClaimSaid(BaseModel):
    """Where a claim stands. `version` changes whenever it does."""

    reference: str = Field(examples=["C-7K3M-9QWX"])
    external_id: str | None = Field(description="Your number of it; null for one that came of usage alone.")
    person: str = Field(description="Your number of the person; for claimants and staff our own.")
    incident: str
    origin: Literal["filed", "partner", "proactive"]
    filed_at: Instant
    answer_due_date: date | None
    review: ReviewStatus = Field(description="Who has to do something; `closed`: nobody.")
    decision: DecisionStatus
    payment: PaymentStatus = Field(description="Whether what was approved has gone out.")
    version: str


class LossSaid(BaseModel):
    """A loss, with the seconds of it in official outage windows by severity; overlaps counted once."""

    number: int = Field(description="Of this claim's losses, from 1; it never changes.")
    service: str
    via: str | None = Field(description="The service that was used, where it depends on the lost one.")
    start_at: Instant
    end_at: Instant | None
    origin: Literal["told", "derived"]
    official_seconds: dict[Literal["full", "partial", "intermittent"], int]
    withdrawn: str | None = Field(description="Why it does not count any more.")


class LineSaid(BaseModel):
    """What one rule of a policy says. `quantity` is in minor units of money, else in whole units."""

    policy: str | None
    policy_version: int | None
    rule: str | None
    outcome: str
    reasons: list[str]
    remedy: str | None
    unit: str | None
    quantity: int | None
    currency: str | None
    counted_seconds: int | None


class AssessmentSaid(BaseModel):
    """The newest assessment, and why it says what it says, in words: every counted minute and every figure with its source."""

    number: int = Field(description="Of this claim's assessments, from 1.")
    assessed_at: Instant
    claim_revision: int
    record_version: int
    lines: list[LineSaid]
    explanation: list[str]


class ClaimWhole(ClaimSaid):
    """With what was lost, and what it comes to by the policies in force."""

    losses: list[LossSaid]
    assessment: AssessmentSaid | None


class ClaimPage(Page[ClaimSaid]):
    """Newest first."""


class ClaimList(ApiView):
    """Claims of the people whom you know, newest first; one is made by POST."""

    scopes = {"GET": READS_CLAIMS, "HEAD": READS_CLAIMS, "POST": (Scope.WRITE_CLAIMS,)}
    parameters = (*PARAMETERS, "person", "external_id", "incident", "review", "decision", "payment")
    bodies, answers = {"POST": ClaimSent}, {"GET": (200, ClaimPage), "POST": (201, ClaimSaid)}

    def get(self, request: Request) -> Response:
        asked = number_asked(request, {"incident": "incident__key"})
        theirs = number_asked(request, {"person": "person", "external_id": "external_id"})
        for status, known in (("review", ReviewStatus), ("decision", DecisionStatus), ("payment", PaymentStatus)):
            value = choice_asked(request, status, known.values)
            asked |= {} if value is None else {f"status__{status}": value}
        caller = caller_of(request)
        claims, shape = numbered(claims_seen(request).filter(**asked), caller, theirs), partial(claim_said, caller)
        return paged(request, claims, shape, ClaimPage, partial(log_sight, request))

    def post(self, request: Request) -> HttpResponse:
        """Claim for a person whom you know."""
        partner = partner_of(request)

        def act(body: ClaimSent, now: datetime) -> ClaimSaid:
            claimed = claim_for(
                partner=partner, external_id=body.external_id, person=body.person, message=body.message, now=now,
                named=_named(body.claimant), **story_of(body),
            )  # fmt: skip
            claim = claimed.known_as.claim
            return ClaimSaid(
                reference=claim.reference, external_id=body.external_id, person=body.person, incident=body.incident,
                origin=claim.origin, filed_at=claim.filed_at, **standing_of(claim.pk)._asdict(),
            )  # fmt: skip

        return written(request, ClaimSent, act, location=lambda made: f"/api/v1/claims/{made.reference}")


def numbered(claims: QuerySet[Claim], caller: Caller, theirs: Mapping[str, str]) -> QuerySet[Claim]:
    """Those with these numbers of `person` and `external_id` as the caller is shown them: a partner its own, others ours."""
    if caller.partner is not None:
        columns = {"person": "person__known_to_partner__external_id", "external_id": "as_partner_knows_it__external_id"}
        return claims.filter(**{columns[name]: value for name, value in theirs.items()})
    if "external_id" in theirs:
        return claims.none()
    try:
        return claims.filter(person__public_id=UUID(theirs["person"])) if theirs else claims
    except ValueError:
        return claims.none()


class ClaimOne(ApiView):
    """One claim, with its losses and its newest assessment explained, in Korean or English by Accept-Language."""

    scopes = {"GET": READS_CLAIMS, "HEAD": READS_CLAIMS}
    answers = {"GET": (200, ClaimWhole)}

    def get(self, request: Request, reference: str) -> Response:
        claim = claim_seen(request, reference)
        whole = claim_whole(caller_of(request), claim, get_language() or "ko")
        return said(whole, headers={"ETag": f'"{whole.version}"'})


def story_of(body: Story) -> dict[str, Any]:
    """As operations are told. Raises ReferenceUnknown."""
    incident = prepared_row(Incident, "key = %s", [body.incident])
    if incident is None:
        raise ReferenceUnknown("There is no such incident.", field="incident")
    return {"incident": incident, **told_of(body)}


def told_of(body: Telling) -> dict[str, Any]:
    """As operations are told."""
    losses = [ToldLoss(loss.service, loss.start_at, loss.end_at, facts=_facts(loss), words=loss.words) for loss in body.losses]
    return {"losses": losses, "facts": _facts(body), "asks_for": body.asks_for}


def _facts(said_of: Telling | LossSent) -> tuple[ToldFact, ...]:
    told: Mapping[str, dict[str, Any]] = {
        Provenance.CLAIMANT: said_of.facts, Provenance.PARTNER: said_of.recorded_facts,
    }  # fmt: skip
    return tuple(ToldFact(name, value, whose) for whose, facts in told.items() for name, value in facts.items())


def _named(sent: ClaimantSent | None) -> Named | None:
    """Raises ConsentRequired where nothing is said to a text that has to be agreed to, ConsentOutdated where another version
    was read, or another text was left out.
    """
    if sent is None:
        return None
    asked = texts_to_agree_to()
    if {text.code for text in asked if text.required} - {one.code for one in sent.consents}:
        raise ConsentRequired("Answer each text of /api/v1/consents.", field="consents")
    texts = {(text.code, text.number): text.pk for text in asked}
    answers = {(one.code, one.number): one.given for one in sent.consents}
    if answers.keys() != texts.keys() or len(answers) != len(sent.consents):
        raise ConsentOutdated("Answer each text of /api/v1/consents once, in its newest version.", field="consents")
    claimant = Claimant(sent.name, sent.email, sent.phone, sent.locale)
    return Named(claimant, {texts[which]: given for which, given in answers.items()})


def claim_said(caller: Caller, claim: Claim) -> ClaimSaid:
    """Of one as `with_standing` reads it."""
    return ClaimSaid(**_standing(caller, claim))


def claim_whole(caller: Caller, claim: Claim, language: str) -> ClaimWhole:
    losses = losses_of_claim(claim, record_in_force(claim.incident))
    assessment = _assessment(claim, language)
    return ClaimWhole(**_standing(caller, claim), losses=losses_said(losses), assessment=assessment)


def losses_said(losses: Sequence[PersonLoss]) -> list[LossSaid]:
    """Of whole claims, by time. Losses are added and never taken away: numbered as they came, a number stays its loss's."""
    numbers: dict[int, int] = {}
    of_claim: Counter[int] = Counter()
    for loss in sorted(losses, key=lambda one: one.loss.pk):
        of_claim[loss.loss.claim_id] += 1
        numbers[loss.loss.pk] = of_claim[loss.loss.claim_id]
    return [loss_said(loss, numbers[loss.loss.pk]) for loss in losses]


def loss_said(loss: PersonLoss, number: int) -> LossSaid:
    return LossSaid(
        number=number, service=loss.service.code, via=loss.via.code if loss.via else None, start_at=loss.start_at,
        end_at=loss.end_at, origin=loss.origin, official_seconds=loss.official_seconds, withdrawn=loss.withdrawn or None,
    )  # fmt: skip


def _standing(caller: Caller, claim: Any) -> dict[str, Any]:
    """A partner's own numbers are for itself alone."""
    status = claim.status
    known_as, known = getattr(claim, "as_partner_knows_it", None), getattr(claim.person, "known_to_partner", None)
    theirs = known.external_id if known and caller.partner else str(claim.person.public_id)
    return {
        "reference": claim.reference, "external_id": known_as.external_id if known_as and caller.partner else None,
        "person": theirs, "incident": claim.incident.key, "origin": claim.origin,
        "filed_at": claim.filed_at, "answer_due_date": status.answer_due_date, "review": status.review,
        "decision": status.decision, "payment": status.payment, "version": version_of(claim.revision, status.moves),
    }  # fmt: skip


def _assessment(claim: Claim, language: str) -> AssessmentSaid | None:
    """Where it cannot be explained its lines stand, and nothing is explained: staff have the alarm."""
    assessment = current_assessment(claim)
    if assessment is None:
        return None
    try:
        explanation = explain_assessment(assessment).text("en" if language.startswith("en") else "ko", codes=False)
    except (ExplanationDiffers, ExplanationUnavailable):
        explanation = []
    lines = assessment.lines.select_related("rule__version__policy").defer("rule__version__pack_yaml").order_by("position")
    return AssessmentSaid(
        number=claim.assessments.count(), assessed_at=assessment.assessed_at, claim_revision=assessment.revision,
        explanation=explanation,
        record_version=assessment.run.terms.record_version.number,
        lines=[_line(line) for line in lines],
    )  # fmt: skip


def _line(line: EntitlementLine) -> LineSaid:
    rule = line.rule
    return LineSaid(
        policy=rule.version.policy.code if rule else None, policy_version=rule.version.number if rule else None,
        rule=rule.code if rule else None, outcome=line.outcome, reasons=line.reasons, remedy=line.remedy or None,
        unit=line.unit or None, quantity=line.quantity, currency=line.currency or None, counted_seconds=line.counted_seconds,
    )  # fmt: skip
