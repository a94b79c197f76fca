"""What the pages say on which somebody does something with their own claim, in Korean and English."""

from __future__ import annotations

from django.utils.functional import lazy

from claims.models import EvidenceLetterKind
from services.language import in_english
from services.refusals import Refusal

WORDS: dict[str, tuple[str, str]] = {
    "to_status": ("내 청구로 돌아가기", "Back to your claim"),
    "cannot": ("지금은 할 수 없습니다.", "This cannot be done now."),
    "withdraw": ("청구 거두기", "Withdraw the claim"),
    "withdraw_means": ("거두면 이렇게 됩니다", "What it means"),
    "withdraw_1": ("심사를 멈추고, 이 청구로는 아무것도 지급하지 않습니다.",
                   "We stop looking at it, and nothing is paid for this claim."),
    "withdraw_2": ("말씀하신 내용은 지우지 않습니다.", "What you told us is not erased."),
    "withdraw_3": ("마음이 바뀌면 글을 남기거나 내용을 고치세요. 그러면 다시 심사합니다.",
                   "If you change your mind, write to us or correct the claim, and it is looked at again."),
    "decided_not_withdrawn": (
        "이미 결정된 청구라 거둘 수 없습니다. 결정이 맞지 않으면 내 청구에서 이의를 신청하고, 다른 말씀은 글로 남겨 주세요.",
        "This claim was decided already, so it is not withdrawn. If the decision is wrong, disagree with it on the page of "
        "your claim; anything else you may write to us.",
    ),
    "nothing_to_withdraw": (
        "이미 답해 드려 더 살펴보고 있지 않으므로 거둘 것이 없습니다. 더 하실 말씀은 글로 남겨 주세요.",
        "It was answered, and nobody looks at it any more, so there is nothing to withdraw. What else you want to say you may "
        "write to us.",
    ),
    "withdraw_it": ("네, 거두겠습니다", "Yes, withdraw it"), "keep_it": ("거두지 않기", "Keep the claim"),
    "is_withdrawn": ("청구를 거두었습니다", "The claim is withdrawn"),
    "is_withdrawn_1": ("심사를 멈추었고, 아무것도 지급하지 않습니다.", "We stopped looking at it, and nothing is paid."),
    "bring_back": ("다시 청구하시려면 아래에서 하나를 고르세요. 그러면 다시 심사합니다.",
                   "To bring it back choose one of these, and it is looked at again."),
    "write_brings_back": (
        "거두신 청구입니다. 글을 보내시면 다시 청구하시는 것으로 보고 다시 심사합니다.",
        "You have withdrawn this claim. If you write, it counts as claimed again, and is looked at again.",
    ),
    "write": ("글 남기기", "Write to us"),
    "write_help": ("담당자가 읽고 답합니다. 주민등록번호는 적지 마세요.",
                   "Somebody reads it and answers. Please write no resident registration number."),
    "message": ("하고 싶은 말", "In your own words"),
    "message_needed": ("하고 싶은 말을 적으세요.", "Write what you want to say."),
    "send_message": ("보내기", "Send it"),
    "written": ("글을 받았습니다", "We have got what you wrote"),
    "written_1": ("담당자가 읽고 늦어도 {}까지 답합니다.", "Somebody reads it and answers by {} at the latest."),
    "correct": ("고치거나 더하기", "Correct it or add to it"),
}  # fmt: skip

LETTERS: dict[str, tuple[str, str]] = {
    "decision": ("결정 안내", "What was decided"), "appeal": ("이의신청에 대한 답", "The answer to your appeal"),
    "reply": ("글에 대한 답", "The answer to what you wrote"),
    EvidenceLetterKind.ASKED: ("자료 요청", "Documents that we ask for"),
    EvidenceLetterKind.HALFWAY: ("자료를 기다린다는 안내", "We are waiting for documents"),
    EvidenceLetterKind.THREE_DAYS: ("자료를 보내실 날이 사흘 남았다는 안내", "Three days are left to send documents"),
    EvidenceLetterKind.EXTENDED: ("자료를 보내실 날을 늦춘 안내", "More time to send documents"),
    EvidenceLetterKind.DROPPED: ("자료가 필요 없다는 안내", "Documents that are no longer needed"),
}  # fmt: skip

