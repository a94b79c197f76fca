"""results.md: a section per benchmark, each written by its own run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

RESULTS = Path(__file__).parent / "results.md"


def write_section(title: str, text: Sequence[str]) -> None:
    """Put the text under its heading, in place of what stood there; the other sections stay."""
    sections = re.split(r"^(?=# )", RESULTS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    kept = [section for section in sections if section.strip() and not section.startswith(f"# {title}\n")]
    body = "\n".join([f"# {title}", "", *text])
    RESULTS.write_text("\n\n".join([*(section.strip() for section in kept), body]) + "\n", encoding="utf-8")
