"""Which seconds count: touching, open windows, dependencies, parents, sources."""

from __future__ import annotations

from typing import Any

import pytest

from claims.eligibility import ClaimInput, LossInput, Record, compile_terms

from . import oracle
from .cast import at, counted, lines_of, loss, one_line, pack, record, rule, window

DOWN = record(window("a", "15 15:30", "15 16:30"))
OPEN = record(window("a", "15 15:30", None), as_of=at("15 17:00"))
APART = record(window("a", "15 15:00", "15 15:10"), window("a", "15 15:20", "15 15:30"), window("a", "15 15:25", "15 15:40"))


@pytest.mark.parametrize(
    ("case", "official", "lost", "seconds"),
    [
        ("only the overlap counts", DOWN, [("15 15:00", "15 16:00")], 1800),
        ("the loss around the window", DOWN, [("15 00:00", "16 00:00")], 3600),
        ("the loss inside the window", DOWN, [("15 15:31", "15 15:32:01")], 61),
        ("touching the end is not overlapping", DOWN, [("15 16:30", "15 17:00")], 0),
        ("touching the start is not overlapping", DOWN, [("15 15:00", "15 15:30")], 0),
        ("one second before the end", DOWN, [("15 16:29:59", "15 17:00")], 1),
        ("one second after the start", DOWN, [("15 15:00", "15 15:30:01")], 1),
        ("an open window ends at as_of", OPEN, [("15 16:00", "16 00:00")], 3600),
        ("a loss after as_of", OPEN, [("15 17:00", "15 18:00")], 0),
        ("the gap between windows does not count", APART, [("15 14:00", "15 18:00")], 1800),
        ("overlapping losses count once", DOWN, [("15 15:30", "15 16:00"), ("15 15:45", "15 16:10")], 2400),
        ("a loss inside another", DOWN, [("15 15:30", "15 16:30"), ("15 15:40", "15 15:41"), ("15 16:00", "15 16:40")], 3600),
        ("the same loss twice", DOWN, [("15 15:30", "15 15:40"), ("15 15:30", "15 15:40")], 600),
        ("losses apart add up", DOWN, [("15 15:30", "15 15:40"), ("15 16:00", "15 16:10")], 1200),
    ],
)
def test_counted_seconds(case: str, official: Record, lost: list[tuple[str, str]], seconds: int) -> None:
    losses = [loss(i, "a", *span) for i, span in enumerate(lost, start=1)]
    assert counted(official, *losses) == seconds, case
    assert oracle.seconds_by_clock(official, losses, {}) == seconds


NEEDY = record(
    window("calls", "15 15:30", "17 18:00"), window("app", "15 15:30", "16 08:00"), needs={"app": ["calls"], "calls": ["app"]}
)
FAMILY = record(
    window("p", "15 10:00", "15 20:00"), window("p.own", "15 12:00", "15 13:00"),
    services=["p.plain", "p.plain.deep", "pq"], needs={"p": ["d"]},
)  # fmt: skip
CHAIN = record(window("far", "15 10:00", "15 11:00"), needs={"near.x": ["middle"], "middle": ["far"]}, services=["near"])
BELOW = record(window("far", "15 10:00", "15 11:00"), needs={"up": ["far"]}, services=["up.x.y"])
RANKED = record(window("a", "15 10:00", "15 11:00", source="mobility"), window("a", "15 10:00", "15 20:00", source="press"))
MIXED = record(
    window("a", "15 10:00", "15 12:00", severity="partial", scope="some_users"), window("a", "15 11:00", "15 11:30"),
)  # fmt: skip
DAY = ("15 00:00", "16 00:00")


