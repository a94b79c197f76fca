"""Where a problem says that something is wrong: a pointer leads to it in the body that was sent (RFC 6901)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.models import Incident
from tests.api.cast import Program, a_claim, a_ride
from tests.builders import a_policy

pytestmark = pytest.mark.django_db

LOSS = {"service": "kakaotalk.text_message", "start_at": "2022-10-15T15:30:00+09:00", "end_at": "2022-10-15T22:00:00+09:00"}
REVERSED = {**LOSS, "end_at": "2022-10-15T12:00:00+09:00"}
FACTS: list[tuple[Any, str]] = [
    (1.5, "integer_expected"), (1e400, "out_of_range"), (None, "value_invalid"), ([], "value_invalid"), ({}, "value_invalid"),
    (2**63, "out_of_range"), ("\0", "invalid_character"), ("\u200b", "invalid_character"), ("a\nb", "invalid_character"),
    ("a" * 201, "too_long"),
]  # fmt: skip


def found_at(body: Any, pointer: str) -> Any:
    assert pointer.startswith("#/")
    for part in pointer[2:].split("/"):
        step = part.replace("~1", "/").replace("~0", "~")
        body = body[int(step)] if isinstance(body, list) else body[step]
    return body


def errors_of(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.content
    return [(one.get("pointer"), one["code"]) for one in answer.json()["errors"]]


@pytest.mark.parametrize(("value", "code"), FACTS, ids=[repr(value)[:12] for value, _ in FACTS])
@pytest.mark.parametrize("where", ["/claims", "/quotes"])
def test_a_fact_has_one_error_and_one_place(ours: Program, incident: Incident, where: str, value: Any, code: str):
    told = {"incident": incident.key, "losses": [LOSS, {**LOSS, "facts": {"a_fact": value}}], "facts": {"whole": value}}
    sent = told if where == "/quotes" else a_claim(**told)
    raw = json.dumps(sent).replace("Infinity", "1e400").encode()
    assert errors_of(ours.post(where, raw)) == [("#/losses/1/facts/a_fact", code), ("#/facts/whole", code)]


def test_a_name_that_is_none_is_pointed_at(ours: Program, incident: Incident):
    answer = ours.post("/quotes", {"incident": incident.key, "facts": {"Not/a~name": 1, "[key]": 1}})
    assert errors_of(answer) == [("#/facts/Not~1a~0name", "format_invalid"), ("#/facts/[key]", "format_invalid")]


@pytest.mark.parametrize("where", ["/claims", "/quotes"])
@pytest.mark.parametrize(
    ("losses", "error"),
    [
        ([LOSS, {**LOSS, "service": "nothing.like_it"}], ("#/losses/1/service", "reference_unknown")),
        ([LOSS, REVERSED], ("#/losses/1/end_at", "interval_invalid")),
        ([{**LOSS, "start_at": "2099-01-01T00:00:00Z", "end_at": None}], ("#/losses/0/start_at", "in_the_future")),
        ([LOSS, {**LOSS, "facts": {"nobody_asks": 1}}], ("#/losses/1/facts/nobody_asks", "fact_unknown")),
    ],
    ids=["service", "end", "start", "fact"],
)
def test_what_an_operation_refuses_is_found_in_the_body(
    ours: Program, incident: Incident, where: str, losses: list[dict[str, Any]], error: tuple[str, str]
):
    a_policy()
    told = {"incident": incident.key, "losses": losses}
    sent = told if where == "/quotes" else a_claim(**told)
    assert errors_of(ours.post(where, sent)) == [error]
    found_at(sent, error[0])


def test_of_many_records_the_one_is_pointed_at(ours: Program, incident: Incident):
    rides = [a_ride(person=person) for person in ("a", "b ", "c")]
    assert errors_of(ours.post("/usage/batch", {"data": rides})) == [("#/data/1/person", "invalid_value")]
    assert errors_of(ours.post("/usage", rides[1])) == [("#/person", "invalid_value")]


def test_what_a_query_says_is_named_as_a_parameter(ours: Program, incident: Incident):
    headers = {"Authorization": f"Bearer {ours.token}", "Idempotency-Key": "k"}
    answer = ours.client.post("/api/v1/imports?mode=x", b"a", "text/csv", headers=headers)
    assert [one.get("parameter") for one in answer.json()["errors"]] == ["mode"]
