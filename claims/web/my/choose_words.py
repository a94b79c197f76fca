"""What the page says on which the claimant chooses what they are to be given, in Korean and English."""

from __future__ import annotations

from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    "choose": ("무엇으로 받을지 고르기", "Choose what you get"),
    "choose_help": (
        "하나를 골라 보내세요. 값은 지금 기록과 정책으로 계산한 것입니다. 결정되기 전까지 다시 고를 수 있습니다.",
        "Choose one and send it. What each is worth is calculated by the record and the policies of now. Until the claim is "
        "decided you may choose again.",
    ),
    "choose_it": ("고른 것 보내기", "Send what I chose"), "choose_one": ("하나를 고르세요.", "Choose one of these."),
    "chosen": ("고르신 것을 받았습니다", "We have got what you chose"),
    "chosen_1": ("결정되기 전까지 다시 고를 수 있습니다. 늦어도 {}까지 답합니다.",
                 "Until the claim is decided you may choose again. You are answered by {} at the latest."),
    "decided": ("이미 결정된 청구라 다시 고를 수 없습니다. 결정이 맞지 않으면 이의를 신청해 주세요.",
                "This claim was decided, so nothing else can be chosen. If the decision is wrong, please say that you "
                "disagree with it."),
    "nothing_to_choose": ("이 청구에는 고를 것이 없습니다.", "There is nothing to choose for this claim."),
    "disagree": ("결정에 동의하지 않습니다", "I disagree with the decision"),
}  # fmt: skip


def say(key: str) -> str:
    return WORDS[key][in_english()]
