"""The command line: exit codes, output, and refusals with code and JSON path."""

# ruff: noqa: E501 - a case is one line

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from claims.eligibility.__main__ import main

from .cast import POLICIES, ROOT, Document, document, fact, rule, shipped

MEMBERSHIP = str(POLICIES / "kakao_mobility_membership.yaml")
FACTS: Document = {
    "record": {
        "incident": "made-up", "number": 2, "as_of": "2022-10-20T23:00:00+09:00", "sources": ["operator", "press"],
        "services": [{"code": "kakao_t_taxi_driver", "depends_on": ["kakao_t.taxi_call"]}],
        "windows": [
            {"service": "kakao_t.taxi_call", "source": "operator", "start_at": "2022-10-15T15:30:00+09:00",
             "end_at": "2022-10-17T18:00:00+09:00", "key": "w1", "notice": "final"},
        ],
        "extents": [{"source": "operator", "start_at": "2022-10-15T15:30:00+09:00", "end_at": None}],
        "reported": ["bike"],
    },
    "claims": [
        {
            "claim": 4,
            "losses": [
                {"loss": 1, "service": "kakao_t_taxi_driver", "start_at": "2022-10-16T06:00:00+09:00", "end_at": "2022-10-16T14:00:00+09:00"},
                {"loss": 2, "service": "bike", "start_at": "2022-10-15T15:20:00+09:00", "end_at": "2022-10-15T21:15:00+09:00"},
            ],
            "facts": [
                {"name": "claimant_kind", "value": "taxi_driver", "provenance": "claimant"},
                {"name": "subscription_charge", "value": 39000, "provenance": "partner"},
                {"name": "subscription_started_at", "value": "2022-09-01T00:00:00+09:00", "provenance": "partner"},
            ],
        },
        {"claim": 3},
    ],
}  # fmt: skip


def test_check_is_green_for_the_shipped_packs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *map(str, shipped())]) == 0
    out = capsys.readouterr().out
    assert "kakao_bike" in out
    assert out.splitlines()[-1].endswith("0 differ")
    assert out.splitlines()[-1].startswith(f"{len(shipped())} packs, ")


def test_check_tells_an_example_that_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(
        yaml.safe_dump(document(rules=[rule(losses=None, amount=5)], examples=[{"name": "six", "expect": {"pays": 6}}]))
    )
    assert main(["check", str(wrong)]) == 1
    out = capsys.readouterr().out
    assert "made_up: six: pays gives 5, expected 6" in out
    assert out.splitlines()[-1] == "1 packs, 1 examples, 1 differ"


