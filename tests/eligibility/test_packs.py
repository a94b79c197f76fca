"""The shipped packs hold the published figures, and a broken pack is refused with its code."""

# ruff: noqa: E501 - a case is one line

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from claims.eligibility import ClaimInput, EngineRefusal, FactInput, LossInput, check_examples, compile_terms, load_pack

from .cast import Document, at, document, fact, figures, lines_of, loss, october_4, official, pack, rule, shipped, shipped_pack


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_the_examples_of_a_shipped_pack_hold(path: Path) -> None:
    made = load_pack(path.read_text(encoding="utf-8"), path.name)
    assert check_examples(made) == []
    assert made.demonstration == ("demo" in path.parts)


def test_a_wrong_example_is_told() -> None:
    wrong = pack(rules=[rule(losses=None, amount=5)], examples=[{"name": "five", "expect": {"pays": 6}, "never": {"pays": 5}}])
    assert check_examples(wrong) == [
        "made_up: five: pays gives 5, expected 6",
        "made_up: five: pays gives 5, which it must never",
    ]


# --- the published figures, under the shipped record ---------------------------------------------

MESSAGES, BIKE, TAXI = "kakaotalk.text_message", "kakao_t_bike.ride_end_billing", "kakao_t_taxi_driver"
RIDE = {"ride_started_at": "2022-10-15T15:20:00+09:00", "ride_locked_at": "2022-10-15T15:42:00+09:00", "ride_charge": 53_450}
PRO = {"claimant_kind": "taxi_driver", "subscription_charge": 39_000, "subscription_started_at": "2022-09-01T00:00:00+09:00"}
CHAUFFEUR = PRO | {"claimant_kind": "chauffeur_driver", "subscription_charge": 22_000}
SHIFT = ("16 06:00", "16 14:00")


def answer(  # noqa: PLR0917
    code: str, version: int, service: str, span: tuple[str, str], facts: Document | None = None, word: str = "partner"
) -> Document:
    """The line of one claim with one loss, under the shipped record and one shipped pack."""
    made = shipped_pack(code)
    of_loss = {name for name, spec in made.body.facts.items() if spec.of == "loss"}
    told = tuple(FactInput(n, v, word, 1 if n in of_loss else None) for n, v in (facts or {}).items())
    terms = compile_terms(official(version), [made])
    (line,) = lines_of(terms, ClaimInput(1, (loss(1, service, *span),), told, (code,)))
    return line


@pytest.mark.parametrize(
    ("case", "code", "lost", "facts", "first", "second"),
    [
        ("U1 bike", "kakao_bike", (BIKE, ("15 15:20", "15 21:15")), RIDE, ("parked", None), ("eligible", 49_950)),
        ("U2 messages", "demo_message_credit", (MESSAGES, ("15 15:30", "15 22:00")), {}, ("eligible", 3250), ("eligible", 3250)),
        ("U3 messages", "demo_message_credit", (MESSAGES, ("15 15:00", "16 03:00")), {}, ("eligible", 5250), ("eligible", 5000)),
        ("U4 taxi", "kakao_mobility_membership", (TAXI, SHIFT), PRO, ("eligible", 2520), ("eligible", 7550)),
        ("chauffeur", "kakao_mobility_membership", ("kakao_t_chauffeur_driver", SHIFT), CHAUFFEUR, ("eligible", 1420), ("eligible", 4260)),
        ("U5 passenger", "kakao_mobility_membership", ("kakao_t.taxi_call", SHIFT), {"claimant_kind": "passenger"},
         ("not_eligible", 0), ("not_eligible", 0)),
        ("U7 bank", "demo_message_credit", ("unnamed_bank.banking", SHIFT), {}, ("parked", None), ("parked", None)),
        ("joined on 16 October", "kakao_mobility_membership", (TAXI, SHIFT), PRO | {"subscription_started_at": "2022-10-16T00:00:00+09:00"},
         ("not_eligible", 0), ("not_eligible", 0)),
    ],
)  # fmt: skip
def test_the_people_of_the_article(*, case: str, code: str, lost: Any, facts: Document, first: Any, second: Any) -> None:
    for version, wanted in ((1, first), (2, second)):
        line = answer(code, version, lost[0], lost[1], facts)
        assert (line["outcome"], line["quantity"]) == wanted, (case, version)


