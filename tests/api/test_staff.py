"""Staff read claims by a tool, with the scope and the role for it, and each look is logged."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import pytest
from django.test import Client
from oauth2_provider.models import AccessToken

from accounts import callers
from accounts.models import User
from claims import facts as terms_module
from claims.eligibility import terms as engine_terms
from claims.models import CaseView, Claim, Decision
from services.models import Incident
from tests.api.cast import API, Program, a_claim, a_token, problem
from tests.builders import a_person, a_policy, a_user, authority, claim_of, follow_up, told, work_off

KEYS = count(1)


@pytest.fixture
def claim(incident: Incident) -> Claim:
    a_policy()
    return claim_of(a_person(), incident, told("kakaotalk.text_message", "15 15:00", "16 03:00"))


def asked(user: User, address: str, *scopes: str) -> Any:
    token = a_token(user, *scopes or ("cases:read",))
    return Client().get(API + address, headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"})


def test_a_claim_is_read_and_the_look_is_logged(claim: Claim):
    viewer = a_user("auditor")
    work_off()
    answer = asked(viewer, f"/claims/{claim.reference.lower()}")
    assert answer.status_code == 200, answer.content
    assert (answer.json()["person"], answer.json()["external_id"]) == (str(claim.person.public_id), None)
    assert answer.json()["assessment"]["lines"][0]["quantity"] == 5000
    assert list(CaseView.objects.values_list("claim", "viewer", "page")) == [(claim.pk, viewer.pk, "api")]


@pytest.mark.parametrize("address", ["/claims", "/decisions", "/payouts"])
def test_whose_claims_stand_in_a_list_is_logged_as_well(claim: Claim, address: str):
    authority()
    work_off()
    follow_up()
    viewer = a_user("auditor")
    assert len(asked(viewer, f"{address}?limit=1").json()["data"]) == 1
    assert list(CaseView.objects.values_list("claim", "viewer", "page")) == [(claim.pk, viewer.pk, "api")]


def test_neither_a_scope_alone_nor_a_role_alone_is_enough(claim: Claim):
    address = f"/claims/{claim.reference}"
    assert problem(asked(a_user("manager"), address)) == (403, "role_missing")
    assert problem(asked(a_user("auditor"), address, "own:write")) == (403, "scope_missing")
    assert problem(asked(User.objects.create_user("someone@example.org"), address)) == (403, "scope_missing")
    assert not CaseView.objects.exists()


def test_a_claimant_reads_their_own_and_no_other(claim: Claim):
    own = User.objects.create_user("own@example.org", person=claim.person)
    other = User.objects.create_user("other@example.org")
    address = f"/claims/{claim.reference}"
    assert asked(own, address, "own:read", "cases:read").json()["reference"] == claim.reference
    assert problem(asked(other, address, "own:read")) == (404, "not_found")
    assert [one["reference"] for one in asked(own, "/claims", "own:read").json()["data"]] == [claim.reference]
    assert asked(other, "/claims", "own:read").json()["data"] == []
    assert not CaseView.objects.exists()


def test_the_numbers_of_a_partner_are_for_itself(incident: Incident, ours: Program):
    reference = ours.post("/claims", a_claim(person="secret-77", external_id="secret-78")).json()["reference"]
    assert "secret" not in asked(a_user("auditor"), f"/claims/{reference}").content.decode()


def test_an_explanation_that_no_longer_comes_out_leaves_the_lines(claim: Claim, monkeypatch: pytest.MonkeyPatch):
    work_off()
    terms_module._terms_by_id.cache_clear()
    monkeypatch.setattr(engine_terms, "ENGINE_VERSION", "another")
    assessment = asked(a_user("auditor"), f"/claims/{claim.reference}").json()["assessment"]
    assert (assessment["explanation"], assessment["lines"][0]["quantity"]) == ([], 5000)
    terms_module._terms_by_id.cache_clear()


@pytest.mark.parametrize("left", [{"is_active": False}, {"is_staff": False}])
def test_whoever_has_left_may_nothing_by_a_token_of_before(db: None, left: dict[str, bool]):
    viewer = a_user("auditor")
    a_token(viewer, "cases:read")
    token = AccessToken.objects.select_related("application").get()
    token.user = User(**{"pk": viewer.pk, "is_active": True, "is_staff": True, **left})
    caller = callers._caller(token)
    assert caller is None or not caller.scopes


@pytest.fixture
def queued(incident: Incident) -> Claim:
    a_policy(automatic="{}")
    authority()
    claim = claim_of(a_person(), incident)
    work_off()
    follow_up()
    return claim


def did(user: User, path: str, body: Any = None, *, method: str = "POST", match: str = "", key: str = "") -> Any:
    headers = {"Authorization": f"Bearer {a_token(user, 'cases:read', 'cases:write')}", "Accept-Language": "en"}
    headers |= {"Idempotency-Key": key or f"{next(KEYS)}", **({"If-Match": match} if match else {})}
    raw = "" if body is None else json.dumps(body)
    return Client(raise_request_exception=False).generic(method, API + path, raw, "application/json", headers=headers)


def version_of(user: User, claim: Claim) -> str:
    return str(did(user, f"/claims/{claim.reference}", method="GET")["ETag"])


def test_a_claim_is_taken_decided_and_nobody_decides_twice(queued: Claim):
    worker, path = a_user("caseworker"), f"/claims/{queued.reference}"
    assert [one["reference"] for one in did(worker, "/queue", method="GET").json()["data"]] == [queued.reference]
    assert did(worker, "/queue/next").json()["review"] == "in_review"
    assert did(worker, "/queue/next").status_code == 204
    decision = {"assessment": 1, "approved": True}
    assert problem(did(worker, f"{path}/decisions", decision)) == (428, "version_required")
    assert problem(did(worker, f"{path}/decisions", decision, match='"1.0"')) == (412, "version_mismatch")
    seen = version_of(worker, queued)
    assert problem(did(worker, f"{path}/decisions", {**decision, "assessment": 2}, match=seen)) == (409, "assessment_outdated")
    made = did(worker, f"{path}/decisions", decision, match=seen, key="d")
    assert (made.status_code, made.json()["outcome"], made.json()["claim"]["decision"]) == (201, "decided", "approved")
    assert did(worker, f"{path}/decisions", decision, match=seen, key="d").content == made.content
    assert problem(did(worker, f"{path}/decisions", decision, match=version_of(worker, queued)))[0] == 409
    assert Decision.objects.get().decided_by == worker


def test_beyond_ones_authority_it_is_proposed(queued: Claim):
    authority(per_decision=1)
    worker, path = a_user("caseworker"), f"/claims/{queued.reference}"
    did(worker, f"{path}/assignment", {}, match=version_of(worker, queued))
    made = did(worker, f"{path}/decisions", {"assessment": 1, "approved": True}, match=version_of(worker, queued))
    assert (made.json()["outcome"], made.json()["claim"]["review"]) == ("proposed", "proposed")
    assert not Decision.objects.exists()


def test_a_checker_gives_a_claim_to_somebody_who_puts_it_back(queued: Claim):
    worker, checker, path = a_user("caseworker"), a_user("checker"), f"/claims/{queued.reference}/assignment"
    seen = version_of(checker, queued)
    assert problem(did(checker, path, {"assignee": "nobody@example.org"}, match=seen)) == (422, "reference_unknown")
    assert problem(did(worker, path, {"assignee": worker.email}, match=seen)) == (403, "role_missing")
    assert did(checker, path, {"assignee": worker.email}, match=seen).json()["review"] == "in_review"
    assert problem(did(checker, path, {"assignee": checker.email}, match=seen)) == (412, "version_mismatch")
    assert problem(did(a_user("caseworker"), path, method="DELETE")) == (409, "reviewed_by_another")
    assert did(worker, path, method="DELETE").json()["review"] == "queued"


def test_a_rejection_names_reasons_that_there_are(queued: Claim):
    worker, path = a_user("caseworker"), f"/claims/{queued.reference}"
    did(worker, f"{path}/assignment", {}, match=version_of(worker, queued))
    seen = version_of(worker, queued)
    for reasons, code in (([], "required"), (["none"], "reason_unknown")):
        refused = did(worker, f"{path}/decisions", {"assessment": 1, "approved": False, "reasons": reasons}, match=seen)
        assert problem(refused) == (422, code)
    rejected = {"assessment": 1, "approved": False, "reasons": ["no_loss"]}
    assert did(worker, f"{path}/decisions", rejected, match=seen).json()["claim"]["decision"] == "rejected"


def test_roles_hold_as_in_the_admin(queued: Claim):
    path = f"/claims/{queued.reference}"
    for role in ("auditor", "finance"):
        user = a_user(role)
        seen = version_of(user, queued)
        assert problem(did(user, f"{path}/assignment", {}, match=seen)) == (403, "role_missing")
        assert problem(did(user, "/queue/next")) == (403, "role_missing")
    assert problem(did(a_user("manager"), "/queue", method="GET")) == (403, "role_missing")


def test_the_queue_is_read_in_pages(incident: Incident):
    a_policy(automatic="{}")
    claims = [claim_of(a_person(), incident) for _ in range(5)]
    work_off()
    follow_up()
    seen, path, worker = [], "/queue?limit=2", a_user("caseworker")
    while path:
        page = did(worker, path, method="GET").json()
        seen += [one["reference"] for one in page["data"]]
        path = (page["next"] or "").removeprefix(f"http://testserver{API}")
    assert seen == [claim.reference for claim in claims]
    assert CaseView.objects.count() == 5


def test_staff_find_a_claim_by_the_number_of_the_person_that_they_are_shown(queued: Claim):
    worker = a_user("caseworker")
    shown = did(worker, f"/claims/{queued.reference}", method="GET").json()["person"]
    assert [one["reference"] for one in did(worker, f"/claims?person={shown}", method="GET").json()["data"]] == [
        queued.reference
    ]
    for other in ("?person=rider-1", "?external_id=claim-1", f"?person={shown}&external_id=claim-1"):
        assert did(worker, f"/claims{other}", method="GET").json()["data"] == []