@pytest.mark.parametrize(("name", "content", "code"), [
    ("absent.yaml", None, "file_unreadable"), ("bytes.yaml", b"\xff\xfe\x00", "file_unreadable"),
    ("broken.yaml", b"pack: [", "yaml_invalid"), ("float.yaml", b"pack: 1.5", "yaml_invalid"), ("empty.yaml", b"", "pack_invalid"),
])  # fmt: skip
def test_check_refuses(name: str, content: bytes | None, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert main(["check", str(tmp_path / name)]) == 2
    captured = capsys.readouterr()
    assert f"{code}: " in captured.err
    assert name in captured.err
    assert captured.out == ""


def assessed(facts: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], pack: str = MEMBERSHIP) -> tuple[int, str, str]:
    """(exit code, output, errors); text is written as it is."""
    path = tmp_path / "FACTS.json"
    path.write_text(facts if isinstance(facts, str) else json.dumps(facts), encoding="utf-8")
    code = main(["assess", pack, str(path)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_assess_prints_one_object_per_claim(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = assessed(FACTS, tmp_path, capsys)
    assert (code, err) == (0, "")
    first, second = map(json.loads, out.splitlines())
    assert (first["claim"], second["claim"], second["lines"]) == (4, 3, [])
    paid, parked = first["lines"]
    assert paid == {
        "policy": "kakao_mobility_membership", "rule": "fee_of_days", "loss": None, "outcome": "eligible", "remedy": "points",
        "unit": "point", "quantity": 7550, "currency": None, "reasons": [], "counted_seconds": 8 * 3600,
    }  # fmt: skip
    assert (parked["policy"], parked["rule"], parked["loss"], parked["outcome"]) == (None, None, 2, "parked")
    assert parked["reasons"] == ["no_official_window", "citizen_report_only"]
    assert first["trace"]["lines"][0]["quantity"] == 7550


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("ko", "계산: 39,000 × 6 ÷ 31 ≈ 7,548.39, 10 단위 반올림 → 7,550포인트"), ("en", "6 days touched")],
)
def test_explain_says_why(language: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "FACTS.json"
    path.write_text(json.dumps(FACTS), encoding="utf-8")
    assert main(["explain", MEMBERSHIP, str(path), "--claim", "4", "--lang", language]) == 0
    out = capsys.readouterr().out
    assert sentence in out
    assert main(["explain", MEMBERSHIP, str(path), "--claim", "5"]) == 2
    assert capsys.readouterr().err.endswith("no claim 5; the file has 4, 3\n")


@pytest.mark.parametrize(("more", "sentence"), [
    ({"announced_at": "2022-10-14T09:00:00+09:00"}, "announced 2022-10-14 09:00"),
    ({"announced_at": None}, "no announcement on record"),
    ({}, "no announcement on record"),
])  # fmt: skip
def test_a_file_tells_of_planned_maintenance(
    more: Document, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = deepcopy(FACTS)
    _at(WINDOW, MAINTENANCE | more)(facts)
    path = tmp_path / "FACTS.json"
    path.write_text(json.dumps(facts), encoding="utf-8")
    assert main(["explain", MEMBERSHIP, str(path), "--claim", "4", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert f"planned maintenance 2022-10-15 15:30 ~ 2022-10-17 18:00 (operator), {sentence}" in out


def test_it_runs_as_a_module_without_django(tmp_path: Path) -> None:
    path = tmp_path / "FACTS.json"
    path.write_text(json.dumps(FACTS), encoding="utf-8")
    program = (
        "import runpy, sys; sys.argv = ['eligibility', 'assess', *sys.argv[1:]]\n"
        "try: runpy.run_module('claims.eligibility', run_name='__main__')\n"
        "except SystemExit as end: assert not end.code\n"
        "assert not {'django', 'psycopg', 'celery'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, MEMBERSHIP, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout.splitlines()[0])["lines"][0]["quantity"] == 7550


def _at(path: str, value: Any) -> Callable[[Document], None]:
    """Sets one value of FACTS, by a path like `claims.0.losses.0.end_at`."""

    def change(document: Document) -> None:
        *inner, last = [int(key) if key.isdigit() else key for key in path.split(".")]
        place: Any = document
        for key in inner:
            place = place[key]
        if value is ...:
            del place[last]
        else:
            place[last] = value

    return change


LOSS, FACT, WINDOW = "claims.0.losses.0", "claims.0.facts.1", "record.windows.0"
MAINTENANCE: Document = FACTS["record"]["windows"][0] | {"planned": True}


@pytest.mark.parametrize(
    ("path", "value", "code", "where"),
    [
        (f"{LOSS}.start_at", "2022-10-16T06:00:00", "timezone_required", "$.claims[0].losses[0].start_at"),
        (f"{LOSS}.start_at", "2022-10-16", "datetime_format", "$.claims[0].losses[0].start_at"),
        (f"{LOSS}.end_at", "2022-10-16T06:00:00+09:00", "interval_invalid", "$.claims[0].losses[0]"),
        (f"{LOSS}.end_at", "2022-10-16T05:00:00+09:00", "interval_invalid", "$.claims[0].losses[0]"),
        (f"{LOSS}.start_at", "0001-01-01T00:00:00+09:00", "out_of_range", "$.claims[0].losses[0].start_at"),
        (f"{LOSS}.end_at", "9999-12-31T23:59:59-09:00", "out_of_range", "$.claims[0].losses[0].end_at"),
        (f"{LOSS}.end_at", "2100-01-01T00:00:00+00:00", "out_of_range", "$.claims[0].losses[0].end_at"),
        (f"{LOSS}.start_at", "yesterday", "datetime_format", "$.claims[0].losses[0].start_at"),
        (f"{LOSS}.start_at", 1665900000, "datetime_format", "$.claims[0].losses[0].start_at"),
        (f"{LOSS}.end_at", None, "required", "$.claims[0].losses[0].end_at"),
        (f"{LOSS}.end_at", ..., "required", "$.claims[0].losses[0]"),
        (f"{LOSS}.kind", "shift", "unknown_field", "$.claims[0].losses[0]"),
        (f"{LOSS}.loss", "1", "integer_expected", "$.claims[0].losses[0]"),
        (f"{LOSS}.loss", True, "integer_expected", "$.claims[0].losses[0]"),
        (f"{LOSS}.loss", 2, "duplicate_loss", "$.claims"),
        (f"{LOSS}.service", 5, "text_expected", "$.claims[0].losses[0]"),
        (f"{LOSS}.service", "kakao_t_submarine", "unknown_service", ""),
        (f"{LOSS}.service", "Kakao T", "service_code_invalid", "$.claims[0].losses[0]"),
        (f"{LOSS}.service", "a" + ".a" * 50, "service_code_invalid", "$.claims[0].losses[0]"),
        ("record.windows.0.service", "a..b", "service_code_invalid", "$.record.windows[0]"),
        ("record.reported", ["a.b\n"], "invalid_character", "$.record"),
        ("record.incident", "\ud800", "invalid_character", "$.record"),
        ("record.incident", "x" * 201, "too_long", "$.record"),
        ("claims.0.asks_for", ["a\0"], "invalid_character", "$.claims[0].asks_for"),
        ("claims.0.losses", [{}] * 1001, "too_many_losses", "$.claims[0].losses"),
        ("claims.1.claim", 4, "duplicate_claim", "$.claims"),
        ("record.windows", [FACTS["record"]["windows"][0] | {"key": "w"}] * 2, "duplicate_window", "$.record.windows"),
        ("record.windows.0.key", "stated:x", "value_unknown", "$.record.windows[0].key"),
        ("claims.1.claim", 2**63, "integer_expected", "$.claims[1]"),
        ("claims.1.name", "Kim", "unknown_field", "$.claims[1]"),
        ("claims.1", [], "object_expected", "$.claims[1]"),
        ("claims", {}, "array_expected", "$.claims"),
        ("claims", ..., "required", "$"),
        ("extra", 1, "unknown_field", "$"),
        (f"{FACT}.name", "nope", "unknown_fact", "facts.nope"),
        (f"{FACT}.value", 39000.0, "integer_expected", "facts.subscription_charge"),
        (f"{FACT}.value", "39000", "integer_expected", "facts.subscription_charge"),
        (f"{FACT}.value", True, "integer_expected", "facts.subscription_charge"),
        (f"{FACT}.value", -1, "out_of_range", "facts.subscription_charge"),
        (f"{FACT}.value", 10**15 + 1, "out_of_range", "facts.subscription_charge"),
        (f"{FACT}.value", None, "integer_expected", "facts.subscription_charge"),
        (f"{FACT}.provenance", "friend", "value_unknown", "facts.subscription_charge"),
        (f"{FACT}.provenance", ..., "required", "$.claims[0].facts[1]"),
        (f"{FACT}.loss", 1, "fact_of_another_place", "facts.subscription_charge"),
        (f"{FACT}.loss", 9, "unknown_loss", "$.claims[0].facts[1].loss"),
        (f"{FACT}.loss", [], "integer_expected", "$.claims[0].facts[1].loss"),
        (f"{FACT}.loss", True, "integer_expected", "$.claims[0].facts[1].loss"),
        ("claims.0.facts.0.value", "pilot", "value_unknown", "facts.claimant_kind"),
        ("claims.0.facts.0.value", 5, "text_expected", "facts.claimant_kind"),
        ("claims.0.facts.2.value", "2022-09-01T00:00:00", "timezone_required", "facts.subscription_started_at"),
        ("claims.0.facts.2.value", "2022-09-01", "datetime_format", "facts.subscription_started_at"),
        ("claims.0.facts.2.value", "2022-W35-4T00:00:00+09:00", "datetime_format", "facts.subscription_started_at"),
        (f"{WINDOW}.severity", "bad", "value_unknown", "$.record.windows[0]"),
        (f"{WINDOW}.scope", [], "value_unknown", "$.record.windows[0]"),
        (f"{WINDOW}.start_at", "2022-10-15T15:30:00", "timezone_required", "$.record.windows[0].start_at"),
        (f"{WINDOW}.end_at", "2022-10-15T15:30:00+09:00", "interval_invalid", "$.record.windows[0]"),
        (f"{WINDOW}.end_at", ..., "required", "$.record.windows[0]"),
        (f"{WINDOW}.planned", 1, "boolean_expected", "$.record.windows[0].planned"),
        (f"{WINDOW}.announced_at", "2022-10-14T09:00:00+09:00", "required", "$.record.windows[0].planned"),
        (WINDOW, MAINTENANCE | {"announced_at": "2022-10-14T09:00:00"}, "timezone_required", "$.record.windows[0].announced_at"),
        ("record.as_of", "2022-10-20T23:00:00", "timezone_required", "$.record.as_of"),
        ("record.number", 1.0, "integer_expected", "$.record"),
        ("record.sources", [1], "text_expected", "$.record.sources"),
        ("record.services.0.depends_on", "kakao_t", "array_expected", "$.record.services[0].depends_on"),
        ("record.services.0.depends_on", [5], "text_expected", "$.record"),
        ("record.extents.0.end_at", ..., "required", "$.record.extents[0]"),
        ("record.windows", None, "array_expected", "$.record"),
        ("record", "x", "object_expected", "$.record"),
    ],
)  # fmt: skip
def test_assess_refuses_with_code_and_path(
    *, path: str, value: Any, code: str, where: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = deepcopy(FACTS)
    _at(path, value)(facts)
    exit_code, out, err = assessed(facts, tmp_path, capsys)
    assert (exit_code, out) == (2, "")
    assert err.startswith(f"{code}: "), err
    assert f"{where}: " in err


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "malformed_json"), ("", "malformed_json"), ("[" * 100_000, "malformed_json"), ("9" * 5000, "malformed_json"),
        ("[]", "object_expected"), ('{"claims": [], "claims": [], "record": {}}', "duplicate_key"),
        ('{"record": {"number": 1, "number": 2}, "claims": []}', "duplicate_key"),
        ("{" + ", ".join(f'"k{n}": 1' for n in range(100_000)) + "}", "unknown_field"),
    ],
)  # fmt: skip
def test_assess_refuses_what_is_no_document(text: str, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exit_code, out, err = assessed(text, tmp_path, capsys)
    assert (exit_code, out) == (2, "")
    assert err.startswith(f"{code}: ")


def test_money_and_days_of_other_types_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = tmp_path / "pack.yaml"
    facts = {"b": fact("boolean"), "d": fact("date")}
    pack.write_text(
        yaml.safe_dump(
            document(facts=facts, rules=[rule(losses=None, amount={"add": [{"fact": "b"}, {"weekday": {"fact": "d"}}]})])
        )
    )
    for name, value, code in (
        ("b", 1, "boolean_expected"), ("b", "true", "boolean_expected"), ("d", "15 Oct", "date_format"), ("d", 19280, "date_format"),
        ("d", "0001-01-01", "out_of_range"), ("d", "9999-12-31", "out_of_range"),
    ):  # fmt: skip
        told = deepcopy(FACTS)
        told["claims"] = [{"claim": 1, "facts": [{"name": name, "value": value, "provenance": "staff"}]}]
        exit_code, _, err = assessed(told, tmp_path, capsys, str(pack))
        assert (exit_code, err.split(":")[0]) == (2, code)


def test_of_several_words_on_a_fact_the_best_then_the_latest_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = deepcopy(FACTS)
    facts["claims"][0]["facts"] += [
        {"name": "subscription_charge", "value": 22000, "provenance": "partner"},
        {"name": "subscription_charge", "value": 99000, "provenance": "claimant"},
    ]
    _, out, _ = assessed(facts, tmp_path, capsys)
    assert json.loads(out.splitlines()[0])["lines"][0]["quantity"] == 4260


def test_a_service_that_nothing_names_is_parked_where_no_tree_is_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = deepcopy(FACTS)
    del facts["record"]["services"]
    facts["claims"][1]["losses"] = [{**facts["claims"][0]["losses"][1], "loss": 3, "service": "bank.transfer"}]
    exit_code, out, _ = assessed(facts, tmp_path, capsys)
    line = json.loads(out.splitlines()[1])["lines"][0]
    assert (exit_code, line["outcome"], line["reasons"]) == (0, "parked", ["no_official_window"])


def test_a_large_file_takes_time_in_proportion(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two thousand claims, each traced: looking through all losses for every line would take minutes."""
    facts = deepcopy(FACTS)
    first = facts["claims"][0]
    facts["claims"] = [
        {**first, "claim": n, "losses": [{**loss, "loss": 10 * n + i} for i, loss in enumerate(first["losses"])]}
        for n in range(2000)
    ]
    exit_code, out, _ = assessed(facts, tmp_path, capsys)
    assert (exit_code, len(out.splitlines())) == (0, 2000)
