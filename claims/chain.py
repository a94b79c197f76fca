"""The chain over what was logged: each link's hash covers the one before, so that no row is changed or taken away unseen.

Needs nothing but Python 3.11, so that whoever doubts the service can take this one file and check an export of the log:

    python chain.py events.jsonl [POSITION:HASH ...]

The export has one JSON object a line: position (from 1), log, row (its id), hash (hex), content (the row; null: it is gone).
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

NOTHING = "0" * 64  # the hash before the first link
ANCHOR = r"([1-9][0-9]{0,17}):([0-9a-f]{64})"


def hash_of(before: str, content: Mapping[str, Any]) -> str:
    """SHA-256, in hex, of the hash of the link before, a line feed, and the content as canonical JSON in UTF-8."""
    said = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{said}".encode()).hexdigest()


def faults_of(
    links: Iterable[Mapping[str, Any]], anchors: Mapping[int, str], *, after: int = 0, before: str = NOTHING
) -> Iterator[str]:
    """What is wrong with links in the order of their positions, each fault in one line that names the row.

    `anchors`: hashes by position that were noted before. Whoever can write everything could change a row and every link
    after it; only an anchor tells. `after` and `before`: position and hash of the link that the first one follows.
    """
    expected, missing = after + 1, dict(anchors)
    for link in links:
        position, named = link["position"], f"{link['log']} {link['row']}"
        if position != expected:
            yield f"position {expected}: {_links(position - expected)} before {named}"  # of whose hash nothing can be said
        elif link["content"] is None:
            yield f"position {position}: {named} is gone"
        elif hash_of(before, link["content"]) != link["hash"]:
            yield f"position {position}: {named} was changed"
        if position in missing and missing.pop(position) != link["hash"]:
            yield f"position {position}: {named} is not what was noted before"
        before, expected = link["hash"], position + 1
    for position in sorted(missing):
        yield f"position {position}: the chain ends at {expected - 1}, but this was noted before"


def _links(missing: int) -> str:
    return f"{missing} link{'' if missing == 1 else 's'} missing"


def anchors_of(texts: Iterable[str]) -> dict[int, str]:
    """Of POSITION:HASH. Raises ValueError."""
    found = {}
    for text in texts:
        read = re.fullmatch(ANCHOR, text)
        if read is None:
            raise ValueError(f"{text!r} is no anchor; write it as POSITION:HASH, like 12:{NOTHING[:8]}...")
        found[int(read[1])] = read[2]
    return found


def main(arguments: list[str]) -> int:
    """0: nothing was changed. 1: something was. 2: the file or an anchor cannot be read."""
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    count = 0

    def counted(lines: Iterable[str]) -> Iterator[Mapping[str, Any]]:
        nonlocal count
        for line in lines:
            count += 1
            yield json.loads(line)

    try:
        with open(arguments[0], encoding="utf-8") as file:
            faults = list(faults_of(counted(file), anchors_of(arguments[1:])))
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"line {count}: {error!r}", file=sys.stderr)
        return 2
    for fault in faults:
        print(fault)
    print(f"{count} links, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
