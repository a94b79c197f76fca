"""Why a letter says that another sum is owed: the record, a scheme, what the claimant told, or several of these."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from django.db import transaction

from claims import facts
from claims.models import Claim, Letter, ReassessmentDue
from claims.operations import ToldLoss, UsageRow, publish_policy, record_usage, revise_claim
from claims.queries import explain_claim
from claims.queries.letter import render_letter
from services.models import Incident
from tests.builders import NOW, a_person, claim_of, follow_up, outage, policies_of_the_demonstration, told, work_off
from tests.made_up import LATER, PACK, TAXI, chase, claim, everything, made_up, on, publish
from tests.worlds import world

pytestmark = pytest.mark.django_db

RECORD = "The official record of “Made up” was corrected (version {})."
SCHEME = "The scheme “(Demonstration) taxi calling” was changed (version 2)."
NEW_SCHEME = "The scheme “Another” now applies (version 1)."
TOLD = "You told us more."
LEARNED = "We learned more, from records of use or by checking."
OTHERWISE = "Something else that the calculation uses was changed."


@world
def incident(db: None) -> Incident:
    return made_up()


@world
def paid(incident: Incident) -> Claim:
    """3,000 won, under version 1."""
    publish(on("12:00"))
    one = claim(a_person(), incident, on("11:00"), on("13:00"))
    everything()
    return one


def text_of(letter: Letter, language: str) -> str:
    assert letter.decision is not None
    return render_letter(letter.decision, language=language, now=NOW).decode()


def reasons(letter: Letter) -> list[str]:
    said = re.search(r"<h2>Why it was assessed again</h2>(.*?)<h2>", text_of(letter, "en"), re.DOTALL)
    return [] if said is None else re.findall(r"<p>(.*?)</p>", said[1])


@transaction.atomic
def more(one: Claim, start: str = "08:00", end: str = "09:00") -> None:
    revise_claim(claim_id=one.pk, losses=[ToldLoss(TAXI, on(start), on(end))], cause="corrected", now=LATER)


@transaction.atomic
def half_as_much_again() -> None:
    text = PACK.read_text(encoding="utf-8").replace("{value: 500,", "{value: 750,")
    for before, after in (("ten_minutes: 3000", 4500), ("ten_minutes: 1000", 1500), ("ten_minutes: 500", 750)):
        text = text.replace(f"{{{before}}}", f"{{ten_minutes: {after}}}")
    publish_policy(pack_yaml=text, now=LATER)


@transaction.atomic
def another_scheme() -> None:
    text = PACK.read_text(encoding="utf-8").replace("code: demo_taxi_call_minutes", "code: another")
    publish_policy(pack_yaml=text.replace("(Demonstration) taxi calling", "Another"), now=LATER)


@transaction.atomic
def usage_of(one: Claim) -> None:
    row = UsageRow(one.person_id, TAXI, "shift", on("08:00"), on("09:00"), external_id="shift-1")
    record_usage(row=row, partner=None, now=LATER)


CASES: list[tuple[list[Callable[[Claim], Any]], list[str]]] = [
    ([lambda one: publish(on("12:30"))], [RECORD.format(2)]),
    ([lambda one: half_as_much_again()], [SCHEME]),
    ([lambda one: another_scheme()], [NEW_SCHEME]),
    ([lambda one: another_scheme(), lambda one: publish(on("12:30"))], [RECORD.format(2), NEW_SCHEME]),
    ([more], [TOLD]),
    ([usage_of], [LEARNED]),
    ([lambda one: publish(on("12:30")), more], [RECORD.format(2), TOLD]),
    ([lambda one: half_as_much_again(), usage_of, more], [SCHEME, TOLD, LEARNED]),
]


@pytest.mark.parametrize(("changes", "expected"), CASES)
def test_a_letter_says_what_changed(paid: Claim, changes: list[Callable[[Claim], Any]], expected: list[str]):
    for change in changes:
        change(paid)
    chase()
    everything()
    first, second = paid.letters.order_by("pk")
    assert (reasons(first), reasons(second)) == ([], expected)


def test_what_changed_and_made_no_difference_is_no_reason(paid: Claim):
    publish(on("13:30"))
    chase()
    everything()
    more(paid, "14:00", "15:00")  # outside the windows
    publish(on("13:40"))  # touches nobody's sum
    chase()
    everything()
    more(paid)
    everything()
    assert paid.assessments.count() == 4
    assert [reasons(letter) for letter in paid.letters.order_by("pk")] == [[], [RECORD.format(2)], [TOLD]]


def test_who_was_told_that_nothing_is_owed_is_told_why_something_is(incident: Incident):
    publish(on("11:00"))
    one = claim(a_person(), incident, on("11:00"), on("13:00"))
    everything()
    publish(on("12:00"))
    chase()
    everything()
    refused, paid = one.letters.order_by("pk")
    assert reasons(refused) == []
    assert reasons(paid) == ["The official record of “Made up” was corrected (version 2)."]


def test_of_what_was_never_settled_both_changes_are_reasons(paid: Claim):
    more(paid)
    work_off()
    publish(on("12:30"))
    chase()
    everything()
    assert [reasons(letter) for letter in paid.letters.order_by("pk")] == [[], [TOLD, RECORD.format(2)]]


def test_what_is_neither_record_nor_scheme_nor_told_is_said_to_be_something_else(paid: Claim, monkeypatch: pytest.MonkeyPatch):
    """An engine of another version, that counts an hour more."""
    for module in ("eligibility.terms", "operations.policy"):
        monkeypatch.setattr(f"claims.{module}.ENGINE_VERSION", "other")
    ReassessmentDue.objects.create(claim=paid, incident=paid.incident, cause="comparison", created_at=LATER)
    real = facts.load_batch

    def an_hour_more(*args: Any, **by: Any) -> facts.Loaded:
        loaded = real(*args, **by)
        losses = loaded.batch.losses.with_columns(pl.col("start_at") - 3_600_000_000)
        return replace(loaded, batch=replace(loaded.batch, losses=losses))

    for module in ("operations.assessment", "facts"):
        monkeypatch.setattr(f"claims.{module}.load_batch", an_hour_more)
    everything()
    assert reasons(paid.letters.order_by("pk")[1]) == [OTHERWISE]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_letter_made_again_later_gives_the_same_reasons(paid: Claim, language: str):
    publish(on("12:30"))
    more(paid)
    chase()
    everything()
    letter = paid.letters.order_by("pk")[1]
    said = text_of(letter, language)
    expected = {"ko": "‘지어낸 장애’의 공식 기록이 정정되었습니다(제2판).", "en": RECORD.format(2)}
    assert expected[language] in said
    half_as_much_again()
    publish(on("11:00"))
    more(paid, "09:00", "10:00")
    chase()
    everything()
    assert paid.letters.count() == 3
    assert text_of(letter, language) == said


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_reckoning_names_no_codes(language: str):
    """Of the demonstration and of the operator's gifts, with a loss and a notice behind it."""
    incident = outage(version=2)
    policies_of_the_demonstration()
    claim_of(a_person(), incident, told(), asks_for=["kakao_goodwill"])
    work_off()
    follow_up()
    letter = text_of(Letter.objects.get(), language)
    lines = re.findall(r'<p class="line[^>]*>(.*?)</p>', letter)
    assert len(lines) > 10
    codes = [line for line in lines if re.search(r"[a-z]_[a-z]|\boperator\b|\boperator-|kakao-2022|Asia/|:00:00|\[", line)]
    assert codes == []
    if language == "ko":
        assert [line for line in lines if re.search("[A-Za-z]{3}", line)] == []


def test_staff_read_codes_beside_times_without_seconds(paid: Claim):
    explained = explain_claim(paid)
    assert explained is not None
    staff, claimants = "\n".join(explained.text("en")), "\n".join(explained.text("en", codes=False))
    assert "Paid for each ten minutes: 500 won (source: This project)" in staff
    assert "Paid for each ten minutes: 500 won" in claimants
    assert ("Asia/Seoul" in staff, "Asia/Seoul" in claimants) == (True, False)
    assert not re.search(r"\d\d:\d\d:00", staff + claimants)
