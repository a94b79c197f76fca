"""Every calculation that is printed of a worked example is true: read back from its text, it comes to what is given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given

from claims.eligibility import ClaimInput, Terms, batch_of, load_pack
from claims.eligibility.examples import terms_and_claim
from claims.eligibility.explain import explain
from claims.eligibility.explanation_text import ExplanationText
from claims.eligibility.formula import WORDS
from claims.eligibility.shapes import PERIODS

from .calculator import comes_to, worth
from .cast import Document, shipped
from .test_properties import fewer, terms_and_claims

PIECE = re.compile(rf"(?:{'|'.join(word for key in ('run', *PERIODS) for word in WORDS[key])}) \d+: ")


def printed(terms: Terms, claims: list[ClaimInput], language: str) -> Iterator[tuple[Document, list[str]]]:
    """Each line with how it is explained."""
    words = ExplanationText(terms, language)
    for explained in explain(batch_of(claims, terms), terms):
        for line in explained["lines"]:
            told = words.explanation({**explained, "lines": [line]}, terms.packs[0].zone)
            yield line, [text.strip() for text in told]


def read_back(line: Document, told: list[str]) -> int:
    """How many calculations were read: one, or none where the line has none."""
    calculations = [text for text in told if text.startswith(("calculation", "계산: ", "계산 ("))]
    assert [comes_to(text) for text in calculations] == [line["quantity"]] * len(calculations)
    assert len(calculations) == 1 or not line["quantity"]
    pieces = [text.split(": ")[2].split(", ")[0] for text in told if PIECE.match(text)]
    known = [piece["value"] for piece in line.get("pieces", ()) if piece["value"] is not None]
    assert sorted(worth(value) for value in pieces if value != "?") == sorted(map(Fraction, known))
    return len(calculations)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_every_worked_example_comes_to_what_is_given(path: Path, language: str) -> None:
    pack = load_pack(path.read_text(encoding="utf-8"), path.name)
    found = 0
    for terms, claim in (terms_and_claim(pack, example) for example in pack.body.examples):
        if pack.holds_for(terms.record.begins_at):
            found += sum(read_back(line, told) for line, told in printed(terms, [claim], language))
    assert found


@fewer
@given(terms_and_claims())
def test_any_policy_comes_to_what_is_given(case: tuple[Terms, list[ClaimInput]]) -> None:
    terms, claims = case
    for language in ("ko", "en"):
        for line, told in printed(terms, claims, language):
            read_back(line, told)
