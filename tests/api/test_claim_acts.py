"""What partners do about the claims of people whom they know: as those people, and not more than those may."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import AccountEvent, User
from accounts.operations import keep_person
from claims.models import Appeal, Claim, ClaimStatus, Event, EvidenceFile
from claims.operations import request_evidence, take_claim, uploads
from claims.operations.evidence import AskedDocument
from services.models import Incident
from tests.api.cast import API, Program, a_claim, a_token, problem
from tests.builders import NOW, a_policy, a_user, authority, follow_up, work_off
from tests.documents import EXE, PDF
from tests.worlds import world

pytestmark = pytest.mark.usefixtures("incident")


@world
def reference(ours: Program) -> str:
    a_policy()
    return str(ours.post("/claims", a_claim()).json()["reference"])


@world
def decided(reference: str) -> str:
    authority()
    work_off()
    follow_up()
    assert ClaimStatus.objects.get(claim__reference=reference).decision == "approved"
    return reference


def file_sent(program: Program, reference: str, raw: bytes = PDF, query: str = "", **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in {"Idempotency_Key": f"{hash(raw)}{query}", **headers}.items()}
    address = f"{API}/claims/{reference}/evidence{query}"
    kind = named.pop("Content-Type", "application/pdf")
    return program.client.post(address, raw, kind, headers={"Authorization": f"Bearer {program.token}", **named})


def test_a_claim_is_withdrawn_as_it_was_read(ours: Program, reference: str):
    etag = ours.get(f"/claims/{reference}")["ETag"]
    address = f"/claims/{reference}/withdrawal"
    assert problem(ours.post(address)) == (428, "version_required")
    for wrong in ('"1.9"', '"9.0"', etag.strip('"'), "*", f"W/{etag}", "", '"1.0", "1.1"'):
        assert problem(ours.post(address, If_Match=wrong)) == (412, "version_mismatch"), wrong
    done = ours.post(address, If_Match=etag)
    assert (done.status_code, done.json()["review"]) == (200, "withdrawn")
    assert problem(ours.post(address, If_Match=etag)) == (412, "version_mismatch")
    again = f'"{done.json()["version"]}"'
    assert problem(ours.post(address, If_Match=again)) == (409, "transition_not_allowed")


def test_what_was_done_names_the_partner_in_the_log(ours: Program, reference: str):
    ours.post(f"/claims/{reference}/withdrawal", If_Match=ours.get(f"/claims/{reference}")["ETag"])
    event, claim = Event.objects.get(kind="claim_withdrawn"), Claim.objects.get()
    assert event.actor is not None
    assert event.actor.person == claim.person
    admitted = AccountEvent.objects.filter(kind="guest_admitted").latest("pk")
    assert (admitted.partner, admitted.data) == (ours.partner, {"by": "partner", "client_id": ours.credential.client_id})


def test_while_another_file_is_looked_at_one_is_asked_to_come_again(ours: Program, reference: str, monkeypatch: Any):
    monkeypatch.setattr(uploads, "PATIENCE", 0.01)
    with uploads.TURN:
        waits = file_sent(ours, reference)
    assert (*problem(waits), waits["Retry-After"]) == (503, "file_not_checked", "5")
    assert file_sent(ours, reference).status_code == 201


def test_a_decided_claim_is_objected_to_once_and_not_withdrawn(ours: Program, decided: str):
    etag = ours.get(f"/claims/{decided}")["ETag"]
    assert problem(ours.post(f"/claims/{decided}/withdrawal", If_Match=etag))[0] == 409
    address = f"/claims/{decided}/appeals"
    assert problem(ours.post(address, {"kind": "appeal"})) == (422, "points_missing")
    point = {"kind": "line", "position": 0, "words": "Too little."}
    made = ours.post(address, {"kind": "appeal", "points": [point]})
    assert (made.status_code, made.json()["state"]) == (201, "open")
    assert Appeal.objects.get().channel == "partner"
    assert problem(ours.post(address, {"kind": "appeal", "points": [point]})) == (409, "appeal_open")
    assert [one["kind"] for one in ours.get(address).json()["data"]] == ["appeal"]
    assert ours.post(f"{address}/withdrawal").json()["state"] == "withdrawn"
    assert problem(ours.post(f"{address}/withdrawal")) == (409, "transition_not_allowed")


@pytest.mark.parametrize(
    ("point", "code"),
    [
        ({"kind": "line", "position": 99}, "point_unknown"),
        ({"kind": "fact", "fact": "is_member", "loss": 9}, "reference_unknown"),
        ({"kind": "nothing"}, "choice_unknown"), ({"kind": "other", "words": ""}, "required"),
        ({"kind": "line", "position": -1}, "out_of_range"), ({"kind": "line", "sum": 3}, "unknown_field"),
    ],
)  # fmt: skip
def test_a_point_that_is_none_is_refused(ours: Program, decided: str, point: dict[str, Any], code: str):
    answer = ours.post(f"/claims/{decided}/appeals", {"kind": "appeal", "points": [point]})
    assert problem(answer) == (422, code)
    assert not Appeal.objects.exists()


def test_what_is_not_decided_is_not_objected_to(ours: Program, reference: str):
    answer = ours.post(f"/claims/{reference}/appeals", {"kind": "person_review"})
    assert problem(answer) == (409, "transition_not_allowed")


def test_decisions_and_payouts_are_read(ours: Program, theirs: Program, decided: str):
    (decision,) = ours.get("/decisions").json()["data"]
    assert (decision["claim"], decision["approved"], decision["automatic"], decision["stands"]) == (decided, True, True, True)
    (payout,) = ours.get(f"/payouts?claim={decided}").json()["data"]
    assert (payout["quantity"], payout["currency"], payout["kind"], payout["state"]) == (3250, "KRW", "first", None)
    for address in ("/decisions", "/payouts"):
        assert theirs.get(address).json()["data"] == []
        assert theirs.get(f"{address}?claim={decided}").json()["data"] == []
        assert ours.get(f"{address}?claim=nothing").json()["data"] == []


def test_a_proof_of_the_outage_is_made_once_and_read_as_pdf(ours: Program, theirs: Program, reference: str):
    address = f"/claims/{reference}/attestations"
    made = [ours.post(address, {"language": language}).json() for language in ("en", "en", "ko")]
    assert (made[0], made[0] == made[2]) == (made[1], False)
    assert len(ours.get(address).json()["data"]) == 2
    pdf = made[0]["pdf"].removeprefix(f"http://testserver{API}")
    answer = ours.get(pdf)
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert ours.get(pdf, Accept="application/pdf").content == answer.content
    assert problem(ours.get(pdf, Accept="text/csv")) == (406, "not_acceptable")
    assert problem(theirs.get(pdf)) == (404, "not_found")
    assert problem(ours.get(f"{address}/A-0000-0000.pdf")) == (404, "not_found")
    other = ours.post("/claims", a_claim(person="another")).json()["reference"]
    assert problem(ours.get(pdf.replace(reference, other))) == (404, "not_found")


def test_what_is_asked_for_is_sent_and_seen(ours: Program):
    a_policy(automatic="{}")
    reference = ours.post("/claims", a_claim()).json()["reference"]
    claim, worker = Claim.objects.get(), a_user("caseworker")
    work_off()
    follow_up()
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    request_evidence(claim_id=claim.pk, asked=[AskedDocument(words="a bill")], requested_by=worker, override="x", now=NOW)
    (asked,) = ours.get(f"/claims/{reference}/evidence").json()["asked"]
    assert (asked["number"], asked["state"], asked["words"]) == (1, "open", "a bill")
    sent = file_sent(ours, reference, query="?items=1&name=bill.pdf")
    assert sent.status_code == 201, sent.content
    assert (sent.json()["items"], sent.json()["accepted"]) == ([1], None)
    assert ours.get(f"/claims/{reference}/evidence").json()["asked"][0]["state"] == "received"


def test_the_same_file_again_is_the_same_file(ours: Program, reference: str):
    first = file_sent(ours, reference, Idempotency_Key="a")
    again, anew = (file_sent(ours, reference, Idempotency_Key=key) for key in "ab")
    assert first.content == again.content
    assert anew.json()["sha256"] == first.json()["sha256"]
    assert EvidenceFile.objects.count() == 1
    assert problem(file_sent(ours, reference, PDF + b" ", Idempotency_Key="a")) == (422, "idempotency_key_reused")
    other = file_sent(ours, reference, Idempotency_Key="a", Content_Type="image/png")
    assert problem(other) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ((EXE, "", {}), (415, "file_type_not_allowed")),
        ((PDF, "?items=1", {}), (400, "reference_unknown")),
        ((PDF, "?shows=none.nothing", {}), (400, "subject_unknown")), ((PDF, "?item=1", {}), (400, "unknown_parameter")),
        ((PDF, "", {"Content_Type": "text/html"}), (415, "unsupported_media_type")),
        ((PDF, "?name=%00", {}), (400, "invalid_character")),
        ((PDF, "", {"Content_Encoding": "gzip"}), (415, "unsupported_encoding")),
        ((PDF, "", {"Idempotency_Key": " "}), (400, "idempotency_key_invalid")),
    ],
)  # fmt: skip
def test_a_file_that_is_not_taken_leaves_nothing(
    ours: Program, reference: str, sent: tuple[bytes, str, dict[str, str]], expected: tuple[int, str]
):
    raw, query, headers = sent
    assert problem(file_sent(ours, reference, raw, query, **headers)) == expected
    assert not EvidenceFile.objects.exists()


def test_nobody_does_anything_about_a_claim_of_another(theirs: Program, reference: str):
    for path in ("withdrawal", "appeals", "appeals/withdrawal", "attestations"):
        body = {"appeals": {"kind": "person_review"}, "attestations": {}}.get(path)
        answer = theirs.post(f"/claims/{reference}/{path}", body, If_Match='"1.0"')
        assert problem(answer) == (404, "not_found"), path
    assert problem(file_sent(theirs, reference)) == (404, "not_found")
    for path in ("appeals", "evidence", "attestations"):
        assert problem(theirs.get(f"/claims/{reference}/{path}")) == (404, "not_found")


def test_a_claimant_does_the_same_for_whom_their_account_keeps(incident: Incident, reference: str):
    claim, owner = Claim.objects.get(), User.objects.create_user("own@example.org")
    token = a_token(owner, "own:read", "own:write")
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k", "If-Match": '"1.0"', "Accept-Language": "en"}
    address = f"{API}/claims/{reference}/withdrawal"
    assert problem(Client().post(address, b"", "application/json", headers=headers)) == (404, "not_found")
    keep_person(user=owner, person=claim.person, by="code", now=NOW)
    answer = Client().post(address, b"", "application/json", headers=headers)
    assert answer.status_code == 200, answer.content
    assert (answer.status_code, answer.json()["review"], answer.json()["external_id"]) == (200, "withdrawn", None)
    assert problem(Client().post(f"{API}/claims", b"{}", "application/json", headers=headers)) == (403, "scope_missing")
