"""Messages are sorted by words, and only where the words are clear."""

import unicodedata

import pytest

from claims.models import ClaimKind
from claims.operations.sorting import sort_message


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("복구는 언제 끝납니까", ClaimKind.QUESTION),
        ("How can I see my claim", ClaimKind.QUESTION),
        ("정말 실망했습니다.", ClaimKind.COMPLAINT),
        ("This is UNACCEPTABLE.", ClaimKind.COMPLAINT),
        ("빠른 복구 고맙습니다", ClaimKind.THANKS),
        ("Thank you all", ClaimKind.THANKS),
    ],
)
def test_a_clear_word_sorts(text: str, kind: str) -> None:
    assert sort_message(text).kind == kind
    assert sort_message(text).words


def test_thanks_at_the_end_give_way() -> None:
    assert sort_message("언제 되나요? 감사합니다").kind == ClaimKind.QUESTION


@pytest.mark.parametrize(
    "text",
    ["", "카카오", "왜 이렇게 최악인가요?", "언제 환불되나요?", "5만원 주세요, 감사합니다", "thanks, $ 20 please", "Whenever."],
)
def test_what_is_not_clear_is_left_for_a_person(text: str) -> None:
    assert sort_message(text).kind == ClaimKind.UNSORTED


def test_letters_in_parts_are_the_same_letters() -> None:
    assert sort_message(unicodedata.normalize("NFD", "감사합니다")).kind == ClaimKind.THANKS
