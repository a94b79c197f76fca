"""The shipped packs hold the published figures, and a broken pack is refused with its code."""

# ruff: noqa: E501 - a case is one line

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from claims.eligibility import ClaimInput, FactInput, LossInput, PackRefusal, check_examples, compile_terms, load_pack, remarks

from .cast import Document, at, document, fact, figures, lines_of, loss, october_4, official, pack, rule, shipped, shipped_pack


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_the_examples_of_a_shipped_pack_hold(path: Path) -> None:
    made = load_pack(path.read_text(encoding="utf-8"), path.name)
    assert check_examples(made) == []
    assert made.demonstration == ("demo" in path.parts)


WORKED = {  # worked examples of each scheme in the collection of 22 that the packs were written from, 115 in all
    "K1": 7, "K2": 4, "K4": 5, "K5": 5, "K6": 3, "K7": 4, "T1": 4, "T4": 7, "T5": 5, "T6": 5, "T7": 6, "A1": 3, "A3": 3,
    "A4": 4, "A5": 9, "A7": 5, "A8": 6, "A10": 7, "A11": 6, "A13": 6, "S1": 7, "S4": 4,
}  # fmt: skip


def test_every_scheme_has_all_its_worked_examples() -> None:
    """One of them is a trap: 6 of 31 days of 39,000 won, which 30 as the divisor would make 7,800."""
    packs = [load_pack(path.read_text(encoding="utf-8"), path.name) for path in shipped() if "demo" not in path.parts]
    found: dict[str, int] = dict.fromkeys(WORKED, 0)
    for made in packs:
        found[made.body.scheme] += len(made.body.examples)
    assert (len(WORKED), sum(WORKED.values())) == (22, 115)
    assert {scheme: count for scheme, count in found.items() if count < WORKED[scheme]} == {}
    assert [one.never for made in packs for one in made.body.examples if one.never] == [{"fee_of_days": 7800}]


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
    facts = {"claimant_kind": "business", "declared_loss": declared, "claim_filed_at": "2023-02-10T09:00:00+09:00"}
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


@pytest.mark.parametrize(
    ("case", "text", "told"),
    [
        ("no YAML", "pack: [", "broken.yaml:1: yaml_invalid: no YAML: while parsing a flow node, expected the node content, but found '<stream end>'; look at the indentation, brackets and quotes of this line and those before it"),
        ("a tabulator", "pack:\n\t1", "broken.yaml:2: yaml_invalid: no YAML: while scanning for the next token, found character '\\t' that cannot start any token; look at the indentation, brackets and quotes of this line and those before it"),
        ("a control character", "pack: 1\ncode: \a", "broken.yaml:2: yaml_invalid: the character '\\x07' is not allowed; take it out"),
        ("an escape that is none", 'pack: "\\U00110000"', "broken.yaml: yaml_invalid: a value cannot be read: chr() arg not in range(0x110000)"),
        ("a list", "[1]", "broken.yaml: pack_invalid: found [1], expected a mapping: pack, code, ..."),
        ("empty", "", "broken.yaml: pack_invalid: found null, expected a mapping: pack, code, ..."),
        ("a set", "pack: !!set {a}", "broken.yaml:1: yaml_invalid: !!set is a tag; take it out and write the value in plain"),
        ("a Python object", "pack: !!python/object:os.system {}", "broken.yaml:1: yaml_invalid: !!python/object:os.system is a tag; take it out and write the value in plain"),
        ("endless number", "pack: " + "9" * 5000, f'broken.yaml:1: yaml_invalid: pack: found {"9" * 30}, expected a whole number like 12 (of money the minor units), an exact number in quotes like "12.5", or a text in quotes'),
        ("list as key", "pack: 1\n? [a]\n: 1", "broken.yaml:2: yaml_invalid: found a list or a mapping as a key, expected a text"),
        ("too large", "#" * 200_001, "broken.yaml: pack_too_large: found 200,001 characters, expected at most 200,000; make several packs of it"),
        ("too deep", "pack: " + "[" * 3000 + "]" * 3000, "broken.yaml: yaml_invalid: lists and mappings are nested too deep to be read; write them flatter"),
        ("no rules", broken(rules=[]), "broken.yaml:9: pack_invalid: rules: found [], expected 1 or more entries"),
        ("no examples", broken(examples=[]), "broken.yaml:2: pack_invalid: examples: found [], expected 1 or more entries"),
    ],
)  # fmt: skip
def test_a_text_that_is_no_pack_is_refused(case: str, text: str, told: str) -> None:
    with pytest.raises(PackRefusal) as refused:
        load_pack(text, "broken.yaml")
    assert str(refused.value) == told, case


def test_equal_content_gives_an_equal_hash_and_another_figure_another() -> None:
    text = broken(figures=figures(f=1))
    same = load_pack("# a comment\n" + text, "a")
    assert same.content_hash == load_pack(text, "b").content_hash
    assert same.content_hash != load_pack(text.replace("value: 1", "value: 2"), "b").content_hash


