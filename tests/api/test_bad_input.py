"""What no endpoint takes, by a table: each with its status and code, and not one row changed anywhere.

The table is for every write and every read of the API, as the URL conf has them, in a sandbox, which has them all; what one
endpoint alone refuses is tested with it, and what no client of Django's can send in tests/chaos/test_socket.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from accounts.models import Scope
from services.bodies import pointer_of
from services.models import Incident
from tests.api.cast import API, a_token, problem
from tests.api.matrix_cast import METHODS, Side, a_side, addresses
from tests.builders import a_user
from tests.databases import rows

JSON = "application/json"
Case = tuple[str, dict[str, Any], tuple[int, str]]

# Of every write that takes JSON: what is sent, how, and the answer.
BODIES: list[Case] = [
    ("no body", {"raw": b""}, (400, "empty_body")),
    ("null", {"raw": b"null"}, (400, "object_expected")),
    ("a list", {"raw": b"[]"}, (400, "object_expected")),
    ("a text", {"raw": b'"x"'}, (400, "object_expected")),
    ("a number", {"raw": b"1"}, (400, "object_expected")),
    ("broken off", {"raw": b'{"a": '}, (400, "malformed_json")),
    ("more behind it", {"raw": b"{} x"}, (400, "malformed_json")),
    ("a comment", {"raw": b"{} // x"}, (400, "malformed_json")),
    ("single quotes", {"raw": b"{'a': 1}"}, (400, "malformed_json")),
    ("a comma too many", {"raw": b'{"a": 1,}'}, (400, "malformed_json")),
    ("no UTF-8", {"raw": b'{"a": "\xff\xfe"}'}, (400, "malformed_json")),
    ("overlong UTF-8", {"raw": b'{"a": "\xc0\xaf"}'}, (400, "malformed_json")),
    ("UTF-16", {"raw": '{"a": 1}'.encode("utf-16")}, (400, "malformed_json")),
    ("a byte order mark", {"raw": b"\xef\xbb\xbf{}"}, (400, "malformed_json")),
    ("a NUL byte", {"raw": b'{"a": "\x00"}'}, (400, "malformed_json")),
    ("100,000 brackets", {"raw": b"[" * 100_000}, (400, "json_too_deep")),
    ("100,000 objects", {"raw": b'{"a":' * 100_000}, (400, "json_too_deep")),
    ("21 levels", {"raw": b'{"a":' * 21 + b"1" + b"}" * 21}, (400, "json_too_deep")),
    ("a name twice", {"raw": b'{"external_id": "a", "external_id": "b"}'}, (400, "duplicate_key")),
    ("a name twice within", {"raw": b'{"a": {"b": 1, "b": 1}}'}, (400, "duplicate_key")),
    ("a name twice, escaped", {"raw": b'{"a": 1, "\\u0061": 2}'}, (400, "duplicate_key")),
    ("NaN", {"raw": b'{"a": NaN}'}, (400, "malformed_json")),
    ("-Infinity", {"raw": b'{"a": -Infinity}'}, (400, "malformed_json")),
    ("5,000 digits", {"raw": b'{"a": ' + b"9" * 5_000 + b"}"}, (400, "malformed_json")),
    ("a leading zero", {"raw": b'{"a": 01}'}, (400, "malformed_json")),
    ("a fraction of 5,000 digits", {"raw": b'{"a": 0.' + b"9" * 5_000 + b"}"}, (400, "malformed_json")),
    ("a minus before nothing", {"raw": b'{"a": [-0]}'}, (422, "out_of_range")),
    ("over 1 MB", {"raw": b" " * 1_000_001}, (413, "body_too_large")),
    ("a length of 20 digits", {"CONTENT_LENGTH": "9" * 20}, (413, "body_too_large")),
    ("a length that is none", {"CONTENT_LENGTH": "+7"}, (411, "length_required")),
    ("in chunks", {"HTTP_TRANSFER_ENCODING": "chunked"}, (411, "length_required")),
    ("as text", {"kind": "text/plain"}, (415, "unsupported_media_type")),
    ("as a form", {"kind": "application/x-www-form-urlencoded"}, (415, "unsupported_media_type")),
    ("as parts", {"kind": "multipart/form-data; boundary=x"}, (415, "unsupported_media_type")),
    ("as nothing", {"kind": ""}, (415, "unsupported_media_type")),
    ("as JSON of somebody's own", {"kind": "application/vnd.x+json"}, (415, "unsupported_media_type")),
    ("charset=bogus", {"kind": f"{JSON}; charset=bogus"}, (415, "unsupported_charset")),
    ("charset=utf-16", {"kind": f"{JSON}; charset=utf-16"}, (415, "unsupported_charset")),
    ("charset=hex", {"kind": f"{JSON}; charset=hex"}, (415, "unsupported_charset")),
    ("gzip", {"HTTP_CONTENT_ENCODING": "gzip"}, (415, "unsupported_encoding")),
    ("a key that is not there", {"HTTP_IDEMPOTENCY_KEY": None}, (400, "idempotency_key_required")),
    ("an empty key", {"HTTP_IDEMPOTENCY_KEY": ""}, (400, "idempotency_key_invalid")),
    ("a key of 256", {"HTTP_IDEMPOTENCY_KEY": "k" * 256}, (400, "idempotency_key_invalid")),
    ("a key with a space", {"HTTP_IDEMPOTENCY_KEY": "a b"}, (400, "idempotency_key_invalid")),
    ("a key of other letters", {"HTTP_IDEMPOTENCY_KEY": "키"}, (400, "idempotency_key_invalid")),
    ("a parameter", {"query": "?dry_run=1"}, (400, "unknown_parameter")),
    ("no token", {"HTTP_AUTHORIZATION": None}, (401, "unauthenticated")),
    ("a wrong token", {"HTTP_AUTHORIZATION": "Bearer x"}, (401, "unauthenticated")),
    ("a method in a header", {"HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE", "raw": b"[]"}, (400, "object_expected")),
]
# Of every read.
READS: list[Case] = [
    ("a parameter that is not known", {"query": "?bogus=1"}, (400, "unknown_parameter")),
    ("a look-up of the ORM", {"query": "?claim__person__personal_data__name__startswith=a"}, (400, "unknown_parameter")),
    ("a pattern", {"query": "?reference__regex=(a%2B)%2B$"}, (400, "unknown_parameter")),
    ("an order", {"query": "?ordering=password"}, (400, "unknown_parameter")),
    ("a page", {"query": "?page=0"}, (400, "unknown_parameter")),
    ("an offset", {"query": "?offset=-5"}, (400, "unknown_parameter")),
    ("a format", {"query": "?format=xml"}, (400, "unknown_parameter")),
    ("a body", {"raw": b"{}"}, (400, "body_unexpected")),
    ("a body in chunks", {"HTTP_TRANSFER_ENCODING": "chunked"}, (411, "length_required")),
    ("as XML", {"HTTP_ACCEPT": "application/xml"}, (406, "not_acceptable")),
    ("as anything but JSON", {"HTTP_ACCEPT": "application/json;q=0"}, (406, "not_acceptable")),
    ("in no encoding", {"HTTP_ACCEPT": "application/json; a*=bogus''%ff"}, (406, "not_acceptable")),
]
LISTS: list[Case] = [
    *(("limit " + text, {"query": f"?limit={text}"}, (400, "page_size_invalid"))
      for text in ("0", "-1", "101", "1.5", "1e1", "", "99999999999", "%D9%A1", "%00", "+1", "0x1", "1_0")),
    *(("cursor " + text[:9], {"query": f"?cursor={text}"}, (400, "cursor_invalid"))
      for text in ("", "x", "%25%25%25", "gAAAAA==", "%00", "a" * 3_000)),
    ("a limit twice", {"query": "?limit=1&limit=2"}, (400, "parameter_repeated")),
]  # fmt: skip


@pytest.fixture
def side(incident: Incident, sandbox: None, settings: Any) -> Side:
    settings.API_REQUESTS_PER_MINUTE = 10**9
    return a_side("ours")


def sent(side: Side, method: str, address: str, how: dict[str, Any], token: str) -> Any:
    told = {"query": "", "raw": b"{}" if method == "POST" else b"", "kind": JSON, **how}
    headers = {"HTTP_AUTHORIZATION": f"Bearer {token}", "HTTP_IDEMPOTENCY_KEY": "k", "HTTP_IF_MATCH": '"1.0"'}
    if method not in ("POST", "DELETE"):
        headers = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    headers |= {name: value for name, value in how.items() if name.isupper()}
    kept: Any = {name: value for name, value in headers.items() if value is not None}
    path = f"{API}/{address}{told['query']}"
    return side.program.client.generic(method, path, told["raw"], content_type=told["kind"], **kept)


def endpoints(side: Side, method: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Route, address and scopes of each that has the method."""
    for route, address, scopes in addresses(side):
        if method in scopes or (method == "GET" and not scopes):
            yield route, address, scopes.get(method, ())


