"""What the pages of somebody's own claims say, in Korean and English."""

from __future__ import annotations

from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    "find": ("청구 보기", "See your claim"),
    "status": ("내 청구", "Your claim"),
}


def say(key: str) -> str:
    return WORDS[key][in_english()]