def test_the_seconds_of_u3_and_why_the_rest_does_not_count() -> None:
    one, two = (answer("demo_message_credit", version, MESSAGES, ("15 15:00", "16 03:00")) for version in (1, 2))
    assert (one["counted_seconds"], two["counted_seconds"]) == (37_800, 36_060)
    assert two["reasons"] == ["partly_outside_official_windows", "partly_in_window_not_counted"]
    assert shipped_pack("demo_message_credit").recovery_floor == 1000


def test_reasons_of_the_people() -> None:
    assert answer("kakao_bike", 1, BIKE, ("15 15:20", "15 21:15"), RIDE)["reasons"] == [
        "no_official_window",
        "citizen_report_only",
    ]
    late = PRO | {"subscription_started_at": "2022-10-16T00:00:00+09:00"}
    assert "not_a_member_on_15_october" in answer("kakao_mobility_membership", 2, TAXI, SHIFT, late)["reasons"]
    assert answer("demo_message_credit", 2, "kakao_t.taxi_call", SHIFT)["reasons"] == ["no_policy_pays"]
    bank = answer("demo_message_credit", 2, "unnamed_bank.banking", SHIFT)["reasons"]
    assert bank == ["no_official_window", "citizen_report_only"]


def test_the_taxi_driver_was_cut_off_through_the_dependency() -> None:
    """The driver app was back at 08:00, calling was not: eight hours."""
    terms = compile_terms(official(2), [])
    (line,) = lines_of(terms, ClaimInput(1, (loss(1, TAXI, *SHIFT),)))
    assert line["counted_seconds"] == 8 * 3600


def test_a_driver_who_only_says_so_is_quoted_and_reviewed() -> None:
    line = answer("kakao_mobility_membership", 2, TAXI, SHIFT, PRO, word="claimant")
    assert (line["outcome"], line["quantity"]) == ("needs_review", 7550)
    assert line["reasons"] == ["needs_proof:subscription_started_at", "needs_proof:subscription_charge"]


def test_a_ride_without_lock_event_is_reviewed() -> None:
    line = answer("kakao_bike", 2, BIKE, ("15 15:20", "15 21:15"), {k: v for k, v in RIDE.items() if k != "ride_locked_at"})
    assert (line["outcome"], line["quantity"]) == ("needs_review", None)
    assert "no_lock_event" in line["reasons"]


@pytest.mark.parametrize(
    ("declared", "wanted"),
    [(300_000, ("eligible", 30_000)), (300_001, ("eligible", 50_000)), (500_001, ("needs_review", None))],
)
def test_a_shop_by_its_verified_loss(declared: int, wanted: tuple[str, int | None]) -> None:
    facts = {"claimant_kind": "business", "declared_loss": declared}
    line = answer("kakao_small_business", 2, "kakaotalk.talk_channel", ("15 16:00", "15 20:00"), facts, word="staff")
    assert (line["outcome"], line["quantity"]) == wanted


def test_the_incident_of_4_october_is_measured_and_no_policy_pays() -> None:
    terms = compile_terms(october_4(), [])
    (window, *_) = [w for w in october_4().windows if w.service.startswith("kakaotalk")]
    (line,) = lines_of(terms, ClaimInput(1, (LossInput(1, window.service, at("4 14:20"), at("4 14:40")),)))
    assert (line["outcome"], line["reasons"]) == ("not_eligible", ["no_policy_pays"])
    assert 0 < line["counted_seconds"] <= 18 * 60


@pytest.mark.parametrize(("start", "seconds"), [("16 01:31", 0), ("16 01:30:59", 1)])
def test_a_loss_at_the_end_of_a_window(start: str, seconds: int) -> None:
    line = answer("demo_message_credit", 2, MESSAGES, (start, "16 01:40"))
    assert (line["counted_seconds"], line["quantity"]) == (seconds, 0)
    assert line["reasons"] == (["window_not_counted"] if not seconds else ["partly_in_window_not_counted", "nothing_owed"])


# --- broken packs --------------------------------------------------------------------------------


def broken(**more: Any) -> str:
    return yaml.safe_dump(document(**more), allow_unicode=True)


def condition(**more: Any) -> list[Document]:
    return [rule(require=[more])]


