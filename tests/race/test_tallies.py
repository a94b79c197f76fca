"""What is committed late, and two that count at once: the tallies are what a count of all rows says all the same."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from claims.models import Claim, Tally, TallyDue
from claims.operations import count_tallies, recount_tallies, tallies
from tests.builders import MESSAGES, a_person, claim_of, outage, told
from tests.race.together import Step, in_transaction, together, until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


def count_all() -> None:
    more = True
    while more:
        with transaction.atomic():
            more = count_tallies()


def taken() -> list[int]:
    return list(Tally.objects.filter(what="intake").values_list("count", flat=True))


@pytest.mark.parametrize("count", [count_all, in_transaction(recount_tallies)], ids=["count", "recount"])
def test_a_claim_that_is_committed_late_is_counted(count: Any):
    """It has the lower id, and was written before the others were counted: a watermark over ids would pass it by."""
    incident, early, late = outage(), a_person(), a_person()
    written, counted = Step(), Step()

    def slow() -> None:
        with transaction.atomic():
            claim_of(early, incident, told(MESSAGES))
            written.reach()
            counted.wait()

    def quick() -> None:
        written.wait()
        claim_of(late, incident, told(MESSAGES))
        count()
        assert taken() == [1]
        counted.reach()

    together(slow, quick)
    assert TallyDue.objects.exists()
    count_all()
    assert taken() == [Claim.objects.count()] == [2]


def test_of_two_that_count_at_once_one_does(monkeypatch: pytest.MonkeyPatch):
    """Else both would make the first row of the same tally."""
    incident, late = outage(), a_person()
    claim_of(a_person(), incident, told(MESSAGES))
    added, answered, real = Step(), Step(), tallies._add

    def slowly(*args: Any) -> None:
        real(*args)
        if not added.reached():
            added.reach()
            until_blocked(unless=answered)

    def second() -> bool:
        added.wait()
        claim_of(late, incident, told(MESSAGES))
        with transaction.atomic():
            more = count_tallies()
        answered.reach()
        return more

    monkeypatch.setattr(tallies, "_add", slowly)
    assert together(in_transaction(count_tallies), second) == [True, False]
    count_all()
    assert taken() == [2]
