"""Whatever an operation refuses a claimant is said in Korean and English, and words that a page needs are there."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from claims.document_words import REFUSED_FILES
from claims.documents import DOCUMENT_REFUSALS
from claims.models import AppealKind, PointKind
from claims.operations import (
    add_message,
    begin_upload,
    correct_claim,
    give_payee,
    open_appeal,
    quote_claim,
    receive_evidence,
    withdraw_appeal,
    withdraw_claim,
)
from claims.operations.intake import FactRefused, check_told, revise_claim
from claims.web import pick_words
from claims.web.my import act_words, appeal_words, choose_words, correct_words, document_page_words, payee_words, words
from claims.web.words import WORDS
from services import instants
from services.refusals import Refusal

TEMPLATES = Path(__file__).parents[2] / "claims" / "templates" / "claims" / "my"
OWN = ("act.html", "span.html", "disagree_said.html", "document_shown.html")  # beside those that extend the first
# `FactRefused` has the codes of the engine: a form says them at the field, before an operation is asked.
ENGINES = {FactRefused.__name__}


def refusals() -> dict[str, type[Refusal]]:
    found, todo = {}, [Refusal]
    while todo:
        one = todo.pop()
        found[one.__name__] = one
        todo += one.__subclasses__()
    return found


def raised_by(operation: Callable[..., Any]) -> set[str]:
    """Names after the word Raises."""
    said = re.split(r"Raises\s", inspect.getdoc(operation) or "")[-1]
    return {name for name in re.findall(r"\b[A-Z][A-Za-z]+\b", said) if name in refusals()}


@pytest.mark.parametrize(
    "operation",
    [
        *(withdraw_claim, add_message, correct_claim, revise_claim, check_told, quote_claim, open_appeal, withdraw_appeal),
        give_payee,
    ],
)
def test_each_refusal_is_said_in_both_languages(operation: Callable[..., Any]):
    names = raised_by(operation) - ENGINES
    assert names
    codes = {refusals()[name].code for name in names}
    assert codes - act_words.REFUSED.keys() == set()


@pytest.mark.parametrize("operation", [begin_upload, receive_evidence])
def test_each_refusal_of_a_file_is_said_in_both_languages(operation: Callable[..., Any]):
    known = {**refusals(), **vars(inspect.getmodule(operation))}  # two are called alike
    codes = {known[name].code for name in raised_by(operation) - {"DocumentRefused"}}
    assert codes
    assert {*codes, *DOCUMENT_REFUSALS} - {*REFUSED_FILES, *act_words.REFUSED} == set()


def test_what_is_wrong_with_a_time_is_said_too():
    codes = {one.code for name, one in vars(instants).items() if inspect.isclass(one) and one.__module__ == instants.__name__}
    not_theirs = {"outage_too_long", "datetime_format"}  # of the record, and of programs
    assert codes - not_theirs - act_words.REFUSED.keys() == set()


@pytest.mark.parametrize(
    "said",
    [
        words.WORDS,
        words.WHERE,
        words.HISTORY,
        payee_words.WORDS,
        act_words.WORDS,
        act_words.REFUSED,
        act_words.LETTERS,
        appeal_words.WORDS,
        correct_words.WORDS,
        choose_words.WORDS,
        pick_words.WORDS,
        document_page_words.WORDS,
        document_page_words.FOUND,
    ],
)
def test_words_are_korean_and_english_and_leave_the_same_gaps(said: dict[str, tuple[str, str]]):
    for key, (korean, english) in said.items():
        assert re.search("[가-힣]", korean), key
        assert not re.search("[가-힣]", english), key
        assert korean.count("{}") == english.count("{}"), key


def test_each_word_that_a_page_says_is_there_and_none_is_left_over():
    texts = {path.name: path.read_text() for path in TEMPLATES.glob("*.html")}
    pages = [text for name, text in texts.items() if "my/act.html" in text or name in OWN]
    said = {name for text in pages for name in re.findall(r"say\.([a-z_0-9]+)", text)}
    own = [one.WORDS for one in (act_words, appeal_words, choose_words, correct_words, document_page_words, payee_words)]
    known = {**WORDS, **words.WORDS, **pick_words.WORDS, **{key: pair for one in own for key, pair in one.items()}}
    assert said - known.keys() == set()
    code = "".join(path.read_text() for path in (Path(__file__).parents[2] / "claims" / "web" / "my").glob("*.py"))
    mine = {key for one in own for key in one} - said
    assert {key for key in mine if code.count(f'"{key}"') < 2} - {*AppealKind.values, *PointKind.values} == set()
