"""The clock of a sandbox, by which partners try what is due in days."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpResponse
from pydantic import BaseModel, Field
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.callers import caller_of
from accounts.models import Scope
from claims.api.views import ApiView, said, written
from claims.operations import let_time_pass
from services import clock
from services.bodies import Body
from services.body_fields import Instant
from services.operations import FURTHEST

ANY: tuple[str, ...] = ()
WRITERS = (Scope.WRITE_USAGE, Scope.WRITE_CLAIMS, Scope.WRITE_WEBHOOKS)
MOST = FURTHEST // timedelta(seconds=1)


class ClockSent(Body):
    """So many seconds pass at once; 400 days at most."""

    advance_seconds: int = Field(le=MOST, json_schema_extra={"minimum": 1}, examples=[18_000])


class ClockSaid(BaseModel):
    """`now` is what it shows, and runs on."""

    now: Instant
    ahead_seconds: int = Field(description="How far it is ahead of the real time.")


class TestClock(ApiView):
    """The clock of this sandbox, one for all partners; POST moves it forward. Where there is no sandbox there is none: 404."""

    only_in_sandbox = True
    scopes = {"GET": ANY, "HEAD": ANY, "POST": WRITERS}
    bodies, answers = {"POST": ClockSent}, {"GET": (200, ClockSaid), "POST": (200, ClockSaid)}

    def get(self, request: Request) -> Response:
        return said(_said())

    def post(self, request: Request) -> HttpResponse:
        """Move the clock of this sandbox forward."""

        def act(body: ClockSent, _: datetime) -> ClockSaid:
            moved_by = caller_of(request).client_id
            let_time_pass(seconds=body.advance_seconds, moved_by=moved_by, now=clock.real())
            return _said()

        return written(request, ClockSent, act, status=200)


def _said() -> ClockSaid:
    return ClockSaid(now=clock.now(), ahead_seconds=int(clock.ahead().total_seconds()))
