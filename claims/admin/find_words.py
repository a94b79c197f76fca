"""Words of the page that finds claims, in Korean and English."""

from django.utils.functional import lazy

from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    "title": ("청구 찾기", "Find a claim"), "typed": ("무엇으로", "By what"), "find": ("찾기", "Find"),
    "help": (
        "접수번호(C-…), 전화 끝자리 네 개 이상, 이름의 앞이나 뒤, 전자우편의 앞. 사람으로 찾은 것은 기록됩니다.",
        "A reference (C-...), four or more last digits of a telephone, how a name begins or ends, how an address begins. "
        "A search for a person is logged.",
    ),
    "none": ("찾은 청구가 없습니다.", "No claim was found."),
    "more": ("더 있습니다. 더 길게 적으세요.", "There are more. Type in more of it."),
    "reference": ("청구", "Claim"), "name": ("이름", "Name"), "phone": ("전화", "Phone"), "incident": ("장애", "Incident"),
    "review": ("심사", "Review"), "decision": ("결정", "Decision"), "filed": ("접수한 때", "Filed at"),
    "masked": ("사람은 가린 채 보입니다.", "People are shown masked."),
}  # fmt: skip


def say(key: str) -> str:
    return WORDS[key][in_english()]


lazily = lazy(say, str)
