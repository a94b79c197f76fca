"""A policy in words: every shape of the language has its own, and every shipped policy can be read in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from claims.eligibility import load_pack
from claims.eligibility.formula import SIGNS
from claims.eligibility.pack import Deadline
from claims.eligibility.reading import Reading
from claims.eligibility.rulebook import Rulebook
from claims.eligibility.shapes import NODES

POLICIES = Path(__file__).parents[2] / "claims" / "policies"
NAMES = {"kt.mobile_data": ("KT 이동전화", "KT mobile")}


def read(name: str, pick: int = 0) -> Rulebook:
    return Rulebook(load_pack((POLICIES / f"{name}.yaml").read_text(encoding="utf-8"), name), pick, NAMES)


def parts(book: Rulebook, code: str) -> dict[str, list[str]]:
    """What one rule says, by the English heading; of choices the last."""
    rule = next(one for one in book.pack.body.rules if one.code == code)
    return {heading[1]: told for heading, told in book.rule(rule) if told}


def test_every_shape_of_an_amount_has_words():
    assert [kind for kind in NODES if kind not in SIGNS and not hasattr(Reading, f"_{kind}")] == []


@pytest.mark.parametrize("path", sorted(POLICIES.rglob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_policy_is_read_in_both_languages(path: Path):
    pack = load_pack(path.read_text(encoding="utf-8"), path.stem)
    for pick in (0, 1):
        book = Rulebook(pack, pick, {})
        told = [line for rule in pack.body.rules for _, lines in book.rule(rule) for line in lines]
        told += [*book.limits(), *(book.figure(one) for one in pack.body.figures.values())]
        told += [book.deadline(one) for _, one in pack.body.deadlines if isinstance(one, Deadline)]
        assert all(line.strip() and "?" not in line for line in told)


@pytest.mark.parametrize(
    ("policy", "rule", "heading", "korean", "english"),
    [
        (
            "korea_rail_delay", "delay", "How much, as what",
            ["coupon:", "(승차권 가격 - 그중 특실 요금) × ⓐ",
             "ⓐ = 도착 지연(분): 20 미만 → 0; 40 미만 → 12.5%; 60 미만 → 25%; 60 이상 → 50%", "→ 현금 (원)"],
            ["coupon:", "(Price of the ticket - Part of it for the special seat) × ⓐ",
             "ⓐ = Delay at arrival in minutes: below 20 → 0; below 40 → 12.5%; below 60 → 25%; from 60 → 50%", "→ cash (won)"],
        ),
        (
            "telecom_terms_2022", "damages_mobile", "Losses of",
            ["skt.mobile_data, KT 이동전화, lgu.mobile_data"], ["skt.mobile_data, KT mobile, lgu.mobile_data"],
        ),
        ("kakao_bike", "refund", "Caps and rounding", ["많아도: 청구된 요금(원)", "1 단위 버림"],
         ["at most: Fare charged in won", "rounded down to 1"]),
        ("kakao_goodwill", "talk_drawer", "Given only where",
         ["국내 전화번호 사용 여부 = 예 (국내 전화번호 이용자만 받을 수 있습니다.)",
          "톡서랍 플러스 신청 순번: 3,000,000 이하 (선착순 300만 명이 마감되었습니다.)"],
         ["Korean telephone number is yes (Only for users with a Korean telephone number.)",
          "Position in the queue for Talk Drawer Plus at most 3,000,000 (The first 3,000,000 places are taken.)"]),
    ],
)  # fmt: skip
def test_a_rule_in_words(policy: str, rule: str, heading: str, korean: list[str], english: list[str]):
    assert parts(read(policy), rule)[heading] == korean
    assert parts(read(policy, 1), rule)[heading] == english


def test_a_dated_figure_says_from_when_each_value_holds():
    figure = read("telecom_terms_2022").pack.body.figures["minutes_running_if_negligent"]
    assert read("telecom_terms_2022").figure(figure) == "2022-07-01부터 120분; 2023-03-01부터 0분"
    assert read("telecom_terms_2022", 1).figure(figure) == "120 minutes from 2022-07-01; 0 minutes from 2023-03-01"
