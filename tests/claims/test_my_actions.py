"""What claimants do with their own claims: they withdraw them, write, and read what was written to them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.operations import create_person
from claims.models import Claim, ClaimStatus, Event, EvidenceLetter, EvidenceLetterContent, Letter, Message
from claims.operations import merge_claims, take_claim, undo_decision
from claims.operations.messages import add_message
from claims.web.my.letters import letters_of
from services.models import Incident
from services.staff import RoleMissing
from tests.builders import NOW, a_person, a_policy, a_user, authority, claim_of, follow_up, told, work_off
from tests.claims.mine_cast import let_in, mine
from tests.claims.reply_cast import answer, sort, template, wrote
from tests.claims.test_evidence import ask, in_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(incident: Incident) -> Claim:
    """In the queue, for a person to decide."""
    a_policy(automatic="{}")
    found = claim_of(a_person(), incident, told())
    work_off()
    follow_up()
    return found


def decided(incident: Incident, locale: str = "ko") -> Claim:
    """By rule, with its letter."""
    a_policy()
    with transaction.atomic():
        person = create_person(name="Kim", locale=locale, now=NOW)
    found = claim_of(person, incident, told())
    work_off()
    follow_up()
    return found


def review(claim: Claim) -> str:
    return ClaimStatus.objects.get(pk=claim.pk).review


PAGES = ("withdraw", "write", "written")


# --- who may ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_somebody_elses_claim_is_as_one_that_is_not_there(client: Client, claim: Claim, name: str):
    other = claim_of(a_person(), claim.incident, told())
    let_in(client, other)
    for way in (client.get, client.post):
        answers = [way(reverse(f"my:{name}", args=[reference])) for reference in (claim.reference, "C-0000-0000")]
        assert [one.status_code for one in answers] == [302, 302]
        there, nowhere = (one.headers["Location"] for one in answers)
        assert there.replace(claim.reference, "") == nowhere.replace("C-0000-0000", "")
        assert [one.content for one in answers] == [b"", b""]
    assert (review(claim), Message.objects.count()) == ("queued", 0)


@pytest.mark.parametrize("name", ["withdraw", "write"])
def test_what_is_sent_from_another_site_does_nothing(claim: Claim, name: str):
    client = Client(enforce_csrf_checks=True)
    let_in(client, claim)
    assert client.post(mine(name, claim), {"message": "x"}).status_code == 403
    assert (review(claim), Message.objects.count()) == ("queued", 0)


# --- withdrawn ----------------------------------------------------------------------------------------------


def test_it_is_withdrawn_once_and_comes_back_with_what_is_said(client: Client, claim: Claim):
    guest = let_in(client, claim)
    page = client.get(mine("withdraw", claim)).content.decode()
    assert "아무것도 지급하지 않습니다" in page
    assert "다시 심사합니다" in page
    assert review(claim) == "queued"
    for _ in range(2):  # the second time from another tab
        page = client.post(mine("withdraw", claim), follow=True).content.decode()
        assert "청구를 거두었습니다" in page
        assert mine("write", claim) in page
        assert 'role="alert"' not in page
    event = Event.objects.get(kind="claim_withdrawn")
    assert (event.actor, review(claim)) == (guest, "withdrawn")
    client.post(mine("write", claim), {"message": "역시 받고 싶습니다"})
    assert review(claim) == "queued"


def test_what_is_decided_is_not_withdrawn_and_the_page_says_why(client: Client, incident: Incident):
    claim = decided(incident)
    let_in(client, claim)
    assert mine("withdraw", claim) not in client.get(mine("status", claim)).content.decode()
    for way in (client.get, client.post):
        answer = way(mine("withdraw", claim))
        assert answer.status_code == 200
        assert "이미 결정된 청구라 거둘 수 없습니다" in answer.content.decode()
        assert "<button>네, 거두겠습니다" not in answer.content.decode()
    english = client.post(f"{mine('withdraw', claim)}?lang=en").content.decode()
    assert "This claim was decided already" in english
    assert review(claim) == "closed"


def test_what_was_answered_is_not_withdrawn_and_the_page_does_not_offer_it(client: Client, claim: Claim):
    checker, question = a_user("checker"), wrote(claim.incident)
    work_off()
    sort()
    answer(question, template(checker), checker)
    assert review(question) == "closed"
    claim = question
    let_in(client, claim)
    assert mine("withdraw", claim) not in client.get(mine("status", claim)).content.decode()
    assert "거둘 것이 없습니다" in client.get(mine("withdraw", claim)).content.decode()


def test_who_writes_about_what_they_withdrew_is_told_before_that_it_comes_back(client: Client, claim: Claim):
    let_in(client, claim)
    warned = "거두신 청구입니다. 글을 보내시면 다시 청구하시는 것으로"
    assert warned not in client.get(mine("write", claim)).content.decode()
    client.post(mine("withdraw", claim))
    assert warned in client.get(mine("write", claim)).content.decode()
    assert "If you write, it counts as claimed again" in client.get(f"{mine('write', claim)}?lang=en").content.decode()


# --- in their own words ---------------------------------------------------------------------------------------


def test_what_they_write_is_kept_once_and_names_nobodys_number(client: Client, claim: Claim):
    guest = let_in(client, claim)
    for _ in range(2):
        page = client.post(mine("write", claim), {"message": "제 번호는 900101-1234568 입니다"}, follow=True)
        assert page.request["PATH_INFO"] == mine("written", claim)
    assert "글을 받았습니다" in page.content.decode()
    message = Message.objects.get()
    assert message.text == "제 번호는 900101-******* 입니다"
    assert message.event.actor == guest


@pytest.mark.parametrize(
    ("text", "why"), [("", "하고 싶은 말을 적으세요"), ("\n ", "하고 싶은 말을 적으세요"), ("가" * 5001, "5000")]
)
def test_words_that_cannot_be_kept_are_refused_at_their_field(client: Client, claim: Claim, text: str, why: str):
    let_in(client, claim)
    page = client.post(mine("write", claim), {"message": text}).content.decode()
    assert 'href="#id_message"' in page
    assert why in page
    assert not Message.objects.exists()


def test_who_writes_about_a_merged_claim_is_heard_where_it_is_answered(client: Client, claim: Claim):
    """The same person has two claims under two names, which nobody knew when they came in."""
    authority()
    other, worker = claim_of(a_person(), claim.incident, told()), a_user("checker")
    merge_claims(claim_id=claim.pk, into_id=other.pk, merged_by=worker, note="the same telephone", now=NOW)
    let_in(client, claim)
    assert client.post(mine("write", claim), {"message": "왜 아직인가요?"}).status_code == 302
    assert Message.objects.get().claim == other
    assert "지금 이렇게 할 수 없습니다" in client.post(mine("withdraw", claim)).content.decode()
    with pytest.raises(RoleMissing):
        add_message(claim_id=other.pk, text="x", sent_by=User.objects.get(person=claim.person), now=NOW)


# --- letters ------------------------------------------------------------------------------------------------


def test_letters_are_listed_and_shown_as_they_were_made(client: Client, incident: Incident):
    claim = decided(incident)
    let_in(client, claim)
    (found,) = letters_of(claim)
    assert (found.kind, found.title) == ("decision", "결정 안내")
    page = client.get(found.address, {"kept": ""})
    assert page.content == bytes(Letter.objects.get().content)
    assert "sandbox" in page.headers["Content-Security-Policy"]
    assert client.post(found.address).status_code == 405


def test_letters_about_documents_and_answers_are_among_them(client: Client, django_assert_num_queries: Any):
    authority()
    worker = a_user("caseworker", "checker")
    claim = in_review(worker)
    ask(claim, worker)
    add_message(claim_id=claim.pk, text="무엇을 보내나요?", now=NOW)
    sort()
    if review(claim) == "queued":
        take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    answer(claim, template(worker), worker)
    with django_assert_num_queries(3):
        kinds = [one.kind for one in letters_of(claim)]
    assert sorted(kinds) == ["asked", "reply"]
    let_in(client, claim)
    about = next(one for one in letters_of(claim) if one.kind == "asked")
    kept = bytes(EvidenceLetterContent.objects.get().content)
    assert client.get(about.address, {"kept": ""}).content == kept
    shown = client.get(about.address).content.decode()
    assert [mine(name, claim) in shown for name in ("status", "documents", "disagree")] == [True, True, False]
    EvidenceLetterContent.objects.all().delete()
    assert [one.kind for one in letters_of(claim)] == ["reply"]
    assert client.get(about.address).status_code == 404


def test_a_letter_leads_back_and_to_disagreeing(client: Client, incident: Incident):
    claim = decided(incident)
    let_in(client, claim)
    letter = Letter.objects.get()
    shown = client.get(mine("letter", claim, letter.pk))
    text, kept = shown.content.decode(), bytes(letter.content).decode()
    assert shown.headers["Content-Security-Policy"].startswith("sandbox")
    for words in (f'href="{mine("status", claim)}"', f'href="{mine("disagree", claim)}"', "내 청구로 돌아가기"):
        assert words in text, words
    assert "Back to your claim" in client.get(mine("letter", claim, letter.pk), {"lang": "en"}).content.decode()
    around = re.sub(r"<style>\.ours.*?</style>\s*|<nav .*?</nav>\s*", "", text, flags=re.DOTALL)
    assert around.split() == kept.split(), "the letter itself is as it was made"
    authority()
    with transaction.atomic():
        undo_decision(claim_id=claim.pk, undone_by=a_user("checker"), note="x", now=NOW)
    text = client.get(mine("letter", claim, letter.pk)).content.decode()
    assert mine("status", claim) in text
    assert mine("disagree", claim) not in text, "nothing stands"


@pytest.mark.parametrize(("locale", "reader", "told"), [
    ("ko", "en", "This letter is in Korean, as it was sent."), ("en", "ko", "이 편지는 보낸 그대로 영어로 되어 있습니다."),
])  # fmt: skip
def test_who_reads_another_language_is_told_in_which_one_a_letter_is(
    client: Client, incident: Incident, locale: str, reader: str, told: str
):
    claim = decided(incident, locale)
    let_in(client, claim)
    address = mine("letter", claim, Letter.objects.get().pk)
    around = client.get(address, {"lang": reader}).content.decode().split("<main>")[0]
    assert f"<p>{told}</p>" in around[around.index(f'<nav lang="{reader}"') :]
    for same in (client.get(address, {"lang": locale}), client.get(address, {"lang": reader, "kept": ""})):
        assert told not in same.content.decode()


def test_a_letter_of_another_claim_is_not_found(client: Client):
    authority()
    worker = a_user("caseworker", "checker")
    claim = in_review(worker)
    ask(claim, worker)
    stranger = claim_of(a_person(), claim.incident, told())
    let_in(client, stranger)
    letter = EvidenceLetter.objects.get()
    assert client.get(mine("document_letter", stranger, letter.pk)).status_code == 404
    assert client.get(mine("letter", stranger, 2**31)).status_code == 404
    assert client.get(mine("document_letter", claim, letter.pk)).status_code == 302


def test_a_letter_of_another_decision_is_not_found(client: Client, incident: Incident):
    claim = decided(incident)
    stranger = claim_of(a_person(), incident, told())
    let_in(client, stranger)
    assert client.get(mine("letter", stranger, Letter.objects.get().pk)).status_code == 404
    assert client.get(mine("letter", claim, Letter.objects.get().pk)).status_code == 302
