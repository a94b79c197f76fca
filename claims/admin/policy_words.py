"""Words of the page of a published policy, each in Korean and English."""

from django.utils.functional import lazy

from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    "version": ("판", "Version"), "scheme": ("제도", "Scheme"), "verified": ("근거", "Verified"),
    "published": ("게시", "Published"), "by": ("게시한 사람", "Published by"), "command": ("명령으로", "by a command"),
    "incidents": ("언제 시작된 장애에", "Outages that began"), "from": ("{0}부터", "from {0} on"),
    "until": ("{0}부터 {1} 전까지", "from {0}, before {1}"), "demonstration": ("시연용", "For demonstration"),
    "for": ("누구에게", "Who it is for"),
    "asked_for": ("이 정책으로 청구한 사람에게만", "Only claims that ask for it by its name"),
    "everybody": ("아래 서비스를 잃은 모든 청구", "All claims that lost one of the services below"),
    "answer": ("답하는 기한", "Answered"), "pay": ("지급하는 기한", "Paid"),
    "documents_in": ("자료를 낼 날", "To send documents"),
    "working_days": ("{0} 근무일", "{0} working days"), "facts": ("물어보는 사실", "Facts that it asks for"),
    "fact": ("사실", "Fact"), "type": ("종류", "Kind"), "decides": ("누구의 말로 결정", "Decided on the word of"),
    "pays": ("누구의 말로 지급", "Paid on the word of"), "proof": ("증빙", "Proof"), "default": ("말이 없으면", "If not said"),
    "attested": ("기록에서 앎: {0}", "known from the record: {0}"), "above": ("{0} 넘으면", "above {0}"),
    "money": ("금액", "money"), "integer": ("수", "number"), "boolean": ("예/아니오", "yes or no"), "instant": ("때", "time"),
    "date": ("날", "day"), "text": ("글", "text"), "of_loss": ("피해마다", "of each loss"),
    "of_incident": ("장애의 사실", "of the outage"), "rules": ("규칙", "Rules"),
    "limits": ("여러 규칙을 합친 한도", "Caps on several rules together"),
    "automatic": ("사람 없이 정하는 것", "Decided by rule"),
    "up_to": ("{0}까지 승인", "approved up to {0}"), "rejects": ("줄 것이 없으면 거절", "rejected where nothing is given"),
    "never": ("없음: 모두 사람이 봅니다", "nothing: a person decides all"),
    "sample": ("1,000건 가운데 {0}건은 사람이 봅니다", "{0} of 1,000 go to a person all the same"),
    "floor": ("더 준 돈을 돌려받지 않는 한도", "Overpayments below it are not asked back"),
    "figures": ("수치", "Figures"), "name": ("이름", "Name"), "value": ("값", "Value"), "source": ("출처", "Source"),
    "sources": ("출처", "Sources"), "examples": ("예제", "Worked examples"), "reading": ("해석", "Reading"),
    "lost": ("피해", "Losses"), "down": ("장애 구간", "Outage"), "told": ("사실", "Facts"),
    "paid": ("앞서 준 것", "Given before"),
    "expected": ("결과", "Result"), "not": ("이것은 아님: {0}", "never {0}"), "yaml": ("원문 (YAML)", "Source text (YAML)"),
    "search": ("공개된 자료에서 모두 찾음", "all found in public pages"), "mixed": ("일부만 찾음", "found in part"),
    "memory": ("찾지 못함", "not found in public pages"), "own": ("이 서비스가 만듦", "made up here"),
    "unreadable": ("이 판은 지금의 형식으로 읽을 수 없습니다.", "This version cannot be read in today's format."),
    "filed_at": ("청구한 때", "when it was filed"), "origin": ("누가 시작했나", "who began the claim"),
    "charge": ("구독료", "charge of the subscription"), "started_at": ("구독 시작", "start of the subscription"),
    "ended_at": ("구독 끝", "end of the subscription"), "versions": ("게시된 판", "Published versions"),
    "no_line": ("해당 없음", "the rule says nothing"), "hash": ("내용 해시", "Hash of its content"),
    "top_up": ("더 줄 것", "still to be given"), "extended": ("{0}까지", "until {0}"),
}  # fmt: skip


def say(key: str) -> str:
    return WORDS[key][in_english()]


lazily = lazy(say, str)