def tokens(side: Side) -> dict[str, str]:
    """By scope, one that has it."""
    worker = a_token(a_user("caseworker"), "cases:read", "cases:write")
    return {
        **dict.fromkeys(Scope.values, side.program.token),
        "cases:read": worker,
        "cases:write": worker,
        "": side.program.token,
    }


def token_for(scopes: tuple[str, ...], known: dict[str, str]) -> str:
    own = [one for one in scopes if one in known and not one.startswith("cases")]
    return known[(own or scopes or ("",))[0]]


TAKES_JSON = (
    "usage", "usage/batch", "claims", "quotes", "claims/<str:reference>/appeals", "claims/<str:reference>/attestations",
    "claims/<str:reference>/assignment", "claims/<str:reference>/decisions", "claims/<str:reference>/corrections",
    "webhooks", "webhooks/<uuid:key>/replays", "test-clock",
)  # fmt: skip
TAKES_NOTHING = (
    "claims/<str:reference>/withdrawal", "claims/<str:reference>/appeals/withdrawal", "queue/next",
    "webhooks/<uuid:key>/secret", "webhooks/<uuid:key>/test",
)  # fmt: skip
TAKES_A_FILE = ("claims/<str:reference>/evidence", "imports")
WITHOUT_KEY = ("quotes",)


