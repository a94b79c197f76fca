"""What partners report that people did or held: one record, or up to a thousand. More of them come as a file (imports)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from django.http import HttpResponse
from pydantic import AfterValidator, BaseModel, Field, WithJsonSchema
from pydantic_core import PydanticCustomError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.callers import partner_of
from accounts.models import Partner, Scope
from accounts.operations import check_number, know_checked_people
from claims.api.paging import PARAMETERS, Page, paged
from claims.api.questions import number_asked
from claims.api.views import ApiView, written
from claims.operations import RowsRefused, UsageDiffers, UsageRow, copy_usage
from claims.operations.checks import CURRENCIES
from claims.operations.usage import MOST_CHARGED
from claims.queries import LockState, usage_of
from services.bodies import Body, BodyRefused, FieldError
from services.body_fields import Code, Instant, OwnNumber
from services.refusals import Refusal, within

MOST_AT_ONCE = 1000
Kind = Literal["ride", "shift", "subscription", "lock"]


class BatchTooLarge(Refusal):
    code = "batch_too_large"


def _currency(value: str) -> str:
    if value not in CURRENCIES:
        raise PydanticCustomError("currency_unknown", "This is no currency of ISO 4217.")
    return value


Currency = Annotated[str, AfterValidator(_currency), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$"})]


class UsageSent(Body):
    """A ride, a shift or a subscription. It loses what by the official record was down meanwhile; that is worked out here.
    Or a lock: when the bike of a `ride` was locked, for itself. The ride may come later.

    `charge_minor` is in minor units (won have none smaller). Sent again under its number it is stored once.
    """

    external_id: OwnNumber = Field(description="Your own number of it.", examples=["ride-20221015-001"])
    person: OwnNumber = Field(description="Your own number of the person.", examples=["rider-77"])
    service: Code = Field(examples=["kakao_t_bike.ride_end_billing"])
    kind: Kind
    start_at: Instant = Field(description="Of a lock: when it was locked.")
    end_at: Instant | None = Field(None, description="Exclusive; null while it goes on.")
    locked_at: Instant | None = Field(None, description="When the rider locked the bike. A lock of the ride counts before it.")
    charge_minor: Annotated[int, Field(ge=0, le=MOST_CHARGED)] | None = None
    currency: Currency | None = Field(None, description="Of the charge, by ISO 4217.", examples=["KRW"])
    ride: OwnNumber | None = Field(
        None, description="Of a lock, and only of that: your own number of its ride.", examples=["ride-20221015-001"]
    )


class UsageMany(Body):
    """All of them or none."""

    data: list[UsageSent] = Field(min_length=1, max_length=MOST_AT_ONCE)


class UsageSaid(BaseModel):
    """As it was stored."""

    external_id: str
    person: str | None = Field(description="Your number of the person; null once it was erased.")
    service: str
    kind: Kind
    start_at: Instant
    end_at: Instant | None
    locked_at: Instant | None
    charge_minor: int | None
    currency: str | None
    ride: str | None
    lock_state: LockState | None = Field(
        description="Of a lock: whether it counts, or a later one of its ride does, or it waits for the ride, or why not."
    )
    recorded_at: Instant


class Stored(BaseModel):
    """`stored`: now; `repeated`: known before, with the same content."""

    stored: int
    repeated: int


class UsagePage(Page[UsageSaid]):
    """Newest first."""


class UsageList(ApiView):
    """Usage that you reported, newest first; a record of it is reported by POST."""

    scopes = {"GET": (Scope.READ_USAGE,), "HEAD": (Scope.READ_USAGE,), "POST": (Scope.WRITE_USAGE,)}
    parameters = (*PARAMETERS, "person", "external_id", "service")
    bodies, answers = {"POST": UsageSent}, {"GET": (200, UsagePage), "POST": (201, UsageSaid)}

    def get(self, request: Request) -> Response:
        rows = usage_of(partner_of(request))
        asked = {"person": "person__known_to_partner__external_id", "external_id": "external_id", "service": "service__code"}
        return paged(request, rows.filter(**number_asked(request, asked)), _usage_said, UsagePage)

    def post(self, request: Request) -> HttpResponse:
        """Report a usage."""
        partner = partner_of(request)

        def act(body: UsageSent, now: datetime) -> UsageSaid:
            _store(partner, [body], now)
            return _usage_said(usage_of(partner).get(external_id=body.external_id))

        return written(request, UsageSent, act, location=_address)


class UsageBatch(ApiView):
    """Up to a thousand records, all of them or none."""

    scopes = {"POST": (Scope.WRITE_USAGE,)}
    bodies, answers = {"POST": UsageMany}, {"POST": (201, Stored)}

    def post(self, request: Request) -> HttpResponse:
        partner = partner_of(request)
        try:
            return written(request, UsageMany, lambda body, now: _store(partner, body.data, now, many=True))
        except BodyRefused as refused:
            if any((one.pointer, one.code) == ("#/data", "too_many_items") for one in refused.errors):
                told = f"A batch has at most {MOST_AT_ONCE:,} records."
                raise BatchTooLarge(told, field="data", about=f"{MOST_AT_ONCE:,}") from None
            raise


def _store(partner: Partner, sent: Sequence[UsageSent], now: datetime, *, many: bool = False) -> Stored:
    """Raises BodyRefused with the place of each that is wrong."""
    for place, one in enumerate(sent):
        with within(*(("data", place) if many else ())):
            check_number(one.person)
    people = know_checked_people(partner_id=partner.pk, numbers=sorted({one.person for one in sent}), now=now)
    rows = [
        UsageRow(
            people[one.person], one.service, one.kind, one.start_at, one.end_at, one.external_id, one.locked_at,
            one.charge_minor, one.currency or "", one.ride or "",
        )
        for one in sent
    ]  # fmt: skip
    try:
        copied = copy_usage(rows=rows, partner=partner, now=now)
    except RowsRefused as refused:
        if not many and refused.errors[0].code == UsageDiffers.code:
            raise UsageDiffers(refused.errors[0].message, field="external_id") from None
        places = [f"#/data/{error.row - 1}" if many else "#" for error in refused.errors]
        raise BodyRefused(
            [
                FieldError(place + (f"/{error.field}" if error.field else ""), error.code, error.message, error.refusal.about)
                for place, error in zip(places, refused.errors, strict=True)
            ]
        ) from None
    return Stored(stored=copied.stored, repeated=copied.repeated)


def _address(made: UsageSaid) -> str:
    return "/api/v1/usage?" + urlencode({"external_id": made.external_id})


def _usage_said(row: Any) -> UsageSaid:
    """Of one as `usage_of` reads it."""
    known = getattr(row.person, "known_to_partner", None)
    return UsageSaid(
        external_id=row.external_id, person=known.external_id if known else None, service=row.service.code,
        kind=row.kind, start_at=row.start_at, end_at=row.end_at, locked_at=row.locked_at, charge_minor=row.charge_minor,
        currency=row.currency or None, ride=row.ride or None, lock_state=row.lock_state and LockState(row.lock_state),
        recorded_at=row.recorded_at,
    )  # fmt: skip
