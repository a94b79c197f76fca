"""Whom a changed span touches, found by classes of lengths: the same as by looking at every loss."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from claims.eligibility import ChangedSpan, microseconds
from claims.models.intake import LENGTHS
from claims.operations import ToldLoss, open_claim
from claims.operations.work import touched_claims
from services.models import Incident
from tests.builders import a_person
from tests.made_up import LATER, TAXI, made_up, on

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture
def incident(db: None) -> Incident:
    return made_up()


@pytest.mark.parametrize("seconds", [1, *(n + more for n in LENGTHS for more in (-1, 0, 1)), None])
def test_a_loss_of_any_length_is_touched_if_and_only_if_it_overlaps(incident: Incident, seconds: int | None):
    start, end = on("12:00"), on("12:30")
    length = timedelta(seconds=seconds or 3600)
    for begins, overlaps in (
        (start - length, seconds is None),  # it ends where the span begins
        (start - length + SECOND, True),
        (end - SECOND, True),
        (end, False),
    ):
        if begins + length > LATER:
            continue
        loss = ToldLoss(TAXI, begins, None if seconds is None else begins + length)
        with transaction.atomic():
            one = open_claim(person=a_person(), incident=incident, losses=[loss], now=LATER)
        spans = [ChangedSpan(TAXI, microseconds(start), microseconds(end))]
        assert (one.pk in touched_claims(incident, spans)) == overlaps, begins
        assert one.pk in touched_claims(incident, [ChangedSpan(TAXI)])
