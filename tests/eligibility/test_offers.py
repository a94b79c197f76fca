"""What each option would give is what the engine gives to who chose it, and all of it comes of one call."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from claims.eligibility import ClaimInput, FactInput, Terms, assess, batch_of, compile_terms
from claims.eligibility import offers as of_offers
from claims.eligibility.explain import explain
from claims.eligibility.explanation_text import ExplanationText
from claims.eligibility.offers import Offer, explain_with_offers

from .cast import Document, fact, loss, pack, record, rule, window

POINTS, CASH = {"instrument": "points", "unit": "point"}, {"instrument": "cash", "unit": "KRW", "currency": "KRW"}
HOURS = {"that": {"counted": "hours"}, "at_least": 3}
CHOICES = [
    {"option": "points", "amount": {"multiply": [10, {"counted": "minutes"}]}, "remedy": POINTS},
    {"option": "cash", "when": [HOURS], "amount": {"multiply": [5, {"counted": "minutes"}]}, "remedy": CASH},
]
LONG, SHORT = loss(7, "a", "15 10:00", "15 14:00"), loss(9, "a", "15 15:00", "15 16:00")


def terms_with(*, of: str = "claim", each: bool = False, **more: Any) -> Terms:
    wish = fact("text", of=of, values=["points", "cash"], decide="claimant")
    rules = [
        rule(amount=None, remedy=None, chosen_by="wish", choices=CHOICES, losses={"services": ["a"], "each": each}, **more),
        rule(code="besides", losses={"services": ["a"]}, amount=7),
    ]
    return compile_terms(record(window("a", "15 08:00", "15 20:00")), [pack(facts={"wish": wish}, rules=rules)])


def offered(terms: Terms, *losses: Any, facts: tuple[FactInput, ...] = ()) -> tuple[Document, list[Offer]]:
    return explain_with_offers(batch_of([ClaimInput(4, losses, facts)], terms), terms)


def told(lines: list[Document]) -> list[tuple[Any, ...]]:
    return [(line["loss"], line["outcome"], line["remedy"], line["quantity"]) for line in lines]


@pytest.mark.parametrize("said", [None, "points", "cash"])
@pytest.mark.parametrize("losses", [(LONG,), (SHORT,), (LONG, SHORT)])
@pytest.mark.parametrize("each", [False, True])
def test_each_option_gives_what_an_assessment_would_give_who_chose_it(said: str | None, losses: tuple[Any, ...], each: bool):
    of = "loss" if each else "claim"
    terms = terms_with(of=of, each=each)

    def wishing(option: str | None) -> tuple[FactInput, ...]:
        places = [one.loss for one in losses] if each else [None]
        return () if option is None else tuple(FactInput("wish", option, "claimant", place) for place in places)

    def assessed(option: str | None) -> list[tuple[Any, ...]]:
        lines = assess(batch_of([ClaimInput(4, losses, wishing(option))], terms), terms).to_dicts()
        return told([line for line in lines if line["rule"] == 0])

    document, (offer,) = offered(terms, *losses, facts=wishing(said))
    assert list(offer.lines) == [None, "points", "cash"]
    for option, lines in offer.lines.items():
        assert told(lines) == assessed(option), option
    assert told(offer.as_told) == assessed(said)
    assert document == explain(batch_of([ClaimInput(4, losses, wishing(said))], terms), terms)[0]


def test_it_is_one_call_of_the_engine_and_one_claim_where_nothing_is_left_to_choose(monkeypatch: pytest.MonkeyPatch):
    asked: list[int] = []

    def explaining(batch: Any, terms: Terms) -> Any:
        asked.append(batch.claims.height)
        return explain(batch, terms)

    monkeypatch.setattr(of_offers, "explain", explaining)
    offered(terms_with(), LONG)
    assert asked == [4], "as told, with nothing, and with either"
    plain = compile_terms(record(window("a", "15 08:00", "15 20:00")), [pack()])
    assert offered(plain, LONG)[1] == []
    elsewhere = compile_terms(record(window("a", "15 08:00", "15 20:00"), services=["b"]), [pack(
        facts={"wish": fact("text", values=["points", "cash"])},
        rules=[rule(amount=None, remedy=None, chosen_by="wish", choices=CHOICES)],
    )])  # fmt: skip
    assert offered(elsewhere, loss(7, "b", "15 10:00", "15 14:00"))[1] == []
    assert asked == [4, 1, 1]


def test_nothing_is_said_of_a_claim_that_nothing_answers():
    choices = [{**one, "when": [], "amount": 1} for one in CHOICES]
    chosen = {"amount": None, "remedy": None, "chosen_by": "wish", "choices": choices, "losses": None}
    facts = {"wish": fact("text", values=["points", "cash"]), "member": fact("boolean", decide="claimant")}
    of_members = pack(facts=facts, rules=[rule(**chosen, applies=[{"fact": "member", "is": True}])])
    alone = compile_terms(record(window("a", "15 08:00", "15 20:00")), [of_members])
    document, (offer,) = offered(alone)
    assert (document["lines"], offer.as_told, dict(offer.lines)) == ([], [], {None: [], "points": [], "cash": []})


@pytest.mark.parametrize(
    ("said", "losses", "korean", "english"),
    [
        (None, (LONG,), "고른 것이 없어, 조건이 맞는 첫 번째 것으로 정했습니다: points",
         "Nothing was chosen, so the first whose conditions hold is given: points"),
        (("cash", "claimant"), (LONG,), "고른 것: 사실 = cash (청구인 진술)", "Chosen: A fact = cash (the claimant's word)"),
        (("cash", "staff"), (LONG,), "고른 것: 사실 = cash (담당자 확인)", "Chosen: A fact = cash (verified by staff)"),
        (("cash", "claimant"), (SHORT,), "고른 것의 조건이 맞지 않습니다.", "The conditions of what was chosen do not hold."),
    ],
)  # fmt: skip
def test_an_explanation_says_what_was_chosen_and_by_whom(said: Any, losses: Any, korean: str, english: str):
    terms = terms_with()
    facts = () if said is None else (FactInput("wish", *said),)
    document, _ = offered(terms, *losses, facts=facts)
    for language, words in (("ko", korean), ("en", english)):
        text = [line.strip() for line in ExplanationText(terms, language).explanation(document, ZoneInfo("Asia/Seoul"))]
        assert text.count(words) == 1, text
        assert sum("wish" in line or "고른" in line or "hosen" in line for line in text) == 1 + (losses == (SHORT,))
