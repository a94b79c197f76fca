"""Two at once who enter the same: a double click, and two of the staff whom somebody called one after the other."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import Person, PersonalData
from claims.models import Claim, ClaimEntry, ClaimRevision, Event
from claims.operations import open_claim
from tests.builders import a_person, a_user, claim_of, outage, told
from tests.claims.enter_cast import HONG, entry
from tests.race.together import together, until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has written what was said waits until the other waits for them."""

    def slowly(**said: Any) -> Claim:
        claim = open_claim(**said)
        until_blocked()
        return claim

    monkeypatch.setattr("claims.operations.entering.open_claim", slowly)


@pytest.mark.parametrize("known", [False, True])
def test_a_double_click_makes_one_claim_and_one_revision(slow: None, known: bool):
    incident, worker, key = outage(), a_user("caseworker"), uuid4()
    who = a_person() if known else HONG
    results = together(*(partial(entry, who, incident, worker, key=key, message="x") for _ in range(2)))
    assert results[0].entry == results[1].entry
    assert [one.opened for one in results] == [True, True]
    models: tuple[Any, ...] = (Claim, ClaimRevision, ClaimEntry, Person, PersonalData)
    assert [model.objects.count() for model in models] == [1] * len(models)
    assert Event.objects.filter(kind="claim_entered").count() == 1


@pytest.mark.parametrize("before", [0, 1])
def test_of_two_who_enter_for_one_person_both_are_kept_in_one_claim(slow: None, before: int):
    incident, person = outage(), a_person()
    for _ in range(before):
        claim_of(person, incident)
    told_of = [told("kakao_t.taxi_call"), told("kakaopay.pay_online")]
    calls = [partial(entry, person, incident, a_user("caseworker"), losses=[loss]) for loss in told_of]
    results = together(*calls)
    assert sorted(one.opened for one in results) == [False, not before]
    assert sorted(ClaimRevision.objects.values_list("number", flat=True)) == [1, 2, 3][: 2 + before]
    assert Claim.objects.get().entries.count() == 2
