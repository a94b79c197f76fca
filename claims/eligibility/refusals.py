"""The refusals of the engine: what was found, where, and what to do.

The engine knows neither Django nor the services app, so it has exceptions of its own.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]


def shown(value: Any) -> str:
    """What was found, as a pack writes it, and not too much of it."""
    found = json.dumps(value) if value is None or isinstance(value, bool) else repr(value)
    return found if len(found) <= 60 else found[:57] + "..."


@dataclass(frozen=True)
class Problem:
    """One fault of a pack: a stable code, the path to it, and what was found, expected and to be done."""

    code: str
    path: Path
    message: str
    line: int | None = None  # counted from 1; None where the pack is no text

    @property
    def where(self) -> str:
        """`rules[0].amount`"""
        return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path).removeprefix(".")


class EngineRefusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """Input the engine will not work with.

    `code` is stable and lower_snake; `where` is a path into the input (`rules[0].amount`).
    """

    def __init__(self, code: str, message: str, where: str = "") -> None:
        super().__init__(f"{code}: {where}: {message}" if where else f"{code}: {message}")
        self.code = code
        self.message = message
        self.where = where

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The refusal as faults of a text: one, of the whole."""
        return (Problem(self.code, (), self.message),)


class PackRefusal(EngineRefusal):
    """A pack with all its faults, in the order of the text; `code` is the first one's."""

    def __init__(self, name: str, problems: Sequence[Problem]) -> None:
        first = problems[0]
        super().__init__(first.code, first.message, first.where)
        self.name = name
        self.found = tuple(problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.found

    def __str__(self) -> str:
        return "\n".join(
            f"{self.name}:{f'{problem.line}:' if problem.line else ''} {problem.code}:"
            f" {f'{problem.where}: ' if problem.path else ''}{problem.message}"
            for problem in self.problems
        )
