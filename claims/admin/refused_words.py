"""What staff are told when a page about claims refuses something, each in Korean and English."""

from __future__ import annotations

from claims.document_words import said_refused_file
from claims.refusal_words import REFUSED
from services.admin_pages import told
from services.language import in_english
from services.refusals import Refusal
from services.time_words import said_time


def said_in_words(refusal: Refusal) -> str:
    """What is wrong and what to do, with the code behind it, in the language of whoever looks alone; the refusal's own words,
    which name things as programs do, only where there are none here.
    """
    if about_time := said_time(refusal):
        return about_time
    code = refusal.code
    text = REFUSED[code][in_english()] if code in REFUSED else said_refused_file(code)
    return " ".join(filter(None, [text, refusal.about, f"({code})"])) if text else told(refusal)
