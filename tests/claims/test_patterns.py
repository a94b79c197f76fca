"""What many claims have in common: seen with its claims, and dismissed up to a number by who has no part in them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse

from accounts.models import User
from claims.admin import patterns as pages
from claims.models import MOST_PER_KEY, BulkRun, CaseView, Claim, Event, Pattern
from claims.operations import (
    AmountOutOfRange,
    OwnClaim,
    OwnProposal,
    PatternOnlyShown,
    Required,
    UnknownPattern,
    dismiss_pattern,
    take_claim,
)
from claims.operations.keys import add_key
from services.models import Incident
from services.staff import RoleMissing
from tests.builders import NOW, a_person, a_policy, a_user, outage, paid_to
from tests.claims.enter_cast import entry
from tests.claims.test_twins import claimed, settled, status
from tests.race.together import in_transaction

MANY = MOST_PER_KEY + 1
STOPPED, APPROVED = "queued undecided twin", "closed approved"
LIST = reverse("admin:claims_pattern_changelist")


@pytest.fixture
def incident(db: None) -> Incident:
    a_policy()
    return outage()


@pytest.fixture
def checker(db: None) -> User:
    return a_user("checker")


def sharing(incident: Incident, kind: str = "payee", value: str = "088:1", many: int = MANY) -> list[Claim]:
    claims = [claimed(incident) for _ in range(many)]
    for claim in claims:
        add_key(claim_id=claim.pk, kind=kind, value=value, now=NOW)
    return claims


@transaction.atomic
def dismiss(by: User, up_to: int = MANY, **more: Any) -> Pattern:
    pattern = Pattern.objects.exclude(kind="name").get()
    said = {"pattern_id": pattern.pk, "up_to": up_to, "note": "a shop", **more}
    return dismiss_pattern(dismissed_by=by, now=NOW, **said)


def test_rules_look_again_once_it_is_dismissed_and_stop_when_more_claims_have_it(incident: Incident, checker: User):
    claims = sharing(incident)
    assert settled(incident, *claims) == [STOPPED] * MANY
    pattern = dismiss(checker, MANY + 1)
    assert (pattern.stops, settled(incident, *claims)) == (False, [APPROVED] * MANY)
    said = Event.objects.get(kind="pattern_dismissed")
    about = {"pattern": pattern.pk, "kind": "payee", "claims": MANY, "up_to": MANY + 1}
    assert (said.actor, said.data | about) == (checker, said.data)
    assert said.note.text == "a shop"
    one, two = sharing(incident, many=1), sharing(incident, many=1)
    assert settled(incident, *one, *two) == [STOPPED] * 2
    pattern.refresh_from_db()
    assert (pattern.claims, pattern.stops) == (MANY + 2, True)
    assert settled(incident, *claims) == [APPROVED] * MANY, "what is decided stays so"


def test_as_many_as_were_said_may_have_it_and_zero_lets_it_stop_again(incident: Incident, checker: User):
    settled(incident, *sharing(incident))
    dismiss(checker, MANY + 1)
    (more,) = sharing(incident, many=1)
    assert settled(incident, more) == [APPROVED]
    dismiss(checker, 0)
    (more,) = sharing(incident, many=1)
    assert settled(incident, more) == [STOPPED]


def test_who_dismisses_it_and_how(incident: Incident, checker: User):
    claims = sharing(incident)
    settled(incident, *claims)
    for by in ("caseworker", "finance", "auditor"):
        with pytest.raises(RoleMissing):
            dismiss(a_user(by))
    for up_to in (MANY - 1, 10 * MANY + 1, 1, -1):
        with pytest.raises(AmountOutOfRange, match=f"{MANY} claims have it"):
            dismiss(checker, up_to)
    with pytest.raises(Required):
        dismiss(checker, note=" ")
    with pytest.raises(UnknownPattern):
        dismiss(checker, pattern_id=0)
    checker.person = claims[3].person
    checker.save(update_fields=["person"])
    with pytest.raises(OwnClaim):
        dismiss(checker)
    assert not Event.objects.filter(kind="pattern_dismissed").exists()
    assert [status(claim) for claim in claims] == [STOPPED] * MANY


@pytest.mark.parametrize("log_in", ["the same", "another"])
@pytest.mark.parametrize("what", ["account", "claim"])
def test_who_brought_them_does_not_say_that_it_is_all_right(incident: Incident, checker: User, what: str, log_in: str):
    """Eleven callers whom he made up, and who are paid where he is."""
    claims = sharing(incident, many=MANY - 1)
    if what == "account":
        claims += sharing(incident, many=1)
        paid_to(claims[0].person, by=checker)
    else:
        made = entry(a_person(), incident, checker).claim
        add_key(claim_id=made.pk, kind="payee", value="088:1", now=NOW)
        claims.append(made)
    settled(incident, *claims)
    by = checker
    if log_in == "another":
        by = a_user("checker")
        by.person = checker.person = a_person()
        for user in (by, checker):
            user.save(update_fields=["person"])
    with pytest.raises(OwnProposal):
        dismiss(by)
    dismiss(a_user("checker"))


def test_the_number_is_judged_by_how_many_have_it_by_now(incident: Incident, checker: User):
    settled(incident, *sharing(incident))
    Pattern.objects.update(claims=F("claims") + 1)
    with pytest.raises(AmountOutOfRange):
        dismiss(checker, MANY)


# --- pages ----------------------------------------------------------------------------------------------


def page(user: User, address: str, **sent: Any) -> str:
    client = Client()
    client.force_login(user)
    return (client.post(address, sent, follow=True) if sent else client.get(address)).content.decode()


def here() -> str:
    return reverse("admin:claims_pattern_change", args=[Pattern.objects.exclude(kind="name").get().pk])


def test_the_start_page_leads_to_the_list_and_that_to_the_claims(incident: Incident, checker: User):
    claims = sharing(incident)
    settled(incident, *claims)
    assert f'href="{LIST}"' in page(checker, reverse("admin:index"))
    assert f'href="{here()}"' in page(checker, LIST)
    shown = page(checker, here())
    assert [claim.reference in shown for claim in claims] == [True] * MANY
    assert set(CaseView.objects.filter(viewer=checker).values_list("claim", flat=True)) == {claim.pk for claim in claims}
    assert f'href="{here()}"' in page(checker, reverse("admin:claims_claim_change", args=[claims[0].pk]))


def test_its_button_dismisses_it_and_the_list_of_those_that_stop_is_empty(incident: Incident, checker: User):
    settled(incident, *sharing(incident))
    assert "규칙을 멈춤" in page(checker, LIST)
    refused = page(checker, here(), up_to=1, note="x")
    assert 'id="id_up_to_error"' in refused
    assert f"{MANY}건까지 괜찮음" in page(checker, here(), up_to=MANY, note="x")
    assert "규칙을 멈춤" not in page(checker, LIST)
    assert f"{MANY}건까지 괜찮음" in page(checker, LIST + "?show=all")


def test_what_stops_no_rule_is_only_shown(incident: Incident, checker: User):
    settled(incident, *sharing(incident, "phone", "010-1234-5678"))
    assert here() not in page(checker, LIST)
    assert "보이기만 함" in page(checker, LIST + "?show=all")
    assert 'name="up_to"' not in page(checker, here(), up_to=MANY, note="x")
    with pytest.raises(PatternOnlyShown):
        dismiss(checker)
    assert not Pattern.objects.exclude(dismissed_up_to=0).exists()
    assert 'name="up_to"' not in page(a_user("caseworker"), here())


def test_the_queue_has_those_that_are_still_to_be_reviewed(incident: Incident, checker: User):
    claims, alone = sharing(incident), sharing(incident, value="088:2", many=1)
    settled(incident, *claims, *alone)
    in_transaction(take_claim, claim_id=claims[0].pk, taken_by=a_user("caseworker"), now=NOW)()
    (queue,) = re.findall(r'href="([^"]+\?pattern=[0-9]+)"', page(checker, here()))
    shown = page(checker, queue)
    assert f'href="{here()}"' in shown
    assert [one.reference in shown for one in (*claims, *alone)] == [False, *[True] * (MANY - 1), False]
    page(checker, queue, act="reject", scope="all", reasons="duplicate")
    assert BulkRun.objects.get().total == MANY - 1


def test_pages_go_on_where_the_last_one_ended(incident: Incident, checker: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pages, "PAGE", 2)
    for claims in (30, 20, 20, 11):
        Pattern.objects.create(
            incident=incident, kind="payee", digest=f"00000000-0000-0000-0000-0000000000{Pattern.objects.count():02}",
            claims=claims, counted_at=datetime(2022, 12, 1, tzinfo=UTC),
        )  # fmt: skip
    seen, address = [], LIST
    while address:
        shown = page(checker, address)
        seen += [int(pk) for pk in re.findall(r"/pattern/([0-9]+)/change/", shown)]
        more = re.findall(r'href="(\?show=stops&amp;after=[^"]+)"', shown)
        address = LIST + more[0].replace("&amp;", "&") if more else ""
    assert seen == list(Pattern.objects.order_by("-claims", "pk").values_list("pk", flat=True))
