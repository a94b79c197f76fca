"""An explanation adds up, repeats the assessed lines, and its words hold no number of their own."""

# ruff: noqa: E501 - a case is one line

from __future__ import annotations

import datetime as dt
import json
import re
from fractions import Fraction
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.eligibility import ClaimInput, FactInput, Record, Terms, Window, assess, batch_of, compile_terms, load_pack
from claims.eligibility.explain import explain
from claims.eligibility.explanation_text import ExplanationText
from claims.eligibility.formula import clock
from claims.eligibility.instants import microseconds
from claims.eligibility.quantities import Quantities
from claims.eligibility.record import Notice
from claims.eligibility.wording import Cited

from . import strategies
from .cast import EPOCH, Document, as_told, at, fact, loss, official, pack, record, rule, shipped, window
from .test_oracle import random_cases, terms_of, unless_it_could_overflow

SEOUL = ZoneInfo("Asia/Seoul")
PRO = {"claimant_kind": "taxi_driver", "subscription_charge": 39_000, "subscription_started_at": "2022-09-01T00:00:00+09:00"}
RIDE = {"ride_started_at": "2022-10-15T15:20:00+09:00", "ride_locked_at": "2022-10-15T15:42:00+09:00", "ride_charge": 53_450}
PEOPLE = [
    ClaimInput(1, (loss(1, "kakao_t_bike.ride_end_billing", "15 15:20", "15 21:15"),), tuple(FactInput(n, v, "partner", 1) for n, v in RIDE.items())),
    ClaimInput(2, (loss(2, "kakaotalk.text_message", "15 15:00", "15 22:00"), loss(3, "kakaotalk.text_message", "15 21:00", "16 03:00"))),
    ClaimInput(3, (loss(4, "kakao_t_taxi_driver", "16 06:00", "16 14:00"),), tuple(FactInput(n, v, "partner") for n, v in PRO.items())),
    ClaimInput(4, (loss(5, "kakao_t.taxi_call", "15 15:00", "15 18:00"), loss(6, "unnamed_bank.banking", "15 15:00", "15 18:00"))),
    ClaimInput(5, (loss(7, "kakaotalk.talk_channel", "15 16:00", "15 18:00"),),
               (FactInput("claimant_kind", "business", "claimant"), FactInput("declared_loss", 500_001, "claimant"))),
    ClaimInput(6, (loss(8, "melon.streaming", "15 16:00", "15 18:00"),)),
]  # fmt: skip


def shipped_terms(version: int = 2) -> Terms:
    return compile_terms(official(version), [load_pack(path.read_text(encoding="utf-8"), path.name) for path in shipped()])


def lines_and_explanations(terms: Terms, claims: list[ClaimInput]) -> tuple[list[Document], list[Document]]:
    batch = batch_of(claims, terms)
    return assess(batch, terms).to_dicts(), explain(batch, terms)


def assert_adds_up(terms: Terms, claims: list[ClaimInput]) -> None:
    lines, explained = lines_and_explanations(terms, claims)
    told = [{"claim": one["claim"], **line} for one in explained for line in one["lines"]]
    assert len(told) == len(lines)
    lengths = {one.loss: one.end_at - one.start_at for claim in claims for one in claim.losses}
    for line, explanation in zip(lines, told, strict=True):
        assert {key: explanation[key] for key in line if key != "rule"} == {k: v for k, v in line.items() if k != "rule"}
        spans = explanation["spans"]
        counted = sum(span["end_at"] - span["start_at"] for span in spans if span["kind"] == "counted")
        assert counted // 10**6 == line["counted_seconds"]
        for number in {span["loss"] for span in spans}:  # every microsecond of a loss has one kind
            mine = sorted((s["start_at"], s["end_at"]) for s in spans if s["loss"] == number)
            assert sum(end - start for start, end in mine) == lengths[number]
            assert all(end == start for (_, end), (start, _) in pairwise(mine))
        assert all((span["window"] is None) == (span["kind"] == "outside") for span in spans)