def test_each_endpoint_is_in_the_table(side: Side):
    writes = {route for route, _, _ in endpoints(side, "POST")}
    assert writes == {*TAKES_JSON, *TAKES_NOTHING, *TAKES_A_FILE}


def test_no_write_takes_what_could_be_read_in_two_ways(side: Side):
    known, before, wrong = tokens(side), rows(), []
    for route, address, scopes in endpoints(side, "POST"):
        if route not in TAKES_JSON:
            continue
        for name, how, expected in BODIES:
            if route in WITHOUT_KEY and "IDEMPOTENCY" in str(how):
                continue
            found = problem(sent(side, "POST", address, how, token_for(scopes, known)))
            if found != expected:
                wrong.append(f"{route}, {name}: {found}, should be {expected}")
    assert not wrong, "\n".join(wrong)
    assert rows() == before


def test_no_write_takes_a_field_that_is_not_its_own(side: Side):
    """Least of all one of ours."""
    known, before = tokens(side), rows()
    names = ["id", "status", "review", "decision", "payment", "partner", "amount", "is_staff", "reference", "a/b~c", ""]
    raw = json.dumps(dict.fromkeys(names, 1)).encode()
    for route, address, scopes in endpoints(side, "POST"):
        if route in TAKES_JSON:
            answer = sent(side, "POST", address, {"raw": raw}, token_for(scopes, known))
            assert answer.status_code == 422, route
            unknown = {one["pointer"] for one in answer.json()["errors"] if one["code"] == "unknown_field"}
            assert unknown == {pointer_of([name]) for name in names}, route
    assert rows() == before


def test_where_nothing_is_to_be_said_nothing_is_taken(side: Side):
    known, before = tokens(side), rows()
    removed = {route for route, _, _ in endpoints(side, "DELETE")}
    for route, address, scopes in [*endpoints(side, "POST"), *endpoints(side, "DELETE")]:
        method = "DELETE" if route in removed else "POST"
        if route in TAKES_NOTHING or method == "DELETE":
            for raw in (b"{}", b"x", b"[" * 100_000):
                assert problem(sent(side, method, address, {"raw": raw}, token_for(scopes, known))) == (400, "body_unexpected")
            chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "raw": b""}
            assert problem(sent(side, method, address, chunked, token_for(scopes, known))) == (411, "length_required")
    assert rows() == before


def test_no_read_takes_what_it_does_not_know(side: Side):
    known, before, wrong = tokens(side), rows(), []
    for route, address, scopes in endpoints(side, "GET"):
        cases = [*READS, *(LISTS if route in ("usage", "claims", "decisions", "payouts", "queue", "imports") else [])]
        for name, how, expected in cases:
            found = problem(sent(side, "GET", address, how, token_for(scopes, known)))
            if found != expected:
                wrong.append(f"{route}, {name}: {found}, should be {expected}")
    assert not wrong, "\n".join(wrong)
    assert rows() == before


@pytest.mark.parametrize(
    "address",
    [
        "nothing", "claims/", "claims//", "usage/x", "claims/%ff", "claims/%00", "claims/..%2f..%2fadmin", "claims/%c0%ae",
        "claims/" + "9" * 500, "claims/-1", "claims/C-0000-0000", "people/%00/losses", "people/%ff/losses", "services/%00",
        "incidents/" + "a" * 500, "policies/%00", "claims/C-0000-0000/evidence", "problems/%00", "people//losses",
        "claims/C-0000-0000/attestations/%00.pdf",
    ],
)  # fmt: skip
def test_what_is_nowhere_is_not_found(side: Side, address: str):
    before = rows()
    for method in METHODS:
        answer = sent(side, method, address, {}, side.program.token)
        assert answer.status_code in (404, 405), (method, answer.status_code)
        if method != "HEAD":
            problem(answer)
    assert rows() == before


@pytest.mark.parametrize("method", ["BOGUS", "TRACE", "OPTIONS", "PUT", "CONNECT"])
def test_no_other_method_is_known(side: Side, method: str):
    for _, address, _ in addresses(side):
        assert problem(sent(side, method, address, {}, side.program.token)) == (405, "method_not_allowed")


def test_the_description_takes_no_parameters(side: Side):
    assert problem(side.program.client.get("/api/schema?format=yaml")) == (400, "unknown_parameter")


def test_a_host_that_is_not_ours_gets_nothing(side: Side):
    answer = side.program.client.get(f"{API}/services", headers={"Host": "evil.example"})
    assert problem(answer) == (400, "bad_host")
    assert b"evil" not in answer.content
