"""A page read as a browser would: its elements and attributes, what it says, and what in it could run."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

from tests.hostile_cast import COMPUTED

ADDRESSES = ("href", "src", "action", "formaction", "data", "xlink:href", "poster", "srcset", "background", "ping", "srcdoc")
SCHEME = re.compile(r"(javascript|vbscript|data|file):", re.IGNORECASE)
OTHERS = re.compile(r"([a-z]+:)?//[^/?#]*evil\.example", re.IGNORECASE)
LINES = ("p", "br")  # as many as somebody wrote


class Page(HTMLParser):
    """`elements`: how many, by tag and names of attributes; `said`: all texts and values, without white space."""

    def __init__(self, content: bytes | str) -> None:
        super().__init__()
        self.elements: Counter[tuple[str, ...]] = Counter()
        self.wrong: list[str] = []
        self._texts: list[str] = []
        text = content.decode() if isinstance(content, bytes) else content
        self.feed(text)
        self.close()
        self.said = squeezed("".join(self._texts))
        if COMPUTED in text:
            self.wrong.append("computed")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in LINES or attrs:
            self.elements[tag, *sorted(name for name, _ in attrs)] += 1
        for name, value in attrs:
            plain = re.sub(r"[\x00-\x20]", "", value or "").replace("\\", "/")
            if name.startswith("on") or (name in ADDRESSES and (SCHEME.match(plain) or OTHERS.match(plain))):
                self.wrong.append(f"{tag} {name}={value}")
            self._texts.append(value or "")

    def handle_comment(self, data: str) -> None:
        self.elements["!--",] += 1

    def handle_decl(self, decl: str) -> None:
        self.elements[f"!{decl}",] += 1

    def unknown_decl(self, data: str) -> None:
        self.elements["![",] += 1

    def handle_pi(self, data: str) -> None:
        self.elements["?",] += 1

    def handle_data(self, data: str) -> None:
        self._texts.append(data)


def squeezed(text: str) -> str:
    return "".join(text.split())


def differences(page: Page, harmless: Page) -> list[str]:
    """What can run in a page, and what it has more or less of than the same page with harmless texts."""
    more, fewer = page.elements - harmless.elements, harmless.elements - page.elements
    return [*page.wrong, *(f"more: {one}" for one in more), *(f"fewer: {one}" for one in fewer)]