@settings(random_cases, max_examples=random_cases.max_examples // 6)
@given(strategies.records(10**6), strategies.packs(), st.integers(0, 2**32))
def test_spans_add_up_and_lines_are_the_assessed_ones(found: Record, documents: list[Document], seed: int) -> None:
    terms = terms_of(found, documents)
    with unless_it_could_overflow():
        assert_adds_up(terms, as_told(strategies.claims(6, seed, 10**6), strategies.TYPES))


@pytest.mark.parametrize("version", [1, 2])
def test_the_people_are_explained(version: int) -> None:
    assert_adds_up(shipped_terms(version), PEOPLE)


def test_each_minute_of_u3_has_its_kind_and_window() -> None:
    _, explained = lines_and_explanations(shipped_terms(), [PEOPLE[1]])
    (line,) = explained[0]["lines"]
    kinds = {kind: sum(s["end_at"] - s["start_at"] for s in line["spans"] if s["kind"] == kind) // 10**6
             for kind in ("outside", "counted", "already_counted", "not_counted")}  # fmt: skip
    assert kinds == {"outside": 1800, "counted": 36_060, "already_counted": 3600, "not_counted": 89 * 60}
    windows = {window.key: window for window in official(2).windows}
    assert {windows[s["window"]].service for s in line["spans"] if s["window"]} == {"kakaotalk.text_message"}


def test_facts_figures_and_steps_of_the_taxi_driver() -> None:
    _, explained = lines_and_explanations(shipped_terms(), [PEOPLE[2]])
    line = explained[0]["lines"][0]
    assert {f["name"]: (f["value"], f["provenance"]) for f in line["facts"]}["subscription_charge"] == (39_000, "partner")
    assert [(f["name"], f["value"]) for f in line["figures"]] == [("days_of_october", 31)]
    assert str(Fraction(39_000 * 6, 31)) in {step["value"] for step in line["steps"]}
    assert line["rounding"] == {"to": 10, "mode": "half_up"}
    assert {span["via"] for span in line["spans"]} == {"kakao_t.taxi_call"}


WEIGHTED = """
pack: 1
code: weighted
scheme: test
title: {en: Weighted}
verified: own
sources: {terms: {text: the terms of these tests}}
incidents: {from: 2022-10-01}
zone: Asia/Seoul
rules:
  - code: minutes
    title: {en: Minutes}
    losses: {services: [shop]}
    windows: {weights: {partial: "1/2"}}
    measures:
      complete: {severities: [full]}
    amount:
      add:
        - total: {total: {counted: minutes}, each: hour}
          each: day
        - {multiply: [{counted: minutes, measure: complete}, 10]}
    remedy: {instrument: cash, unit: KRW, currency: KRW}
examples: [{name: none, expect: {minutes: no line}}]
"""


def weighted() -> tuple[Terms, Document]:
    """A partial outage, counted half, and for its last half hour in another shop a full one."""
    windows = (
        Window("partial", "shop.phone", "operator", "partial", "all", at("15 20:00"), at("16 04:00")),
        Window("full", "shop.desk", "operator", "full", "all", at("15 20:00"), at("16 02:00")),
    )
    two = Record("made-up", 1, at("16 04:00"), (), windows, sources=("operator",))
    terms = compile_terms(two.with_services(["shop.phone", "shop.desk"]), [load_pack(WEIGHTED, "weighted.yaml")])
    losses = (loss(1, "shop.phone", "15 22:30", "16 03:00"), loss(2, "shop.desk", "16 01:30", "16 03:00"))
    _, (explained,) = lines_and_explanations(terms, [ClaimInput(1, losses)])
    return terms, explained


def test_of_windows_of_different_weight_the_greatest_is_the_one_that_counts() -> None:
    _, explained = weighted()
    (line,) = explained["lines"]
    assert [(s["window"], s["kind"], s["weight"], s["seconds"]) for s in line["spans"]] == [
        ("partial", "counted", "1/2", 10_800), ("partial", "already_counted", "1/2", 1800), ("full", "counted", "1", 1800),
        ("partial", "counted", "1/2", 3600), (None, "outside", "0", 3600),
    ]  # fmt: skip
    weighed = sum(Fraction(s["weight"]) * s["seconds"] for s in line["spans"] if s["kind"] == "counted")
    assert sum(Fraction(piece["value"]) for piece in line["pieces"] if piece["each"] == "day") == weighed / 60
    assert sorted(line["windows"]) == ["full", "partial"]


def test_every_way_to_count_has_its_own_spans() -> None:
    _, explained = weighted()
    (line,) = explained["lines"]
    assert [(s["window"], s["kind"]) for s in line["measures"]["complete"]] == [
        ("partial", "not_counted"), ("full", "counted"), (None, "outside"),
    ]  # fmt: skip
    assert line["quantity"] == 150 + 30 * 10


def test_pieces_stand_below_what_they_were_cut_from() -> None:
    terms, explained = weighted()
    told = ExplanationText(terms, "en").explanation(explained, SEOUL)
    assert [text.split(": ")[0].removeprefix("    ") for text in told if re.match(" +(day|hour) ", text)] == [
        "day 1", "  hour 1", "  hour 2", "day 2", "  hour 1", "  hour 2", "  hour 3",
    ]  # fmt: skip


def test_when_a_claim_was_filed_was_verified_by_nobody() -> None:
    said = {"claimant_kind": "business", "declared_loss": 200_000, "claim_filed_at": "2023-02-10T09:00:00+09:00"}
    facts = tuple(FactInput(name, value, "staff") for name, value in said.items())
    terms = shipped_terms()
    (explained,) = explain(
        batch_of([ClaimInput(1, (loss(1, "kakaotalk.talk_channel", "15 16:00", "15 18:00"),), facts)], terms), terms
    )
    told = "\n".join(ExplanationText(terms, "en").explanation(explained, SEOUL))
    assert re.search(r"2023-02-10 09:00 \(this service's record\)", told)
    assert re.search(r"200,000 .*\(verified by staff\)", told)


def test_a_line_that_is_cut_says_what_those_before_it_are_given() -> None:
    rules = [rule(amount=700), rule(code="second", amount={"counted": "minutes"})]
    limit = {"rules": ["pays", "second"], "at_most": 900, "reason": "full"}
    made = pack(rules=rules, limits=[limit], reasons={"full": {"en": "The limit is reached."}})
    terms = compile_terms(record(window("a", "15 10:00", "15 20:00")), [made])
    _, (explained,) = lines_and_explanations(terms, [ClaimInput(1, (loss(1, "a", "15 10:00", "15 20:00"),))])
    assert [(line["quantity"], line["given_before"]) for line in explained["lines"]] == [(700, 0), (200, 700)]
    told = "\n".join(ExplanationText(terms, "en").explanation(explained, SEOUL))
    assert "600 minutes = 600, together at most 900 (700 before it) → 200 won" in told


def test_pieces_of_what_is_not_given_are_not_shown() -> None:
    by_hour, by_day = ({"total": {"counted": "minutes"}, "each": each} for each in ("hour", "day"))
    cases = {"cases": [{"when": [{"fact": "x", "is": 1}], "pays": by_hour}], "otherwise": by_day}
    made = pack(facts={"x": fact("integer", default=0)}, rules=[rule(amount=cases)])
    terms = compile_terms(record(window("a", "15 10:00", "15 12:00")), [made])
    _, (explained,) = lines_and_explanations(terms, [ClaimInput(1, (loss(1, "a", "15 10:00", "15 12:00"),))])
    assert [piece["each"] for piece in explained["lines"][0]["pieces"]] == ["day"]


def test_what_a_remedy_promises_is_told() -> None:
    remedy = {"instrument": "days", "unit": "day", "extends": "until", "lasts_days": 30, "redeem_by": "2022-12-31"}
    made = pack(facts={"until": fact("instant")}, rules=[rule(losses=None, amount=3, remedy=remedy)])
    terms = compile_terms(record(), [made])
    told = FactInput("until", "2022-10-30T23:30:00+09:00", "staff")
    _, (explained,) = lines_and_explanations(terms, [ClaimInput(1, (), (told,))])
    words = ExplanationText(terms, "en").explanation(explained, SEOUL)
    wanted = ["A fact: extended to 2022-11-02", "can be used for 30 days", "can be taken until 2022-12-31"]
    assert [line.strip() for line in words if line.strip() in wanted] == wanted


def test_an_extension_beyond_every_calendar_is_told_without_a_day() -> None:
    remedy = {"instrument": "days", "unit": "day", "extends": "until"}
    terms = compile_terms(
        record(), [pack(facts={"until": fact("date")}, rules=[rule(losses=None, amount=10**9, remedy=remedy)])]
    )
    _, (explained,) = lines_and_explanations(terms, [ClaimInput(1, (), (FactInput("until", "2022-10-30", "staff"),))])
    told = "\n".join(ExplanationText(terms, "en").explanation(explained, SEOUL))
    assert "1,000,000,000 days" in told
    assert "extended to" not in told


def test_an_instant_that_the_clocks_show_twice_has_its_offset() -> None:
    new_york = ZoneInfo("America/New_York")
    first = dt.datetime(2022, 11, 6, 1, 30, tzinfo=new_york)
    shown = [clock(microseconds(first.replace(fold=fold)), new_york) for fold in (0, 1)]
    assert shown == ["2022-11-06 01:30-0400", "2022-11-06 01:30-0500"]
    assert clock(microseconds(first.replace(hour=3)), new_york) == "2022-11-06 03:30"


def test_a_calculation_that_comes_to_nothing_is_shown() -> None:
    made = pack(rules=[rule(amount={"completed": {"counted": "hours"}, "per": 6})])
    terms = compile_terms(record(window("a", "15 10:00", "15 12:00")), [made])
    _, (explained,) = lines_and_explanations(terms, [ClaimInput(1, (loss(1, "a", "15 10:00", "15 12:00"),))])
    told = "\n".join(ExplanationText(terms, "en").explanation(explained, SEOUL))
    assert "calculation: 2 hours ÷ 6, rounded down = 0 won" in told


def test_an_amount_that_goes_by_a_time_that_is_not_there_says_so() -> None:
    amount = {"subtract": [{"day_of": {"at": "end", "of": "counted"}}, {"day_of": {"at": "start", "of": "counted"}}]}
    made = pack(rules=[rule(losses={"services": ["a"], "overlap": "not_required"}, amount=amount)])
    terms = compile_terms(record(window("a", "15 10:00", "15 12:00")), [made])
    lines, _ = lines_and_explanations(terms, [ClaimInput(1, (loss(1, "a", "16 10:00", "16 12:00"),))])
    assert [(line["outcome"], line["reasons"]) for line in lines] == [
        ("unknown", ["partly_outside_official_windows", "amount_unknown"])
    ]


def test_an_explanation_is_plain_json() -> None:
    _, explained = lines_and_explanations(shipped_terms(), PEOPLE)
    assert json.loads(json.dumps(explained)) == explained


# --- words -----------------------------------------------------------------------------------------


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+", text.replace(",", "")))


def known_numbers(value: Any, terms: Terms) -> set[str]:
    """Every number of an explanation and of what it cites, also as times and days in Seoul, and seconds as hours and minutes."""
    if isinstance(value, dict):
        seconds = value.get("seconds", 0)
        parts = numbers(f"{seconds // 3600:,} {seconds // 60 % 60} {seconds % 60}")
        return parts.union(*(known_numbers(item, terms) for item in value.values()))
    if isinstance(value, list | tuple):
        return set().union(*(known_numbers(item, terms) for item in value))
    if isinstance(value, bool) or value is None:
        return set()
    if isinstance(value, str):
        fraction = re.fullmatch(r"-?\d+/\d+", value)  # which people read as a decimal
        return numbers(value) | (numbers(f"{float(Fraction(value)):.2f}") if fraction else set())
    found = numbers(str(value))
    if 946_684_800_000_000 <= value < 4_102_444_800_000_000:
        found |= numbers((EPOCH + dt.timedelta(microseconds=value)).astimezone(SEOUL).strftime("%Y-%m-%d %H:%M:%S"))
    elif 10_957 <= value <= 47_482:
        found |= numbers(str(dt.date(1970, 1, 1) + dt.timedelta(days=value)))
    return found


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("version", [1, 2])
def test_every_number_of_the_words_is_one_of_the_explanation(language: str, version: int) -> None:
    terms = shipped_terms(version)
    _, explained = lines_and_explanations(terms, PEOPLE)
    assert len(explained) == len(PEOPLE)
    for one in explained:
        told = "\n".join(ExplanationText(terms, language).explanation(one, SEOUL))
        labels = [pack.document for pack in terms.packs]
        strange = numbers(told) - known_numbers(one, terms) - known_numbers(_texts(labels), terms)
        assert not strange, (strange, told)
        for line in one["lines"]:
            assert line["quantity"] is None or f"{line['quantity']:,}" in told


def _texts(value: Any) -> list[str]:
    """Titles, labels and reasons of a pack: words that people wrote."""
    if isinstance(value, dict):
        own = [str(value[key]) for key in ("ko", "en") if key in value]
        return own + [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return []


@pytest.mark.parametrize(
    ("language", "announced", "wanted"),
    [
        ("ko", at("14 09:00"), ["이 정책이 세지 않는 계획된 점검 시간입니다.", "계획된 점검 2022-10-15 10:00 ~ 2022-10-15 12:00 (operator), 2022-10-14 09:00 예고"]),
        ("en", at("14 09:00"), ["The time lies in planned maintenance that this policy does not count.", "planned maintenance 2022-10-15 10:00 ~ 2022-10-15 12:00 (operator), announced 2022-10-14 09:00"]),
        ("ko", None, ["계획된 점검 2022-10-15 10:00 ~ 2022-10-15 12:00 (operator), 예고 기록 없음"]),
        ("en", None, ["planned maintenance 2022-10-15 10:00 ~ 2022-10-15 12:00 (operator), no announcement on record"]),
    ],
)  # fmt: skip
def test_planned_maintenance_is_named_with_its_announcement(language: str, announced: int | None, wanted: list[str]) -> None:
    down = record(window("a", "15 10:00", "15 12:00", planned=True, announced_at=announced))
    terms = compile_terms(down, [pack()])
    _, (explained,) = lines_and_explanations(terms, [ClaimInput(1, (loss(1, "a", "15 10:00", "15 11:00"),))])
    (shown,) = explained["lines"][0]["windows"].values()
    assert (shown["planned"], shown["announced_at"]) == (True, announced)
    told = "\n".join(ExplanationText(terms, language).explanation(explained, SEOUL))
    assert [words for words in wanted if words not in told] == []


def test_who_lost_only_planned_maintenance_hears_which_time_counts() -> None:
    down = record(window("a", "15 10:00", "15 12:00", planned=True), window("a", "15 14:00", "15 15:00"))
    terms = compile_terms(down, [pack()])
    _, (explained,) = lines_and_explanations(terms, [ClaimInput(1, (loss(1, "a", "15 10:00", "15 11:00"),))])
    told = "\n".join(ExplanationText(terms, "en").explanation(explained, SEOUL))
    assert "Time that counts: a 2022-10-15 14:00 ~ 2022-10-15 15:00" in told


def test_every_reason_has_words_in_both_languages() -> None:
    for version in (1, 2):
        terms = shipped_terms(version)
        _, explained = lines_and_explanations(terms, PEOPLE)
        for language in ("ko", "en"):
            wording = ExplanationText(terms, language)
            assert all(text.strip() for claim in explained for text in wording.explanation(claim, SEOUL))


NOTICE = Notice("operator-1", "operator", "official account", at("15 11:00"))
CITED = Cited({"operator": ("운영사", "Operator")}, {"official account": ("공식 계정", "official account")})


def as_claimants_read(language: str, notice: Notice = NOTICE, cited: Cited | None = CITED, **figure: Any) -> str:
    down = record(window("a", "15 10:00", "15 12:00", notice="operator-1"), notices=(notice,))
    amount = {"multiply": [{"counted": "minutes"}, {"figure": "per_minute"}]}
    made = pack(
        figures={"per_minute": {"value": 5, "unit": "KRW", "source": "own", **figure}}, rules=[rule(amount=amount)],
    )  # fmt: skip
    terms = compile_terms(down, [made])
    _, (explained,) = lines_and_explanations(terms, [ClaimInput(1, (loss(1, "a", "15 10:00", "15 12:00"),))])
    return "\n".join(ExplanationText(terms, language, {"a": ("가", "A")}, cited).explanation(explained, SEOUL))


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("ko", ["공식 기록 제1판 (2022-10-20 00:00 한국 시각 기준)", "1분마다의 보상: 5원 (출처: ",
                "2022-10-15 10:00 ~ 2022-10-15 12:00, 운영사, 공지: 공식 계정, 2022-10-15 11:00"]),
        ("en", ["Official record version 1 (as of 2022-10-20 00:00, Korean time)", "For each minute: 5 won (source: ",
                "2022-10-15 10:00 ~ 2022-10-15 12:00, Operator, notice: official account, 2022-10-15 11:00"]),
    ],
)  # fmt: skip
def test_claimants_read_words_where_staff_read_codes(language: str, wanted: list[str]) -> None:
    told = as_claimants_read(language, label={"ko": "1분마다의 보상", "en": "For each minute"})
    assert [words for words in wanted if words not in told] == []
    for code in ("operator", "per_minute", "made-up", "Asia/Seoul", ":00:00"):
        assert code not in told, code


