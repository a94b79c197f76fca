"""Whole examples in the API's description: what may be sent as it stands there, and what that is answered (examples.yaml)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from services.bodies import MEDIA_TYPE

EXAMPLES = Path(__file__).with_name("examples.yaml")


@cache
def known_examples() -> dict[str, Any]:
    """By operation (`POST /usage`) and name; under `problem` one of what is refused."""
    known: dict[str, Any] = yaml.safe_load(EXAMPLES.read_text(encoding="utf-8"))
    return known


def with_examples(result: Any, **_: Any) -> Any:
    """Each operation with its examples. An answer has the name of the request that it answers."""
    known = known_examples()
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            for name, example in known.get(f"{method.upper()} {path.removeprefix('/api/v1')}", {}).items():
                for part, content in _places(operation, example):
                    about = {"summary": example["summary"]} if "summary" in example else {}
                    content.setdefault("examples", {})[name] = {**about, "value": example[part]}
    result["components"]["schemas"]["Problem"]["examples"] = [
        one["answer"] for one in known["problem"].values() if "answer" in one
    ]
    return result


def _places(operation: Any, example: Any) -> list[tuple[str, Any]]:
    """Where its parts belong. What has no place has none in the description, and the tests miss it."""
    asked = operation.get("requestBody", {}).get("content", {}).get(example.get("media_type", MEDIA_TYPE))
    answered = [one["content"].get(MEDIA_TYPE) for status, one in operation["responses"].items()
                if status.startswith("2") and "content" in one]  # fmt: skip
    places = [("request", asked), *(("answer", content) for content in answered)]
    return [(part, content) for part, content in places if part in example and content is not None]
