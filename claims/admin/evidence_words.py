"""Words of the pages about documents, each in Korean and English."""

from django.utils.functional import lazy

from services.language import in_english

Pair = tuple[str, str]
WORDS: dict[str, Pair] = {
    "evidence": ("자료", "Documents"), "ask": ("자료 요청", "Ask for documents"), "request": ("자료 요청", "Request"),
    "none": ("요청한 자료도 받은 자료도 없습니다.", "Nothing was asked for and nothing came in."),
    "document": ("자료", "Document"), "fact": ("무엇을 확인하나", "What it shows"), "state": ("상태", "State"),
    "until": ("보낼 날 (그날까지)", "To be here by"), "file": ("파일", "File"), "received": ("받은 때", "Received"),
    "by": ("올린 사람", "Uploaded by"), "found": ("살펴본 결과", "What it shows"), "letters": ("편지", "Letters"),
    "open_file": ("살펴보기", "Look at it"), "open_request": ("요청 보기", "Open the request"),
    "asked": ("무엇을 요청하나", "What to ask for"), "words": ("그 밖의 자료 (청구인에게 보일 말)",
        "Something else (in words that the claimant reads)"),
    "days": ("며칠 안에 (일하는 날)", "Within so many working days"),
    "days_help": ("비워 두면 정책이 주는 날, 없으면 14일", "Empty: as the policy gives, else 14"),
    "override": ("정책이 이 금액에서 요청하지 않는 것이나 그 밖의 자료를 요청하는 까닭",
        "Why, if no policy asks for it at this amount, or it is something else"),
    "not_asked_for": ("정책이 이 금액에서는 요청하지 않음", "not asked for at this amount"),
    "proved": ("이미 확인됨", "proved already"),
    "ask_help": ("요청하면 청구인에게 편지가 가고, 자료가 오거나 날이 지날 때까지 청구는 심사 차례에서 빠집니다. 그동안 규칙은 "
        "이 청구를 결정하지 않습니다.",
        "The claimant gets a letter, and the claim leaves the queue until the documents are in or the day has passed. No rule "
        "decides it meanwhile."),
    "send": ("자료 올리기", "Upload a document"), "items": ("무엇에 대한 자료인가", "What it is for"),
    "send_help": ("청구인이 보낸 파일을 대신 올립니다. PDF, JPEG, PNG, WebP, CSV, 10MB까지. 사진은 새로 저장되어 "
        "찍은 곳 같은 정보가 남지 않습니다.",
        "Upload what the claimant sent: PDF, JPEG, PNG, WebP or CSV, up to 10 MB. Pictures are saved anew, without where they "
        "were taken."),
    "how": ("어떻게 왔는지", "How it came"), "extend": ("날 늦추기", "Give more time"),
    "extend_days": ("일하는 날로 며칠 더", "So many working days more"),
    "why_again": ("까닭 (두 번째부터 꼭)", "Why (needed from the second time on)"),
    "withdraw": ("요청 거두기", "Withdraw the request"),
    "withdraw_help": ("청구인에게 보내지 않아도 된다고 알리고, 청구는 심사 차례로 돌아갑니다.",
        "The claimant is told that nothing needs to be sent, and the claim returns to the queue."),
    "note": ("메모", "Note"), "review": ("결과 적기", "Say what it shows"), "reason": ("결과", "Result"),
    "accept": ("인정", "accepted"), "reject": ("인정하지 않음", "rejected"), "download": ("내려받기", "Download"),
    "review_help": ("청구를 맡은 사람이 한 번 적습니다. 인정한 자료로 사실을 확인할 수 있습니다.",
        "Whoever has the claim in review says it once. Facts are verified by documents that were accepted."),
    "looked": ("볼 때마다 누가 보았는지 기록됩니다.", "Each look is recorded with who looked."),
    "erased": ("지워졌습니다.", "It was erased."), "done": ("했습니다.", "Done."), "back": ("청구로", "Back to the claim"),
    "verified_by": ("어느 자료에서 확인했나", "In which documents"),
    "erased_words": ("(지워진 말)", "(words that were erased)"),
    "preview": ("작게 보기 (본 것으로 기록됩니다)", "Small picture (recorded as a look)"),
    "sent_for": ("무엇에 대한 자료", "Sent for"), "files": ("이 청구의 파일", "Files of this claim"),
    "before": ("앞 파일", "Previous file"), "after": ("다음 파일", "Next file"),
    "hash": ("보낸 파일의 해시", "Hash of what was sent"),
    "their_word": ("{} (보낸 사람의 말)", "{} (by who sent it)"),
    "name": ("보낸 이름", "Called"), "unasked": ("요청하지 않은 자료", "sent without being asked for"),
    "unasked_help": ("청구인이 스스로 보낸 자료입니다. 무엇을 보여 주는지 살펴보고 적으세요.",
        "The claimant sent it without being asked. Look at what it shows, and say so."),
    "saved_only": ("표는 여기에 보이지 않습니다. 내려받아 여세요.", "A table is not shown here. Download it to open it."),
    "alone": ("따로 열기 (크게 보기)", "Open alone (to zoom)"), "size": ("종류와 크기", "Type and size"),
    "proves": ("이 자료로 확인할 것", "What it should show"), "value": ("지금까지의 값", "Value so far"),
    "unshown": ("브라우저가 PDF를 보여 주지 않으면 내려받으세요.", "Download it if the browser does not show the PDF."),
    "shown": ("파일", "The file"), "nobody": ("아직 살펴보지 않음", "nobody has looked at it"),
}  # fmt: skip
STATES: dict[str, Pair] = {
    "open": ("기다림", "awaited"), "answered": ("모두 옴", "all came in"), "overdue": ("날이 지남", "overdue"),
    "dropped": ("거둠", "withdrawn"), "received": ("옴", "received"), "missing": ("오지 않음", "missing"),
}  # fmt: skip
LETTERS: dict[str, Pair] = {
    "asked": ("요청", "request"), "halfway": ("첫 알림", "first reminder"), "three_days": ("사흘 전 알림", "last reminder"),
    "extended": ("늦춤", "more time"), "dropped": ("거둠", "withdrawn"),
}  # fmt: skip
REASONS: dict[str, Pair] = {
    "shows_it": ("그대로 확인됨", "shows it"), "shows_part": ("일부만 확인됨", "shows part of it"),
    "unreadable": ("읽을 수 없음", "cannot be read"), "incomplete": ("빠진 데가 있음", "incomplete"),
    "other_document": ("다른 서류임", "another document"), "other_person": ("다른 사람의 것", "of another person"),
    "other_time": ("다른 때의 것", "of another time"), "altered": ("고친 흔적이 있음", "altered"),
}  # fmt: skip


def say(key: str) -> str:
    return picked(WORDS[key])


def picked(pair: Pair) -> str:
    return pair[in_english()]


lazily = lazy(say, str)
