"""How much may be asked: so many requests a minute of each caller, counted in the database for all web processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.callers import Caller
from services.prepared import prepared_cursor

if TYPE_CHECKING:
    from rest_framework.views import APIView

MINUTE = 60


@dataclass(frozen=True)
class Rate:
    """What is left of the minute; `seconds` until the next begins."""

    allowed: int
    left: int
    seconds: int

    def headers(self) -> dict[str, str]:
        """As the draft of the IETF has them (draft-ietf-httpapi-ratelimit-headers)."""
        return {
            "RateLimit-Policy": f'"minute";q={self.allowed};w={MINUTE}',
            "RateLimit": f'"minute";r={max(0, self.left)};t={self.seconds}',
        }


def count_request(caller: str, allowed: int) -> Rate:
    """One more of this caller in this minute; `left` is below zero once it was too many. By the database's clock: that of a web
    process may be another one's tomorrow.
    """
    with prepared_cursor() as cursor:
        cursor.execute(COUNT if connection.in_atomic_block else COUNT_ALONE, [caller])
        requests, seconds = cursor.fetchone()
    return Rate(allowed, allowed - requests, seconds)


def forget_counts() -> int:
    """Delete those of minutes gone, by the clock that counts; how many. Each network that ever asked for a token has one."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_requestcount WHERE minute < floor(extract(epoch FROM clock_timestamp()) / 60)")
        return int(cursor.rowcount)


class CallerThrottle(BaseThrottle):
    """Of a view's caller. What it counted is on the request, for the headers of the answer."""

    rate: Rate

    def allow_request(self, request: Request, view: APIView) -> bool:
        caller: Any = request.user
        if not isinstance(caller, Caller):
            return True
        self.rate = count_request(caller.key, settings.API_REQUESTS_PER_MINUTE)
        request._request.rate = self.rate  # type: ignore[attr-defined]
        return self.rate.left >= 0

    def wait(self) -> float:
        return float(self.rate.seconds)


COUNT = """
INSERT INTO accounts_requestcount AS c (caller, minute, requests)
SELECT %s, floor(extract(epoch FROM clock_timestamp()) / 60), 1
ON CONFLICT (caller) DO UPDATE
   SET requests = CASE WHEN c.minute = excluded.minute THEN c.requests + 1 ELSE 1 END, minute = excluded.minute
RETURNING requests, 60 - floor(extract(epoch FROM clock_timestamp()))::bigint %% 60"""
# Where it is a transaction of its own: nobody misses what a crash takes of it, and until the disk has it all other requests of
# the same caller would wait for this row.
COUNT_ALONE = COUNT.replace("1\nON", "1 FROM (SELECT set_config('synchronous_commit', 'off', true)) AS quick\nON")