# --- what an example can tell ---------------------------------------------------------------------

WINDOW: Document = {"service": "a", "from": "2022-10-15T10:00:00+09:00", "before": "2022-10-15T12:00:00+09:00"}
HELD = {"subscription": ["a"], "value": "ended_at"}
CHARGED = {"charge": fact("money", of="loss"), "member": fact("boolean"), "until": fact("instant", attested_by=HELD)}


def told(expect: Document, facts: Document | None = None, losses: list[Document] | None = None, **more: Any) -> list[str]:
    """What differs in one example of a pack whose rule gives back the charge of each loss of a member."""
    refund = rule(
        losses={"services": ["a"], "each": True}, applies=[{"fact": "member", "is": True}], amount={"fact": "charge"},
        remedy={"instrument": "days", "unit": "day", "extends": "until"},
    )  # fmt: skip
    example = {"name": "one", "facts": facts or {}, "losses": losses or [WINDOW], "windows": [WINDOW], "expect": expect}
    return check_examples(pack(facts=CHARGED, rules=[refund], examples=[example], **more))


def test_an_example_tells_facts_of_each_loss() -> None:
    losses = [WINDOW | {"facts": {"charge": 5}}, WINDOW | {"facts": {"charge": 20}}, WINDOW]
    assert told({"pays": 32}, {"member": True, "charge": 7}, losses) == []


@pytest.mark.parametrize("weak", ["member", "until", "charge"])
def test_an_example_tells_whose_word_a_fact_is(weak: str) -> None:
    """Also of what lets a rule apply, and of the day that the remedy extends."""
    facts: Document = {"member": True, "until": "2022-10-31T00:00:00+09:00", "charge": 3}
    assert told({"pays": {"quantity": 3, "until": "2022-11-03"}}, facts) == []
    weaker = facts | {weak: {"value": facts[weak], "by": "claimant"}}
    assert told({"pays": {"outcome": "needs_review", "reasons": [f"needs_proof:{weak}"]}}, weaker) == []


def test_an_example_before_the_pack_is_valid_gets_no_line() -> None:
    facts = {"member": True, "charge": 3}
    later = {"from": "2022-10-16"}
    assert told({"pays": "no line"}, facts, incidents=later) == []
    why = "made_up: one: pays gives no line, as its incident starts outside of `incidents`, expected 3"
    assert told({"pays": 3}, facts, incidents=later) == [why]


def test_an_amount_by_where_losses_end_is_for_a_person_where_no_window_says_so() -> None:
    days = {"subtract": [{"day_of": {"at": "end", "of": "losses"}}, {"day_of": {"at": "start", "of": "losses"}}]}
    longer = WINDOW | {"before": "2022-10-25T12:00:00+09:00"}
    for lost, overlap, expected in (
        (WINDOW, "required", {"quantity": 0}),
        (longer, "required", {"outcome": "needs_review", "reasons": ["loss_not_confirmed"]}),
        (longer, "not_required", {"quantity": 10}),  # the scheme says itself that it takes their word
    ):
        by_days = rule(losses={"services": ["a"], "overlap": overlap}, amount=days)
        example = {"name": "one", "losses": [lost], "windows": [WINDOW], "expect": {"pays": expected}}
        assert check_examples(pack(rules=[by_days], examples=[example])) == []


def test_tiers_end_at_figures() -> None:
    tiers = {
        "tiers": [{"up_to": {"figure": "few"}, "pays": 1}, {"above": {"figure": "few"}, "pays": 2}],
        "of": {"counted": "hours"},
    }
    for hours, pays in ((1, 2), (2, 1)):
        examples = [{"name": "two hours", "losses": [WINDOW], "windows": [WINDOW], "expect": {"pays": pays}}]
        assert check_examples(pack(figures=figures(few=hours), rules=[rule(amount=tiers)], examples=examples)) == []


def test_each_piece_knows_its_ends() -> None:
    """Two runs of one and two hours, half an hour apart, which one gap joins: three and a half hours from end to end."""
    ends = [("10:00", "11:00"), ("11:30", "13:30")]
    windows = [WINDOW | {"from": f"2022-10-15T{start}:00+09:00", "before": f"2022-10-15T{end}:00+09:00"} for start, end in ends]
    lasted = {"between": [{"at": "start", "of": "piece"}, {"at": "end", "of": "piece"}], "in": "minutes"}
    for gap, minutes in (({}, 120), ({"gap_minutes": 30}, 210)):
        longest = rule(amount={"greatest": lasted, "each": "run", **gap})
        example = {"name": "two runs", "losses": windows, "windows": windows, "expect": {"pays": minutes}}
        assert check_examples(pack(rules=[longest], examples=[example])) == []


def test_what_nothing_uses_is_remarked() -> None:
    made = pack(facts={"fee": fact("money")}, figures=figures(cap=1), amounts={"half": 5}, reasons={"late": {"en": "Late."}})
    assert list(remarks(made.body)) == [
        f"{name}: nothing uses it; use it, or take it out"
        for name in ("facts.fee", "figures.cap", "amounts.half", "reasons.late")
    ]


