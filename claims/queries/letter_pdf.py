"""A letter's HTML as a PDF: read out of exactly those bytes, set by Typst, the same bytes each time.

Everything that the letter says goes to the typesetter as data (JSON), never as its markup; its own text is
`claims/typeset/letter.typ`, its fonts stand beside that, and it reads nothing else.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import typst

TYPESET = Path(__file__).parents[1] / "typeset"
STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]  # to be kept, and to be read out
WIDTH, MARGIN = 640, 16  # pixels: of a drawing that fills the width of the page, and beside it, where labels reach
BLOCKS = ("h1", "h2", "h3", "p", "li", "th", "td", "figcaption", "footer")
UNSEEN = ("style", "script")
CLASSES = ("marks", "under", "line")  # of paragraphs, where they look otherwise; the first that fits


def pdf_of_letter(content: bytes, *, reference: str, made_at: datetime) -> bytes:
    """`content`: HTML of a letter, as UTF-8. About 20 milliseconds."""
    letter = {**_read(content.decode()), "reference": reference, "hash": hashlib.sha256(content).hexdigest()}
    try:
        return _set(letter, made_at, STANDARDS)
    except typst.TypstError:  # a character that none of our fonts has, which the standards forbid: it shows as a box
        return _set(letter, made_at, [])


def _set(letter: dict[str, Any], made_at: datetime, standards: list[typst.PDFStandard]) -> bytes:
    compiler = typst.Compiler(TYPESET / "letter.typ", root=TYPESET, font_paths=_fonts())
    second = made_at.astimezone(UTC).replace(microsecond=0)  # it takes no parts of one
    pdf = compiler.compile(format="pdf", sys_inputs={"letter": json.dumps(letter)}, pdf_standards=standards, timestamp=second)
    assert isinstance(pdf, bytes), "no output file was named, and PDF is one document"
    return pdf


@cache
def _fonts() -> typst.Fonts:
    """Ours, and for signs that they lack those that come with Typst; none of the machine's."""
    return typst.Fonts(include_system_fonts=False, font_paths=[TYPESET])


def _read(text: str) -> dict[str, Any]:
    drawings = list(_drawings(text))
    for number, drawing in enumerate(drawings):
        text = text.replace(drawing, f'<drawing class="{number}"></drawing>', 1)
    reader = _Reader(drawings)
    reader.feed(text)
    reader.close()
    return {"lang": reader.language, "title": reader.title, "blocks": reader.blocks}


def _drawings(text: str) -> Iterator[str]:
    """Each outermost SVG, as it stands. What a letter says is escaped and holds none."""
    depth, start = 0, 0
    for found in re.finditer(r"<svg\b|</svg>", text):
        if found[0] == "<svg":
            start = start if depth else found.start()
            depth += 1
        else:
            depth -= 1
            if depth == 0:
                yield text[start : found.end()]


def _drawn(svg: str) -> dict[str, Any]:
    """Of its own width, in our font, with what it says to who cannot see it."""
    said = re.findall(r"<(?:title|desc)\b[^>]*>(.*?)</(?:title|desc)>", svg, re.DOTALL)
    sized = svg.replace('width="100%"', f'x="{MARGIN}" width="{WIDTH}" overflow="visible"', 1)
    height = re.search(r'\bheight="(\d+)"', svg)
    assert height is not None, "a letter's drawing says its height"
    framed = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH + 2 * MARGIN}" height="{height[1]}" font-family="NanumSquare">'
        f"{sized}</svg>"
    )
    return {"is": "svg", "svg": framed, "alt": html.unescape(". ".join(said))}


class _Reader(HTMLParser):
    """Blocks in order, each with runs of text; a table has rows of cells, a list has items."""

    def __init__(self, drawings: list[str]) -> None:
        super().__init__()
        self.drawings = drawings
        self.language, self.title = "ko", ""
        self.blocks: list[dict[str, Any]] = []
        self._runs: list[dict[str, Any]] | None = None  # of the block that is open
        self._bold = 0
        self._inside = ""  # of the elements that are no blocks the innermost that matters: title, style, script, thead

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        classes = (given.get("class") or "").split()
        if tag == "html":
            self.language = given.get("lang") or "ko"
        elif tag in ("title", "thead", *UNSEEN):
            self._inside = tag
        elif tag == "drawing":
            self.blocks.append(_drawn(self.drawings[int(classes[0])]))
        elif tag == "strong":
            self._bold += 1
        elif tag == "br":
            self._say("\n")
        elif tag == "ul":
            self.blocks.append({"is": "ul", "items": []})
        elif tag == "table":
            self.blocks.append({"is": "table", "rows": [], "columns": 0})
        elif tag == "tr":
            self.blocks[-1]["rows"].append({"head": self._inside == "thead", "cells": []})
        elif tag in BLOCKS:
            self._open(tag, classes)

    def _open(self, tag: str, classes: list[str]) -> None:
        self._runs = []
        if tag == "li":
            self.blocks[-1]["items"].append(self._runs)
        elif tag in ("th", "td"):
            table = self.blocks[-1]
            cells = table["rows"][-1]["cells"]
            cells.append({"right": "sum" in classes, "runs": self._runs})
            table["columns"] = max(table["columns"], len(cells))
        else:
            kind = next((one for one in CLASSES if one in classes), "p") if tag == "p" else tag
            self.blocks.append({"is": kind, "runs": self._runs})

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""
        elif tag == "strong":
            self._bold -= 1
        elif tag in BLOCKS:
            self._runs = None

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title += data
        elif self._inside not in UNSEEN and (self._runs is not None or data.strip()):
            self._say(re.sub(r"\s+", " ", data))

    def _say(self, text: str) -> None:
        if self._runs is None:  # text between blocks is not lost
            self._open("p", [])
        assert self._runs is not None, "opened"
        self._runs.append({"text": text, "bold": bool(self._bold)})