@pytest.mark.parametrize(
    ("case", "official", "service", "span", "windows", "seconds"),
    [
        ("a dependency counts after the service is back", NEEDY, "app", ("16 08:00", "16 14:00"), {}, 6 * 3600),
        ("dependencies may form a ring", NEEDY, "calls", ("16 08:00", "16 14:00"), {}, 6 * 3600),
        ("through another dependency", CHAIN, "near.x", DAY, {}, 3600),
        ("what a parent needs takes its children too", BELOW, "up.x.y", DAY, {}, 3600),
        ("a dependency of the child is not the parent's", CHAIN, "near", DAY, {}, 0),
        ("a child without windows inherits its parent's", FAMILY, "p.plain", DAY, {}, 10 * 3600),
        ("a grandchild too", FAMILY, "p.plain.deep", DAY, {}, 10 * 3600),
        ("a child with windows of its own does not", FAMILY, "p.own", DAY, {}, 3600),
        ("a parent does not take a child's", FAMILY, "p", DAY, {}, 10 * 3600),
        ("a name that only begins alike is no child", FAMILY, "pq", DAY, {}, 0),
        ("the better ranked source governs", RANKED, "a", DAY, {}, 3600),
        ("a rule may name another source", RANKED, "a", DAY, {"source": "press"}, 10 * 3600),
        ("a source without windows", RANKED, "a", DAY, {"source": "operator"}, 0),
        ("every severity by default", MIXED, "a", DAY, {}, 2 * 3600),
        ("only full: what counts beats what does not", MIXED, "a", DAY, {"severities": ["full"]}, 1800),
        ("only for all users", MIXED, "a", DAY, {"scopes": ["all"]}, 1800),
        ("only partial: the full window beside it does not hide it", MIXED, "a", DAY, {"severities": ["partial"]}, 2 * 3600),
    ],
)
def test_windows_of_a_service(
    *, case: str, official: Record, service: str, span: tuple[str, str], windows: dict[str, Any], seconds: int
) -> None:
    assert counted(official, loss(1, service, *span), **windows) == seconds, case


def test_losses_of_two_services_at_the_same_time_count_once() -> None:
    both = record(window("a", "15 10:00", "15 11:00"), window("b", "15 10:30", "15 11:30"))
    assert counted(both, loss(1, "a", *DAY), loss(2, "b", *DAY)) == 5400


def test_half_a_second_is_cut_off_only_at_the_end() -> None:
    down = record(window("a", "15 15:30", "15 15:30:01"), window("a", "15 15:40", "15 15:40:01"))
    half = [(1, at("15 15:30"), at("15 15:30") + 500_000), (2, at("15 15:40"), at("15 15:40") + 500_000)]
    losses = [LossInput(number, "a", start, end) for number, start, end in half]
    assert counted(down, losses[0]) == 0
    assert counted(down, *losses) == 1


@pytest.mark.parametrize(
    ("case", "span", "outcome", "reasons"),
    [
        ("inside", ("15 15:30", "15 16:00"), "eligible", []),
        ("before and inside", ("15 15:00", "15 16:00"), "eligible", ["partly_outside_official_windows"]),
        ("inside and in a partial window", ("15 16:00", "15 17:00"), "eligible", ["partly_in_window_not_counted"]),
        ("only in the partial window", ("15 16:40", "15 16:50"), "not_eligible", ["window_not_counted"]),
        ("in the partial window and outside", ("15 16:40", "15 19:00"), "not_eligible", ["window_not_counted"]),
        ("outside", ("15 18:00", "15 19:00"), "not_eligible", ["outside_official_windows"]),
        (
            "all of it",
            ("15 15:00", "15 19:00"),
            "eligible",
            ["partly_outside_official_windows", "partly_in_window_not_counted"],
        ),
    ],
)
def test_the_answer_says_which_time_did_not_count(case: str, span: tuple[str, str], outcome: str, reasons: list[str]) -> None:
    official = record(window("a", "15 15:30", "15 16:30"), window("a", "15 16:30", "15 18:00", severity="partial"))
    line = one_line(official, pack(rules=[rule(windows={"severities": ["full"]})]), loss(1, "a", *span))
    assert (line["outcome"], line["reasons"]) == (outcome, reasons), case