def test_an_option_that_gives_nothing_and_a_wish_to_be_proved_are_remarked() -> None:
    given = {"amount": 1, "remedy": {"instrument": "points", "unit": "point"}}
    choices = [{"option": "one", **given}]
    chosen = {"choices": choices, "chosen_by": "wish", "amount": None, "remedy": None, "losses": None}
    made = pack(facts={"wish": fact("text", values=["one", "two"], decide="claimant")}, rules=[rule(**chosen)])
    assert list(remarks(made.body)) == ["rules.pays: nothing is given to who chooses two; if that is meant, leave it so"]
    made = pack(facts={"wish": fact("text", values=["one"])}, rules=[rule(**chosen)])
    told = "facts.wish: claimants choose by it, and nobody can prove a wish; say `decide: claimant`"
    assert list(remarks(made.body)) == [told]


def test_a_figure_in_another_unit_than_the_time_it_is_held_against_is_remarked() -> None:
    minutes = {"shortest": {"value": 60, "unit": "minutes", "source": "own"}}
    for counted, told in (
        ("hours", ["figures.shortest: it is in minutes, and time counted in hours is held against it"]),
        ("minutes", []),
    ):
        time = {"counted": counted}
        shapes = (
            {"require": [{"that": time, "at_least": {"figure": "shortest"}, "reason": "short"}]},
            {"amount": {"started": time, "per": {"figure": "shortest"}}},
            {"amount": {"tiers": [{"up_to": {"figure": "shortest"}, "pays": 0}, {"pays": 1}], "of": time}},
        )
        for shape in shapes:
            made = pack(figures=minutes, rules=[rule(**shape)], reasons={"short": {"en": "Short."}})
            assert [line for line in remarks(made.body) if "reasons." not in line] == told


# --- what overlaps, and what is open --------------------------------------------------------------


@pytest.mark.parametrize("shares", [(100, 900), (900, 100)])
def test_of_windows_that_overlap_the_greatest_weight_counts(shares: tuple[int, int]) -> None:
    windows = [WINDOW | {"users_permille": share} for share in shares]
    by_share = rule(windows={"by_share_of_users": True}, amount={"counted": "minutes"})
    example = {"name": "two hours", "losses": [WINDOW], "windows": windows, "expect": {"pays": 108}}
    assert check_examples(pack(rules=[by_share], examples=[example])) == []


def test_a_sum_is_not_too_small_while_a_line_under_the_same_minimum_is_open() -> None:
    rules = [rule(losses=None, amount=300), rule(code="second", losses=None, amount={"fact": "fee"})]
    limit = {"rules": ["pays", "second"], "minimum": {"at_least": 1000}}
    unknown = {"outcome": "unknown", "reasons": ["limit_unknown"]}
    for facts, expected in (({}, unknown), ({"fee": 699}, {"quantity": 0}), ({"fee": 700}, {"quantity": 300})):
        example = {"name": "one", "facts": facts, "expect": {"pays": expected}}
        assert check_examples(pack(facts={"fee": fact("money")}, rules=rules, limits=[limit], examples=[example])) == []


def test_a_minimum_that_only_a_line_under_review_lifts_is_not_known_to_be_reached() -> None:
    asked = [{"fact": "sure", "is": False, "reason": "doubt"}]
    rules = [rule(losses=None, amount=900, review=asked), rule(code="second", losses=None, amount=100)]
    limit = {"rules": ["pays", "second"], "minimum": {"at_least": 500}}
    unknown = {"outcome": "unknown", "reasons": ["limit_unknown"]}
    for sure, expected in ((True, {"quantity": 100}), (False, unknown)):
        example = {"name": "one", "facts": {"sure": sure}, "expect": {"second": expected}}
        made = pack(facts={"sure": fact("boolean")}, rules=rules, limits=[limit], examples=[example],
                    reasons={"doubt": {"en": "A person looks at it."}})  # fmt: skip
        assert check_examples(made) == []


def test_days_by_one_choice_move_its_own_date() -> None:
    """Also where it is a fact of the incident."""
    remedies = [{"instrument": "days", "unit": "day", "extends": day} for day in ("first", "second")]
    choices = [
        {"when": [{"fact": "member", "is": held}], "amount": 3, "remedy": one}
        for held, one in zip((True, False), remedies, strict=True)
    ]
    facts = {"member": fact("boolean"), "first": fact("date"), "second": fact("date", of="incident")}
    told = {"first": "2022-10-31", "second": "2022-12-31"}
    examples = [
        {"name": day, "facts": {"member": member, **told}, "expect": {"pays": {"quantity": 3, "until": day}}}
        for member, day in ((True, "2022-11-03"), (False, "2023-01-03"))
    ]
    made = pack(facts=facts, rules=[rule(losses=None, amount=None, remedy=None, choices=choices)], examples=examples)
    assert check_examples(made) == []
