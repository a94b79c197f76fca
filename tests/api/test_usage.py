"""Usage: reported once under its number, all of a batch or none, and read back by whoever reported it."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Person
from claims.models import Claim, Usage
from services.models import Incident
from tests.api.cast import Program, a_claim, a_lock, a_ride, problem
from tests.builders import work_off

pytestmark = pytest.mark.usefixtures("incident")


def test_a_ride_is_stored_and_read_back(ours: Program):
    made = ours.post("/usage", a_ride(external_id="r 1/ü"))
    assert made.status_code == 201, made.content
    assert made["Location"] == "/api/v1/usage?external_id=r+1%2F%C3%BC"
    body = made.json()
    assert body.pop("recorded_at").endswith("Z")
    assert body == {
        **a_ride(external_id="r 1/ü"), "start_at": "2022-10-15T06:20:00Z", "end_at": "2022-10-15T12:15:00Z",
        "locked_at": "2022-10-15T06:42:00Z", "ride": None, "lock_state": None,
    }  # fmt: skip
    found = ours.client.get(made["Location"], headers={"Authorization": f"Bearer {ours.token}"}).json()["data"]
    assert [one["external_id"] for one in found] == ["r 1/ü"]


def test_the_same_again_is_stored_once_and_anything_else_under_its_number_refused(ours: Program):
    ride = a_ride()
    assert [ours.post("/usage", ride).status_code for _ in range(2)] == [201, 201]
    assert Usage.objects.count() == 1
    assert problem(ours.post("/usage", {**ride, "charge_minor": 1})) == (409, "usage_differs")
    assert problem(ours.post("/usage", {**ride, "person": "rider-2"})) == (409, "usage_differs")
    assert (Usage.objects.count(), Person.objects.count()) == (1, 1)


def test_two_partners_have_numbers_of_their_own(ours: Program, theirs: Program):
    ride = a_ride()
    assert [one.post("/usage", ride).status_code for one in (ours, theirs)] == [201, 201]
    assert (Usage.objects.count(), Person.objects.count()) == (2, 2)
    assert len(ours.get("/usage").json()["data"]) == 1


def test_a_batch_is_stored_whole_or_not_at_all(ours: Program):
    rides = [a_ride(person=f"rider-{n}") for n in range(1_000)]
    assert ours.post("/usage/batch", {"data": rides}).json() == {"stored": 1_000, "repeated": 0}
    assert ours.post("/usage/batch", {"data": [*rides[1:], a_ride()]}).json() == {"stored": 1, "repeated": 999}
    wrong = [a_ride(), a_ride(service="nothing"), a_ride(locked_at="2022-10-16T15:42:00+09:00")]
    refused = ours.post("/usage/batch", {"data": wrong})
    assert problem(refused) == (422, "body_invalid")
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
        ("#/data/1/service", "reference_unknown"), ("#/data/2/locked_at", "lock_outside_ride"),
    ]  # fmt: skip
    assert Usage.objects.count() == 1_001
    assert problem(ours.post("/usage/batch", {"data": [*rides, a_ride()]})) == (413, "batch_too_large")
    assert problem(ours.post("/usage/batch", {"data": []})) == (422, "required")


def test_a_lock_is_of_a_ride_and_says_what_has_become_of_it(ours: Program, theirs: Program):
    lock = a_lock(external_id="l-1", ride="r-1")
    made = ours.post("/usage", lock)
    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["start_at"], body["ride"], body["lock_state"]) == ("2022-10-15T06:42:00Z", "r-1", "waiting")
    assert not Claim.objects.exists()
    assert theirs.post("/usage", a_ride(external_id="r-1")).status_code == 201
    assert ours.get("/usage").json()["data"][0]["lock_state"] == "waiting"
    assert ours.post("/usage/batch", {"data": [a_ride(external_id="r-1", locked_at=...), lock]}).json() == {
        "stored": 1, "repeated": 1,
    }  # fmt: skip
    assert [one["lock_state"] for one in ours.get("/usage?external_id=l-1").json()["data"]] == ["counts"]
    work_off()
    claim = Claim.objects.get(partner=ours.partner)
    assert claim.facts.get(name="ride_locked_at").usage == Usage.objects.get(external_id="l-1")
    assert problem(ours.post("/usage", {**lock, "ride": "r-2"})) == (409, "usage_differs")


def test_a_claim_does_not_rest_on_a_lock_alone(ours: Program):
    ours.post("/usage", a_lock(ride="r-1"))
    assert problem(ours.post("/claims", a_claim(losses=[]))) == (422, "required")


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"start_at": "2022-10-15T21:15:01+09:00"}, "lock_outside_ride", "start_at"),
        ({"person": "rider-2"}, "ride_of_another_person", "ride"),
        ({"ride": "s-1"}, "not_a_ride", "ride"),
        ({"start_at": "2099-10-15T15:42:00+09:00"}, "lock_in_the_future", "start_at"),
        ({"ride": ...}, "required", "ride"),
        ({"ride": ""}, "required", "ride"),
        ({"ride": 1}, "text_expected", "ride"),
        ({"ride": "a" * 101}, "too_long", "ride"),
        ({"end_at": "2022-10-15T16:00:00+09:00"}, "of_another_kind", "end_at"),
        ({"locked_at": "2022-10-15T15:42:00+09:00"}, "of_another_kind", "locked_at"),
        ({"charge_minor": 1, "currency": "KRW"}, "of_another_kind", "charge_minor"),
        ({"kind": "ride"}, "of_another_kind", "ride"),
    ],
)
def test_a_lock_that_is_wrong_is_named_alone_and_in_a_batch(ours: Program, change: dict[str, Any], code: str, field: str):
    shift = a_ride(external_id="s-1", kind="shift", locked_at=...)
    ours.post("/usage/batch", {"data": [a_ride(external_id="r-1"), shift]})
    wrong = a_lock(ride="r-1")
    wrong = {name: value for name, value in {**wrong, **change}.items() if value is not ...}
    for path, body, place in (
        ("/usage", wrong, "#"), ("/usage/batch", {"data": [a_lock(ride="r-1"), wrong]}, "#/data/1"),
    ):  # fmt: skip
        refused = ours.post(path, body)
        assert problem(refused) == (422, code), refused.json()
        assert [one["pointer"] for one in refused.json()["errors"]] == [f"{place}/{field}"]
        assert refused.json()["title"] != refused.json()["code"]
    assert Usage.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("external_id", ..., "required"), ("external_id", "", "required"), ("external_id", " ", "required"),
        ("external_id", "a" * 101, "too_long"), ("external_id", 1, "text_expected"),
        ("external_id", None, "text_expected"),
        ("external_id", "a\u200bb", "invalid_character"), ("external_id", "a\x00b", "invalid_character"),
        ("person", ["x"], "text_expected"), ("person", "a\nb", "invalid_character"),
        ("person", "\u202ea", "invalid_character"),
        ("service", "nothing.known", "reference_unknown"), ("service", "Kakao", "format_invalid"),
        ("service", "unlisted", "reference_unknown"),
        ("kind", "walk", "choice_unknown"), ("kind", "RIDE", "choice_unknown"), ("kind", True, "choice_unknown"),
        ("start_at", "2022-10-15T15:20:00", "timezone_required"), ("start_at", "2022-10-15", "datetime_format"),
        ("start_at", 1665814800, "datetime_format"), ("start_at", "2022-02-30T00:00:00Z", "datetime_format"),
        ("start_at", "2022-10-15T24:00:00Z", "datetime_format"), ("start_at", "2022-10-15T23:59:60Z", "datetime_format"),
        ("start_at", "2022-10-15T15:20:00+99:99", "datetime_format"), ("start_at", "0001-01-01T00:00:00+14:00", "out_of_range"),
        ("start_at", "9999-12-31T23:59:59-14:00", "out_of_range"), ("start_at", "２022-10-15T15:20:00Z", "datetime_format"),
        ("start_at", "2022-10-15T22:00:00+09:00", "interval_invalid"),
        ("end_at", "2022-10-15T15:20:00+09:00", "interval_invalid"),
        ("charge_minor", -1, "out_of_range"), ("charge_minor", 10**15, "out_of_range"), ("charge_minor", 2**63, "out_of_range"),
        ("charge_minor", "53450", "integer_expected"), ("charge_minor", 1.0, "integer_expected"),
        ("charge_minor", True, "integer_expected"),
        ("charge_minor", [], "integer_expected"), ("currency", "krw", "currency_unknown"),
        ("currency", "KRW ", "currency_unknown"), ("currency", "XXX", "currency_unknown"),
        ("currency", "ZZZ", "currency_unknown"), ("currency", 410, "text_expected"),
        ("end_at", "2025-10-15T15:20:00+09:00", "interval_invalid"),
        ("currency", None, "currency_unknown"), ("status", "paid", "unknown_field"), ("id", 1, "unknown_field"),
        ("partner", 1, "unknown_field"), ("locked_at", "2022-10-15T15:19:59+09:00", "lock_outside_ride"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_leaves_nothing(ours: Program, field: str, value: Any, code: str):
    refused = ours.post("/usage", a_ride(**{field: value}))
    assert problem(refused) == (422, code), refused.json()
    places = [one["pointer"] for one in refused.json()["errors"]]
    assert places in ([f"#/{field}"], ["#/end_at"], ["#/locked_at"])
    assert not Person.objects.exists()


def test_what_has_not_begun_is_told_until_when_it_may(ours: Program):
    ahead = a_ride(start_at="2090-10-15T15:20:00+09:00", end_at=None, locked_at=None)
    for path, body in (("/usage", ahead), ("/usage/batch", {"data": [ahead]})):
        (error,) = ours.post(path, body).json()["errors"]
        assert (error["code"], "≤ 20" in error["detail"]) == ("out_of_range", True)
    assert not Usage.objects.exists()


def test_a_list_is_read_in_pages_to_its_end(ours: Program, theirs: Program):
    for program in (ours, theirs):
        program.post("/usage/batch", {"data": [a_ride(external_id=f"{program.partner}-{n:03}") for n in range(25)]})
    seen, address = [], "/usage?limit=10"
    while address:
        page = ours.get(address.removeprefix("http://testserver/api/v1"))
        assert page.status_code == 200, page.content
        seen += [one["external_id"] for one in page.json()["data"]]
        address = page.json()["next"]
        assert (f'<{address}>; rel="next"' == page["Link"]) if address else "Link" not in page
    assert seen == [f"ours-{n:03}" for n in range(24, -1, -1)]


def test_a_cursor_holds_for_one_caller_and_one_question(ours: Program, theirs: Program):
    for program in (ours, theirs):
        program.post("/usage/batch", {"data": [a_ride() for _ in range(3)]})
    cursor = ours.get("/usage?limit=1").json()["next"].partition("cursor=")[2]
    for program, address in (
        (theirs, f"/usage?limit=1&cursor={cursor}"), (ours, f"/usage?limit=2&cursor={cursor}"),
        (ours, f"/usage?limit=1&person=rider-1&cursor={cursor}"), (ours, f"/claims?limit=1&cursor={cursor}"),
        (ours, "/usage?cursor=%25%25"), (ours, "/usage?cursor="), (ours, f"/usage?limit=1&cursor={cursor[:-2]}"),
    ):  # fmt: skip
        assert problem(program.get(address)) == (400, "cursor_invalid"), address


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("bogus=1", "unknown_parameter"), ("person__id=1", "unknown_parameter"), ("ordering=password", "unknown_parameter"),
        ("limit=0", "page_size_invalid"), ("limit=101", "page_size_invalid"), ("limit=-1", "page_size_invalid"),
        ("limit=1e1", "page_size_invalid"), ("limit=%D9%A1", "page_size_invalid"), ("limit=", "page_size_invalid"),
        ("limit=9999999999999999999999", "page_size_invalid"),
        ("person=%00", "invalid_character"), ("person=%E2%80%8B", "invalid_character"),
        ("person=" + "a" * 101, "too_long"),
        ("person=a&person=b", "parameter_repeated"), ("external_id=%ff", "invalid_character"),
    ],
)  # fmt: skip
def test_a_query_that_is_not_understood_is_refused(ours: Program, query: str, code: str):
    assert problem(ours.get(f"/usage?{query}")) == (400, code)
    assert not Incident.objects.filter(key="x").exists()