TIERS = {"on": 5, "above": "needs_review", "tiers": [{"up_to": 9, "pays": 1}, {"up_to": 9, "pays": 2}]}
LOSS_FACT = {"n": fact("integer", of="loss")}


@pytest.mark.parametrize(
    ("case", "text", "code", "told"),
    [
        ("unknown key", broken(suprise=1), "pack_invalid", "suprise"),
        ("missing key", broken(zone=None), "pack_invalid", "zone"),
        ("float figure", broken().replace("counted: seconds", "figure: 1.5"), "yaml_invalid", "1.5"),
        ("infinity", broken().replace("counted: seconds", "figure: .inf"), "yaml_invalid", "float"),
        ("text figure", broken(figures={"f": {"value": "5", "unit": "KRW", "source": "own"}}), "pack_invalid", "figures.f.value"),
        ("true as figure", broken(figures={"f": {"value": True, "unit": "KRW", "source": "own"}}), "pack_invalid", "figures.f.value"),
        ("duplicate key", broken() + "\nzone: Asia/Seoul\n", "yaml_invalid", "zone"),
        ("duplicate inner key", "pack: {a: 1, a: 2}", "yaml_invalid", "'a' appears twice"),
        ("no YAML", "pack: [", "yaml_invalid", "line"),
        ("two documents", "pack: 1\n---\npack: 1", "yaml_invalid", "document"),
        ("a list", "[1]", "pack_invalid", "mapping"),
        ("empty", "", "pack_invalid", "mapping"),
        ("a set", broken() + "\nx: !!set {a}\n", "pack_invalid", "set"),
        ("bytes", broken() + "\nx: !!binary aGk=\n", "pack_invalid", "bytes"),
        ("no number", "pack: !!int abc", "yaml_invalid", "abc"),
        ("endless number", "pack: " + "9" * 5000, "yaml_invalid", "digits"),
        ("alias", "pack: &one 1\ncode: *one", "yaml_invalid", "*one is an alias; write it out"),
        ("list as key", "? [a]\n: 1", "yaml_invalid", "unhashable"),
        ("too large", "#" * 200_001, "pack_too_large", "200,001"),
        ("long service code", broken(rules=[rule(losses={"services": ["a" + ".a" * 50]})]), "pack_invalid", "100 characters"),
        ("too deep", "pack: " + "[" * 3000 + "]" * 3000, "yaml_invalid", "recursion"),
        ("a Python object", "pack: !!python/object:os.system {}", "yaml_invalid", "python"),
        ("a quote asks for more than a decision", broken(facts={"x": fact("money", quote="staff")}), "pack_invalid", "quote: staff"),
        ("undeclared fact", broken(rules=[rule(amount={"fact": "nope"})]), "pack_reference", "no fact 'nope'"),
        ("undeclared fact of a condition", broken(rules=[rule(review=[{"fact": "nope", "above": 1, "reason": "r"}])]),
         "pack_reference", "no fact 'nope'"),
        ("undeclared figure", broken(rules=[rule(amount={"figure": "nope"})]), "pack_reference", "no figure 'nope'"),
        ("undeclared figure as divisor", broken(rules=[rule(amount={"divide": [1, {"figure": "nope"}]})]), "pack_reference", "'nope'"),
        ("undeclared source", broken(figures={"f": {"value": 1, "unit": "KRW", "source": "nope"}}), "pack_reference", "no source 'nope'"),
        ("undeclared reason", broken(rules=condition(that=1, above=0, reason="nope")), "pack_reference", "no reason 'nope'"),
        ("undeclared floor", broken(recovery_floor="nope"), "pack_reference", "'nope'"),
        ("undeclared rule in an example", broken(examples=[{"name": "e", "expect": {"nope": 1}}]), "pack_reference", "no rule 'nope'"),
        ("undeclared fact in an example", broken(examples=[{"name": "e", "facts": {"nope": 1}}]), "pack_reference", "no fact 'nope'"),
        ("undeclared fact in the scope", broken(scope=[{"fact": "nope", "above": 1}]), "pack_reference", "no fact 'nope'"),
        ("undeclared figure in the scope", broken(scope=[{"that": {"figure": "nope"}, "above": 1}]), "pack_reference", "'nope'"),
        ("fact of a loss in the scope", broken(facts=LOSS_FACT, scope=[{"fact": "n", "above": 1}]), "pack_reference", "belongs to a loss"),
        ("counted time in the scope", broken(scope=[{"that": {"counted": "seconds"}, "above": 1}]), "pack_reference", "scope"),
        ("undeclared date to extend", broken(rules=[rule(remedy={"instrument": "days", "unit": "day", "extends": "nope"})]), "pack_reference", "'nope'"),
        ("rule twice", broken(rules=[rule(), rule()]), "pack_reference", "appears twice"),
        ("tiers not ascending", broken(rules=[rule(amount=TIERS)]), "pack_invalid", "ascend"),
        ("unknown zone", broken(zone="Asia/Pangyo"), "pack_reference", "Asia/Pangyo"),
        ("a folder of zones", broken(zone="Asia"), "pack_reference", "zone"),
        ("two comparisons", broken(rules=condition(that=1, above=0, below=9, reason="r")), "pack_invalid", "one comparison"),
        ("no comparison", broken(rules=condition(that=1, reason="r")), "pack_invalid", "one comparison"),
        ("two subjects", broken(rules=condition(that=1, fact="x", above=0, reason="r")), "pack_invalid", "either"),
        ("no reason", broken(rules=condition(that=1, above=0)), "pack_invalid", "reason"),
        ("loss fact without each", broken(facts=LOSS_FACT, rules=[rule(amount={"fact": "n"})]), "pack_reference", "each: true"),
        ("counted time without losses", broken(rules=[rule(losses=None)]), "pack_reference", "losses"),
        ("unknown amount", broken(rules=[rule(amount={"guess": 1})]), "pack_invalid", "whole number or one of"),
        ("two amounts in one", broken(rules=[rule(amount={"fact": "x", "figure": "y"})]), "pack_invalid", "whole number or one of"),
        ("division by zero", broken(rules=[rule(amount={"divide": [1, 0]})]), "pack_invalid", "divide"),
        ("division by a fact", broken(rules=[rule(amount={"divide": [1, {"fact": "x"}]})]), "pack_invalid", "divide"),
        ("no rules", broken(rules=[]), "pack_invalid", "rules"),
        ("no examples", broken(examples=[]), "pack_invalid", "examples"),
        ("no day", broken(incidents={"from": "2022-13-01"}), "pack_invalid", "incidents"),
        ("year 1", broken(incidents={"from": "0001-01-01"}), "pack_invalid", "incidents"),
        ("service code", broken(rules=[rule(losses={"services": ["A b"]})]), "pack_invalid", "services"),
    ],
)  # fmt: skip
def test_a_broken_pack_is_refused(case: str, text: str, code: str, told: str) -> None:
    with pytest.raises(EngineRefusal) as refused:
        load_pack(text, "broken.yaml")
    assert refused.value.code == code, case
    assert told in str(refused.value)
    assert "broken.yaml" in str(refused.value)


