"""Fifty at once with the same key, or the same number of their own: one claim, and no error of ours."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from claims.models import Claim, KeptAnswer, PartnerClaim
from tests.api.cast import API, Program, a_claim
from tests.builders import outage
from tests.race.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(3600)]
THREADS, ROUNDS = int(os.environ.get("API_THREADS", "8")), int(os.environ.get("API_ROUNDS", "5"))  # `make races`: 50 and 200


@pytest.fixture
def program(settings: Any) -> Program:
    settings.API_REQUESTS_PER_MINUTE = 10**9
    outage()
    return Program()


def sent(
    program: Program, key: str, body: dict[str, Any], path: str = "claims", match: str = ""
) -> Callable[[], tuple[int, str, str]]:
    """Its status, the code of a problem, and the reference of a claim."""

    def send() -> tuple[int, str, str]:
        headers = {"Authorization": f"Bearer {program.token}", "Idempotency-Key": key}
        headers |= {"If-Match": match} if match else {}
        answer = Client(raise_request_exception=False).post(f"{API}/{path}", body, "application/json", headers=headers)
        told = answer.json()
        return answer.status_code, told.get("code", ""), told.get("reference", "")

    return send


def test_the_same_key_makes_one_claim_and_gets_one_answer(program: Program):
    seen: Counter[tuple[int, str]] = Counter()
    for n in range(ROUNDS):
        claim = a_claim(external_id=f"c{n}", person=f"r{n}")
        answers = together(*[sent(program, f"key-{n}", claim)] * THREADS)
        assert len({reference for status, _, reference in answers if status == 201}) == 1
        seen.update((status, code) for status, code, _ in answers)
    assert seen.keys() <= {(201, ""), (409, "request_in_progress")}, seen
    assert (Claim.objects.count(), KeptAnswer.objects.count()) == (ROUNDS, ROUNDS)


def test_the_same_number_makes_one_claim_whatever_the_key(program: Program):
    seen: Counter[tuple[int, str]] = Counter()
    for n in range(ROUNDS):
        claim = a_claim(external_id=f"c{n}", person=f"r{n}")
        answers = together(*[sent(program, f"key-{n}-{thread}", claim) for thread in range(THREADS)])
        assert len({reference for status, _, reference in answers if status == 201}) == 1
        seen.update((status, code) for status, code, _ in answers)
    assert seen.keys() <= {(201, ""), (503, "temporarily_unavailable")}, seen
    assert seen[201, ""] > seen[503, "temporarily_unavailable"], "who waits for three seconds is told to come again"
    assert (Claim.objects.count(), PartnerClaim.objects.count()) == (ROUNDS, ROUNDS)


def test_of_two_corrections_at_once_one_is_of_what_was_read(program: Program):
    losses = a_claim()["losses"]
    for n in range(ROUNDS):
        made = sent(program, f"key-{n}", a_claim(external_id=f"c{n}", person=f"r{n}"))()
        etag = Client().get(f"{API}/claims/{made[2]}", headers={"Authorization": f"Bearer {program.token}"})["ETag"]
        corrections = [{"losses": [{**losses[0], "end_at": f"2022-10-15T{hour}:00:00+09:00"}]} for hour in (18, 19)]
        calls = [
            sent(program, f"key-{n}-{which}", said, f"claims/{made[2]}/corrections", etag)
            for which, said in enumerate(corrections)
        ]
        assert sorted(answer[:2] for answer in together(*calls)) == [(200, ""), (412, "version_mismatch")]
        claim = Claim.objects.get(reference=made[2])
        assert (claim.revisions.count(), claim.losses.count()) == (2, 2)


def test_of_two_numbers_for_one_person_one_is_the_claims(program: Program):
    for n in range(ROUNDS):
        calls = [sent(program, f"key-{n}-{t}", a_claim(external_id=f"c{n}-{t}", person=f"r{n}")) for t in range(THREADS)]
        codes = Counter((status, code) for status, code, _ in together(*calls))
        assert codes[201, ""] == 1
        assert codes.keys() <= {(201, ""), (409, "duplicate_claim"), (503, "temporarily_unavailable")}, codes
    assert Claim.objects.count() == ROUNDS
