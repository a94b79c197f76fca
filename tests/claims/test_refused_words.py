"""Whatever the buttons of the pages about claims refuse, staff are told in their language alone, with the field's own name."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import translation

from accounts.models import User
from claims.admin import (
    appeals,
    bulk_page,
    chain_page,
    claim_actions,
    evidence_page,
    exports,
    find_page,
    goodwill_page,
    message_page,
    patterns,
    payee_page,
    payment_page,
    queue_page,
    sharing_page,
    twins,
)
from claims.admin.refused_words import said_in_words
from claims.document_words import REFUSED_FILES
from claims.models import Claim
from claims.operations import MayBeDuplicate, NothingToDecide, Required
from claims.refusal_words import REFUSED
from services.refusals import Refusal
from tests.builders import a_person, a_policy, a_user, claim_of, follow_up, outage, told, work_off
from tests.claims.test_case_pages import act
from tests.claims.test_my_words import raised_by, refusals

PAGES = (
    appeals, bulk_page, chain_page, claim_actions, evidence_page, exports, find_page, goodwill_page, message_page, patterns,
    payee_page, payment_page, queue_page, sharing_page, twins,
)  # fmt: skip


def operations() -> Iterator[Callable[..., Any]]:
    """All that the pages call."""
    for page in PAGES:
        for one in vars(page).values():
            if inspect.isfunction(one) and one.__module__.startswith("claims.operations."):
                yield one


def all_raised_by(operation: Callable[..., Any]) -> set[str]:
    """Also those that it names by an operation inside it."""
    inside = re.findall(r"what\s+`(\w+)`", inspect.getdoc(operation) or "")
    there = vars(inspect.getmodule(operation))
    return raised_by(operation).union(*(all_raised_by(there[name]) for name in inside)) - {"FactRefused", "DocumentRefused"}


def test_each_refusal_of_a_button_has_words():
    raised = {name: operation for operation in operations() for name in all_raised_by(operation)}
    assert {"NothingToDecide", "BudgetSpent", "LossWithdrawn", "UnknownTwin", "AppealClosed"} <= raised.keys()
    codes = {refusals()[name].code for name in raised} | {"too_long", "invalid_character"}  # of a note
    assert codes - {*REFUSED, *REFUSED_FILES} == set()


def test_no_words_are_left_of_what_nothing_refuses():
    known = {one.code for one in refusals().values()}
    from_lists = {"payee_of_one", "payee_held", "payee_missing"}  # of payments
    assert REFUSED.keys() - known - from_lists == set()


@pytest.mark.parametrize(
    ("refusal", "korean", "english"),
    [
        (
            Required("note is empty.", field="note"),
            "비어 있습니다. 쓰고 다시 하세요. (required)",
            "It is empty. Fill it in, and try again. (required)",
        ),
        (
            NothingToDecide("This gives nothing."),
            f"{REFUSED['nothing_to_decide'][0]} (nothing_to_decide)",
            f"{REFUSED['nothing_to_decide'][1]} (nothing_to_decide)",
        ),
        (
            MayBeDuplicate("It may be C-1.", field="looked_at", about="C-1"),
            f"{REFUSED['may_be_duplicate'][0]} C-1 (may_be_duplicate)",
            f"{REFUSED['may_be_duplicate'][1]} C-1 (may_be_duplicate)",
        ),
        (Refusal("Nothing is known of this."), "Nothing is known of this. (refused)", "Nothing is known of this. (refused)"),
    ],
)
def test_it_is_said_in_one_language(refusal: Refusal, korean: str, english: str):
    with translation.override("ko"):
        assert said_in_words(refusal) == korean
    with translation.override("en"):
        assert said_in_words(refusal) == english


@pytest.fixture
def claim(db: None) -> Claim:
    incident = outage()
    a_policy(automatic="{}", asks={"is_member": "boolean", "fee": "money"}, needs="is_member")
    made = claim_of(a_person(), incident, told())
    work_off()
    follow_up()
    return made


def said(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page.split('class="messagelist"')[1].split("</ul>", maxsplit=1)[0].partition(">")[2]).strip()


def test_the_pages_say_it(claim: Claim):
    worker: User = a_user("caseworker")
    act(worker, claim, "take")
    assert said(act(worker, claim, "approve")) == f"{REFUSED['nothing_to_decide'][0]} (nothing_to_decide)"
    verified = {"fact": "fee", "value": "1500", "note": "the contract"}
    assert "사실 확인: 했습니다." in act(worker, claim, "verify", **verified)
    assert said(act(worker, claim, "verify", **verified)) == f"값: {REFUSED['nothing_new'][0]} (nothing_new)"
