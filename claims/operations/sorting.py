"""What a message wants, by words: a question, a complaint or thanks. What is not clear is left for a person."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from claims.models import ClaimKind

# Korean words are found anywhere, since endings grow on to them; English ones only as whole words.
WORDS: dict[str, tuple[str, ...]] = {
    ClaimKind.QUESTION: (
        "?", "언제", "어떻게", "무엇", "문의", "궁금", "알려 주", "알려주", "인가요", "되나요",
        "how do", "how can", "when", "could you tell",
    ),
    ClaimKind.COMPLAINT: (
        "불만", "항의", "실망", "화가 나", "화가 납", "최악", "불편", "어이없",
        "complain", "complaint", "disappointed", "unacceptable", "angry",
    ),
    ClaimKind.THANKS: ("감사", "고맙", "고마워", "수고", "thanks", "thank you", "grateful"),
}  # fmt: skip
# Who names money may want some: that is no message.
MONEY = ("보상", "배상", "환불", "손해", "compensate", "compensation", "refund", "reimburse")
AMOUNT = re.compile(r"\d[\d,.]*\s*[천만억]?\s*(?:원|krw|won\b)|[₩$€]\s*\d")


@dataclass(frozen=True)
class Sorting:
    """The kind, `unsorted` where a person has to say, and the words that it rests on."""

    kind: str
    words: tuple[str, ...] = ()


def sort_message(text: str) -> Sorting:
    """Of a claim that tells no loss and gives no amount.

    Thanks give way, because they end most letters. A question that is a complaint as well, and whatever names money, is left
    for a person.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    if money := _found(plain, MONEY) + tuple(AMOUNT.findall(plain)):
        return Sorting(ClaimKind.UNSORTED, money)
    found = {kind: words for kind, listed in WORDS.items() if (words := _found(plain, listed))}
    if len(found) > 1:
        found.pop(ClaimKind.THANKS, None)
    if len(found) != 1:
        return Sorting(ClaimKind.UNSORTED, tuple(word for words in found.values() for word in words))
    kind, words = next(iter(found.items()))
    return Sorting(kind, words)


def _found(plain: str, words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(w for w in words if (re.search(rf"\b{re.escape(w)}\b", plain) if w[0].isascii() and w != "?" else w in plain))
