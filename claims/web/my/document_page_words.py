"""What the page says by which a claimant sends documents, in Korean and English; why a file is not taken: `document_words`."""

from __future__ import annotations

from django.utils.functional import lazy

from claims.document_words import said_refused_file
from claims.models import EvidenceReason
from claims.web.my.act_words import said_refusal
from services.language import in_english
from services.refusals import Refusal

WORDS: dict[str, tuple[str, str]] = {
    "to_status": ("내 청구로 돌아가기", "Back to your claim"),
    "documents": ("자료 보내기", "Send documents"),
    "documents_help": (
        "사진을 찍거나 파일을 골라 보내세요. 한 번에 하나씩, 여러 번 보낼 수 있습니다. 주민등록번호는 가리고 보내세요.",
        "Take a photo or choose a file and send it. One at a time, as often as you need. Cover resident registration numbers.",
    ),
    "what_for": ("무엇에 관한 자료인가요?", "What is it for?"),
    "what_for_help": ("맞는 것을 모두 고르세요.", "Tick all that fit."),
    "what_for_needed": ("무엇에 관한 자료인지 하나는 고르세요.", "Tick at least one thing that it is for."),
    "something_else": ("다른 자료", "Something else"),
    "something_else_help": ("부탁드리지 않은 것도 담당자가 봅니다.", "Somebody looks at what we did not ask for, too."),
    "to_prove": ("확인이 필요한 것", "What has to be proved"),
    "to_prove_help": (
        "이것이 확인되면 결정됩니다. 보내신 자료는 담당자가 확인하면 여기에서 빠집니다.",
        "It is decided once this is proved. What you have sent leaves this list when somebody has checked it.",
    ),
    "to_prove_after": (
        "지금까지 확인되지 않은 것입니다. 보내신 자료는 담당자가 보고, 결정이 달라지면 알려 드립니다.",
        "This is not proved so far. Somebody looks at what you send, and you hear from us if the decision changes.",
    ),
    "asked_for": ("저희가 부탁드린 것", "What we have asked you for"),
    "not_asked_yet": (
        "따로 부탁드린 자료는 아직 없지만, 아래에 적힌 것을 지금 보내셔도 됩니다.",
        "We have not asked you for anything yet, but you can send what is named below now.",
    ),
    "nothing_asked": (
        "지금 부탁드린 자료는 없습니다. 도움이 될 것이 있으면 보내세요. 담당자가 봅니다.",
        "We have not asked you for anything. If you have something that helps, send it, and somebody looks at it.",
    ),
    "shows": ("확인할 것", "To show"), "erased_words": ("지워진 요청", "a request that was erased"),
    "until": ("{}까지 보내 주세요.", "Please send it by {}."),
    "came": ("왔습니다. 더 있으면 또 보내세요.", "It is here. Send more if there is more."),
    "late": ("보내실 날({})이 지났지만 지금도 받습니다.", "It was due by {}. Send it all the same."),
    "file": ("보낼 파일", "File to send"),
    "file_help": ("사진(JPEG, PNG, WebP), PDF, CSV. 10MB까지.", "A picture (JPEG, PNG, WebP), a PDF or a CSV, up to 10 MB."),
    "file_needed": ("보낼 파일을 고르세요.", "Choose a file to send."),
    "send_file": ("보내기", "Send it"),
    "no_more_merged": (
        "다른 청구와 합쳐진 청구입니다. 자료는 그 청구로 보내세요.",
        "This claim was joined to another one. Send documents for that one.",
    ),
    "no_more_withdrawn": (
        "거둔 청구라 자료를 받지 않습니다. 다시 청구하시려면 글을 남기거나 내용을 고치세요.",
        "You have withdrawn this claim, so it takes no documents. To bring it back write to us or correct it.",
    ),
    "write": ("글 남기기", "Write to us"), "correct": ("고치거나 더하기", "Correct it or add to it"),
    "sent": ("받은 파일", "What came in"), "sent_none": ("아직 없습니다.", "Nothing so far."),
    "by_us": ("저희가 받아 올린 것", "we put it in for you"),
    "unnamed": ("이름 없는 파일", "a file without a name"),
    "not_looked": ("아직 살펴보지 않았습니다.", "Nobody has looked at it yet."),
    "is_for": ("무엇에 관한 것", "For"), "kind": ("종류와 크기", "Type and size"), "came_at": ("받은 때", "Received at"),
    "found": ("확인", "Found"),
    "hash_of": ("보내신 그대로의 파일에서 계산한 값입니다.", "Of the file as you sent it."),
    "hash_kept": (
        "저희는 사진의 위치 정보 같은 것을 빼고 새로 만든 사본을 보관하므로, 내려받은 파일의 값은 다를 수 있습니다.",
        "We keep a copy made anew, without the place of a photo and the like, so a file that you save here may have another.",
    ),
    "save_file": ("내려받기", "Save the file"),
    "is_erased": ("파일의 내용은 지워졌습니다.", "The content of this file was erased."),
    "received": ("파일을 받았습니다", "We have received the file"),
    "received_1": ("저장했습니다. 담당자가 살펴봅니다.", "It is kept, and somebody looks at it."),
    "received_again": ("이미 받은 파일입니다.", "We have this very file already."),
    "not_again": ("다시 보내지 않아도 됩니다.", "You need not send it again."),
    "received_as_else": (
        "‘다른 자료’로 받았습니다. 무엇을 확인하는 자료인지 알려 주시려면, 맞는 칸에 표시하고 같은 파일을 다시 보내 주세요. "
        "같은 파일은 하나로 칩니다.",
        "It was taken as “Something else”. To say what it shows, tick what fits and send the same file once more; it counts "
        "once.",
    ),
    "received_as_else_write": (
        "‘다른 자료’로 받았습니다. 무엇을 보여 주는 자료인지는 글로 알려 주세요.",
        "It was taken as “Something else”. Write to us what it shows.",
    ),
    "shows_nothing": (
        "인정하지 않았습니다. 확인할 것을 보여 주지 않는 자료입니다.",
        "It was not accepted: it does not show what has to be proved.",
    ),
    "send_another": ("하나 더 보내기", "Send another"), "all_files": ("받은 파일 모두 보기", "See all that came in"),
    # by the script, while a file is on its way
    "sending": ("보내는 중", "Sending"),
    "checking": (
        "다 보냈습니다. 파일을 확인하고 있습니다. 30초쯤 걸릴 수 있습니다.",
        "All of it is sent. The file is being checked, which may take half a minute.",
    ),
    "failed": (
        "보내지 못했습니다. 고르신 것은 그대로 있습니다. 연결을 확인하고 다시 보내세요.",
        "It could not be sent. What you chose is still here. Check your connection and send it again.",
    ),
}  # fmt: skip
# What was found in a file, by `EvidenceReason`.
FOUND: dict[str, tuple[str, str]] = {
    EvidenceReason.SHOWS_IT: ("인정했습니다.", "It was accepted."),
    EvidenceReason.SHOWS_PART: ("인정했습니다. 일부만 확인할 수 있었습니다.", "It was accepted. It shows part of it."),
    EvidenceReason.UNREADABLE: (
        "인정하지 않았습니다. 글자를 읽을 수 없습니다. 더 밝고 또렷하게 찍어 보내세요.",
        "It was not accepted: it cannot be read. Send a brighter, sharper one.",
    ),
    EvidenceReason.INCOMPLETE: (
        "인정하지 않았습니다. 빠진 데가 있습니다. 모든 쪽이 다 보이게 보내세요.",
        "It was not accepted: something is missing. Send all of it.",
    ),
    EvidenceReason.OTHER_DOCUMENT: (
        "인정하지 않았습니다. 부탁드린 것과 다른 자료입니다.", "It was not accepted: it is not what we asked for.",
    ),
    EvidenceReason.OTHER_PERSON: (
        "인정하지 않았습니다. 다른 사람의 자료로 보입니다.", "It was not accepted: it seems to be of another person.",
    ),
    EvidenceReason.OTHER_TIME: (
        "인정하지 않았습니다. 장애가 있던 때의 자료가 아닙니다.", "It was not accepted: it is of another time.",
    ),
    EvidenceReason.ALTERED: (
        "인정하지 않았습니다. 고친 것처럼 보입니다. 원본을 보내세요.",
        "It was not accepted: it looks as if it had been changed. Send the original.",
    ),
}  # fmt: skip


def say(key: str) -> str:
    return WORDS[key][in_english()]


def said_of_file(refusal: Refusal, name: str) -> str:
    """Why a file of this name was not taken, and what to do."""
    return said_refused_file(refusal.code, name) or said_refusal(refusal)


def said_found(reason: str, *, asked: bool) -> str:
    """`asked`: it was sent for something that we had asked for."""
    if reason == EvidenceReason.OTHER_DOCUMENT and not asked:
        return say("shows_nothing")
    return FOUND[reason][in_english()]


lazily = lazy(say, str)
