"""What the pages say on which somebody disagrees with a decision, in Korean and English."""

from __future__ import annotations

from django.utils.functional import lazy

from claims.models import AppealKind
from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    "disagree": ("결정에 동의하지 않기", "Disagree with the decision"),
    "disagree_help": (
        "틀렸다고 생각하는 것을 고르거나 적어 주세요. 앞선 결정에 관여하지 않은 담당자가 처음부터 다시 봅니다. "
        "언제까지라는 기한은 없습니다.",
        "Choose what you think is wrong, or write it. Somebody who had no part in the decision looks at all of it again. "
        "There is no last day for this.",
    ),
    "approved": ("청구를 받아들였습니다.", "Your claim was accepted."),
    "rejected": ("보상해 드릴 것이 없다고 결정했습니다.", "It was decided that no compensation is owed."),
    "refused": ("주지 않음", "Not given"),
    "calculated": (
        "계산 결과는 다음과 같지만 주지 않기로 결정했습니다: {}", "It was calculated at {}, and decided not to be given.",
    ),
    "reasons": ("그렇게 결정한 까닭", "Why it was decided so"),
    "reason_is_wrong": ("그 까닭이 맞지 않습니다", "This reason is wrong"),
    "reason_said": ("이 까닭이 맞지 않습니다: {}", "This reason is wrong: {}"),
    "decided_at": ("결정한 때", "Decided"),
    "by_rule": ("정해진 규칙이 자동으로 내린 결정입니다.", "A rule decided this automatically."),
    "by_person": ("담당자가 내린 결정입니다.", "A member of staff decided this."),
    "lines": ("무엇이 어떻게 결정되었나요?", "What was decided"),
    "no_lines": ("산정된 것이 없습니다.", "Nothing was calculated."),
    "kind": ("무엇을 바라시나요?", "What would you like?"),
    "kind_needed": ("무엇을 바라는지 고르세요.", "Choose what you would like."),
    AppealKind.PERSON_REVIEW: ("규칙이 아니라 사람이 다시 봐 주세요", "A person should look at it, not a rule"),
    "person_review_help": ("아래에서 아무것도 고르지 않아도 됩니다.", "You need not choose anything below."),
    AppealKind.APPEAL: ("틀린 것이 있습니다", "Something in it is wrong"),
    "appeal_help": ("아래에서 무엇이 틀렸는지 고르거나 적어 주세요.", "Choose below what is wrong, or write it."),
    "i_disagree": ("여기에 동의하지 않습니다", "I disagree with this"),
    "what_is_wrong": ("무엇이 틀렸나요?", "What is wrong?"),
    "line": ("결과", "The result"), "rule": ("적용한 규칙", "The rule that was applied"),
    "record": ("‘{}’의 공식 장애 기록", "What the official record says of {}"), "fact": ("사실: {}", "The fact: {}"),
    "in_words": ("어떻게 틀렸나요? (선택)", "How is it wrong? (optional)"),
    "other": ("그 밖에 틀린 것 (선택)", "Anything else that is wrong (optional)"),
    "other_said": ("그 밖에", "Anything else"),
    "no_numbers": ("주민등록번호는 적지 마세요.", "Please write no resident registration number."),
    "look": ("보낼 내용 확인하기", "Look at what is sent"),
    "check": ("확인하고 보내기", "Look at it and send it"),
    "you_want": ("바라시는 것", "What you would like"), "you_point": ("동의하지 않으시는 것", "What you disagree with"),
    "nothing_pointed": ("따로 고르지 않았습니다. 전부 다시 봅니다.",
                        "You chose nothing in particular. All of it is looked at again."),
    "then": ("보내면 이렇게 됩니다", "What happens then"),
    "then_1": ("앞선 결정에 관여하지 않은 담당자가 다시 봅니다.",
               "Somebody who had no part in the decision looks at it again."),
    "then_2": ("늦어도 {}까지 답을 보내 드립니다.", "You are answered by {} at the latest."),
    "then_3": ("답이 나올 때까지 지금 결정은 그대로입니다.", "Until then the decision stays as it is."),
    "send": ("보내기", "Send it"), "change": ("고치기", "Change it"),
    "sent": ("이의신청을 받았습니다", "We are looking at it again"),
    "sent_on": ("보낸 때", "Sent"),
    "take_back": ("이의신청 거두기", "No longer disagree"),
    "take_back_means": (
        "거두면 다시 보지 않고 지금 결정이 그대로 남습니다. 나중에 다시 신청할 수 있습니다.",
        "Nobody looks at it again then, and the decision stays as it is. You may disagree again later.",
    ),
    "take_it_back": ("네, 거두겠습니다", "Yes, I no longer disagree"), "leave_it": ("거두지 않기", "Leave it as it is"),
    "taken_back": ("이의신청을 거두었습니다", "You no longer disagree"),
    "taken_back_1": ("지금 결정이 그대로 남습니다. 나중에 다시 신청할 수 있습니다.",
                     "The decision stays as it is. You may disagree again later."),
    "nothing_decided": ("아직 결정된 것이 없습니다", "Nothing is decided yet"),
    "nothing_decided_1": (
        "결정이 나오면 여기에서 동의하지 않는다고 알려 주실 수 있습니다. 그 전에는 내용을 고치거나 글을 남겨 주세요.",
        "Once there is a decision you can say here that you disagree with it. Until then correct the claim or write to us.",
    ),
}  # fmt: skip


def say(key: str) -> str:
    return WORDS[key][in_english()]


lazily = lazy(say, str)
