"""What many tests begin with, made once for those in a row that begin with the same.

`@world` in the place of `@pytest.fixture`: what the function stores lies in a transaction around the tests that ask for it, and
each of them works, as ever, in one of its own, which is rolled back. Each gets a copy of what the function returns. A world may
ask for other worlds and for `db`, and for nothing else. Where something is asked for that cannot be there meanwhile (a table to
oneself, another process that sees the rows), it takes a fixture as ever.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import wraps
from typing import Any

import pytest
from django.db import connection, transaction


@dataclass(frozen=True)
class _Built:
    function: Callable[..., Any]
    around: Any
    value: Any


_built: list[_Built] = []


def world(function: Callable[..., Any]) -> Any:
    @wraps(function)
    def begun(**asked: Any) -> Any:
        found = [one.value for one in _built if one.function is function]
        return deepcopy(found[0]) if found else function(**asked)

    begun.world = function  # type: ignore[attr-defined]
    return pytest.fixture(begun)


def keep(item: pytest.Item) -> list[Callable[..., Any]]:
    """Of the worlds that stand those with which this test begins as well; the others that it asks for. Before its fixtures:
    those of a module may store what others are to see.
    """
    wanted = [] if _commits(item) else _wanted(item)
    same = 0
    while same < min(len(_built), len(wanted)) and _built[same].function is wanted[same]:
        same += 1
    end(same)
    return wanted[same:]


def begin(item: pytest.Item) -> None:
    """The worlds that a test asks for, and no other one."""
    for function in keep(item):
        around: Any = transaction.atomic()
        around._from_testcase = True  # operations may open a durable transaction within
        around.__enter__()
        _built.append(_Built(function, around, None))
        if len(_built) == 1:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")  # a test may take its time elsewhere
        known = {one.function.__name__: one.value for one in _built}
        try:
            value = function(**{name: deepcopy(known.get(name)) for name in inspect.signature(function).parameters})
        except BaseException:
            end(len(_built) - 1)
            raise
        _built[-1] = _Built(function, around, value)


def end(kept: int = 0) -> None:
    """All but the first so many."""
    while len(_built) > kept:
        transaction.set_rollback(True)
        _built.pop().around.__exit__(None, None, None)


def _commits(item: pytest.Item) -> bool:
    """Such a test is alone with what it stores itself."""
    marked = item.get_closest_marker("django_db")
    told = marked is not None and marked.kwargs.get("transaction")
    return bool(told) or not {"transactional_db", "live_server"}.isdisjoint(item.fixturenames)  # type: ignore[attr-defined]


def _wanted(item: pytest.Item) -> list[Callable[..., Any]]:
    """As they stand in the code, so that tests in a row have the same first; who is asked for by another comes before it."""
    known: dict[str, Any] = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]
    wanted: list[Callable[..., Any]] = []

    def made_by(name: str) -> Any:
        return getattr(known[name][-1].func, "world", None) if name in known else None

    def place(name: str) -> tuple[str, int]:
        code = getattr(made_by(name), "__code__", None)
        return (code.co_filename, code.co_firstlineno) if code else ("", 0)

    def add(name: str) -> None:
        function = made_by(name)
        if function is not None and function not in wanted:
            for asked in inspect.signature(function).parameters:
                add(asked)
            wanted.append(function)

    for name in sorted(item.fixturenames, key=place):  # type: ignore[attr-defined]
        add(name)
    return wanted
