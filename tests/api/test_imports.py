"""Files of usage over the API: sent whole, worked off, and what was wrong with them."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.utils import timezone

from claims.api.problem_words import WORDS
from claims.models import ImportPart, Usage, UsageImport
from claims.operations import answered_before
from tests.api.cast import Program, problem
from tests.claims.import_cast import as_csv, as_ndjson, begin, ride, work

pytestmark = pytest.mark.usefixtures("incident")
ROWS = [ride(n) for n in range(5)]


def sent(
    program: Program, content: bytes, query: str = "?mode=per_row", key: str = "k", kind: str = "text/csv", **more: Any
) -> Any:
    headers = {"Authorization": f"Bearer {program.token}", "Idempotency-Key": key, "Accept-Language": "en", **more}
    return program.client.post(f"/api/v1/imports{query}", content, kind, headers=headers)


@pytest.mark.parametrize(("kind", "content"), [("text/csv", as_csv(ROWS)), ("application/x-ndjson", as_ndjson(ROWS))])
def test_a_file_is_sent_and_stored(ours: Program, theirs: Program, kind: str, content: bytes):
    made = sent(ours, content, kind=kind)
    assert made.status_code == 201, made.content
    said = made.json()
    assert (said["state"], said["rows"], said["stored"]) == ("open", 5, 0)
    work(UsageImport.objects.get())
    assert Usage.objects.filter(partner=ours.partner).count() == 5
    after = ours.get(f"/imports/{said['id']}").json()
    assert (after["state"], after["read"], after["stored"], after["refused"]) == ("done", 5, 5, 0)
    assert [one["id"] for one in ours.get("/imports").json()["data"]] == [said["id"]]
    for address in (f"/imports/{said['id']}", f"/imports/{said['id']}/errors"):
        assert problem(theirs.get(address)) == (404, "not_found")


def test_what_is_wrong_is_a_file(ours: Program):
    said = sent(ours, as_csv([*ROWS, ride(9, kind="walk")])).json()
    work(UsageImport.objects.get())
    answer = ours.get(f"/imports/{said['id']}/errors", Accept="text/csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert answer["Content-Type"].startswith("text/csv")
    assert (len(lines), "kind_unknown" in lines[1]) == (2, True)


WRONG: list[dict[str, Any]] = [
    {"external_id": "a\ud800"}, {"person": "b\u200b"}, {"name\ud800": "x"}, {"kind": "walk"}, {"currency": "XXX"},
    {"start_at": "x"}, {"person": "[" * 900 + "]" * 900}, {"person": ["\ud800"]},
]  # fmt: skip


def test_each_wrong_row_is_told_of_in_the_language_of_who_asks(ours: Program):
    """Whatever is in it: it was stored as it came, half of a surrogate pair and all."""
    content = "\n".join([*(json.dumps(ride(n, **one)) for n, one in enumerate(WRONG)), "{"]).encode()
    said = sent(ours, content, kind="application/x-ndjson").json()
    work(UsageImport.objects.get())
    for language, place in (("ko", 0), ("en", 1)):
        answer = ours.get(f"/imports/{said['id']}/errors", Accept_Language=language)
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))[1:]
        assert (answer["Content-Language"], len(rows)) == (language, len(WRONG) + 1)
        for _, _, code, _, message in rows:
            assert message == WORDS[code][place].replace("{}", "").rstrip(" :"), code
        assert len(text) < 5_000
        assert rows[0][:4] == ["1", "a\\ud800", "invalid_character", "external_id"]


def test_a_column_that_is_wrong_is_named(ours: Program):
    refused = sent(ours, b"external_id,person,service,kind,secret\n1,2,3,4,5\n")
    assert refused.json()["detail"].endswith("#5"), refused.content
    assert "secret" not in refused.content.decode()
    assert sent(ours, b"external_id,service,kind\n1,2,3\n").json()["detail"].endswith("person, start_at")


def test_of_the_same_request_twice_at_once_one_import_is_left(ours: Program, monkeypatch: pytest.MonkeyPatch):
    """The second comes when the first has looked whether it was answered before, and has not begun."""
    place, quicker = "claims.api.imports.answered_before", []

    def look_early(**told: str) -> bool:
        monkeypatch.setattr(place, answered_before)
        found = answered_before(**told)
        quicker.append(sent(ours, as_csv(ROWS)))
        return found

    monkeypatch.setattr(place, look_early)
    answer = sent(ours, as_csv(ROWS))
    assert [one.status_code for one in (*quicker, answer)] == [201, 201]
    assert (answer.content, answer["Idempotency-Replayed"]) == (quicker[0].content, "true")
    assert sorted(UsageImport.objects.values_list("state", flat=True)) == ["cancelled", "open"]


def test_the_same_request_again_is_the_same_import(ours: Program):
    content = as_csv(ROWS)
    first, again = (sent(ours, content) for _ in range(2))
    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")
    assert problem(sent(ours, content + b"x")) == (422, "idempotency_key_reused")
    assert problem(sent(ours, content, "?mode=all_or_nothing")) == (422, "idempotency_key_reused")
    assert problem(sent(ours, content, kind="application/x-ndjson")) == (422, "idempotency_key_reused")
    assert UsageImport.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "query", "more", "expected"),
    [
        (b"", "", {}, (422, "file_empty")), (b"a,b\n1,2\n", "", {}, (422, "csv_header")),
        (as_csv([]), "", {}, (422, "file_empty")),
        (as_csv(ROWS), "?mode=some", {}, (400, "choice_unknown")), (as_csv(ROWS), "?dry_run=yes", {}, (400, "choice_unknown")),
        (as_csv(ROWS), "?format=csv", {}, (400, "unknown_parameter")),
        (as_csv(ROWS), "", {"kind": "text/plain"}, (415, "unsupported_media_type")),
        (as_csv(ROWS), "", {"kind": "text/csv; charset=utf-16"}, (415, "unsupported_charset")),
        (as_csv(ROWS), "", {"kind": "text/csv; charset=cp949"}, (415, "unsupported_charset")),
        (as_csv(ROWS), "?encoding=cp949", {"kind": "text/csv; charset=utf-8"}, (415, "unsupported_charset")),
        (as_csv(ROWS), "", {"Content-Encoding": "gzip"}, (415, "unsupported_encoding")),
        (as_csv(ROWS), "", {"Transfer-Encoding": "chunked"}, (411, "length_required")),
        (b"x" * 20_000, "", {}, (422, "line_too_long")),
    ],
)  # fmt: skip
def test_a_file_that_is_none_leaves_nothing_to_work_on(ours: Program, content: bytes, query: str, more: Any, expected: Any):
    assert problem(sent(ours, content, query, **more)) == expected
    assert not UsageImport.objects.filter(state__in=["uploading", "open"]).exists()
    assert ours.get("/imports").json()["data"] == []


def test_a_charset_that_says_the_same_is_no_harm(ours: Program):
    for number, (query, charset) in enumerate({"": "UTF-8", "?encoding=cp949": "cp949"}.items()):
        answer = sent(ours, as_csv(ROWS), query, f"c{number}", f"text/csv; charset={charset}")
        assert answer.status_code == 201


def test_files_are_sent_one_after_the_other(ours: Program, theirs: Program):
    begin(ours.credential.partner)
    UsageImport.objects.update(touched_at=timezone.now())
    answer = sent(ours, as_csv(ROWS))
    assert (problem(answer), answer["Retry-After"]) == ((429, "too_many_imports"), "5")
    assert sent(theirs, as_csv(ROWS)).status_code == 201


def test_one_is_stopped(ours: Program):
    said = sent(ours, as_csv(ROWS)).json()
    headers = {"Authorization": f"Bearer {ours.token}", "Idempotency-Key": "d"}
    stopped = ours.client.delete(f"/api/v1/imports/{said['id']}", headers=headers)
    assert stopped.json()["state"] == "cancelled"
    headers["Idempotency-Key"] = "e"
    assert problem(ours.client.delete(f"/api/v1/imports/{said['id']}", headers=headers)) == (409, "import_closed")
    assert ImportPart.objects.filter(state="done").count() == 0
