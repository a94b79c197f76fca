"""The cast: people, usage and claims in few words. Everything is made by operations, each in its transaction, as in life."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from typing import Any

from django.db import transaction

from accounts.models import Partner, Payee, Person, User
from accounts.operations import create_person, create_staff, register_partner
from claims.demonstration.loading import scenario
from claims.models import AssessmentRun, Claim, Usage
from claims.operations import (
    ToldFact,
    ToldLoss,
    UsageRow,
    assess_next_chunk,
    chase_versions,
    derive_next,
    finish_run,
    open_claim,
    plan_runs,
    publish_policy,
    record_usage,
    set_authority,
    set_payee,
    settle_next,
    write_next_letters,
)
from services.models import Incident
from services.operations import FIXTURES, load_incident, load_service_tree
from tests.eligibility.cast import POLICIES
from tests.replay import loaded

KST = timezone(timedelta(hours=9))
NOW = datetime(2022, 12, 7, 9, 0, tzinfo=UTC)
OUTAGE = "kakao-2022-10-15"
MESSAGES = "kakaotalk.text_message"
BIKE = "kakao_t_bike.ride_end_billing"

_numbers = count(1)


def at(text: str) -> datetime:
    """`15 15:30`: day of October 2022 and time in Seoul."""
    day, clock = text.split()
    return datetime.fromisoformat(f"2022-10-{int(day):02}T{clock}").replace(tzinfo=KST)


@transaction.atomic
def outage(*, version: int = 1) -> Incident:
    """The incident of 15 October with its record up to this version. Again, with a higher one, publishes it."""

    def load() -> None:
        load_service_tree()
        load_incident(FIXTURES / f"{OUTAGE}.json", now=NOW, up_to=version)

    loaded(f"{OUTAGE} {version}", load)
    return Incident.objects.get(key=OUTAGE)


@transaction.atomic
def a_person() -> Person:
    return create_person(name="Kim", now=NOW)


@transaction.atomic
def a_user(*roles: str, email: str | None = None) -> User:
    """Staff with these roles."""
    address = email or f"{'-'.join(roles) or 'nobody'}-{next(_numbers)}@example.com"
    return create_staff(email=address, password="a long password 1", roles=roles, now=NOW)


@transaction.atomic
def paid_to(person: Person, account: str = "110-123-455678", *, by: User | None = None, **more: Any) -> Payee:
    """Where the person is paid: an account of the bank 088, as they said by telephone to `by`, or to a command."""
    said = {"bank": "088", "holder": "홍길동", "channel": "phone", "note": "x", "now": NOW, **more}
    return set_payee(person=person, account=account, given_by=by, **said)


@transaction.atomic
def authority(role: str = "caseworker", unit: str = "KRW", *, per_decision: int = 100_000, per_day: int = 1_000_000) -> None:
    set_authority(
        role=role, unit=unit, per_decision=per_decision, per_day=per_day, set_by=None, now=NOW
    )  # fmt: skip


@transaction.atomic
def a_partner(code: str = "mobility") -> Partner:
    return register_partner(code=code, name_ko=code, name_en=code, now=NOW)


def told(service: str = MESSAGES, start: str = "15 15:30", end: str = "15 22:00", *facts: ToldFact) -> ToldLoss:
    return ToldLoss(service, at(start), at(end), facts=facts)


@transaction.atomic
def claim_of(person: Person, incident: Incident, *losses: ToldLoss, **more: Any) -> Claim:
    return open_claim(person=person, incident=incident, losses=losses or (told(),), now=NOW, **more)


def row(person: Person, service: str, kind: str, start: str, end: str | None, **more: Any) -> UsageRow:
    return UsageRow(
        person_id=person.pk,
        service=service,
        kind=kind,
        start_at=at(start),
        end_at=None if end is None else at(end),
        **{"external_id": f"x{next(_numbers)}", **more},
    )


@transaction.atomic
def usage(person: Person, *what: Any, partner: Partner | None = None, **more: Any) -> Usage:
    """`what` and `more` as for `row`."""
    return record_usage(row=row(person, *what, **more), partner=partner, now=NOW)


CASH = "{instrument: cash, unit: KRW, currency: KRW}"


def pack(
    *,
    won: int = 250,
    code: str = "half_hours_of_messages",
    asks: Mapping[str, str] = {"is_member": "boolean"},
    attested: Mapping[str, str] = {},
    incidents: str = "from: 2022-10-01",
    automatic: str = "{approve_up_to: most, reject: true}",
    needs: str | None = None,
    remedy: str = "{instrument: credit, unit: KRW, currency: KRW}",  # goes to no account, as CASH does
) -> str:
    """A policy of these tests: so much per completed half hour of full outage; less than 1,000 is not asked back.

    `asks`: facts by name, each a type or `type of loss`; `attested`: what attests one of them, by name;
    `needs`: a fact without which it pays nothing.
    """
    types = {name: (*kind.split(" of "), "claim")[:2] for name, kind in asks.items()}
    facts = ", ".join(
        f"{name}: {{type: {kind}, of: {of}, attested_by: {attested.get(name, 'null')}, label: {{ko: x, en: x}}}}"
        for name, (kind, of) in types.items()
    )
    required = "" if needs is None else f"{{fact: {needs}, is: true, reason: not_told}}"
    reasons = "{}" if needs is None else "{not_told: {ko: x, en: x}}"
    told = "" if needs is None else f"{needs}: true"
    expected = 2 * won if incidents == "from: 2022-10-01" else "no line"
    return f"""
