"""An answer from a template, as a document."""

from __future__ import annotations

import re
from datetime import datetime
from string import Formatter

from django.template.loader import render_to_string

from claims.models import Claim, ReplyVersion
from claims.queries.letter import WORDS
from services.seoul import SEOUL

LANGUAGES = ("ko", "en")
# What a template may leave open: the claim's number, the outage, when the claim was made, today.
PLACEHOLDERS = ("reference", "incident", "filed_on", "today")


def placeholders_of(text: str) -> list[str]:
    """As written between braces, whatever they are. Raises ValueError for braces that do not fit."""
    return [
        f"{name}{'!' if conversion else ''}{conversion or ''}{':' if form else ''}{form or ''}"
        for _, name, form, conversion in Formatter().parse(text)
        if name is not None
    ]


def render_reply(version: ReplyVersion, claim: Claim, *, language: str, now: datetime) -> bytes:
    """HTML in `ko` or `en`, as UTF-8: what is kept and sent, and what is looked at before. Names nobody."""
    pick = LANGUAGES.index(language)
    body = (version.body_ko, version.body_en)[pick]
    values = _values(claim, language, now)
    context = {
        "language": language,
        "words": {key: said[pick] for key, said in WORDS.items()},
        "title": reply_title(version, claim, language=language, now=now),
        "reference": claim.reference,
        "incident": values["incident"],
        "date": values["today"],
        "paragraphs": [part.strip() for part in re.split(r"\n\s*\n", body.format(**values)) if part.strip()],
    }
    return render_to_string("claims/reply.html", context).encode()


def reply_title(version: ReplyVersion, claim: Claim, *, language: str, now: datetime) -> str:
    """As the letter has it that is made now."""
    return (version.title_ko, version.title_en)[LANGUAGES.index(language)].format(**_values(claim, language, now))


def _values(claim: Claim, language: str, now: datetime) -> dict[str, str]:
    return {
        "reference": claim.reference,
        "incident": (claim.incident.title_ko, claim.incident.title_en)[LANGUAGES.index(language)],
        "filed_on": f"{claim.filed_at.astimezone(SEOUL):%Y-%m-%d}",
        "today": f"{now.astimezone(SEOUL):%Y-%m-%d}",
    }