@pytest.mark.parametrize(
    ("case", "example", "code"),
    [
        ("naive time", {"from": "2022-10-15T15:30:00", "before": "2022-10-15T16:30:00"}, "timezone_required"),
        ("ends before it starts", {"from": "2022-10-15T15:30:00Z", "before": "2022-10-15T14:30:00Z"}, "interval_invalid"),
        ("year 1", {"from": "0001-01-01T00:00:00Z", "before": "2022-10-15T14:30:00Z"}, "out_of_range"),
        ("year 9999", {"from": "2022-10-15T15:30:00Z", "before": "9999-12-31T23:59:59Z"}, "out_of_range"),
    ],
)
def test_a_broken_time_in_an_example_is_refused(case: str, example: Document, code: str) -> None:
    made = pack(examples=[{"name": "e", "losses": [{"service": "a", **example}], "expect": {"pays": 1}}])
    with pytest.raises(EngineRefusal) as refused:
        check_examples(made)
    assert refused.value.code == code, case


def test_equal_content_gives_an_equal_hash_and_another_figure_another() -> None:
    text = broken(figures=figures(f=1))
    same = load_pack("# a comment\n" + text, "a")
    assert same.content_hash == load_pack(text, "b").content_hash
    assert same.content_hash != load_pack(text.replace("value: 1", "value: 2"), "b").content_hash
