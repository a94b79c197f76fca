"""The one refusal of the engine: what was found, where, and what to do.

The engine knows neither Django nor the services app, so it has an exception of its own.
"""

from __future__ import annotations


class EngineRefusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """Input the engine will not work with.

    `code` is stable and lower_snake; `where` is a path into the input (`rules[0].amount`).
    """

    def __init__(self, code: str, message: str, where: str = "") -> None:
        super().__init__(f"{code}: {where}: {message}" if where else f"{code}: {message}")
        self.code = code
        self.message = message
        self.where = where
