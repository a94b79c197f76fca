"""docs/policies.md: its commands run, its quotations are the files, and every row of its table is a pack."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from claims.admin.policies import WORDS
from claims.eligibility import EngineRefusal, load_pack
from claims.eligibility.__main__ import main
from claims.eligibility.pack import Example, FactSpec, PackBody
from claims.eligibility.packfile import PackLoader
from claims.eligibility.reference import SHORTHAND
from claims.eligibility.rules import Remedy, Rule
from claims.eligibility.shapes import Part
from tests.eligibility.cast import Document, document, fact, rule

BASE_DIR = Path(__file__).resolve().parents[2]
GUIDE = (BASE_DIR / "docs" / "policies.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+) ?([^\n]*)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
FILES = {name: text for kind, name, text in BLOCKS if kind in ("yaml", "json") and name and not name.startswith("of ")}
COMMANDS = [
    (command, output)
    for kind, _, text in BLOCKS
    if kind == "console"
    for command, output in re.findall(r"^\$ ([^\n]+)\n((?:(?!\$ )[^\n]*\n)*)", text, re.MULTILINE)
]


def table(first: str) -> list[list[str]]:
    """The rows of all tables whose first column has this head, without the head."""
    found = []
    for rows in re.findall(rf"^\| {first} \|.*\n\|[-|]+\n((?:\|.*\n)+)", GUIDE, re.MULTILINE):
        found += [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows.splitlines()]
    return found


def code(cell: str) -> list[str]:
    """What stands between backticks; two of them where it has one itself."""
    return [(twice or once).strip() for twice, once in re.findall(r"``(.+?)``|`([^`]+)`", cell)]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder as the reader has it: the files of the guide beside `claims`."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "claims").symlink_to(BASE_DIR / "claims")
    return tmp_path


# --- commands and messages -----------------------------------------------------------------------


@pytest.mark.parametrize(("command", "output"), COMMANDS)
def test_a_command_prints_what_stands_below_it(command: str, output: str, desk: Path) -> None:
    program, *arguments = shlex.split(command)
    assert program == ".venv/bin/python"
    done = subprocess.run([sys.executable, *arguments], check=False, cwd=desk, capture_output=True, text=True, timeout=120)
    assert done.stdout + done.stderr == output


def test_make_targets_of_the_guide_exist() -> None:
    targets = re.findall(r"^([a-z]+):", (BASE_DIR / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"`make ([a-z]+)`", GUIDE)) <= set(targets)


@pytest.mark.parametrize(("right", "wrong", "told"), table("instead of"))
def test_a_slip_gives_the_message(
    *, right: str, wrong: str, told: str, desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(desk)
    pack = desk / "star_music.yaml"
    text = pack.read_text(encoding="utf-8")
    assert code(right)[0] in text
    pack.write_text(text.replace(code(right)[0], code(wrong)[0], 1), encoding="utf-8")
    assert main(["check", "star_music.yaml"]) != 0
    captured = capsys.readouterr()
    assert code(told)[0].removesuffix(" ...") in captured.out + captured.err


# --- quotations ----------------------------------------------------------------------------------


def test_parts_of_the_pack_are_in_the_whole_file() -> None:
    parts = [text for _, name, text in BLOCKS if name == "of star_music.yaml"]
    assert len(parts) > 8
    assert [part for part in parts if part not in FILES["star_music.yaml"]] == []


QUOTED = sorted({name for _, name, _ in BLOCKS if name.startswith("of claims/policies/")})


def test_three_packs_are_quoted() -> None:
    assert len(QUOTED) == 3


@pytest.mark.parametrize("name", QUOTED)
def test_a_pack_is_quoted_as_it_is_from_the_first_line_to_the_last(name: str) -> None:
    text = (BASE_DIR / name.removeprefix("of ")).read_text(encoding="utf-8")
    text = re.sub(r"\A# yaml-language-server: .*\n", "", text)  # explained once, at the beginning
    assert "".join(quoted for _, quoting, quoted in BLOCKS if quoting == name) == text


def test_links_of_the_guide_lead_somewhere() -> None:
    for link in re.findall(r"\]\(([^)]+)\)", GUIDE):
        file, _, heading = link.partition("#")
        text = (BASE_DIR / "docs" / (file or "policies.md")).read_text(encoding="utf-8")
        headings = [re.sub(r"[^a-z0-9 ]", "", one.lower()) for one in re.findall(r"^#+ (.+)$", text, re.MULTILINE)]
        assert not heading or heading.replace("-", " ") in headings, link


def test_buttons_and_titles_of_the_admin_are_called_so() -> None:
    named = re.findall(r"\*\*([^*.]+)\*\*", GUIDE[GUIDE.index("### 12.") : GUIDE.index("### The whole file")])
    assert len(named) > 6
    assert set(named) <= {english for _, english in WORDS.values()}


# --- the table -----------------------------------------------------------------------------------

ROWS = table("the text says")
FACTS: Document = {
    "claimant_kind": fact("text", values=["private", "business", "driver"]), "employees": fact("integer"),
    "carrier_size": fact("text", values=["large", "small"], of="incident"), "member_since": fact("instant"),
    "member_until": fact("instant"), "announced": fact("boolean", of="incident", default=False),
    "claim_origin": fact("text", values=["filed", "partner", "proactive"]), "filed_at": fact("instant"),
    "reported_at": fact("instant"), "reported_on": fact("date"), "paid_on": fact("date"), "fee": fact("money"),
    "fare": fact("money"), "seat_part": fact("money", default=0), "delay_minutes": fact("integer"),
    "distance_km": fact("integer"), "late_km": fact("integer"), "ride_started_at": fact("instant"),
    "ride_ended_at": fact("instant"), "loss_declared": fact("money"), "loss_verified": fact("money", decide="staff"),
    "sales_before": fact("money"), "sales_after": fact("money"), "bill_1": fact("money"), "bill_2": fact("money"),
    "bill_3": fact("money"), "paid_by_insurer": fact("money", default=0), "paid_this_year": fact("money", default=0),
    "cases_this_year": fact("integer", default=0), "late_trips": fact("integer"), "place_in_queue": fact("integer"),
    "replacement_given": fact("boolean", default=False), "paid_for_this_account": fact("boolean", default=False),
    "pass_ends_on": fact("date"), "wanted": fact("text", values=["cash", "points"], decide="claimant"),
}  # fmt: skip
RATE: Document = {"unit": "KRW", "dated": [{"from": "2022-10-01", "value": 500, "source": "own"},
                                           {"from": "2022-10-16", "value": 600, "source": "own"}]}  # fmt: skip
REASONS = {code: {"ko": "이유", "en": "reason"} for code in ("own", "not_covered", "too_late", "look", "over_the_limit")}
RULES = [rule(losses={"services": ["a", "b"]}), rule(code="second", losses={"services": ["a", "b"]})]


def written(parts: list[str]) -> Document:
    """A pack that says what the parts of a row say, each where it belongs."""
    made = deepcopy(document(facts=FACTS, figures={"rate": RATE}, reasons=REASONS, rules=RULES))
    for part in parts:
        _add(made, yaml.load(part, Loader=PackLoader))  # noqa: S506 - a SafeLoader subclass
    return made


def _add(made: Document, told: Any) -> None:
    first = made["rules"][0]
    if _is(told, Example) and "expect" in told:
        made["examples"] = [{"name": "row", **told}]
    elif _is(told, PackBody):
        for key, value in told.items():
            made[key] = made.get(key, {}) | value if isinstance(value, dict) else value
    elif _is(told, Rule, *SHORTHAND) and not isinstance(told.get("amount"), str):
        if "choices" in told:
            del first["amount"], first["remedy"]
        first.update(told)
    elif _is(told, Remedy):
        first["remedy"] = told
    elif _is(told, FactSpec) and "type" in told:
        made["facts"]["of_the_row"] = fact(told["type"]) | told
    else:
        first["amount"] = told


def _is(told: Any, model: type[Part], *more: str) -> bool:
    """Whether all keys are keys of the model."""
    names = {info.alias or name for name, info in model.model_fields.items()} | set(more)
    return isinstance(told, dict) and set(told) <= names


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_a_row_says_is_a_pack(row: list[str]) -> None:
    says, write = row
    parts = code(write)
    assert parts, says
    try:
        load_pack(yaml.safe_dump(written(parts), allow_unicode=True), "row.yaml")
    except EngineRefusal as refusal:
        pytest.fail(f"{says}: {refusal}")