REFUSED: dict[str, tuple[str, str]] = {
    "already_decided": (
        "이미 결정된 청구입니다. 결정이 맞지 않으면 이의를 신청해 주세요.",
        "This claim was decided already. If the decision is wrong, please say that you disagree with it.",
    ),
    "transition_not_allowed": (
        "이 청구는 지금 이렇게 할 수 없습니다. 글을 남겨 주시면 담당자가 봅니다.",
        "This cannot be done with this claim now. Please write to us, and somebody looks at it.",
    ),
    "version_mismatch": (
        "보시는 동안 청구가 바뀌었습니다. 아래 내용을 다시 봐 주세요.",
        "The claim changed while you looked at it. Please look at it again below.",
    ),
    "unknown_claim": ("이런 청구가 없습니다.", "There is no such claim."),
    "role_missing": ("청구하신 분만 할 수 있습니다.", "Only who made the claim can do this."),
    "conflict_of_interest": (
        "이 청구에 관계된 사람은 할 수 없습니다.", "Somebody who has a part in this claim cannot do this.",
    ),
    "decided_before": ("앞선 결정에 관여한 사람은 할 수 없습니다.", "Somebody who had a part in the decision cannot do this."),
    "appeal_open": (
        "이의신청이 이미 있어 보내지 않았습니다. 먼저 신청하신 것에 답해 드립니다. 더할 말은 글로 남겨 주세요.",
        "This was not sent: you disagreed already, and that is answered first. What you want to add you may write to us.",
    ),
    "appeal_closed": ("이 이의신청은 이미 끝났습니다.", "This was answered or withdrawn already."),
    "unknown_appeal": ("이런 이의신청이 없습니다.", "There is no such appeal."),
    "unknown_decision": ("이런 결정이 없습니다.", "There is no such decision."),
    "decision_replaced": (
        "그사이 다른 결정이 나왔습니다. 아래의 새 결정을 봐 주세요.",
        "Another decision was made meanwhile. Please look at the new one below.",
    ),
    "decided_by_person": (
        "이 결정은 이미 사람이 내렸습니다. 무엇이 틀렸는지 알려 주시면 다른 담당자가 다시 봅니다.",
        "A person decided this already. Say what is wrong, and somebody else looks at it.",
    ),
    "points_missing": (
        "무엇이 틀렸는지 하나는 고르거나 적어 주세요.", "Choose at least one thing that is wrong, or write what it is.",
    ),
    "point_unknown": (
        "고르신 것이 이 결정에 없습니다. 다시 골라 주세요.", "What you chose is not in this decision. Please choose again.",
    ),
    "invalid_value": ("고를 수 없는 것을 골랐습니다. 다시 골라 주세요.", "This cannot be chosen. Please choose again."),
    "not_the_claimant": ("청구하신 분만 고칠 수 있습니다.", "Only who made the claim corrects it."),
    "not_their_word": (
        "확인은 담당자가 합니다. 아시는 대로만 적어 주세요.", "Our staff verify what you say. Please say only what you know.",
    ),
    "withdrawal_reason_unknown": ("고를 수 없는 것을 골랐습니다. 다시 골라 주세요.",
                                  "This cannot be chosen. Please choose again."),
    "loss_of_another_claim": ("고치려는 것이 이 청구에 없습니다. 아래 내용을 다시 봐 주세요.",
                              "What you change is not in this claim. Please look at it again below."),
    "loss_not_told": (
        "기록에서 찾은 것은 뺄 수 없습니다. 맞지 않으면 글을 남겨 주세요.",
        "What we found in records is not taken back. If it is wrong please write to us.",
    ),
    "loss_withdrawn": (
        "담당자가 이미 뺀 것입니다. 다시 넣어야 한다면 글을 남겨 주세요.",
        "Our staff took this one out. If it should count again please write to us.",
    ),
    "usage_counts_elsewhere": (
        "같은 이용이 이미 다른 시간으로 들어 있습니다. 맞지 않으면 글을 남겨 주세요.",
        "The same use counts under another time already. If that is wrong please write to us.",
    ),
    "reference_unknown": ("고르신 것을 찾을 수 없습니다. 다시 골라 주세요.",
                          "What you chose is not known. Please choose again."),
    "fact_name_invalid": ("묻지 않은 것이 들어 있습니다. 다시 적어 주세요.",
                          "Something was not asked for. Please fill it in again."),
    "fact_unknown": (
        "그사이 보상 정책이 바뀌어 더는 묻지 않는 것이 있습니다. 다시 봐 주세요.",
        "The policies changed meanwhile and no longer ask for something. Please look at it again.",
    ),
    "in_the_future": ("아직 오지 않은 때가 있습니다. 날짜와 시각을 확인해 주세요.",
                      "Something has not come yet. Please check day and time."),
    "out_of_order": ("시각의 순서가 맞지 않습니다. 확인해 주세요.", "Times are not in order. Please check them."),
    "far_from_loss": ("쓰지 못한 시간에서 너무 떨어진 시각이 있습니다. 확인해 주세요.",
                      "A time is too far from when you could not use it. Please check it."),
    "fact_of_another_place": ("그사이 보상 정책이 바뀌었습니다. 다시 봐 주세요.",
                              "The policies changed meanwhile. Please look at it again."),
    "provenance_unknown": ("묻지 않은 것이 들어 있습니다. 다시 적어 주세요.",
                           "Something was not asked for. Please fill it in again."),
    "not_quoted": ("아직 공식 기록이 없어 계산할 수 없습니다. 그래도 보내시면 심사합니다.",
                   "There is no official record yet to calculate by. If you send it, it is assessed all the same."),
    "too_many_losses": ("시간이 너무 많아 여기에서는 계산하지 않습니다. 그래도 보내시면 심사합니다.",
                        "There are too many times to calculate here. If you send it, it is assessed all the same."),
    "instant_malformed": ("시각을 다시 적어 주세요.", "Please fill in the times again."),
    "timezone_required": ("시각을 다시 적어 주세요.", "Please fill in the times again."),
    "interval_invalid": ("끝이 시작보다 앞섭니다.", "It ends before it begins."),
    "out_of_range": ("너무 이르거나 늦은 시각, 또는 너무 크거나 작은 수가 있습니다.",
                     "A time is too early or too late, or a number too large or too small."),
    "required": ("빠진 것이 있습니다. 적고 다시 보내 주세요.", "Something is missing. Please fill it in and send it again."),
    "too_long": ("너무 깁니다. 나누어 보내 주세요.", "It is too long. Please send it in parts."),
    "invalid_character": (
        "읽을 수 없는 글자가 있습니다. 지우고 다시 보내 주세요.",
        "There are characters that cannot be read. Please take them out and send it again.",
    ),
    "code_needed": (
        "확인 번호를 받아 적은 다음 계좌를 적어 주세요.", "Ask for a code and type it in, then give the account.",
    ),
    "messages_often": (
        "하루에 스무 번까지 쓰실 수 있습니다. 나머지는 내일 써 주세요.",
        "You can write twenty times a day. Please write the rest tomorrow.",
    ),
    "payee_given_often": (
        "오늘 계좌를 여러 번 바꾸셨습니다. 글을 남겨 주시면 담당자가 확인하고 적습니다.",
        "The account was changed several times today. Write to us, and somebody checks and enters it.",
    ),
    "bank_unknown": ("은행을 고르세요.", "Choose the bank."),
    "account_invalid": (
        "계좌번호는 숫자 6~16자리입니다. 숫자와 줄표(-)만 적어 주세요.",
        "An account number is 6 to 16 digits. Please write only digits and hyphens.",
    ),
    "holder_missing": ("예금주의 이름을 적으세요.", "Fill in the name on the account."),
    "resident_number": (
        "주민등록번호처럼 보이는 것이 있습니다. 빼고 보내 주세요.",
        "Something looks like a resident registration number. Please take it out.",
    ),
}  # fmt: skip


def say(key: str) -> str:
    return WORDS[key][in_english()]


def said_refusal(refusal: Refusal) -> str:
    """Why something was not done, and what to do instead."""
    return REFUSED[refusal.code][in_english()] if refusal.code in REFUSED else say("cannot")


lazily = lazy(say, str)