@pytest.mark.parametrize(
    ("language", "wanted"), [("ko", "1분마다의 보상: 5원 (출처: "), ("en", "For each minute: 5 won (source: ")]
)
def test_staff_read_the_name_of_a_figure_too(language: str, wanted: str) -> None:
    told = as_claimants_read(language, cited=None, label={"ko": "1분마다의 보상", "en": "For each minute"})
    assert (wanted in told, "per_minute" in told, "operator" in told) == (True, False, True)
    assert "per_minute = 5 KRW (" in as_claimants_read(language, cited=None), "which has none"


def test_what_has_no_name_is_told_without_its_code() -> None:
    """A figure without a label, and a notice of which nobody says where it stood."""
    told = as_claimants_read("ko", Notice("operator-1", "operator"))
    assert "정책에 정해진 값: 5원 (출처: " in told
    assert "운영사, 공지: 운영사" in told
    assert "per_minute" not in told


def test_seconds_are_said_where_there_are_some() -> None:
    assert clock(at("15 10:00") + 5_000_000, SEOUL) == "2022-10-15 10:00:05"


def test_values_that_a_condition_names_are_said_in_words() -> None:
    kind = fact("text", values=["shop", "driver"], value_labels={"shop": {"ko": "가게", "en": "a shop"}})
    made = pack(
        facts={"kind": kind}, reasons={"own": {"ko": "이유", "en": "Why"}},
        rules=[rule(losses=None, amount=1, require=[{"fact": "kind", "is": "shop", "reason": "own"}])],
    )  # fmt: skip
    terms = compile_terms(record(), [made])
    _, (explained,) = lines_and_explanations(terms, [ClaimInput(1, (), (FactInput("kind", "driver", "staff"),))])
    assert "= 가게" in "\n".join(ExplanationText(terms, "ko").explanation(explained, SEOUL))


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="ko or en"):
        ExplanationText(shipped_terms(), "fr")


@pytest.mark.parametrize(
    ("quantity", "unit", "said"),
    [
        (1, "emoticon", "1 emoticon"), (2, "emoticon", "2 emoticons"), (1, "talk_drawer_month", "1 month of Talk Drawer Plus"),
        (3, "talk_drawer_month", "3 months of Talk Drawer Plus"), (-1, "day", "-1 day"), (1, "KRW", "1 won"),
    ],
)  # fmt: skip
def test_of_one_the_unit_is_one(quantity: int, unit: str, said: str):
    assert Quantities(1).amount(quantity, unit) == said
