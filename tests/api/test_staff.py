"""Staff read claims by a tool, with the scope and the role for it, and each look is logged."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from oauth2_provider.models import AccessToken

from accounts import callers
from accounts.models import User
from claims import facts as terms_module
from claims.eligibility import terms as engine_terms
from claims.models import CaseView, Claim
from services.models import Incident
from tests.api.cast import API, Program, a_claim, a_token, problem
from tests.builders import a_person, a_policy, a_user, claim_of, told, work_off


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
    assert problem(asked(other, address, "own:read")) == (404, "unknown_claim")
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