@pytest.mark.parametrize(
    ("case", "announced", "planned", "seconds"),
    [
        ("it does not count where nothing is said", "14 15:30", {}, 0),
        ("nor where nobody says that it was announced", None, {}, 0),
        ("never", None, {"counts": "never"}, 0),
        ("always", "01 00:00", {"counts": "always"}, 3600),
        ("unannounced", None, {"counts": "unannounced"}, 3600),
        ("announced when it began", "15 15:30", {"counts": "unannounced"}, 0),
        ("announced a second after it began", "15 15:30:01", {"counts": "unannounced"}, 3600),
        ("announced a day before", "14 15:30", {"counts": "unannounced", "hours_before": 24}, 0),
        ("announced a second less than a day before", "14 15:30:01", {"counts": "unannounced", "hours_before": 24}, 3600),
        ("unannounced where a day is asked for", None, {"counts": "unannounced", "hours_before": 24}, 3600),
    ],
)
def test_planned_maintenance_counts_as_the_rule_says(
    case: str, announced: str | None, planned: dict[str, Any], seconds: int
) -> None:
    moment = None if announced is None else at(announced)
    down = record(window("a", "15 15:30", "15 16:30", planned=True, announced_at=moment))
    windows = {"planned": planned} if planned else {}
    assert counted(down, loss(1, "a", *DAY), **windows) == seconds, case
    assert oracle.seconds_by_clock(down, [loss(1, "a", *DAY)], windows) == seconds


def test_of_an_outage_the_time_of_its_announcement_means_nothing() -> None:
    down = record(window("a", "15 15:30", "15 16:30", announced_at=at("01 00:00")))
    assert counted(down, loss(1, "a", *DAY), planned={"counts": "unannounced"}) == 3600


def test_an_outage_within_planned_maintenance_counts() -> None:
    down = record(window("a", "15 10:00", "15 20:00", planned=True), window("a", "15 15:00", "15 16:00", severity="partial"))
    assert counted(down, loss(1, "a", *DAY)) == 3600


@pytest.mark.parametrize(
    ("case", "planned", "span", "outcome", "reasons"),
    [
        ("at the hour of the maintenance", {}, ("15 10:00", "15 11:00"), "not_eligible", ["planned_maintenance"]),
        ("within the outage", {}, ("15 15:00", "15 16:00"), "eligible", []),
        ("where both speak", {}, ("15 11:00", "15 12:00"), "eligible", []),
        ("in both", {}, ("15 10:30", "15 11:30"), "eligible", ["partly_in_planned_maintenance"]),
        ("in maintenance that counts", {"counts": "always"}, ("15 10:00", "15 12:00"), "eligible", []),
        ("in lesser maintenance", {"counts": "always"}, ("15 20:00", "15 21:00"), "not_eligible", ["outside_official_windows"]),
    ],
)
def test_maintenance_by_a_better_source_hides_no_outage_of_another(
    case: str, planned: dict[str, Any], span: tuple[str, str], outcome: str, reasons: list[str]
) -> None:
    down = record(
        window("a", "15 10:00", "15 12:00", planned=True), window("a", "15 11:00", "15 16:00", source="press"),
        window("a", "15 20:00", "15 21:00", planned=True, source="press"),
    )  # fmt: skip
    windows = {"planned": planned} if planned else {}
    line = one_line(down, pack(rules=[rule(windows=windows)]), loss(1, "a", *span))
    assert (line["outcome"], line["reasons"]) == (outcome, reasons), case
    assert oracle.seconds_by_clock(down, [loss(1, "a", *span)], windows) == line["counted_seconds"]


def test_maintenance_of_a_child_hides_no_outage_of_its_parent() -> None:
    down = record(window("a", "15 10:00", "15 12:00"), window("a.b", "15 02:00", "15 03:00", planned=True))
    assert counted(down, loss(1, "a.b", *DAY), planned={"counts": "never"}) == 7200
    assert counted(down, loss(1, "a.b", *DAY), planned={"counts": "always"}) == 10_800
    down = record(window("a", "15 10:00", "15 12:00"), window("a.b", "15 11:00", "15 11:30"))
    assert counted(down, loss(1, "a.b", *DAY)) == 1800


def test_a_window_that_the_scheme_states_counts_whatever_is_said_of_planned_ones() -> None:
    stated = [{"services": ["a"], "from": "2022-10-15T10:00:00+09:00", "before": "2022-10-15T11:00:00+09:00", "source": "own"}]
    down = record(window("a", "15 10:00", "15 20:00", planned=True))
    assert counted(down, loss(1, "a", *DAY), stated=stated, planned={"counts": "never"}) == 3600


