"""The schema and the reference: the files are what is generated, the examples are packs, every link leads somewhere."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter

from claims.eligibility import load_pack
from claims.eligibility.__main__ import main
from claims.eligibility.packfile import PackLoader
from claims.eligibility.reference import AMOUNT_EXAMPLES, CONDITION_EXAMPLES, GROUPS, pack_schema, reference
from claims.eligibility.shapes import NODES, Amount, Condition

from .cast import POLICIES, ROOT, Document, document, fact, figures, rule, shipped, shipped_pack

SCHEMA = POLICIES / "pack.schema.json"
REFERENCE = ROOT / "docs" / "policy-reference.md"
FACTS = {
    "fee": fact("money"), "fare": fact("money"), "trips": fact("integer"), "announced": fact("boolean", of="incident"),
    "kind": fact("text", values=["consumer", "business", "driver"]), "filed_at": fact("instant"),
    "reported_on": fact("date"), "verified_loss": fact("money", decide="staff"), "declared_loss": fact("money"),
}  # fmt: skip
SHARE = {"divide": [{"counted": "days"}, {"days_in": "month", "of": {"piece": "day"}}]}
DATED = {"unit": "KRW", "dated": [{"from": "2022-01-01", "value": 800, "source": "own"}]}


def read(text: str) -> Any:
    return yaml.load(text, Loader=PackLoader)  # noqa: S506 - a SafeLoader subclass


def whole(**of_rule: Any) -> str:
    """A pack that declares what the examples name, with a rule that has these keys."""
    made = document(
        facts=FACTS, figures=figures(hours_of_a_unit=6) | {"rate_of_a_day": DATED},
        amounts={"lost_share": {"total": SHARE, "each": "month"}},
        reasons={code: {"ko": "이유", "en": "reason"} for code in ("own", "too_much", "announced_in_time")},
        rules=[rule(**of_rule)],
    )  # fmt: skip
    return yaml.safe_dump(made, allow_unicode=True)


# --- the files -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("command", "path"), [("schema", SCHEMA), ("reference", REFERENCE)])
def test_the_file_is_what_the_command_prints(command: str, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command]) == 0
    assert path.read_text(encoding="utf-8") == capsys.readouterr().out, "run `make docs`"


def test_every_link_of_the_reference_leads_to_one_heading() -> None:
    text = reference()
    headings = [heading.strip("`").lower().replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)]
    assert len(set(headings)) == len(headings)
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= set(headings)


def test_every_model_and_every_kind_of_amount_has_its_place() -> None:
    assert sorted(kind for group in GROUPS.values() for kind in group) == sorted(NODES)
    text = reference()
    for name, model in pack_schema()["$defs"].items():
        assert name == "Amount" or text.count(f"\n{model['description']}\n") == 1, name


# --- the examples --------------------------------------------------------------------------------


def test_every_kind_of_amount_has_an_example_that_is_one() -> None:
    assert AMOUNT_EXAMPLES.keys() == {"number", *NODES}
    for kind, text in AMOUNT_EXAMPLES.items():
        assert kind == "number" or re.search(rf"\b{kind}:", text)


@pytest.mark.parametrize("text", AMOUNT_EXAMPLES.values())
def test_an_example_of_an_amount_is_valid_in_a_pack(text: str) -> None:
    TypeAdapter(Amount).validate_json(json.dumps(read(text)))
    load_pack(whole(review=[{"that": read(text), "at_least": read(text), "reason": "own"}]), "example.yaml")


@pytest.mark.parametrize("text", CONDITION_EXAMPLES)
def test_an_example_of_a_condition_is_valid_in_a_pack(text: str) -> None:
    Condition.model_validate_json(json.dumps(read(text)))
    load_pack(whole(require=[{"reason": "own"} | read(text)]), "example.yaml")


# --- the schema ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def faults() -> Any:
    """What the JSON Schema says against a document."""
    if "\njsonschema==" not in (ROOT / "requirements-dev.txt").read_text():
        pytest.skip("requirements-dev.txt has no jsonschema yet: make lock")
    validators = importlib.import_module("jsonschema")
    validators.Draft202012Validator.check_schema(pack_schema())
    validator = validators.Draft202012Validator(pack_schema())
    return lambda document: [error.json_path for error in validator.iter_errors(document)]


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_a_shipped_pack_is_valid(path: Path, faults: Any) -> None:
    assert faults(read(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_whoever_chooses_a_value_reads_what_it_is_called(path: Path) -> None:
    for name, spec in shipped_pack(path.stem).body.facts.items():
        of_people = spec.of != "incident" and (spec.attested_by is None or spec.attested_by.claim is None)
        for value in spec.values or () if of_people else ():
            label = spec.value_labels.get(value)
            assert label is not None and label.ko and label.en, f"{name}: {value}"  # noqa: PT018


CHOICE: Document = {"amount": 5, "remedy": {"instrument": "points", "unit": "point"}}


BOTH_FORMS = [rule(**CHOICE), rule(amount=None, remedy=None, choices=[CHOICE, CHOICE])]


@pytest.mark.parametrize("of_both", BOTH_FORMS)
def test_a_rule_has_choices_or_one_amount(of_both: Document, faults: Any) -> None:
    assert faults(document(rules=[of_both])) == []


@pytest.mark.parametrize(
    "more",
    [
        {"suprise": 1},
        {"rules": [rule(choices=[CHOICE])]},
        {"rules": [rule(remedy=None)]},
        {"rules": [rule(amount=None, remedy=None)]},
        {"rules": [rule(amount={"fact": "x", "figure": "y"})]},
        {"rules": [rule(amount="5 won")]},
        {"rules": [rule(amount=True)]},
        {"incidents": {"from": "15 October 2022"}},
        {"figures": {"Not a name": {"value": 1, "unit": "KRW", "source": "own"}}},
        {"rules": [rule(windows={"weights": {"slow": 1}})]},
        {"rules": [rule(windows={"planned": {"counts": "announced"}})]},
        {"rules": [rule(require=[{"that": 1, "from": "some day", "reason": "own"}])]},
    ],
    ids=str,
)
def test_what_no_model_takes_the_schema_refuses(more: Document, faults: Any) -> None:
    assert faults(document(**more))
