"""`make demo`, run as a newcomer runs it, and the numbers it must show."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from config.supervisor import BASE_DIR

PARKED, ELIGIBLE, REFUSED, REVIEW, UNKNOWN = "parked", "eligible", "not_eligible", "needs_review", "unknown"
BIKE, MEMBERSHIP, MESSAGES, SHOPS = "kakao_bike", "kakao_mobility_membership", "demo_message_credit", "kakao_small_business"
MELON, GIFT = "melon_extension", "kakao_goodwill"


pytestmark = pytest.mark.timeout(900)


@dataclass(frozen=True)
class Demo:
    rows: list[dict[str, Any]]
    output: str

    def line(self, persona: str, version: int, policy: str | None) -> dict[str, Any]:
        found = [r for r in self.rows if (r["persona"], r["record_version"], r["policy"]) == (persona, version, policy)]
        assert len(found) == 1, f"{persona} under version {version}: {found}"
        return found[0]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    var = tmp_path_factory.mktemp("demo")
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    environment["CLAIMS_VAR"] = str(var)
    ran = subprocess.run(
        [sys.executable, "-m", "config.entry", "demo", "--lang", "en"],
        check=False, capture_output=True, text=True, timeout=850, cwd=BASE_DIR, env=environment,
    )  # fmt: skip
    result = Path(var, "demo", "result.json")
    told = result.read_text(encoding="utf-8") if result.exists() else ""
    subprocess.run([sys.executable, "-m", "config.embedded", "destroy", "demo"], check=True, cwd=BASE_DIR, env=environment)
    assert ran.returncode == 0, ran.stderr[-3000:] + ran.stdout[-3000:]
    return Demo(json.loads(told), ran.stdout)


@pytest.mark.parametrize(
    ("persona", "policy", "first", "second"),
    [
        ("U1", BIKE, (PARKED, None, 0), (ELIGIBLE, 49_950, 19_980)),
        ("U2", MESSAGES, (ELIGIBLE, 3_250, 23_400), (ELIGIBLE, 3_250, 23_400)),
        ("U3", MESSAGES, (ELIGIBLE, 5_250, 37_800), (ELIGIBLE, 5_000, 36_060)),
        ("U4", MEMBERSHIP, (ELIGIBLE, 2_520, 28_800), (ELIGIBLE, 7_550, 28_800)),
        ("U5", None, (REFUSED, 0, 9_000), (REFUSED, 0, 9_000)),
        ("U6", None, (REFUSED, 0, 57_600), (REFUSED, 0, 57_600)),
        ("U7", None, (PARKED, None, 0), (PARKED, None, 0)),
        ("chauffeur", MEMBERSHIP, (ELIGIBLE, 1_420, 21_600), (ELIGIBLE, 4_260, 21_600)),
        ("joined_16_october", MEMBERSHIP, (REFUSED, 0, 25_200), (REFUSED, 0, 25_200)),
        ("member_by_own_word", MEMBERSHIP, (REVIEW, 2_520, 28_800), (REVIEW, 7_550, 28_800)),
        ("driver_with_bike", BIKE, (PARKED, None, 0), (ELIGIBLE, 10_350, 4_140)),
        ("driver_with_bike", MEMBERSHIP, (ELIGIBLE, 2_520, 18_000), (ELIGIBLE, 7_550, 18_000)),
        ("ride_without_lock", BIKE, (PARKED, None, 0), (REVIEW, None, 20_100)),
        ("ride_billed_rightly", BIKE, (PARKED, None, 0), (REFUSED, 0, 420)),
        ("shop_300000", SHOPS, (ELIGIBLE, 30_000, 66_600), (ELIGIBLE, 30_000, 66_600)),
        ("shop_300001", SHOPS, (ELIGIBLE, 50_000, 66_600), (ELIGIBLE, 50_000, 66_600)),
        ("shop_500001", SHOPS, (REVIEW, None, 66_600), (REVIEW, None, 66_600)),
        ("shop_unverified", SHOPS, (REVIEW, 30_000, 21_600), (REVIEW, 30_000, 21_600)),
        ("shop_silent", SHOPS, (UNKNOWN, None, 18_000), (UNKNOWN, None, 18_000)),
        ("melon_direct", MELON, (ELIGIBLE, 3, 14_400), (ELIGIBLE, 3, 14_400)),
        ("melon_app_store", MELON, (ELIGIBLE, 1_500, 14_400), (ELIGIBLE, 1_500, 14_400)),
        ("melon_ended_14", MELON, (REFUSED, 0, 14_400), (REFUSED, 0, 14_400)),
        ("starts_at_end_v1", MESSAGES, (REFUSED, 0, 0), (REFUSED, 0, 0)),
        ("one_second_earlier_v1", MESSAGES, (REFUSED, 0, 1), (REFUSED, 0, 0)),
        ("starts_at_end_v2", MESSAGES, (REFUSED, 0, 1_740), (REFUSED, 0, 0)),
        ("one_second_earlier_v2", MESSAGES, (REFUSED, 0, 1_741), (REFUSED, 0, 1)),
        ("overlapping_losses", MESSAGES, (ELIGIBLE, 1_250, 9_000), (ELIGIBLE, 1_250, 9_000)),
        ("messages_and_bank", MESSAGES, (ELIGIBLE, 1_500, 10_800), (ELIGIBLE, 1_500, 10_800)),
        ("messages_and_bank", None, (PARKED, None, 0), (PARKED, None, 0)),
        ("zigzag", None, (REFUSED, 0, 3_600), (REFUSED, 0, 3_600)),
        ("pay_unnamed", None, (UNKNOWN, None, 0), (UNKNOWN, None, 0)),
    ],
)  # fmt: skip
def test_lines(demo: Demo, persona: str, policy: str | None, first: tuple[Any, ...], second: tuple[Any, ...]) -> None:
    for version, expected in ((1, first), (2, second)):
        line = demo.line(persona, version, policy)
        assert (line["outcome"], line["quantity"], line["counted_seconds"]) == expected


@pytest.mark.parametrize(
    ("persona", "version", "policy", "reasons"),
    [
        ("U1", 1, BIKE, ["no_official_window", "citizen_report_only"]),
        ("U3", 2, MESSAGES, ["partly_outside_official_windows", "partly_in_window_not_counted"]),
        ("U5", 2, None, ["no_policy_pays"]),
        ("U7", 2, None, ["no_official_window", "citizen_report_only"]),
        ("joined_16_october", 2, MEMBERSHIP, ["not_a_member_on_15_october"]),
        ("ride_without_lock", 2, BIKE, ["no_lock_event"]),
        ("shop_500001", 2, SHOPS, ["above_last_tier"]),
        ("pc_login_4_october", 1, None, ["no_policy_pays"]),
        ("starts_at_end_v1", 1, MESSAGES, ["window_not_counted"]),
    ],
)
def test_reasons(demo: Demo, persona: str, version: int, policy: str | None, reasons: list[str]) -> None:
    assert demo.line(persona, version, policy)["reasons"] == reasons


def test_the_incident_of_4_october_has_one_version(demo: Demo) -> None:
    line = demo.line("pc_login_4_october", 1, None)
    assert (line["outcome"], line["quantity"], line["counted_seconds"]) == (REFUSED, 0, 720)
    assert not [r for r in demo.rows if r["persona"] == "pc_login_4_october" and r["record_version"] == 2]


def test_a_ride_that_nobody_claimed_is_found_when_its_window_becomes_official(demo: Demo) -> None:
    assert not [r for r in demo.rows if r["persona"] == "ride_never_claimed" and r["record_version"] == 1]
    assert demo.line("ride_never_claimed", 2, BIKE)["quantity"] == 15_000


def test_rows_have_the_agreed_names(demo: Demo) -> None:
    names = {"reference", "persona", "record_version", "policy", "rule", "outcome", "remedy", "unit", "quantity", "currency",
             "reasons", "counted_seconds"}  # fmt: skip
    assert all(row.keys() == names for row in demo.rows)
    assert len({row["persona"] for row in demo.rows}) >= 50


def test_no_table_is_cut(demo: Demo) -> None:
    assert "…" not in demo.output
    assert "10-16 01:59:59" in demo.output


def test_says_what_changed_and_that_a_second_sweep_changes_nothing(demo: Demo) -> None:
    told = demo.output.partition("4. What version 2 changed")[2]
    changed = {line.split()[0]: line for line in told.splitlines() if line.split()}
    for persona, *told_of_it in (
        ("U1", "+49,950 KRW", "first"),
        ("U3", "-250 KRW", "written off"),
        ("U4", "+5,030 point", "top-up"),
    ):
        assert all(words in changed[persona] for words in told_of_it)
    assert not {"U2", "U5", "U6", "U7"} & changed.keys()
    assert "Assessments made by a second sweep: 0" in told
    assert "official window 2022-10-15 15:30 ~ 2022-10-16 01:31 (operator) [operator-final" in told
