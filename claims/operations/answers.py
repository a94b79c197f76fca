"""A request with an Idempotency-Key is worked on once, and answered the same each time. Expects a transaction."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from claims.models import KeptAnswer
from services.instants import check_instant
from services.prepared import prepared_cursor
from services.refusals import Refusal

KEPT = timedelta(days=30)


class KeyReused(Refusal):
    code = "idempotency_key_reused"


class RequestInProgress(Refusal):
    code = "request_in_progress"


@dataclass(frozen=True)
class Answer:
    """`body`: as it is sent. `again`: it was given before, and is not made anew."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    again: bool = False


def answer_once(*, caller: str, key: str, fingerprint: str, act: Callable[[], Answer], now: datetime) -> Answer:
    """What `act` answers, kept in the transaction of what it does; the kept one where this request came before.

    What `act` refuses is not kept: nothing was done, and the same key may be used when it is right. Raises RequestInProgress
    while another transaction is at it, KeyReused where the key came with another request, and what `act` raises.
    """
    now = check_instant(now, "now")
    with prepared_cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"answer\n{caller}\n{key}"])
        if not cursor.fetchone()[0]:
            raise RequestInProgress("A request with this key is being worked on. Send it again in a moment.")
        cursor.execute(KEPT_ANSWER, [caller, key])
        kept = cursor.fetchone()
        if kept is not None:
            if kept[0] != fingerprint:
                raise KeyReused("This key was used for another request. Use a new one.")
            return Answer(kept[1], bytes(kept[2]), json.loads(kept[3]), again=True)
        answer = act()
        cursor.execute(KEEP, [caller, key, fingerprint, answer.status, json.dumps(answer.headers), answer.body, now])
    return answer


# Asked and written with each request that writes: the models' own way of both takes longer than the database does.
KEPT_ANSWER = "SELECT fingerprint, status, body, headers::text FROM claims_keptanswer WHERE caller = %s AND key = %s"
KEEP = """
INSERT INTO claims_keptanswer (caller, key, fingerprint, status, headers, body, made_at)
VALUES (%s, %s, %s, %s, %s::jsonb, %s, %s)"""


def answered_before(*, caller: str, key: str) -> bool:
    """Whether the key has its answer already. One query."""
    return KeptAnswer.objects.filter(caller=caller, key=key).exists()


def forget_answers(*, now: datetime) -> int:
    """Delete those that are older than KEPT; how many."""
    return KeptAnswer.objects.filter(made_at__lt=check_instant(now, "now") - KEPT).delete()[0]
