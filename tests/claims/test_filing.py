"""Claims that people file by themselves, without an account: once, and with what they agreed to."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccountEvent, Consent, ConsentText, Person, PersonalData, User
from accounts.operations import ConsentOutdated, ConsentRequired, EmailInvalid, publish_consent_text, texts_to_agree_to
from claims.models import Claim, ClaimEntry, ClaimStatus, Event, LossWords, Message
from claims.operations import Claimant, NotTheirWord, Required, ToldFact, file_claim, withdraw_claim
from claims.queries.queue import QueueFilter, queue_page
from services.models import Incident
from services.resident_numbers import ResidentNumber
from tests.builders import (
    BIKE,
    MESSAGES,
    NOW,
    OUTAGE,
    a_policy,
    a_user,
    at,
    follow_up,
    outage,
    policies_of_the_demonstration,
    told,
    work_off,
)
from tests.claims.mine_cast import mine
from tests.claims.test_tell import RIDE, choose, here, sent

HONG = Claimant("홍길동", "hong@example.org")
NUMBER = "900101-1234568"


@pytest.fixture
def incident(db: None) -> Incident:
    call_command("publish_consents", verbosity=0)
    return outage()


def yes(**otherwise: bool) -> dict[int, bool]:
    return {text.pk: otherwise.get(text.code, True) for text in texts_to_agree_to()}


@transaction.atomic
def filed(incident: Incident, key: UUID | None = None, **more: Any) -> ClaimEntry:
    said: dict[str, Any] = {"claimant": HONG, "consents": yes(), "losses": [told()], "now": NOW, **more}
    return file_claim(key=key or uuid4(), incident=incident, **said)


def test_it_is_a_new_persons_claim_with_what_they_agreed_to(incident: Incident):
    entry = filed(incident, consents=yes(records=False), message="메시지가 안 갔어요")
    data = PersonalData.objects.get()
    assert (data.person, data.name, data.email, data.locale) == (entry.claim.person, "홍길동", "hong@example.org", "ko")
    assert [(one.text.code, one.given, one.channel) for one in Consent.objects.order_by("text__code")] == [
        ("privacy", True, "web"), ("records", False, "web"),
    ]  # fmt: skip
    said = AccountEvent.objects.get(kind="consents_said")
    assert (said.person, said.data["said"]) == (entry.claim.person, {"privacy": [1, True], "records": [1, False]})
    assert (entry.channel, entry.revision, entry.event.actor, entry.event.kind) == ("web", 1, None, "claim_filed")
    assert entry.claim.losses.count() == 1
    assert Message.objects.get().text == "메시지가 안 갔어요"


def test_the_same_form_again_files_nothing(incident: Incident):
    key = uuid4()
    assert filed(incident, key) == filed(incident, key, claimant=Claimant("x", "x@example.org"))
    assert (Claim.objects.count(), Person.objects.count(), Consent.objects.count()) == (1, 1, 2)
    assert filed(incident).claim != Claim.objects.order_by("pk")[0], "another form of the same person is another claim"


@pytest.mark.parametrize(
    ("wrong", "refusal", "field"),
    [
        ({"claimant": Claimant(" ", "hong@example.org")}, Required, "name"),
        ({"claimant": Claimant("홍길동", "")}, Required, "email"),
        ({"claimant": Claimant("홍길동", "hong")}, EmailInvalid, "email"),
        ({"claimant": Claimant(f"홍길동 {NUMBER}", "hong@example.org")}, ResidentNumber, "name"),
        ({"claimant": Claimant("홍길동", "hong@example.org", phone=NUMBER)}, ResidentNumber, "phone"),
        ({"losses": [], "facts": []}, Required, "losses"),
        ({"facts": [ToldFact("is_member", True, "staff")]}, NotTheirWord, "facts"),
    ],
)  # fmt: skip
def test_nothing_is_left_of_what_is_refused(incident: Incident, wrong: dict[str, Any], refusal: type[Exception], field: str):
    a_policy()
    with pytest.raises(refusal) as refused:
        filed(incident, **wrong)
    assert refused.value.field == field  # type: ignore[attr-defined]
    left = (Person, PersonalData, Consent, Claim, ClaimEntry)
    assert not any(model._default_manager.exists() for model in left)


def test_what_is_asked_for_now_is_answered_and_what_is_required_agreed_to(incident: Incident):
    with pytest.raises(ConsentRequired):
        filed(incident, consents=yes(privacy=False))
    for wrong in ({}, {**yes(), 0: True}, dict(list(yes().items())[:1])):
        with pytest.raises(ConsentOutdated):
            filed(incident, consents=wrong)
    shown = yes()
    text = ConsentText.objects.get(code="records")
    newer: dict[str, Any] = {"title_ko": "x", "title_en": "x", "text_ko": "x", "text_en": "x", "required": False}
    with transaction.atomic():
        assert publish_consent_text(code="records", **newer, published_by=a_user("checker"), now=NOW).number == 2
    with pytest.raises(ConsentOutdated):
        filed(incident, consents=shown)
    filed(incident)
    assert not Consent.objects.filter(text=text).exists()


def test_without_texts_nothing_is_taken(db: None):
    with pytest.raises(ConsentRequired):
        filed(outage())
    assert not Person.objects.exists()


def test_what_has_not_changed_stays_the_version_that_it_is(incident: Incident):
    call_command("publish_consents", verbosity=0)
    assert list(ConsentText.objects.values_list("code", "number")) == [("privacy", 1), ("records", 1)]


def test_a_number_in_their_own_words_is_masked_before_it_is_kept(incident: Incident):
    filed(incident, message=f"저는 {NUMBER} 홍길동이고 900101 1234568 이며 2022.10.15 3250000원을 냈어요")
    text = Message.objects.get().text
    assert text == "저는 900101-******* 홍길동이고 900101-******* 이며 2022.10.15 3250000원을 냈어요"


# --- pages ----------------------------------------------------------------------------------------------

YOU = {"you-name": "홍길동", "you-email": "hong@example.org", "you-message": "환불해 주세요"}


def told_all(client: Client) -> Any:
    """As far as the last page."""
    policies_of_the_demonstration()
    choose(client, BIKE)
    sent(client, "times", **RIDE)
    page = sent(client, "expected")
    assert page.request["PATH_INFO"] == here("you")
    return sent(client, "you", **YOU)


def agreed(**otherwise: bool) -> dict[str, str]:
    return {f"check-consent-{pk}": "on" for pk, given in yes(**otherwise).items() if given}


def test_the_bike_renter_files_what_they_saw(client: Client, incident: Incident):
    page = told_all(client)
    assert page.request["PATH_INFO"] == here("check")
    for shown in ("홍길동", "hong@example.org", "환불해 주세요", "10-15 15:20", "53,450", "개인 정보 수집과 이용 (필수)"):
        assert shown in page.content.decode(), shown
    assert not Person.objects.exists(), "until it is sent"
    page = sent(client, "check", **agreed(records=False))
    claim = Claim.objects.get()
    text = page.content.decode()
    assert page.request["PATH_INFO"] == reverse("claim:received", args=[OUTAGE])
    assert claim.reference in text
    assert str(ClaimStatus.objects.get().answer_due_date.day) in text
    loss = claim.losses.get()
    assert (loss.service.code, claim.facts.count()) == (BIKE, 3)
    assert client.session["filed"][OUTAGE]["reference"] == claim.reference
    assert "홍길동" not in str(client.session.get(f"wizard_tell-{OUTAGE}")), "nothing of it stays in the session"


def test_pressed_again_it_leads_to_what_was_filed_and_a_new_one_can_be_begun(client: Client, incident: Incident):
    told_all(client)
    said = agreed()
    pages = [sent(client, "check", **said) for _ in range(20)]
    assert {page.request["PATH_INFO"] for page in pages} == {reverse("claim:received", args=[OUTAGE])}
    assert Claim.objects.count() == 1
    assert "이어서 쓰기" not in client.get(reverse("claim:start")).content.decode(), "nothing is left to go on with"
    assert choose(client, MESSAGES).request["PATH_INFO"] == here("times")


def test_sent_from_another_tab_the_session_stays_the_one_that_knows_it(client: Client, incident: Incident):
    """With a new one each time a tab that is on its way to what was filed comes there with one that is gone."""
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', told_all(client).content.decode())
    assert key is not None
    sent(client, "check", **agreed(), key=key[1])
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    sent(client, "check", **agreed(), key=key[1])
    assert client.cookies[settings.SESSION_COOKIE_NAME].value == session


def test_a_second_claim_is_begun_as_the_first_was_and_the_first_is_not_filed_again(client: Client, incident: Incident):
    """For somebody else of the family on the same telephone."""
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', told_all(client).content.decode())
    assert key is not None
    said = {**agreed(), "key": key[1]}
    sent(client, "check", **said)
    client.get(reverse("claim:start"))
    client.get(reverse("claim:begin", args=[OUTAGE]), follow=True)
    again = sent(client, "check", **said)
    assert again.request["PATH_INFO"] == reverse("claim:received", args=[OUTAGE]), "from another tab that is still open"
    assert sent(client, "services", **{"services-services": [MESSAGES]}).request["PATH_INFO"] == here("times")
    assert sent(client, "check", **said).request["PATH_INFO"] == reverse("claim:received", args=[OUTAGE])
    assert Claim.objects.count() == 1


def test_whoever_claims_the_same_once_more_is_told_where_the_first_is(client: Client, incident: Incident):
    """Only in the browser that may see it; and nothing of what was withdrawn, taken back or lost at another time."""
    said = "이 브라우저에서 볼 수 있는 청구 가운데 이것과 겹치는 것이 있습니다."
    told_all(client)
    assert said not in client.get(here("check")).content.decode()
    sent(client, "check", **agreed())
    claim = Claim.objects.get()
    assert said not in told_all(Client()).content.decode(), "somebody else's"
    client.get(reverse("claim:begin", args=[OUTAGE]), follow=True)
    page = told_all(client).content.decode()
    assert said in page
    assert f'href="{mine("status", claim)}"' in page
    sent(client, "times", **{name: str(value).replace("10-15", "10-16") for name, value in RIDE.items()})
    assert said not in client.get(here("check")).content.decode(), "it ended before this begins"
    sent(client, "times", **RIDE)
    assert said in client.get(here("check")).content.decode()
    with transaction.atomic():
        withdraw_claim(claim_id=claim.pk, withdrawn_by=User.objects.get(person=claim.person), now=timezone.now())
    assert said not in client.get(here("check")).content.decode()


def test_whoever_never_got_the_answer_sends_it_again_and_gets_the_same_number(client: Client, incident: Incident):
    """With the session that there was before, which filing has taken away."""
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', told_all(client).content.decode())
    assert key is not None
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    said = {**agreed(), "key": key[1]}
    sent(client, "check", **said)
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    page = sent(client, "check", **said)
    assert page.request["PATH_INFO"] == reverse("claim:received", args=[OUTAGE])
    claim = Claim.objects.get()
    assert claim.reference in page.content.decode()
    assert client.get(reverse("my:status", args=[claim.reference])).status_code == 200
    for otherwise in ({}, {"key": "x"}, {"key": str(uuid4())}):
        assert sent(Client(), "check", **agreed(), **otherwise).request["PATH_INFO"] != page.request["PATH_INFO"]
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)):
        assert sent(Client(), "check", **said).request["PATH_INFO"] != page.request["PATH_INFO"], "for an hour"


def test_what_was_closed_is_not_opened_again_by_sending_the_form_once_more(client: Client, incident: Incident):
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', told_all(client).content.decode())
    assert key is not None
    said = {**agreed(), "key": key[1]}
    sent(client, "check", **said)
    reference = Claim.objects.get().reference
    client.post(reverse("my:leave", args=[reference]))
    sent(client, "check", **said)
    assert client.get(reverse("my:status", args=[reference])).status_code == 302
    assert Claim.objects.count() == 1


def test_who_only_comes_by_files_nothing(client: Client, incident: Incident):
    told_all(client)
    assert client.get(here("done"), follow=True).request["PATH_INFO"] == here("check")
    assert client.get(reverse("claim:received", args=[OUTAGE]), follow=True).request["PATH_INFO"] == reverse("claim:start")
    fresh = Client()
    assert fresh.get(here("check"), follow=True).request["PATH_INFO"] == here("services")
    assert not Claim.objects.exists()


def test_what_is_missing_or_has_changed_is_said_and_nothing_filed(client: Client, incident: Incident):
    told_all(client)
    refused = sent(client, "check").content.decode()
    assert "‘개인 정보 수집과 이용’에 동의해야" in refused
    said = agreed()
    newer: dict[str, Any] = {"title_ko": "새 글", "title_en": "new", "text_ko": "x", "text_en": "x", "required": True}
    with transaction.atomic():
        publish_consent_text(code="privacy", **newer, published_by=None, now=NOW)
    assert "‘새 글’에 동의해야" in sent(client, "check", **said).content.decode()
    assert not Claim.objects.exists()
    wrong = sent(client, "you", **{**YOU, "you-name": NUMBER}).content.decode()
    assert "주민등록번호처럼 보입니다" in wrong
    assert Event.objects.filter(kind="claim_filed").count() == 0


def test_without_texts_the_last_page_says_so(client: Client, db: None):
    outage()
    page = told_all(client).content.decode()
    assert "웹에서 청구를 받지 않습니다" in page
    assert "청구 보내기" not in page
    assert sent(client, "check").status_code == 200
    assert not Claim.objects.exists()


def filed_on_the_web(client: Client, *services: str, unlisted: str = "", message: str = "", **times: str) -> Claim:
    policies_of_the_demonstration()
    choose(client, *services, **{"services-unlisted": unlisted})
    sent(client, "times", **{"times-TOTAL_FORMS": 1, "times-INITIAL_FORMS": 0}, **times)
    sent(client, "about")
    sent(client, "expected")
    page = sent(client, "you", **{**YOU, "you-message": message})
    assert page.request["PATH_INFO"] == here("check"), page.content.decode()
    assert not unlisted or unlisted in page.content.decode()
    sent(client, "check", **agreed())
    return Claim.objects.get()


def test_what_is_in_no_list_is_filed_seen_by_staff_and_shown_to_who_said_it(client: Client, incident: Incident):
    times = {"times-0-start_at": "2022-10-15T15:30", "times-0-end_at": "2022-10-15T16:30"}
    claim = filed_on_the_web(client, unlisted="동네 서점 예약", message="환불해 주세요", **times)
    assert Message.objects.get().text == "환불해 주세요"
    loss = claim.losses.get()
    assert (loss.service.code, loss.words.text, loss.origin) == ("unlisted", "동네 서점 예약", "told")
    assert (loss.start_at, loss.end_at) == (at("15 15:30"), at("15 16:30"))
    status = ClaimStatus.objects.get()
    assert (status.review, status.reasons) == ("queued", ["message"])
    work_off()
    assert list(queue_page(QueueFilter(), now=NOW)) == [status], "nothing that rules find takes it out of the queue"
    mine = client.get(reverse("my:status", args=[claim.reference])).content.decode()
    assert "동네 서점 예약 (목록에 없음): " in mine
    staff = Client()
    staff.force_login(a_user("caseworker"))
    opened = staff.get(reverse("admin:claims_claim_change", args=[claim.pk])).content.decode()
    assert "“동네 서점 예약” unlisted" in opened


def test_what_is_in_no_list_waits_for_a_person_also_without_a_message(client: Client, incident: Incident):
    """Beside what a rule pays at once, too: nobody's word of it is lost in a claim that closes by itself."""
    times = {
        f"times-{row}-{name}": f"2022-10-15T{hour}:00" for row in (0, 1) for name, hour in (("start_at", 16), ("end_at", 18))
    }
    claim = filed_on_the_web(client, MESSAGES, unlisted="동네 서점 예약", **times)
    work_off()
    follow_up()
    status = ClaimStatus.objects.get()
    assert (status.review, status.reasons) == ("queued", ["parked:no_official_window"])
    line = claim.assessments.get().lines.get(loss=claim.losses.get(service__code="unlisted"))
    assert (line.outcome, line.reasons) == ("parked", ["no_official_window"])


