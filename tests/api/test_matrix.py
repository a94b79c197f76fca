"""Who may ask for what: every address, by every method, as whoever there is, for what is theirs and what is of others.

The addresses and methods come from the URL conf, in a sandbox, which has them all; what a cell should be from what its view
says, and from whose it is.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import Scope
from tests.api.cast import API, Program, token_of
from tests.api.matrix_cast import METHODS, Side, a_side, addresses, callers, decided, policy
from tests.proofs import so_many, some

PUBLIC = ("services", "incidents", "policies", "consents", "problems")
BODIES: dict[str, Any] = {
    "usage": {
        "external_id": "x", "person": "x", "service": "kakaotalk", "kind": "ride", "start_at": "2022-10-15T15:20:00+09:00",
    },
    "usage/batch": {"data": []}, "claims": {"external_id": "x", "person": "x", "incident": "none"},
    "quotes": {"incident": "none"}, "claims/<str:reference>/appeals": {"kind": "appeal"},
    "claims/<str:reference>/corrections": {},
    "claims/<str:reference>/attestations": {"language": "xx"},
    "webhooks": {"url": "http://x"}, "webhooks/<uuid:key>": {}, "webhooks/<uuid:key>/replays": {"event": "x"},
    "claims/<str:reference>/decisions": {"assessment": 1, "approved": True}, "claims/<str:reference>/assignment": {},
    "test-clock": {"advance_seconds": 1},
}  # fmt: skip


@pytest.fixture
def sides(incident: Any, sandbox: None) -> tuple[Side, Side]:
    policy()
    both = a_side("ours"), a_side("theirs")
    decided(*both)
    return both


def ask(method: str, address: str, token: str, route: str = "", key: str = "k") -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    headers |= {"If-Match": '"9.9"', "Idempotency-Key": key} if method in ("POST", "PATCH", "DELETE") else {}
    body = json.dumps(BODIES[route]) if method in ("POST", "PATCH") and route in BODIES else ""
    return Client(raise_request_exception=False).generic(
        method, f"{API}/{address}", body, content_type="application/json", headers=headers
    )  # fmt: skip


def wanted(  # noqa: PLR0911 - a table, a row at a time
    route: str, method: str, who: str, scopes: frozenset[str], asked: dict[str, tuple[str, ...]], *, own: bool
) -> set[int]:
    """Statuses that are right for a cell."""
    public = route.partition("/")[0] in PUBLIC
    if method not in asked and not (public and method in ("GET", "HEAD")):
        return {405}
    if public:
        return {200}
    if who == "nobody":
        return {401}
    needed = asked[method]
    if needed and scopes.isdisjoint(needed):
        return {403}
    if who == "staff without the role" and needed:
        return {403}
    if not own and "<" in route:
        return {404}
    return {200} if method in ("GET", "HEAD") else {200, 201, 204, 400, 409, 412, 415, 422}  # whatever comes of it


def in_sight(route: str, who: str, whose: str) -> bool:
    """Whether what the address names is seen by who asks."""
    if "<" not in route:
        return True
    return who in ("staff", "staff who work") or (who.startswith(("partner", "owner")) and whose == "ours")


@pytest.mark.timeout(600)  # thousands of requests
def test_every_cell_is_as_its_view_says(sides: tuple[Side, Side], settings: Any):
    """Each address is asked by each method by some of the callers in turn, and in `make proofs` by all of them."""
    settings.API_REQUESTS_PER_MINUTE = 10**9
    ours, theirs = sides
    cells, wrong = 0, []
    for turn, (who, (scopes, token)) in enumerate(callers(ours).items()):
        if who.startswith("partner with"):
            (scope,) = scopes
            token = _token_with(ours.program, scope)  # noqa: PLW2901
        for whose, side in (("ours", ours), ("theirs", theirs)):
            for place, (route, address, asked) in enumerate(addresses(side), turn + (side is theirs)):
                for method in some(METHODS, each=3, turn=place):
                    point = transaction.savepoint()
                    status = ask(method, address, token, route, key=f"k{cells}").status_code
                    transaction.savepoint_rollback(point)
                    right = wanted(route, method, who, scopes, asked, own=in_sight(route, who, whose))
                    cells += 1
                    if status not in right:
                        wrong.append(f"{method} {route} of {whose} as {who}: {status}, should be {sorted(right)}")
    assert not wrong, "\n".join(wrong)
    assert cells > so_many(2_000, in_the_suite=650)


def test_nothing_of_another_partner_is_in_what_one_is_answered(sides: tuple[Side, Side], settings: Any):
    settings.API_REQUESTS_PER_MINUTE = 10**9
    ours, theirs = sides
    secrets = [theirs.canary.encode(), theirs.reference.encode(), theirs.number.encode()]
    for asker, other in ((ours, theirs), (theirs, ours)):
        secrets = [other.canary.encode(), other.reference.encode(), other.number.encode()]
        for route, address, _ in [*addresses(asker), *addresses(other)]:
            for method in METHODS:
                answer = ask(method, address, asker.program.token, route, key=f"{method} {address}")
                content = b"".join(answer.streaming_content) if answer.streaming else answer.content
                told = content + str(dict(answer.headers)).encode()
                assert not any(secret in told for secret in secrets), (method, route)
        for listed in ("claims", "usage", "decisions", "payouts"):
            for query in (
                "", f"?claim={other.reference}", f"?person={other.canary}-person", f"?external_id={other.canary}-claim",
                f"?external_id={other.canary}-ride", "?limit=1",
            ):  # fmt: skip
                answer = ask("GET", f"{listed}{query}", asker.program.token)
                assert not any(secret in answer.content for secret in secrets), (listed, query)


def test_another_partner_makes_no_difference_to_what_one_is_answered(incident: Any, settings: Any):
    """Byte by byte: neither in lists and cursors nor in numbers, keys and versions."""
    policy()
    ours = a_side("ours")

    def answers() -> dict[str, bytes]:
        found = {}
        for listed in (
            "claims",
            "usage",
            "decisions",
            "payouts",
            f"claims/{ours.reference}",
            f"claims/{ours.reference}/evidence",
        ):
            found[listed] = ask("GET", listed, ours.program.token).content
        return found

    before = answers()
    theirs = Program("theirs")
    for n in range(3):
        theirs.post("/usage", {**BODIES["usage"], "external_id": f"canary-ours-ride-{n}", "person": "canary-ours-person"})
    assert answers() == before


def _token_with(program: Program, scope: str) -> str:
    """As its program gets one that asks for no more than this."""
    assert scope in Scope.values
    return str(token_of(program.credential.client_id, program.secret, scope=scope).json()["access_token"])
