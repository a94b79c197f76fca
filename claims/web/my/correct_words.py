"""What the pages say on which somebody corrects their claim, in Korean and English."""

from __future__ import annotations

from django.utils.functional import lazy

from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    "correct": ("고치거나 더하기", "Correct it or add to it"),
    "correct_help": (
        "바꿀 것만 고치세요. 앞서 말씀하신 것은 지우지 않고, 비운 칸은 앞서 말씀하신 대로 둡니다. 없던 것으로 하실 것은 "
        "글로 알려 주세요. 시각은 한국 시간입니다.",
        "Change only what is different. What you said before is kept, and a field that you empty stays as it was: to take "
        "something back, write to us. Times are Korean time.",
    ),
    "is_decided": (
        "이미 결정된 청구입니다. 더하신 것은 다시 심사하고, 그때까지 지금 결정은 그대로입니다. "
        "쓰지 못한 시간을 고치거나 빼려면 글을 남겨 주세요.",
        "This claim was decided. What you add is assessed again, and until then the decision stays as it is. To change or take "
        "back a time please write to us.",
    ),
    "was_withdrawn": ("거두신 청구입니다. 보내시면 다시 심사합니다.",
                      "You withdrew this claim. If you send this it is looked at again."),
    "your_losses": ("쓰지 못한 것", "What you could not use"),
    "take_back": ("이것은 뺍니다", "Take this one back"),
    "take_back_help": ("잘못 말씀하셨거나 두 번 말씀하신 경우입니다.", "If it was wrong, or told twice."),
    "found": ("기록에서 찾은 것", "What we found in records"),
    "found_help": (
        "말씀하지 않으셔도 운영사의 기록에서 찾았습니다. 맞지 않으면 글을 남겨 주세요.",
        "You need not tell us these. If one is wrong please write to us.",
    ),
    "something_else": ("다른 서비스나 다른 시간 더하기", "Add another service or another time"),
    "something_else_help": ("고르고 ‘더하기’를 누르면 언제였는지 적는 칸이 생깁니다.",
                            "Choose and press “Add”: then there are fields for when it was."),
    "add": ("더하기", "Add"), "drop": ("이 칸 지우기", "Remove this one"), "new": ("더할 것", "To be added"),
    "ask_also": ("신청해야 받는 보상", "What is given on request"),
    "choose_elsewhere": ("무엇으로 받을지는 여기에서 고릅니다", "Choose here what you get"),
    "asked_already": ("이미 신청한 것", "Asked for already"),
    "verified": (
        "확인된 값: {}. 이 값으로 계산하고, 여기에 적으시는 것은 담당자가 봅니다.",
        "On record: {}. That is what counts; what you write here is looked at by a person.",
    ),
    "verified_then": (
        "확인된 값: {}. 시각을 바꾸지 않으시면 이 값으로 계산하고, 여기에 적으시는 것은 담당자가 봅니다.",
        "On record: {}. Unless you change the times that is what counts; what you write here is looked at by a person.",
    ),
    "look": ("바뀌는 것 보기", "Look at what changes"),
    "now_say": ("새로 생긴 칸을 채우고 다시 눌러 주세요.", "Please fill in the new fields and press again."),
    "no_change": ("바뀐 것이 없습니다.", "Nothing was changed."),
    "check": ("바뀌는 것을 확인하고 보내기", "Look at what changes and send it"),
    "changes": ("바뀌는 것", "What changes"), "before": ("앞서", "Before"), "after": ("이제", "Now"),
    "unsaid": ("말하지 않음", "not said"),
    "taken_back": ("뺍니다", "taken back"), "added": ("더합니다", "added"),
    "when": ("언제", "When"), "of_claim": ("청구 전체", "The whole claim"),
    "expected": ("보내면 받을 수 있는 것", "What you may expect then"),
    "expected_help": (
        "확인된 것과 말씀하신 것으로, 말씀이 모두 맞을 때 지금 기록과 정책으로 계산한 것입니다.",
        "Calculated by the record and the policies of now, by what was verified and, if all is so, by what you say.",
    ),
    "got_already": ("이미 받으신 것도 들어 있습니다.", "What you have got already is in it."),
    "not_known_yet": (
        "얼마인지는 아직 말할 수 없습니다. 까닭은 아래에 있습니다.", "How much cannot be said yet; why is below.",
    ),
    "nothing": ("지금 게시된 정책으로는 받을 수 있는 것이 없습니다. 까닭은 아래에 있습니다.",
                "Under the policies that are published now you may expect nothing; why is below."),
    "moved": ("시간을 고친 것은 확인도 다시 합니다.", "Where a time changes, what was proved about it is looked at again."),
    "send": ("보내기", "Send it"), "change": ("고치기", "Change it"),
    "corrected": ("고친 내용을 받았습니다", "We have got your correction"),
    "corrected_1": ("기록과 정책에 맞추어 다시 심사합니다. 늦어도 {}까지 답합니다.",
                    "It is assessed again against the record and the policies. You are answered by {} at the latest."),
    "elsewhere": ("여기에서는 고칠 수 없습니다", "This cannot be corrected here"),
    "merged": ("이 청구는 다른 청구와 합쳤고, 거기에서 답해 드립니다. 글을 남기시면 거기로 갑니다.",
               "This claim was joined with another one and is answered there. What you write goes there."),
    "no_record": ("아직 공식 기록이 없습니다. 글을 남겨 주세요.", "There is no official record yet. Please write to us."),
}  # fmt: skip


def say(key: str) -> str:
    return WORDS[key][in_english()]


lazily = lazy(say, str)
