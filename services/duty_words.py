"""Words of the statutory clock, each in Korean and English."""

from django.utils.translation import get_language

WORDS: dict[str, tuple[str, str]] = {
    "clock": ("법정 기한", "Statutory clock"),
    "duty": ("의무", "Duty"),
    "state": ("상태", "State"),
    "due": ("기한 (한국 날짜)", "Due (Korean date)"),
    "left": ("남은 날", "Days left"),
    "done": ("보낸 때", "Sent"),
    "why": ("근거", "Why"),
    "proofs": ("보낸 증거", "Proofs of what was sent"),
    "none": ("아직 없습니다.", "None so far."),
    "record": ("증거 남기기", "Record a proof"),
    "save": ("저장", "Save"),
    "saved": ("저장했습니다.", "Saved."),
    "document": ("문서", "Document"),
    "read": ("원문", "Read it"),
    "by": ("기록한 사람", "Recorded by"),
    "reader": ("증거를 남기려면 담당자 또는 승인자 역할이 필요합니다.",
               "To record a proof one needs the role caseworker or checker."),
    "law": ("전기통신사업법 제33조와 시행령 제37조의13에 따른 기한입니다. 법률 자문이 아니며, 보내기 전에 원문을 확인하십시오.",
            "By art. 33 of the Telecommunications Business Act and art. 37-13 of its decree. No legal advice; check the text."),
    "floor": ("이 장애에 적용되는 기준", "Floor that applies to this outage"),
    "outage_notice": ("중단 사실 고지", "Notice of the outage"),
    "damages_notice": ("손해배상 고지", "Damages notice"),
    "not_due": ("해당 없음", "does not apply"),
    "not_begun": ("시작 전", "not begun"),
    "open": ("진행 중", "open"),
    "due_soon": ("임박", "due soon"),
    "overdue": ("지남", "overdue"),
    "done_state": ("마침", "done"),
    "done_late": ("늦게 마침", "done late"),
}  # fmt: skip
LABELS: dict[str, tuple[str, str]] = {
    "kind": ("의무", "Duty"),
    "sent_at": ("보낸 때 (한국 시간)", "Sent at (Korean time)"),
    "channel": ("경로 (전자우편, 문자, 앱 공지 등)", "Channel (e-mail, text message, notice in the app, ..)"),
    "document": ("문서 (10MB까지)", "Document (up to 10 MB)"),
    "url": ("볼 수 있는 주소", "Address where it can be read"),
    "note": ("비고", "Note"),
}


def chosen(said: tuple[str, str]) -> str:
    """The one in the active language."""
    return said[(get_language() or "ko").startswith("en")]


def say(key: str) -> str:
    return chosen(WORDS[key])


def say_state(state: str) -> str:
    return say("done_state" if state == "done" else state)
