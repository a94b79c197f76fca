"""Claimants correct their claim and add to it, on pages without scripts: what they said before stays, and one form is one
revision.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from claims.models import Claim, ClaimStatus, Event, Fact, LossStanding, LossWords, Provenance
from claims.operations import (
    Gift,
    ToldFact,
    decide_claim,
    merge_claims,
    open_claim,
    record_facts,
    set_goodwill_budget,
    take_claim,
    withdraw_claim,
)
from claims.operations.intake import withdrawn_losses
from services.models import Incident
from tests.builders import (
    BIKE,
    MESSAGES,
    NOW,
    a_person,
    a_policy,
    a_user,
    at,
    authority,
    claim_of,
    follow_up,
    outage,
    paid_to,
    policies_of_the_demonstration,
    told,
    work_off,
)
from tests.claims.mine_cast import all_paid, let_in, mine
from tests.worlds import world

pytestmark = pytest.mark.django_db

RIDE = ("15 15:20", "15 21:15")


@world
def claim(db: None) -> Claim:
    """A ride whose fare nobody has proved, under the policies of the demonstration."""
    incident = outage(version=2)
    policies_of_the_demonstration()
    fare = ToldFact("ride_charge", 53450)
    return claim_of(a_person(), incident, told(BIKE, *RIDE, fare))


def page(client: Client, claim: Claim, **said: Any) -> Any:
    """What the form has, with what is said otherwise."""
    return client.post(mine("correct", claim), {**shown(client, claim), **said}, follow=True)


def shown(client: Client, claim: Claim) -> dict[str, Any]:
    return fields_of(client.get(mine("correct", claim)))


def fields_of(answer: Any) -> dict[str, Any]:
    """Of the form as it is filled in, as a browser sends them."""
    correction = answer.context["correction"]
    fields: dict[str, Any] = {
        "seen": correction.seen, "loss": [form.loss.pk for form in correction.losses],
        "row": [f"{number}|{code}" for number, code in correction.rows],
    }  # fmt: skip
    for bound in (bound for form in correction.forms for bound in form):
        value = bound.value()
        if bound.name in ("still", "take_back"):
            fields |= {bound.html_name: "on"} if value else {}
        else:
            shown = bound.field.widget.format_value(value) if value else ""
            fields[bound.html_name] = value if isinstance(shown, list) else shown
    return fields


def test_it_is_prefilled_with_what_was_said_and_says_nothing_new(client: Client, claim: Claim):
    let_in(client, claim)
    text = client.get(mine("correct", claim)).content.decode()
    for part in ('value="2022-10-15T15:20"', 'value="53450"', "청구된 요금(원)", "이것은 뺍니다", "신청해야 받는 보상"):
        assert part in text, part
    text = page(client, claim).content.decode()
    assert "바뀐 것이 없습니다" in text
    assert claim.revisions.count() == 1


def test_a_fact_is_added_and_one_corrected_with_a_look_at_what_comes_of_it(client: Client, claim: Claim):
    guest = let_in(client, claim)
    loss = claim.losses.get()
    said = {
        f"loss-{loss.pk}-fact-ride_charge": "53,000", f"loss-{loss.pk}-fact-ride_started_at": "2022-10-15T15:20",
        f"loss-{loss.pk}-fact-ride_locked_at": "2022-10-15T15:42",
    }  # fmt: skip
    text = page(client, claim, **said).content.decode()
    for part in ("53,450", "53,000", "말하지 않음", "49,500원", "담당자가 확인할 예정", "왜 이 금액인가요?"):
        assert part in text, part
    assert claim.revisions.count() == 1
    assert "고친 내용을 받았습니다" in page(client, claim, **said, send=1).content.decode()
    revision = claim.revisions.get(number=2)
    assert (revision.author, revision.cause) == (guest, "corrected")
    assert (claim.losses.count(), LossStanding.objects.count()) == (1, 0)
    facts = Fact.objects.filter(claim=claim, loss=loss, provenance="claimant").order_by("name", "pk")
    assert list(facts.values_list("name", "revision")) == [
        ("ride_charge", 1), ("ride_charge", 2), ("ride_locked_at", 2), ("ride_started_at", 2),
    ]  # fmt: skip


def test_what_was_verified_counts_against_what_is_corrected(client: Client, claim: Claim):
    """As it does when the correction is assessed, and no proof of it is asked for."""
    loss = claim.losses.get()
    times = [("ride_started_at", "2022-10-15T15:20:00+09:00"), ("ride_locked_at", "2022-10-15T15:42:00+09:00")]
    with transaction.atomic():
        for provenance, charge in ((Provenance.STAFF, 53450), (Provenance.PARTNER, 60000)):  # said later, and with less weight
            facts = [ToldFact(name, at, provenance) for name, at in times]
            facts.append(ToldFact("ride_charge", charge, provenance))
            record_facts(claim_id=claim.pk, facts=facts, loss_id=loss.pk, now=NOW)
    let_in(client, claim)
    text = client.get(mine("correct", claim)).content.decode()
    assert "확인된 값: 53,450. 시각을 바꾸지 않으시면 이 값으로 계산하고, 여기에 적으시는 것은 담당자가 봅니다." in text
    counts = "On record: 53,450. Unless you change the times that is what counts; what you write here is looked at by a person."
    assert counts in client.get(mine("correct", claim), {"lang": "en"}).content.decode()
    client.get(mine("correct", claim), {"lang": "ko"})
    said = {f"loss-{loss.pk}-fact-ride_charge": "60,000"}
    text = page(client, claim, **said).content.decode()
    assert '<p class="sum">49,950원</p>' in text
    for wrong in ("아직 말할 수 없습니다", "확인이 필요한 것", "이미 받으신"):
        assert wrong not in text, wrong
    page(client, claim, **said, send=1)
    work_off()
    assert sum(line.quantity or 0 for line in claim.assessments.latest("pk").lines.all()) == 49950
    moved = page(client, claim, **{f"loss-{loss.pk}-start_at": "2022-10-15T15:25"}).content.decode()
    assert "얼마인지는 아직 말할 수 없습니다. 까닭은 아래에 있습니다.<" in moved, "of another time nothing was verified"
    assert "비워 두신" not in moved


def test_only_who_was_paid_is_told_that_it_is_in_the_sum(client: Client, incident: Incident):
    a_policy()
    claim = claim_of(a_person(), incident, told())
    let_in(client, claim)
    said = {"about-fact-is_member": "yes"}
    assert "이미 받으신 것도" not in page(client, claim, **said).content.decode()
    work_off()
    follow_up()
    paid_to(claim.person)
    assert "이미 받으신 것도" not in page(client, claim, **said).content.decode(), "decided, and not gone out"
    all_paid()
    assert "이미 받으신 것도 들어 있습니다." in page(client, claim, **said).content.decode()


def test_who_got_nothing_but_goodwill_is_not_told_that_it_is_in_the_sum(client: Client, incident: Incident):
    a_policy(automatic="{}")
    claim = claim_of(a_person(), incident, told(start="15 10:00", end="15 11:00"))
    work_off()
    follow_up()
    authority("caseworker")
    worker = a_user("caseworker")
    with transaction.atomic():
        set_goodwill_budget(
            incident_id=incident.pk, currency="KRW", amount_minor=1000, set_by=a_user("finance"), note="x", now=NOW
        )
        take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
        decide_claim(
            claim_id=claim.pk, assessment_id=claim.assessments.get().pk, approved=True, decided_by=worker, note="x",
            goodwill=Gift(700, "KRW", "effort"), now=NOW,
        )  # fmt: skip
    paid_to(claim.person)
    all_paid()
    assert ClaimStatus.objects.get(pk=claim.pk).payment == "paid"
    let_in(client, claim)
    text = page(client, claim, **{"about-fact-is_member": "yes"}).content.decode()
    assert "받을 수 있는 것이 없습니다" in text
    assert "이미 받으신 것도" not in text


def test_what_is_left_empty_stays_as_it_was_said(client: Client, claim: Claim):
    """The page promises it: an empty field unsays nothing, and what may be expected goes by all that was said."""
    let_in(client, claim)
    at = f"loss-{claim.losses.get().pk}-fact"
    page(client, claim, **{f"{at}-ride_started_at": "2022-10-15T15:20", f"{at}-ride_locked_at": "2022-10-15T15:42"}, send=1)
    assert claim.revisions.count() == 2
    text = page(client, claim, **{f"{at}-ride_charge": "", f"{at}-ride_locked_at": "2022-10-15T15:52"}).content.decode()
    assert "48,450원" in text, "53,450 - (200 + 150 x 32)"
    assert "필요한 사실이 없습니다" not in text


def test_what_is_in_no_list_is_added_shown_corrected_and_taken_back(client: Client, claim: Claim):
    let_in(client, claim)
    text = page(client, claim, **{"services-unlisted": "동네 서점 <b> 900101-1234568", "add": 1}).content.decode()
    assert 'value="동네 서점 &lt;b&gt; 900101-*******"' in text
    assert "1234568" not in text
    row = {"row": "1|unlisted", "new-1-words": "동네 서점 <b>"}
    assert "적으세요." in page(client, claim, **row, **{"new-1-start_at": "2022-10-15T16:00"}).content.decode()
    when = {"new-1-start_at": "2022-10-15T16:00", "new-1-end_at": "2022-10-15T18:00"}
    assert "적으세요." in page(client, claim, **{**row, "new-1-words": " "}, **when).content.decode(), "what it is called"
    text = page(client, claim, **row, **when).content.decode()
    assert "동네 서점 &lt;b&gt; (더합니다)" in text
    assert 'name="services-unlisted"' not in text
    page(client, claim, **row, **when, send=1)
    loss = claim.losses.get(service__code="unlisted")
    assert loss.words.text == "동네 서점 <b>"
    status = client.get(mine("status", claim)).content.decode()
    assert "동네 서점 &lt;b&gt; (목록에 없음): " in status
    assert "<legend>동네 서점 &lt;b&gt; (목록에 없음)</legend>" in client.get(mine("correct", claim)).content.decode()
    page(client, claim, **{f"loss-{loss.pk}-end_at": "2022-10-15T19:00", "send": 1})
    later = claim.losses.filter(service__code="unlisted").latest("pk")
    assert (later.words.text, later.end_at, withdrawn_losses(claim)) == ("동네 서점 <b>", at("15 19:00"), {loss.pk})
    page(client, claim, **{f"loss-{later.pk}-take_back": "on", "send": 1})
    assert withdrawn_losses(claim) == {loss.pk, later.pk}


def test_words_that_were_erased_are_missed_and_nothing_else(client: Client, claim: Claim):
    let_in(client, claim)
    words = {"row": "1|unlisted", "new-1-words": "동네 서점", "new-1-start_at": "2022-10-15T16:00", "new-1-still": "on"}
    page(client, claim, **words, send=1)
    LossWords.objects.all().delete()
    assert "목록에 없는 것" in client.get(mine("status", claim)).content.decode()
    loss = claim.losses.get(service__code="unlisted")
    page(client, claim, **{f"loss-{loss.pk}-take_back": "on", "send": 1})
    assert withdrawn_losses(claim) == {loss.pk}


def test_what_happened_after_it_was_filed_is_looked_at_too(client: Client, db: None):
    """An end that was still open then: the look at it refused it as to come, and the button below took it."""
    incident = outage(version=2)
    policies_of_the_demonstration()
    loss = replace(told(BIKE, "15 15:20", "15 17:00"), end_at=None)
    with transaction.atomic():
        claim = open_claim(person=a_person(), incident=incident, losses=[loss], now=at("15 18:00"))
    let_in(client, claim)
    name = f"loss-{claim.losses.get().pk}"
    ride = {"start_at": "2022-10-15T15:20", "end_at": "2022-10-15T21:15", "fact-ride_charge": "53,450",
            "fact-ride_started_at": "2022-10-15T15:20", "fact-ride_locked_at": "2022-10-15T15:42"}  # fmt: skip
    fields = {key: value for key, value in shown(client, claim).items() if not key.endswith("still")}
    said = {**fields, **{f"{name}-{key}": one for key, one in ride.items()}}
    text = client.post(mine("correct", claim), said).content.decode()
    assert "49,950원" in text
    assert 'role="alert"' not in text


def test_the_same_form_twice_is_one_revision(client: Client, claim: Claim):
    let_in(client, claim)
    loss = claim.losses.get()
    fields = {**shown(client, claim), f"loss-{loss.pk}-start_at": "2022-10-15T15:40", "send": 1}
    for _ in range(2):
        answer = client.post(mine("correct", claim), fields)
        assert answer.headers["Location"] == mine("corrected", claim)
    assert (claim.revisions.count(), claim.losses.count(), LossStanding.objects.count()) == (2, 2, 1)


def test_times_are_corrected_by_another_loss_that_takes_its_place(client: Client, claim: Claim):
    guest = let_in(client, claim)
    loss = claim.losses.get()
    said = {f"loss-{loss.pk}-start_at": "2022-10-15T15:40"}
    text = page(client, claim, **said).content.decode()
    for part in ("2022-10-15 15:20", "2022-10-15 15:40", "확인도 다시 합니다"):
        assert part in text, part
    page(client, claim, **said, send=1)
    new = claim.losses.exclude(pk=loss.pk).get()
    assert (new.start_at, new.end_at, new.revision) == (at("15 15:40"), at("15 21:15"), 2)
    assert list(new.facts.values_list("name", "int_value")) == [("ride_charge", 53450)]
    standing = LossStanding.objects.get()
    assert (standing.loss, standing.stands, standing.reason, standing.revision) == (loss, False, "wrong_time", 2)
    event = Event.objects.get(kind="loss_withdrawn")
    assert (event.actor, event.data) == (guest, {"revision": 2, "loss": loss.pk, "reason": "wrong_time"})


def test_what_was_taken_back_may_be_told_again(client: Client, claim: Claim):
    let_in(client, claim)
    loss = claim.losses.get()
    text = page(client, claim, **{f"loss-{loss.pk}-take_back": "on", f"loss-{loss.pk}-start_at": "nonsense"}).content.decode()
    assert "<ins>" in text
    assert "뺍니다" in text
    page(client, claim, **{f"loss-{loss.pk}-take_back": "on"}, send=1)
    assert withdrawn_losses(claim) == {loss.pk}
    added = page(client, claim, **{"services-services": [BIKE], "add": 1}).content.decode()
    assert 'name="new-1-start_at"' in added
    times = {"new-1-start_at": "2022-10-15T15:20", "new-1-end_at": "2022-10-15T21:15"}
    client.post(mine("correct", claim), {**shown(client, claim), "row": f"1|{BIKE}", **times, "send": 1})
    assert withdrawn_losses(claim) == set()
    assert (claim.losses.count(), claim.revisions.count()) == (1, 3)
    assert list(Event.objects.filter(kind__startswith="loss_").order_by("pk").values_list("kind", flat=True)) == [
        "loss_withdrawn", "loss_put_back",
    ]  # fmt: skip


def test_that_it_still_lasts_overrules_the_end_that_stood_there_and_asks_about_another(client: Client, claim: Claim):
    let_in(client, claim)
    still = {f"loss-{claim.losses.get().pk}-still": "on"}
    typed = {f"loss-{claim.losses.get().pk}-end_at": "2022-10-15T20:15"}
    assert "끝난 때를 적으셨습니다" in page(client, claim, **still, **typed).content.decode()
    assert "끝난 때를 적으셨습니다" in page(client, claim, **still, **typed, send=1).content.decode()
    assert claim.losses.count() == 1
    assert "2022-10-15 15:20 ~ 계속</ins>" in page(client, claim, **still).content.decode()
    added = fields_of(page(client, claim, **{"services-services": [MESSAGES], "add": 1}))
    for end_at, asks in ((added["new-1-end_at"], False), ("2022-10-15T16:30", True)):
        text = client.post(mine("correct", claim), {**added, "new-1-end_at": end_at, "new-1-still": "on"}).content.decode()
        assert ("끝난 때를 적으셨습니다" in text) is asks, end_at


def test_a_time_of_another_year_is_asked_about_and_one_that_was_told_before_stays(client: Client, claim: Claim):
    let_in(client, claim)
    loss = f"loss-{claim.losses.get().pk}"
    other_year = {f"{loss}-start_at": "2021-10-15T15:20", f"{loss}-end_at": "2021-10-15T21:15"}
    assert "날짜가 맞나요?" in page(client, claim, **other_year).content.decode()
    added = fields_of(page(client, claim, **{"services-services": [MESSAGES], "add": 1}))
    times = {"new-1-start_at": "2026-01-15T15:30", "new-1-end_at": "2026-01-15T16:30"}
    assert "날짜가 맞나요?" in client.post(mine("correct", claim), {**added, **times}).content.decode()
    years_ago = replace(told(), start_at=at("15 15:30").replace(year=2019), end_at=at("15 16:30").replace(year=2019))
    other = claim_of(a_person(), claim.incident, years_ago, told(BIKE, *RIDE))
    let_in(client, other)
    ride = other.losses.get(service__code=BIKE)
    assert "53,000" in page(client, other, **{f"loss-{ride.pk}-fact-ride_charge": "53,000"}).content.decode()
    assert "날짜가 맞나요?" not in page(client, other, **{f"loss-{ride.pk}-fact-ride_charge": "53,000"}).content.decode()


def test_a_loss_of_which_it_is_said_that_its_year_is_right_is_added(client: Client, claim: Claim):
    """By sending it as it is on the page that asks; it is not asked for again where it is sent, or changed once more."""
    let_in(client, claim)
    added = fields_of(page(client, claim, **{"services-services": [MESSAGES], "add": 1}))
    fields = {**added, "new-1-start_at": "2022-11-25T18:00", "new-1-end_at": "2022-11-25T19:00"}
    asked = client.post(mine("correct", claim), fields).content.decode()
    assert "날짜가 맞나요? 맞으면 그대로 한 번 더 누르세요." in asked
    sure = re.search(r'<input type="hidden" name="new-1-sure" id="id_new-1-sure" value="([^"]*)">', asked)
    assert sure is not None
    fields["new-1-sure"] = sure[1]
    checked = client.post(mine("correct", claim), fields).content.decode()
    assert "2022-11-25 18:00 ~ 2022-11-25 19:00</ins>" in checked
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', checked))
    for name in ("new-1-sure", "row"):
        assert name in again
    changed = client.post(mine("correct", claim), {**again, "change": 1}).content.decode()
    assert f'name="new-1-sure" id="id_new-1-sure" value="{sure[1]}"' in changed
    client.post(mine("correct", claim), {**again, "send": 1})
    assert claim.losses.filter(start_at=at("25 18:00").replace(month=11)).exists()


def test_a_service_is_added_with_its_times_and_what_policies_ask_of_it(client: Client, claim: Claim):
    let_in(client, claim)
    added = page(client, claim, **{"services-services": [MESSAGES]})  # without the button
    assert "새로 생긴 칸을 채우고" in added.content.decode()
    fields = fields_of(added)
    assert fields["new-1-start_at"] == "2022-10-15T15:30", "as the record says"
    wrong = client.post(mine("correct", claim), {**fields, "new-1-start_at": ""}).content.decode()
    assert re.search(r'<a href="#id_new-1-start_at">카카오톡[^<]* — 시작: 적으세요\.</a>', wrong)
    assert 'id="id_new-1-start_at"' in wrong
    dropped = client.post(mine("correct", claim), {**fields, "drop": "1"}).content.decode()
    assert 'name="new-1-start_at"' not in dropped
    fields["new-1-end_at"] = "2022-10-15T16:30"
    checked = client.post(mine("correct", claim), fields).content.decode()
    for part in ("더합니다", "2022-10-15 16:30"):
        assert part in checked
    client.post(mine("correct", claim), {**fields, "send": 1})
    assert claim.losses.filter(service__code=MESSAGES, revision=2).count() == 1


def test_what_is_given_on_request_is_asked_for_and_what_it_asks_is_asked_next(client: Client, claim: Claim):
    let_in(client, claim)
    answer = page(client, claim, **{"services-asks_for": ["kakao_goodwill"]})
    assert "새로 생긴 칸을 채우고" in answer.content.decode()
    fields = {**fields_of(answer), "services-asks_for": ["kakao_goodwill"], "about-fact-domestic_number": "yes"}
    checked = client.post(mine("correct", claim), fields).content.decode()
    assert "2,000원" in checked
    client.post(mine("correct", claim), {**fields, "send": 1})
    assert claim.revisions.get(number=2).asks_for == ["kakao_goodwill"]
    assert "이미 신청한 것" in client.get(mine("correct", claim)).content.decode()


def test_who_looked_before_somebody_else_changed_it_looks_again(client: Client, claim: Claim):
    let_in(client, claim)
    loss = claim.losses.get()
    before = shown(client, claim)
    page(client, claim, **{f"loss-{loss.pk}-fact-ride_charge": "50000"}, send=1)
    stale = {**before, f"loss-{loss.pk}-fact-ride_started_at": "2022-10-15T15:20", "send": 1}
    text = client.post(mine("correct", claim), stale).content.decode()
    assert "보시는 동안 청구가 바뀌었습니다" in text
    assert 'name="seen" value="2"' in text
    assert 'value="2022-10-15T15:20"' in text
    assert claim.revisions.count() == 2
    client.post(mine("correct", claim), {**stale, "seen": 2})
    assert claim.revisions.count() == 3


def test_of_a_decided_claim_more_is_told_and_nothing_taken_back(client: Client, incident: Incident):
    a_policy()
    claim = claim_of(a_person(), incident, told())
    work_off()
    follow_up()
    let_in(client, claim)
    text = client.get(mine("correct", claim)).content.decode()
    assert "이미 결정된 청구입니다" in text
    assert "take_back" not in text
    loss = claim.losses.get()
    tried = {f"loss-{loss.pk}-start_at": "2022-10-15T16:00", f"loss-{loss.pk}-take_back": "on", "about-fact-is_member": "yes"}
    page(client, claim, **tried, send=1)
    assert (claim.revisions.count(), LossStanding.objects.count(), claim.losses.count()) == (2, 0, 1)
    assert ClaimStatus.objects.get(pk=claim.pk).review == "queued"


def test_a_withdrawn_claim_comes_back_and_a_merged_one_is_corrected_elsewhere(client: Client, claim: Claim):
    guest = let_in(client, claim)
    withdraw_claim(claim_id=claim.pk, withdrawn_by=guest, now=NOW)
    assert "거두신 청구입니다" in client.get(mine("correct", claim)).content.decode()
    loss = claim.losses.get()
    page(client, claim, **{f"loss-{loss.pk}-fact-ride_charge": "50000"}, send=1)
    assert ClaimStatus.objects.get(pk=claim.pk).review == "queued"
    authority()
    other = claim_of(a_person(), claim.incident, told())
    merge_claims(claim_id=claim.pk, into_id=other.pk, merged_by=a_user("checker"), note="x", now=NOW)
    for answer in (client.get(mine("correct", claim)), client.post(mine("correct", claim), {"send": 1})):
        assert "다른 청구와 합쳤고" in answer.content.decode()


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "'; DROP TABLE claims_claim", "{{ 7*7 }}", "\x00", "가" * 5000])
def test_hostile_words_are_text(client: Client, claim: Claim, text: str):
    let_in(client, claim)
    loss = claim.losses.get()
    for name in (f"loss-{loss.pk}-fact-ride_charge", f"loss-{loss.pk}-start_at", "row", "loss", "seen", "services-services"):
        for button in ({}, {"add": 1}, {"send": 1}):
            answer = page(client, claim, **{name: text, **button})
            assert answer.status_code == 200
            assert text not in answer.content.decode() or "<" not in text


@pytest.mark.parametrize("name", ["correct", "corrected"])
def test_somebody_elses_is_as_one_that_is_not_there_and_other_sites_do_nothing(client: Client, claim: Claim, name: str):
    let_in(client, claim_of(a_person(), claim.incident, told()))
    for way in (client.get, client.post):
        assert way(mine(name, claim)).headers["Location"].startswith(mine("status", claim)[:4])
    strict = Client(enforce_csrf_checks=True)
    let_in(strict, claim)
    assert strict.post(mine("correct", claim), {"send": 1}).status_code == 403


def test_the_pages_ask_as_much_whatever_there_is(client: Client, claim: Claim, django_assert_max_num_queries: Any):
    """As many queries for one loss as for six, and for what is added beside them."""
    more = [told(BIKE, f"16 {hour}:00", f"16 {hour}:30", ToldFact("ride_charge", 1000 + hour)) for hour in range(10, 15)]
    counts = []
    for losses in ([], more):
        other = claim_of(a_person(), claim.incident, told(BIKE, *RIDE, ToldFact("ride_charge", 53450)), *losses)
        let_in(client, other)
        fields = shown(client, other)
        added = {"services-services": [MESSAGES, BIKE] if losses else [MESSAGES], "add": 1}
        fields_added = fields_of(client.post(mine("correct", other), {**fields, **added}))
        sent = {
            **fields_added,
            "new-1-end_at": "2022-10-15T16:30",
            **({"new-2-start_at": "", "new-2-end_at": ""} if losses else {}),
        }
        with django_assert_max_num_queries(60) as asked:
            client.get(mine("correct", other))
            assert "2022-10-15 16:30" in client.post(mine("correct", other), sent).content.decode()
        counts.append(len(asked))
    assert counts[0] == counts[1]
