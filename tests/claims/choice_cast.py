"""A claim whose claimant may choose between points, cash and days: the demonstration's policy of that."""

from __future__ import annotations

from typing import Any

from claims.models import Claim
from claims.operations import ToldFact
from services.models import Incident
from tests.builders import a_person, claim_of, told

WEBTOON = "kakao_webtoon.view"
REMEDY = "webtoon_remedy"


def of_webtoon(incident: Incident, *, hours: int = 4, remedy: str = "", **more: Any) -> Claim:
    """From 18:00 on; `remedy`: what they chose as they claimed."""
    facts = [ToldFact(REMEDY, remedy)] if remedy else []
    return claim_of(a_person(), incident, told(WEBTOON, "15 18:00", f"15 {18 + hours}:00"), facts=facts, **more)
