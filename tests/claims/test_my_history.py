"""What happened to a claim is told once, in its order, and by whom."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.test import Client

from accounts.models import User
from claims.models import Claim, Event
from claims.operations import (
    ToldFact,
    add_message,
    correct_claim,
    enter_claim,
    receive_evidence,
    verify_facts,
    withdraw_loss,
)
from services.names import UNLISTED
from tests.builders import BIKE, MESSAGES, NOW, a_person, claim_of, policies_of_the_demonstration, told
from tests.claims.mine_cast import let_in, mine
from tests.claims.test_evidence import claim, worker
from tests.documents import PDF, PNG

__all__ = ["claim", "worker"]  # fixtures: in review, with a fact `fee`


def history(client: Client, claim: Claim, language: str = "ko") -> list[str]:
    """The oldest first."""
    page = client.get(mine("status", claim), {"lang": language}).content.decode()
    return re.findall(r"</time> (.*?)</li>", page.partition('class="history"')[2])[::-1]


def test_who_added_something_is_said(client: Client, claim: Claim, worker: User):
    guest = let_in(client, claim)
    before = len(history(client, claim))
    with transaction.atomic():
        fee, seen = [ToldFact("fee", 5_000)], claim.revisions.latest("number").number
        correct_claim(claim_id=claim.pk, corrected_by=guest, seen=seen, facts=fee, now=NOW)
        verify_facts(claim_id=claim.pk, facts=[ToldFact("fee", 4_000)], verified_by=worker, note="seen", now=NOW)
    assert history(client, claim)[before:] == ["내용을 더하거나 고치셨습니다: 요금", "저희가 사실을 확인했습니다"]
    assert history(client, claim, "en")[before:] == ["You added or corrected something: Fee", "We verified a fact"]


def test_a_loss_is_taken_back_by_who_takes_it(client: Client, claim: Claim, worker: User):
    guest = let_in(client, claim)
    with transaction.atomic():
        seen = claim.revisions.latest("number").number
        more = [told(MESSAGES, "16 10:00", "16 11:00"), told(MESSAGES, "16 12:00", "16 13:00")]
        seen = correct_claim(claim_id=claim.pk, corrected_by=guest, seen=seen, losses=more, now=NOW).number
    ours, theirs, moved = claim.losses.order_by("pk")
    before = len(history(client, claim))
    with transaction.atomic():
        withdraw_loss(claim_id=claim.pk, loss_id=ours.pk, reason="not_lost", withdrawn_by=worker, note="x", now=NOW)
        seen = claim.revisions.latest("number").number
        back = {theirs.pk: "claimant_asked"}
        seen = correct_claim(claim_id=claim.pk, corrected_by=guest, seen=seen, withdrawn=back, now=NOW).number
        again, back = [told(MESSAGES, "16 12:00", "16 14:00")], {moved.pk: "wrong_time"}
        correct_claim(claim_id=claim.pk, corrected_by=guest, seen=seen, losses=again, withdrawn=back, now=NOW)
    assert history(client, claim)[before:] == [
        "저희가 피해 하나를 세지 않기로 했습니다", "피해 하나를 거두셨습니다",
        "내용을 더하거나 고치셨습니다: 카카오톡 메시지 — 끝",
    ]  # fmt: skip


RIDE = ("15 15:20", "15 21:15")


@transaction.atomic
def corrected(claim: Claim, by: User, **said: Any) -> None:
    correct_claim(claim_id=claim.pk, corrected_by=by, seen=claim.revisions.latest("number").number, now=NOW, **said)


def test_what_was_corrected_is_named_and_nothing_of_what_was_said(client: Client, claim: Claim):
    """Of what was told anew at another time only what is other than before; of what is new not each of its facts."""
    policies_of_the_demonstration()
    guest, fare, unlocked = let_in(client, claim), ToldFact("ride_charge", 53_450), "2022-10-15T15:20:00+09:00"
    began = ToldFact("ride_started_at", unlocked)
    corrected(claim, guest, losses=[told(BIKE, *RIDE, fare)])
    first = claim.losses.latest("pk")
    corrected(claim, guest, losses=[told(BIKE, *RIDE, began)])
    moved, back = told(BIKE, "15 15:10", "15 21:20", ToldFact("ride_charge", 61_200), began), {first.pk: "wrong_time"}
    corrected(claim, guest, losses=[moved], withdrawn=back, facts=[ToldFact("fee", 5_000)])
    corrected(claim, guest, losses=[moved, replace(told(UNLISTED), words="동네 서점")])
    for language, text, said in (
        ("ko", "내용을 더하거나 고치셨습니다", [
            "{} — 더함", "{} — 대여 시각", "{} — 시작, 끝, 청구된 요금(원); 요금", "동네 서점 (목록에 없음) — 더함",
        ]),
        ("en", "You added or corrected something", [
            "{} — added", "{} — Start of the ride", "{} — start, end, Fare charged in won; Fee",
            "동네 서점 (not on the list) — added",
        ]),
    ):  # fmt: skip
        bike = getattr(first.service, f"name_{language}")
        assert history(client, claim, language)[-4:] == [f"{text}: {one.format(bike)}" for one in said]


def test_one_file_is_told_once(client: Client, claim: Claim, worker: User):
    guest = let_in(client, claim)
    before = len(history(client, claim))
    with transaction.atomic():
        receive_evidence(claim_id=claim.pk, item_ids=[], content=PDF, received_by=guest, now=NOW)
        receive_evidence(claim_id=claim.pk, item_ids=[], content=PNG, received_by=guest, now=NOW)
    assert Event.objects.filter(kind="evidence_unasked").exists()
    assert history(client, claim)[before:] == ["자료를 보내셨습니다"] * 2


def test_what_was_told_by_telephone_is_written_down_by_us(client: Client, claim: Claim, worker: User):
    let_in(client, claim)
    before = len(history(client, claim))
    with transaction.atomic():
        enter_claim(
            key=uuid4(), person=claim.person, incident=claim.incident, channel="phone", received_at=NOW, entered_by=worker,
            losses=[told(BIKE)], message="빨리 부탁합니다", now=NOW,
        )  # fmt: skip
    assert history(client, claim)[before:] == ["전하신 말씀을 저희가 적었습니다", "전화나 우편으로 받은 것을 적었습니다"]


def test_a_claim_comes_in_before_what_was_written_with_it(client: Client, claim: Claim):
    with transaction.atomic():
        found = claim_of(a_person(), claim.incident, told())
        add_message(claim_id=found.pk, text="안녕하세요", now=NOW)
    let_in(client, found)
    assert history(client, found) == ["청구가 들어왔습니다", "글을 보내셨습니다"]


def test_what_happened_later_stands_above_whatever_was_written_first(client: Client, claim: Claim):
    guest = let_in(client, claim)
    before = len(history(client, claim))
    with transaction.atomic():
        add_message(claim_id=claim.pk, text="나중", sent_by=guest, now=NOW + timedelta(seconds=30))
        receive_evidence(claim_id=claim.pk, item_ids=[], content=PDF, received_by=guest, now=NOW + timedelta(seconds=20))
    assert history(client, claim)[before:] == ["자료를 보내셨습니다", "글을 보내셨습니다"]


def test_what_others_wrote_of_a_claim_that_was_merged_is_not_in_it(client: Client, claim: Claim):
    let_in(client, claim)
    before = history(client, claim)
    other = claim_of(a_person(), claim.incident)
    stranger = let_in(Client(), other)
    with transaction.atomic():
        Event.objects.create(at=NOW, kind="message_received", actor=stranger, claim=claim, data={})
    assert history(client, claim) == before
