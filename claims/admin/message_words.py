"""Words of what claimants write and are answered, each in Korean and English."""

from django.utils.functional import lazy

from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    "messages": ("청구인의 글과 답", "Messages and answers"),
    "waits": ("답을 기다리는 글이 있습니다.", "A message waits for an answer."),
    "decided_answers": (
        "결정하면 이 글에도 답한 것이 됩니다. 따로 답할 것이 있으면 먼저 답하세요.",
        "A decision counts as the answer to it. What needs an answer of its own is answered first."),
    "nothing_waits": ("답을 기다리는 글이 없습니다.", "No message waits for an answer."),
    "none": ("받은 글이 없습니다.", "Nobody has written."),
    "older": ("이보다 앞선 것은 여기에 보이지 않습니다.", "Older ones are not shown here."),
    "claimant": ("청구인", "the claimant"), "form": ("청구인 (로그인 없이)", "the claimant (without a log-in)"),
    "on_behalf": ("담당자가 대신 적음", "written by staff for the claimant"), "answer_sent": ("답", "Answer"),
    "template": ("틀", "Template"),
    "erased": ("(지워진 글)", "(a text that was erased)"), "sorted": ("분류", "Sorted as"),
    "by_rule": ("규칙이 분류함", "sorted by a rule"), "by_words": ("찾은 말", "by the words"),
    "by_loss": ("잃은 것과 산정에 따라", "by what was lost and its assessment"),
    "by_person": ("사람이 분류함", "sorted by"), "not_sorted": ("아직 분류되지 않음", "not sorted yet"),
    "now": ("지금", "Now"), "note": ("메모", "Note"),
    "told": ("청구인의 말", "What the claimant said"),
    "tell_help": ("전화나 우편으로 들은 그대로 적습니다. 줄바꿈은 그대로 남고, 답할 때까지 청구가 심사 차례에 있습니다. "
                  "답을 기다리는 같은 글은 다시 적히지 않습니다.",
                  "As it was told by phone or post. Line breaks are kept, and the claim waits in the queue until it is "
                  "answered. The same text again, while it waits, adds nothing."),
    "told_done": ("청구인이 한 말을 적었습니다. 답을 기다립니다.",
                  "What the claimant told us was added. It waits for an answer."),
    "told_again": ("같은 글이 이미 답을 기다리고 있어서 더 적지 않았습니다.",
                   "The same text waits for an answer already; nothing was added."),
    "told_merged": ("이 청구가 합쳐진 청구에 적었습니다:", "It was added to the claim that this one is merged into:"),
    "kind": ("종류", "Kind"), "why": ("까닭", "Why"),
    "sort_help": ("사람이 분류하면 규칙이 다시 바꾸지 않습니다. 다시 분류하면 되돌릴 수 있습니다.",
                  "What a person sorts, no rule sorts again. Sorting again takes it back."),
    "sort_done": ("분류했습니다", "Sorted as"),
    "answer": ("답하기", "Answer"), "back": ("청구로", "Back to the claim"), "choose": ("편지 보기", "See the letter"),
    "choose_template": ("답 고르기", "Choose the answer"), "language": ("편지의 언어", "Language of the letter"),
    "language_help": ("청구인의 언어가 골라져 있습니다.", "The claimant's language is chosen."),
    "ko": ("한국어", "Korean"), "en": ("영어", "English"),
    "choose_help": ("이 종류의 청구에 답하는 틀만 있습니다. 편지를 보고 나서 보냅니다.",
                    "Only templates that answer claims of this kind are here. You see the letter before it is sent."),
    "no_template": ("이 종류의 청구에 답하는 틀이 없습니다. 청구를 다르게 분류하거나 승인자에게 틀을 부탁하세요.",
                    "No template answers claims of this kind. Sort the claim otherwise, or ask a checker for a template."),
    "unsorted": ("먼저 청구를 분류하세요. 분류되지 않은 청구에는 답하는 틀이 없습니다.",
                 "Sort the claim first: no template answers one that is not sorted."),
    "not_now": ("지금은 이 청구에 답할 수 없습니다. 심사 차례에 있거나 내가 맡은 청구에 답합니다.",
                "This claim is not to be answered now. Those in the queue, and those that you have in review, are."),
    "looked": ("보낼 편지", "The letter to be sent"), "version": ("판", "version"),
    "looked_help": ("이대로 보냅니다. 보낸 편지는 되돌릴 수 없습니다.", "It is sent as it is here, and cannot be taken back."),
    "send": ("이 편지 보내기", "Send this letter"),
    "choose_first": ("보낼 편지를 먼저 고르고 보세요. 아무것도 보내지 않았습니다.",
                     "Choose the letter and look at it first. Nothing was sent."),
    "sent": ("답을 보냈습니다.", "The answer was sent."), "letter": ("보낸 편지", "The letter"),
}  # fmt: skip


def say(key: str) -> str:
    return WORDS[key][in_english()]


lazily = lazy(say, str)
