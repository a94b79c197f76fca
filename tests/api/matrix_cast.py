"""Everything that there is to ask for, of our partner and of another one, each with a word that gives it away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern

from accounts.models import AppScope, Scope, User
from accounts.operations import keep_person
from claims.api.urls import urlpatterns
from claims.models import Claim, ClaimStatus
from claims.operations import open_appeal, request_evidence, take_claim
from claims.operations.evidence import AskedDocument
from tests.api.cast import Program, a_claim, a_ride, a_token
from tests.builders import NOW, a_policy, a_user, authority, follow_up, work_off
from tests.claims.hook_cast import PUBLIC
from tests.claims.import_cast import as_csv, ride
from tests.documents import PDF

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Side:
    """A partner's program with its claim; `canary` is in all that it has said."""

    program: Program
    canary: str
    reference: str
    number: str  # of a proof
    webhook: str = ""
    event: str = ""  # that is on its way to it
    file: str = ""  # an import


def a_side(code: str) -> Side:
    """With usage, a decided claim that is appealed, documents and a proof."""
    program, canary = Program(code), f"canary-{code}"
    person = f"{canary}-person"
    program.post("/usage", a_ride(external_id=f"{canary}-ride", person=person))
    claim = a_claim(external_id=f"{canary}-claim", person=person, message=f"{canary} message")
    reference = program.post("/claims", claim).json()["reference"]
    number = program.post(f"/claims/{reference}/attestations", {}).json()["number"]
    sent = {"Authorization": f"Bearer {program.token}", "Idempotency-Key": f"{canary}-file"}
    program.client.post(f"/api/v1/claims/{reference}/evidence?name={canary}.pdf", PDF, "application/pdf", headers=sent)
    told = {"url": PUBLIC, "description": f"{canary} hooks"}
    webhook = program.post("/webhooks", told).json()["id"]
    event = program.post(f"/webhooks/{webhook}/test").json()["event"]
    file = program.client.post(
        "/api/v1/imports?mode=per_row", as_csv([ride(1, external_id=f"{canary}-row", person=person)]), "text/csv",
        headers={**sent, "Idempotency-Key": f"{canary}-import"},
    ).json()["id"]  # fmt: skip
    return Side(program, canary, reference, number, webhook, event, file)


def decided(*sides: Side) -> None:
    """By a rule, and then appealed; something is asked for."""
    authority()
    work_off()
    follow_up()
    for side in sides:
        claim = Claim.objects.get(reference=side.reference)
        status = ClaimStatus.objects.get(pk=claim.pk)
        if status.stands_id:
            about: dict[str, Any] = {"claim_id": claim.pk, "decision_id": status.stands_id, "channel": "phone", "note": "x"}
            open_appeal(**about, kind="person_review", opened_by=a_user("checker"), now=NOW)
        worker = a_user("caseworker")
        take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
        asked = [AskedDocument(words=f"{side.canary} document")]
        request_evidence(claim_id=claim.pk, asked=asked, requested_by=worker, override="x", now=NOW)


def policy() -> None:
    a_policy(automatic="{}")


def addresses(side: Side) -> list[tuple[str, str, dict[str, tuple[str, ...]]]]:
    """Each address of the API as it is for what is of this side: its route, with our values in it, and its scopes by method."""
    values = {
        "<str:reference>": side.reference, "<path:number>": f"{side.canary}-person", "<slug:key>": "kakao-2022-10-15",
        "<str:number>": side.number, "<uuid:event>": side.event,
    }  # fmt: skip
    keys = {"webhooks": side.webhook, "imports": side.file}
    codes = {"policies": "half_hours_of_messages", "services": "kakaotalk", "problems": "not_found"}
    found = []
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        route = address = str(pattern.pattern)
        first = route.partition("/")[0]
        for name, value in {**values, "<str:code>": codes.get(first, ""), "<uuid:key>": keys.get(first, "")}.items():
            address = address.replace(name, value)
        view = pattern.callback.view_class  # type: ignore[attr-defined]  # as_view() leaves it
        found.append((route, address, dict(getattr(view, "scopes", {}))))
    return found


def callers(side: Side) -> dict[str, tuple[frozenset[str], str]]:
    """By who asks: the scopes and the token."""
    staff, claimant = a_user("auditor"), User.objects.create_user("somebody@example.org")
    no_role, worker, owner = a_user("manager"), a_user("caseworker"), User.objects.create_user("owner@example.org")
    keep_person(user=owner, person=Claim.objects.get(reference=side.reference).person, by="code", now=NOW)
    return {
        "nobody": (frozenset(), ""),
        "partner": (frozenset(Scope.values), side.program.token),
        **{f"partner with {one} only": (frozenset([one]), "") for one in Scope.values},
        "claimant": (frozenset({AppScope.READ_OWN, AppScope.WRITE_OWN}), a_token(claimant, "own:read", "own:write")),
        "owner": (frozenset({AppScope.READ_OWN, AppScope.WRITE_OWN}), a_token(owner, "own:read", "own:write")),
        "staff": (frozenset({AppScope.READ_CASES}), a_token(staff, "cases:read")),
        "staff who work": (
            frozenset({AppScope.READ_CASES, AppScope.WRITE_CASES}),
            a_token(worker, "cases:read", "cases:write"),
        ),
        "staff without the role": (frozenset({AppScope.READ_CASES}), a_token(no_role, "cases:read")),
    }