def test_the_longest_of_everything_fits(client: Client, incident: Incident):
    times = {"times-0-start_at": "2022-10-15T15:30", "times-0-still": "on"}
    policies_of_the_demonstration()
    choose(client, **{"services-unlisted": "가" * 200})
    sent(client, "times", **{"times-TOTAL_FORMS": 1, "times-INITIAL_FORMS": 0}, **times)
    sent(client, "expected")
    page = sent(client, "you", **{**YOU, "you-message": "나" * 5_001})
    assert page.request["PATH_INFO"] == here("you")
    assert "5000" in page.content.decode()
    sent(client, "you", **{**YOU, "you-message": "나" * 5_000})
    sent(client, "check", **agreed())
    assert len(Message.objects.get().text) == 5_000
    assert LossWords.objects.get().text == "가" * 200


def test_times_outside_every_official_window_are_filed(client: Client, incident: Incident):
    times = {"times-0-start_at": "2022-10-01T10:00", "times-0-end_at": "2022-10-01T11:00"}
    claim = filed_on_the_web(client, BIKE, **times)
    loss = claim.losses.get()
    assert (loss.service.code, loss.start_at.isoformat()) == (BIKE, "2022-10-01T01:00:00+00:00")


def test_the_last_page_says_sums_as_people_write_them(client: Client, incident: Incident):
    page = told_all(client).content.decode()
    assert "<br>청구된 요금(원): 53,450원" in page
    assert "53,450 won" in client.get(f"{here('check')}?lang=en").content.decode()