pack: 1
code: {code}
scheme: test
title: {{ko: 시험, en: Test}}
verified: own
sources: {{own: {{text: these tests}}}}
incidents: {{{incidents}}}
zone: Asia/Seoul
figures:
  credit: {{value: {won}, unit: KRW, source: own}}
  floor: {{value: 1000, unit: KRW, source: own}}
  most: {{value: 1000000, unit: KRW, source: own}}
recovery_floor: floor
automatic: {automatic}
facts: {{{facts}}}
reasons: {reasons}
rules:
  - code: half_hours
    title: {{ko: 시험, en: Test}}
    losses: {{services: [kakaotalk.text_message]}}
    windows: {{severities: [full]}}
    require: [{required}]
    amount: {{multiply: [{{figure: credit}}, {{completed: {{counted: minutes}}, per: 30}}]}}
    remedy: {remedy}
setting:
  windows: [{{service: kakaotalk.text_message, from: 2022-10-15T15:30:00+09:00, before: 2022-10-15T16:30:00+09:00}}]
examples:
  - name: an hour
    facts: {{{told}}}
    losses: [{{service: kakaotalk.text_message, from: 2022-10-15T15:30:00+09:00, before: 2022-10-15T16:30:00+09:00}}]
    expect: {{half_hours: {expected}}}
"""


@transaction.atomic
def a_policy(**more: Any) -> None:
    publish_policy(pack_yaml=pack(**more), now=NOW)


@transaction.atomic
def policies_of_the_demonstration() -> None:
    for name in scenario()["policies"]:
        publish_policy(pack_yaml=(POLICIES / f"{name}.yaml").read_text(encoding="utf-8"), now=NOW)


@transaction.atomic
def a_policy_that_asks(**types: str) -> None:
    """A policy that asks for these facts and governs no incident before 2090. `asks` as for `pack`."""
    publish_policy(pack_yaml=pack(code="asks", asks=types, incidents="from: 2090-01-01"), now=NOW)


@transaction.atomic
def a_policy_about(*services: str) -> None:
    """A policy that wants charge, start and end of subscriptions of these services, and governs no incident before 2090."""
    values = {"fee": "charge, currency: KRW", "since": "started_at", "until": "ended_at"}
    text = pack(
        code="about",
        asks={"fee": "money", "since": "instant", "until": "instant"},
        attested={name: f"{{subscription: [{', '.join(services)}], value: {value}}}" for name, value in values.items()},
        incidents="from: 2090-01-01",
    )
    publish_policy(pack_yaml=text, now=NOW)


def work_off(runs: Sequence[AssessmentRun] | None = None, *, worker: str = "test") -> list[AssessmentRun]:
    """What workers do: derive, plan, assess every chunk, close the runs."""
    while derive_next(now=NOW):
        pass
    with transaction.atomic():
        runs = plan_runs(now=NOW) if runs is None else list(runs)
    for run in runs:
        while assess_next_chunk(run_id=run.pk, worker=worker, now=NOW):
            pass
        with transaction.atomic():
            finish_run(run_id=run.pk, now=NOW)
    return runs


@transaction.atomic
def chase() -> int:
    """What the sweep does first: make due what new versions touch."""
    return chase_versions(now=NOW)


def follow_up() -> None:
    """What workers do after an assessment: settle, write the letters."""
    while settle_next(now=NOW) or write_next_letters(now=NOW):
        pass