@pytest.mark.parametrize(
    ("case", "span", "outcome", "reasons"),
    [
        ("only in maintenance", ("15 16:40", "15 17:00"), "not_eligible", ["planned_maintenance"]),
        (
            "in maintenance, in the partial window and outside",
            ("15 17:30", "15 19:30"),
            "not_eligible",
            ["window_not_counted", "planned_maintenance"],
        ),
        ("in an outage and in maintenance", ("15 16:00", "15 17:00"), "eligible", ["partly_in_planned_maintenance"]),
        ("only in the partial window", ("15 18:10", "15 18:50"), "not_eligible", ["window_not_counted"]),
        (
            "all of it",
            ("15 15:00", "15 19:00"),
            "eligible",
            ["partly_outside_official_windows", "partly_in_window_not_counted", "partly_in_planned_maintenance"],
        ),
    ],
)
@pytest.mark.parametrize("each", [False, True])
def test_the_answer_tells_planned_maintenance_apart(
    *, each: bool, case: str, span: tuple[str, str], outcome: str, reasons: list[str]
) -> None:
    official = record(
        window("a", "15 15:30", "15 16:30"), window("a", "15 16:30", "15 18:00", planned=True),
        window("a", "15 18:00", "15 19:00", severity="partial"),
    )  # fmt: skip
    made = pack(rules=[rule(losses={"services": ["a"], "each": each}, windows={"severities": ["full"]})])
    line = one_line(official, made, loss(1, "a", *span))
    assert (line["outcome"], line["reasons"]) == (outcome, reasons), case


def test_hours_that_do_not_count_are_no_planned_maintenance() -> None:
    official = record(window("a", "15 10:00", "15 12:00", planned=True))
    scope = {"planned": {"counts": "always"}, "hours": [{"from": "11:00", "before": "12:00"}]}
    line = one_line(official, pack(rules=[rule(windows=scope)]), loss(1, "a", "15 10:00", "15 11:00"))
    assert line["reasons"] == ["window_not_counted"]


def test_a_service_that_was_only_maintained_is_not_parked_but_answered() -> None:
    """Also where no policy speaks of it, all of the record is measured."""
    official = record(window("a", "15 10:00", "15 11:00", planned=True), window("b", "15 10:00", "15 11:00", planned=True))
    terms = compile_terms(official, [pack()])
    lines = lines_of(terms, ClaimInput(1, (loss(1, "a", "15 10:00", "15 10:01"), loss(2, "b", "15 10:00", "15 10:01"))))
    assert [(line["outcome"], line["reasons"], line["counted_seconds"]) for line in lines] == [
        ("not_eligible", ["planned_maintenance"], 0), ("not_eligible", ["no_policy_pays"], 60),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("service", "outcome", "reasons"),
    [
        ("down", "not_eligible", ["no_policy_pays"]),
        ("quiet", "parked", ["no_official_window"]),
        ("told", "parked", ["no_official_window", "citizen_report_only"]),
        ("tree", "unknown", ["function_not_named"]),
        ("tree.part", "not_eligible", ["no_policy_pays"]),
    ],
)
def test_a_loss_that_no_rule_speaks_of_is_answered(service: str, outcome: str, reasons: list[str]) -> None:
    official = record(
        window("down", "15 10:00", "15 11:00"), window("tree.part", "15 10:00", "15 11:00"),
        services=["quiet", "told", "a"], reported=("told",),
    )  # fmt: skip
    line = one_line(official, pack(), loss(1, service, "15 10:00", "15 10:01"))
    assert (line["rule"], line["outcome"], line["reasons"]) == (None, outcome, reasons)
    assert line["counted_seconds"] == (60 if outcome == "not_eligible" else 0)


def test_a_claim_can_have_lines_of_different_outcome() -> None:
    terms = compile_terms(record(window("a", "15 10:00", "15 11:00"), services=["bike"]), [pack()])
    lines = lines_of(terms, ClaimInput(1, (loss(1, "bike", *DAY), loss(2, "a", *DAY))))
    assert [(line["position"], line["rule"], line["outcome"]) for line in lines] == [(0, 0, "eligible"), (1, None, "parked")]


def test_one_line_per_loss_where_the_rule_says_each() -> None:
    each = pack(rules=[rule(losses={"services": ["a"], "each": True})])
    lines = lines_of(
        compile_terms(DOWN, [each]), ClaimInput(1, (loss(7, "a", "15 15:30", "15 15:40"), loss(5, "a", "15 15:35", "15 15:45")))
    )
    assert [(line["loss"], line["quantity"]) for line in lines] == [(5, 600), (7, 600)]
