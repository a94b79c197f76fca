"""From a document to a pack: its shape, by the models, and its names, which hold it together."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from .pack import Pack, PackBody
from .pack_names import PackNames
from .pack_shapes import shape_problems
from .refusals import PackRefusal


def pack_of(document: dict[str, Any], number: int, name: str) -> Pack:
    """The pack that a document describes, under a publication number.

    Raises PackRefusal with every problem found: `pack_invalid` where a shape is broken, `pack_reference` where a
    name is.
    """
    try:
        body = PackBody.model_validate_json(json.dumps(document))
    except ValidationError as error:
        raise PackRefusal(name, shape_problems(error)) from error
    problems = list(dict.fromkeys(PackNames(body).problems()))
    if problems:
        raise PackRefusal(name, problems)
    return Pack(body, document, number)
