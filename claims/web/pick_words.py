"""What pages say on which somebody chooses what they are given, in Korean and English."""

from __future__ import annotations

from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    "picks": ("무엇으로 받을지 고르기", "Choose what you get"),
    "picks_help": (
        "아래에서 하나를 고르세요. 값은 지금 기록과 정책으로 계산한 것입니다.",
        "Choose one of these. What each is worth is calculated by the record and the policies of now.",
    ),
    "unchosen": ("고르지 않으시면: {}", "If you choose nothing: {}"),
    "not_yet": ("아직 고르지 않음", "I have not chosen yet"),
    "cash_if": ("현금은 다음일 때 받을 수 있습니다: {}", "Cash is given where: {}"),
    "no_cash": ("현금은 받을 수 없습니다: {}", "Cash is not given: {}"),
    "none_picked": ("아직 고르지 않으셨습니다", "You have not chosen yet"),
    "picked": ("고르신 보상", "What you chose"),
}  # fmt: skip


def say(key: str) -> str:
    return WORDS[key][in_english()]
