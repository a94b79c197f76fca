"""What services and sources are called: asked for by every page of claimants, changed once in months."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

UNLISTED = "unlisted"  # of the tree: what somebody lost that is not in it, in words of theirs; no record speaks of it


@dataclass(frozen=True, eq=False)
class Names:
    """Code -> (Korean, English), in the order of codes, of services and of the record's sources. The same object as long as
    nothing changes, so that what is made of it can be kept by it.
    """

    by_code: Mapping[str, tuple[str, str]]
    sources: Mapping[str, tuple[str, str]]


def service_names() -> Names:
    """One query, of one text. That text is what the names are kept by: none can be older than the database's."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT json_build_array(
                (SELECT json_agg(json_build_array(code, name_ko, name_en) ORDER BY code) FROM services_service),
                (SELECT json_agg(json_build_array(code, name_ko, name_en) ORDER BY code) FROM services_source))::text""")
        ((text,),) = cursor.fetchall()
    return _read(text)


@lru_cache(maxsize=4)
def _read(text: str) -> Names:
    return Names(*({code: (korean, english) for code, korean, english in rows or ()} for rows in json.loads(text)))
