"""Words of the page on which work is shared out, each in Korean and English."""

from django.utils.functional import lazy

from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    "title": ("일 나누기", "Sharing work"), "people": ("심사하는 사람", "Who reviews"), "who": ("누구", "Who"),
    "roles": ("역할", "Roles"), "services": ("서비스", "Services"), "everything": ("모두", "everything"),
    "in_hand": ("맡은 청구", "In hand"), "share": ("차례로 나누기", "Share out in turn"),
    "share_help": ("기한이 가까운 것부터 고른 사람에게 차례로 맡깁니다. 서비스가 맞지 않거나 이해가 걸린 사람은 건너뜁니다.",
        "The next deadline first, in turn; who has not the skill or is in conflict with a claim is passed over."),
    "most": ("많아야 (1~1,000)", "At most (1 to 1,000)"), "among": ("누구에게", "To whom"),
    "service": ("서비스 (비우면 모두)", "Service (empty: all)"), "skills": ("맡을 서비스 정하기", "Say who reviews what"),
    "skills_help": ("고른 서비스와 그 아래만 맡습니다. 하나도 고르지 않으면 모두 맡습니다.",
        "Only these and what is below them; none chosen: everything."),
    "save": ("저장", "Save"), "reader": ("승인자 역할이 필요합니다.", "One needs the role checker."),
    "given": ("나눈 청구", "Claims given out"), "done": ("했습니다.", "Done."), "empty": ("없음", "none"),
}  # fmt: skip


def say(key: str) -> str:
    return WORDS[key][in_english()]


lazily = lazy(say, str)
