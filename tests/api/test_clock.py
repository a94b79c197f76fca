"""The clock of a sandbox over the API: what it moves, what it leaves alone, and that there is none elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Credential
from claims import hints
from claims.models import Hint
from services.models import ClockMove, Incident
from tests.api.cast import API, Program, a_claim, a_ride, a_token, problem, token_of
from tests.api.matrix_cast import METHODS
from tests.builders import a_user
from tests.claims.hook_cast import PUBLIC

pytestmark = pytest.mark.django_db
DAY = 24 * 3600
HOUR = timedelta(hours=1)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def advance(program: Program, seconds: Any, **headers: str) -> Any:
    return program.post("/test-clock", {"advance_seconds": seconds}, **headers)


def near(at: datetime, *, days: int) -> bool:
    """It is about so many days ahead of the real time."""
    return abs(at - datetime.now(UTC) - timedelta(days=days)) < HOUR


@pytest.mark.parametrize("method", METHODS)
def test_elsewhere_there_is_none_whoever_asks(ours: Program, method: str):
    worker = a_token(a_user("caseworker"), "cases:read", "cases:write")
    for token in ("", "wrong", ours.token, worker):
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"} if token else {}
        answer = Client().generic(method, f"{API}/test-clock", '{"advance_seconds": 1}', "application/json", headers=headers)
        assert answer.status_code == 404
        assert method == "HEAD" or problem(answer) == (404, "not_found")
        assert "Sandbox" not in answer.headers
    assert not ClockMove.objects.exists()


def test_it_is_read_and_moved_forward(sandbox: None, ours: Program):
    before = ours.get("/test-clock")
    assert near(instant(before.json()["now"]), days=0)
    assert before.json()["ahead_seconds"] == 0
    moved = advance(ours, 3 * DAY)
    assert (moved.status_code, moved.json()["ahead_seconds"]) == (200, 3 * DAY)
    assert near(instant(moved.json()["now"]), days=3)
    assert advance(ours, 3600).json()["ahead_seconds"] == 3 * DAY + 3600
    assert ours.get("/test-clock").json()["ahead_seconds"] == 3 * DAY + 3600
    assert ClockMove.objects.latest("pk").moved_by == ours.credential.client_id


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (0, "clock_moves_forward"), (-1, "clock_moves_forward"), (-(10**20), "clock_moves_forward"),
        (400 * DAY + 1, "out_of_range"), (10**20, "out_of_range"), (1.5, "integer_expected"), ("60", "integer_expected"),
        (True, "integer_expected"), (None, "integer_expected"),
    ],
)  # fmt: skip
def test_it_is_not_moved_otherwise(sandbox: None, ours: Program, seconds: Any, code: str):
    assert problem(advance(ours, seconds)) == (422, code)
    assert (ClockMove.objects.count(), Hint.objects.count()) == (1, 0)


def test_it_ends_before_instants_that_are_not_stored(sandbox: None, ours: Program):
    now = datetime.now(UTC)
    ClockMove.objects.create(shows_at=datetime(2089, 12, 1, tzinfo=UTC), real_at=now)
    assert problem(advance(ours, 400 * DAY)) == (422, "out_of_range")
    assert advance(ours, 3600).status_code == 200


def test_a_move_that_is_sent_again_is_made_once(sandbox: None, ours: Program):
    first, again = (advance(ours, 60, idempotency_key="one") for _ in range(2))
    assert (again["Idempotency-Replayed"], again.json()) == ("true", first.json())
    assert ours.get("/test-clock").json()["ahead_seconds"] == 60


def test_who_may_only_read_does_not_move_it(sandbox: None, incident: Incident):
    reader = Program("reader", ["claims:read", "payouts:read"])
    assert problem(advance(reader, 60)) == (403, "scope_missing")
    assert reader.get("/test-clock").status_code == 200
    assert advance(Program("writer", ["usage:write"]), 60).status_code == 200


def test_what_it_makes_due_is_looked_for_at_once(sandbox: None, ours: Program):
    advance(ours, DAY)
    assert set(Hint.objects.values_list("task", flat=True)) == {hints.SWEEP, hints.TIDY}


def test_all_that_is_answered_is_of_its_time(sandbox: None, ours: Program, incident: Incident):
    advance(ours, 400 * DAY)
    ours.post("/usage", a_ride())
    claim = ours.post("/claims", a_claim()).json()
    assert near(instant(claim["filed_at"]), days=400)
    due = datetime.fromisoformat(claim["answer_due_date"]).replace(tzinfo=UTC)
    assert due > datetime.now(UTC) + timedelta(days=400)
    webhook = ours.post("/webhooks", {"url": PUBLIC}).json()
    assert near(instant(webhook["registered_at"]), days=400)
    assert near(instant(ours.post(f"/webhooks/{webhook['id']}/test").json()["due_at"]), days=400)
    soon = (datetime.now(UTC) + timedelta(days=300)).isoformat()
    usage = a_ride(start_at=soon, end_at=None, locked_at=None)
    assert ours.post("/usage", usage).status_code == 201, "what would lie ahead is past by this clock"


def test_log_ins_hold_by_the_real_time(sandbox: None, ours: Program):
    """Else whoever moves it a month on could ask nothing any more, not even what time it is."""
    for _ in range(2):
        assert advance(ours, 400 * DAY).status_code == 200
    assert token_of(ours.credential.client_id, ours.secret).status_code == 200
    worker = a_user("manager")
    client = Client()
    client.force_login(worker)
    assert client.get("/admin/").status_code == 200


def test_a_credential_that_a_manager_issues_holds_by_the_real_time(sandbox: None, ours: Program):
    advance(ours, 400 * DAY)
    manager = Client()
    manager.force_login(a_user("manager"))
    asked = {
        "act": "issue",
        "scopes": ["usage:write"],
        "last_date": (datetime.now(UTC) + timedelta(days=30)).date().isoformat(),
    }
    manager.post(f"/admin/accounts/partner/{ours.partner.pk}/change/", asked)
    issued = Credential.objects.latest("pk")
    assert (issued.pk != ours.credential.pk, near(issued.issued_at, days=0)) == (True, True)


def test_each_answer_says_that_it_is_of_a_sandbox(sandbox: None, ours: Program):
    for answer in (
        ours.get("/test-clock"), ours.get("/services"), ours.get("/nothing"), ours.post("/usage", {}),
        token_of(ours.credential.client_id, "wrong"), Client().get(f"{API}/claims"), Client().get("/api/schema"),
    ):  # fmt: skip
        assert answer["Sandbox"] == "true", answer.request
