"""Nobody looks at a clock of their own: what a sandbox moves on has to move everywhere, and what it must not move nowhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ASKS = "services/clock.py"
# Ways round it: of `timezone` or `datetime`, of a day, of the process, of the database.
CLOCKS = {
    "timezone.now", "timezone.localtime", "timezone.localdate", "datetime.now", "datetime.utcnow", "datetime.today",
    "date.today", "dt.datetime.now", "time.time", "now", "Now", "TransactionNow", "clock_timestamp", "localtime", "localdate",
}  # fmt: skip
# What stays real though a sandbox's clock is moved: how long log-ins hold, what is counted against a limit, who has taken work,
# and what another machine compares with its own clock.
REAL = {
    "accounts/admin/partners.py": {"clock.real"},  # credentials, with which programs log in
    "accounts/callers.py": {"clock.real"},  # tokens
    "accounts/oauth.py": {"clock.real"},  # credentials
    "claims/api/clock.py": {"clock.real"},  # moves the clock, ahead of the real one
    "claims/demonstration/steps.py": {"clock.real"},  # a credential
    "claims/management/commands/begin_sandbox.py": {"clock.real"},
    "claims/operations/deliveries.py": {"Now", "real"},  # who has taken an endpoint; the signature of a call
    "claims/web/account/confirming.py": {"time.time"},  # what allauth keeps in a session
}  # fmt: skip


def sources() -> Iterator[tuple[str, ast.Module]]:
    for app in ("accounts", "claims", "services"):
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def clocks(tree: ast.Module) -> set[str]:
    """Where it takes the time from, besides `clock.now`, called or handed on."""
    found = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & (CLOCKS | {"clock.real"})
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    imported = {
        name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in ("services.clock", "time", "django.utils.timezone")
        for name in node.names
    } & {"now", "real", "time", "localtime", "localdate"}
    return found | (called & CLOCKS) | imported


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("decide(now=clock.now())", set()),
        ("decide(now=timezone.now())", {"timezone.now"}),
        ("deliver(clock=timezone.now)", {"timezone.now"}),
        ("from datetime import datetime\ndatetime.now(UTC)", {"datetime.now"}),
        ("x = date.today()", {"date.today"}),
        ("from services.clock import real", {"real"}),
        ("from time import time", {"time"}),
        ("from time import monotonic", set()),
        ("rows.update(at=Now())", {"Now"}),
        ("def operation(now): return now", set()),
    ],
)
def test_a_clock_of_ones_own_is_seen(code: str, expected: set[str]):
    assert clocks(ast.parse(code)) == expected


def test_the_time_is_asked_of_one_clock():
    found = {name: used for name, tree in sources() if name != ASKS and (used := clocks(tree))}
    assert found == REAL


def test_faces_and_tasks_ask_it():
    asking = {name for name, tree in sources() if any(ast.unparse(node) == "clock.now" for node in ast.walk(tree))}
    assert {"claims/tasks.py", "services/tasks.py", "claims/api/views.py"} <= asking
    assert not [name for name in asking if "/operations/" in name or "/queries/" in name], "those are told what time it is"


# Of statements: those by which workers see what is being worked on, and that of requests a minute.
BY_THE_DATABASE = {
    "accounts/rates.py", "claims/operations/assessment.py", "claims/operations/comparison.py",
    "claims/operations/import_work.py", "claims/operations/work.py",
}  # fmt: skip


def test_statements_take_the_time_of_the_database_for_work_under_way_alone():
    marks = ("clock_timestamp()", "now()", "current_timestamp", "current_date")
    found = set()
    for name, tree in sources():
        texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        if name != ASKS and any(mark in text.lower() for text in texts for mark in marks):
            found.add(name)
    assert found == BY_THE_DATABASE
