"""Puts the people of scenario.yaml and their log-ins into the database, through the operations."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from accounts.banks import BANKS
from accounts.models import Channel, Partner, Person
from accounts.operations import create_person, register_partner
from accounts.payees import payee_of
from claims.operations import ToldFact, ToldLoss, UsageRow, copy_usage, open_claim, set_payee
from services.models import Incident
from services.seoul import SEOUL

SCENARIO = Path(__file__).parent / "scenario.yaml"
REPLIES = Path(__file__).parent / "replies.yaml"
INCIDENT = "kakao-2022-10-15"


@cache
def scenario() -> dict[str, Any]:
    """What the demonstration plays: policies, partners, people. Read once, and changed by nobody."""
    played: dict[str, Any] = yaml.safe_load(SCENARIO.read_text(encoding="utf-8"))
    return played


def first_replies() -> list[dict[str, Any]]:
    """Templates of answers, as `publish_reply_template` names what they say."""
    replies: list[dict[str, Any]] = yaml.safe_load(REPLIES.read_text(encoding="utf-8"))
    return replies


def personas() -> dict[uuid.UUID, dict[str, Any]]:
    """The people of the scenario by the public id that each gets."""
    return {public_id(person["persona"]): person for person in scenario()["people"]}


def public_id(persona: str) -> uuid.UUID:
    """The same in every database, so that a result can be held against the scenario."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"claims-demonstration/{persona}")


def load_people(*, now: datetime) -> int:
    """People with where they are paid, usage and claims; returns how many people there are. Again: adds nothing."""
    played = scenario()
    partners = {
        p["code"]: register_partner(code=p["code"], name_ko=p["ko"], name_en=p["en"], now=now) for p in played["partners"]
    }
    known = {person.public_id: person for person in Person.objects.all()}
    for number, data in enumerate(played["people"], start=1):
        key = public_id(data["persona"])
        person = known.get(key) or create_person(name=data["ko"], public_id=key, now=now)
        _give_payee(person, number, data["ko"], now)
        _load_usage(person, data, partners, now)
        _open_claim(person, data, now=_instant(played["claims_filed_at"]))
    return len(played["people"])


def _give_payee(person: Person, number: int, holder: str, now: datetime) -> None:
    """Another account for each, at one of our banks in turn."""
    if payee_of(person.pk) is None:
        bank = list(BANKS)[number % len(BANKS)]
        set_payee(
            person=person, bank=bank, account=f"000-{number:09}", holder=holder, channel=Channel.WEB, given_by=None, now=now
        )  # fmt: skip


def _load_usage(person: Person, data: dict[str, Any], partners: dict[str, Partner], now: datetime) -> None:
    for i, usage in enumerate(data.get("usage", [])):
        row = UsageRow(
            person_id=person.pk, service=usage["service"], kind=usage["kind"], start_at=_instant(usage["from"]),
            end_at=_instant(usage["before"]), locked_at=_instant(usage.get("locked_at")),
            charge_minor=usage.get("charge"), currency="KRW" if "charge" in usage else "",
            external_id=f"{data['persona']}-{i}",
        )  # fmt: skip
        copy_usage(rows=[row], partner=partners[usage["partner"]], now=now)


def _open_claim(person: Person, data: dict[str, Any], now: datetime) -> None:
    """A claim with what the person says; one who says nothing is found through their usage."""
    losses = [ToldLoss(t["service"], _instant(t["from"]), _instant(t["before"]), t["kind"]) for t in data.get("told", [])]
    if not (losses or data.get("asks_for") or data.get("usage")) or data["persona"] == "ride_never_claimed":
        return
    facts = [ToldFact("claimant_kind", data["kind"])]
    facts += [ToldFact(f["name"], _value(f["value"]), f["provenance"]) for f in data.get("facts", [])]
    incident = Incident.objects.get(key=data.get("incident", INCIDENT))
    open_claim(person=person, incident=incident, losses=losses, facts=facts, asks_for=data.get("asks_for", []), now=now)


def _instant(value: Any) -> Any:
    """`2022-10-15 15:20` (text) or a time that YAML has read, as Seoul's."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return None if value is None else value.replace(tzinfo=SEOUL)


def _value(value: Any) -> Any:
    """Days and times are text in the scenario, so that YAML leaves their offsets alone."""
    if isinstance(value, str) and value[:2] == "20":
        return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return value
