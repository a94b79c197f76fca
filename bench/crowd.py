"""A crowd of claimants, made in Python from a seed and copied into the tables: people with names and telephones, and what each
lost. Assessed and decided by the operations.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connections, transaction

from accounts.models import Person
from bench.corrections import assess_all
from bench.growth import tidy
from claims.demonstration.loading import INCIDENT
from claims.demonstration.steps import load_policies, load_record
from claims.models import Claim
from claims.operations import count_tallies, settle_next
from services.models import Incident, Service

SEED = 20221015
SLICE = 20_000  # claims of one COPY, and of one trigger's look at it
DAYS = 19  # in which claims came in
FAMILY = "김이박최정강조윤장임한오서신권황안송류홍"
SYLLABLES = (
    "가강건경계고관광구규근기길나남다대덕도동두라명문미민범병보복봉상서선성세소수숙순승시"
    "아안연영예옥완용우원유윤은의인일자재정제종주준중지진찬채철태하한해혁현형혜호화환훈희"
)
SERVICES = (
    "kakaotalk.text_message", "kakaotalk.text_message", "kakao_t.taxi_call", "melon.streaming", "unnamed_bank.banking",
)  # fmt: skip
KINDS = ("worker", "taxi_driver", "business", "rider")


def fill(*, claims: int, said: Callable[[str], None]) -> Incident:
    """So many claims of the shipped incident, in every status that rules can bring them to."""
    load_record(up_to=None)
    load_policies()
    incident = Incident.objects.get(key=INCIDENT)
    said(f"copying {claims:,} claims")
    copy_claims(incident, claims=claims)
    tidy()
    said("assessing")
    now = incident.started_at + timedelta(days=DAYS + 1)
    assess_all(now)
    tidy()
    said("deciding")
    while settle_next(now=now):
        pass
    tidy()
    said("tallying")
    while _tallied():
        pass
    tidy()
    return incident


@dataclass(frozen=True)
class Place:
    """Where the new rows begin: the highest ids that are taken; and the ids of services by code."""

    incident: Incident
    people: int
    claims: int
    services: dict[str, int]


def copy_claims(incident: Incident, *, claims: int) -> None:
    """Only the first number of the next claim is asked of the database: nobody else may write meanwhile."""
    chance = random.Random(SEED)
    highest = [model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0 for model in (Person, Claim)]
    place = Place(incident, *highest, {service.code: service.pk for service in Service.objects.all()})
    with connections["owner"].cursor() as cursor:
        for begin in range(0, claims, SLICE):
            some = [_made(chance, place, n) for n in range(begin + 1, min(begin + SLICE, claims) + 1)]
            for table, columns in COLUMNS.items():
                _copy(cursor, table, columns, (row for one in some for row in one[table]))
        for table, last in (("accounts_person", place.people + claims), ("claims_claim", place.claims + claims)):
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, last])


COLUMNS = {
    "accounts_person": "id, public_id, created_at",
    "accounts_personaldata": "person_id, name, phone, email",
    "claims_claim": "id, reference, person_id, incident_id, origin, filed_at",
    "claims_claimstatus": "claim_id, incident_id, review, decision, payment, moves, reasons, moved_at, kind, currency, "
    "answer_due_date",
    "claims_claimrevision": "claim_id, number, cause, asks_for, created_at",
    "claims_fact": "claim_id, revision, name, text_value, provenance, recorded_at",
    "claims_loss": "claim_id, revision, service_id, start_at, end_at, kind, origin",
    "claims_reassessmentdue": "claim_id, incident_id, cause, created_at",
}


def _made(chance: random.Random, place: Place, n: int) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of one claimant, by table. The earlier days brought more."""
    incident, person, claim = place.incident, place.people + n, place.claims + n
    filed = incident.started_at + timedelta(days=DAYS * chance.random() ** 2)
    name = chance.choice(FAMILY) + chance.choice(SYLLABLES) + chance.choice(SYLLABLES)
    phone = f"010-{chance.randrange(2000, 9999)}-{chance.randrange(10_000):04}"
    word = f"{n:08X}"
    losses = [_loss(chance, incident.started_at, claim, place.services) for _ in range(1 + (chance.random() < 0.5))]
    return {
        "accounts_person": [(person, uuid.UUID(int=chance.getrandbits(128)), filed)],
        "accounts_personaldata": [(person, name, phone, f"p{n}@example.org")],
        "claims_claim": [(claim, f"C-{word[:4]}-{word[4:]}", person, incident.pk, "proactive", filed)],
        "claims_claimstatus": [
            (claim, incident.pk, "received", "undecided", "nothing", 0, [], filed, "unsorted", "", filed + timedelta(days=14))
        ],
        "claims_claimrevision": [(claim, 1, "derived", [], filed)],
        "claims_fact": [(claim, 1, "claimant_kind", chance.choice(KINDS), "claimant", filed)],
        "claims_loss": losses,
        "claims_reassessmentdue": [(claim, incident.pk, "revision", filed)],
    }


def _loss(chance: random.Random, began: datetime, claim: int, services: dict[str, int]) -> tuple[Any, ...]:
    start = began + timedelta(seconds=chance.randrange(-7_200, 79_200))
    service = services[chance.choice(SERVICES)]
    return (claim, 1, service, start, start + timedelta(seconds=chance.randrange(60, 30_060)), "", "told")


def _copy(cursor: Any, table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


@transaction.atomic
def _tallied() -> bool:
    return count_tallies()
