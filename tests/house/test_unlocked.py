"""The table of locks is whole, and two of them are really taken out here; `make unlocked` takes out each."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import FunctionType

import pytest

from tests.race.removals import OF_A_QUEUE, REMOVALS, Removal
from tests.race.unlocked import BASE_DIR, copied_tree, fault, is_broken, servers, without

RACES = Path(__file__).parents[1] / "race"


def races() -> dict[str, FunctionType]:
    found = {}
    for path in sorted(RACES.glob("test_*.py")):
        module = import_module(f"tests.race.{path.stem}")
        there = {name: one for name, one in vars(module).items() if name.startswith("test_") and isinstance(one, FunctionType)}
        found.update({f"{path.name}::{name}": one for name, one in there.items() if one.__module__ == module.__name__})
    return found


def cases(test: FunctionType) -> set[str]:
    """Of a test with one parameter."""
    marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]
    return {str(value) for mark in marks for value in mark.args[1]}


@pytest.mark.parametrize("removal", REMOVALS, ids=lambda one: f"{one.file} {one.stands.strip()[:40]}")
def test_what_is_taken_out_stands_once_and_leaves_a_program(removal: Removal):
    texts = {file: (BASE_DIR / file).read_text() for file, _, _ in removal.edits}
    for file, stands, instead in removal.edits:
        texts[file] = without(texts[file], stands, instead)
    for file, text in texts.items():
        compile(text, file, "exec")


def test_the_table_is_in_the_order_of_files():
    assert [one.file for one in REMOVALS] == sorted(one.file for one in REMOVALS)


def test_each_race_is_lost_without_some_lock():
    named = {test.partition("[")[0] for one in REMOVALS for test in one.tests}
    assert named.isdisjoint(OF_A_QUEUE)
    assert named | set(OF_A_QUEUE) == set(races())


def test_cases_that_are_named_exist():
    found = races()
    for test in {test for one in REMOVALS for test in one.tests if "[" in test}:
        name, case = test.removesuffix("]").split("[")
        assert case in cases(found[name]), test


@pytest.mark.parametrize(
    ("why", "broken"),
    [
        ("AssertionError: assert 2 == 1", False),
        ("django.db.utils.IntegrityError: closed_for_ever: 1 of claims_runchunk is done", False),
        ("NameError: name 'status' is not defined", True),
        ('django.db.utils.ProgrammingError: syntax error at or near "FOR"', True),
    ],
)
def test_what_fails_because_it_is_no_program_is_no_race(why: str, broken: bool):
    assert is_broken(why) is broken


# --- two that are really taken out ------------------------------------------------------------------------


def one(file: str, test: str) -> Removal:
    """The removal, and only this test of it."""
    (removal,) = (one for one in REMOVALS if one.file == file and test.partition("[")[0] in one.tests)
    return replace(removal, tests=(test,))


def test_a_lock_that_is_taken_out_is_missed():
    """Both in one run, which tells of the third test that it passes all the same."""
    status = one("claims/operations/moves.py", "test_decisions.py::test_a_contested_move_has_one_winner[take and take]")
    chain = one("claims/operations/audit.py", "test_chain.py::test_of_two_who_link_at_once_one_does")
    other = "test_polls.py::test_of_two_polls_at_once_one_asks"
    both = replace(status, also=chain.edits, tests=(*status.tests, *chain.tests, other))
    with copied_tree() as tree, servers() as environment:
        before = [(tree / file).read_text() for file, _, _ in both.edits]
        assert fault(both, tree, environment) == f"passed: {other}"
        assert [(tree / file).read_text() for file, _, _ in both.edits] == before
