"""Words for columns of the staff's lists and for the choices in them, in Korean and English, by the column's name."""

from collections.abc import Iterable, Mapping

from django.utils.functional import lazy
from django.utils.translation import get_language

Pair = tuple[str, str]
Choices = Mapping[str, Mapping[str, Pair]]

HEADINGS: dict[str, Pair] = {
    "severity": ("정도", "severity"), "scope": ("범위", "scope"), "state": ("상태", "state"), "kind": ("종류", "kind"),
    "type": ("종류", "type"), "verdict": ("답", "verdict"), "recovery": ("복구로 보는 때", "recovery"),
    "origin": ("어디서", "origin"), "cause": ("까닭", "cause"), "provenance": ("누구의 말", "provenance"),
    "outcome": ("결과", "outcome"), "of": ("무엇을", "of"), "locale": ("언어", "locale"), "role": ("역할", "role"),
    "source": ("출처", "source"),
    "what": ("무엇을", "what"), "review": ("심사", "review"), "decision": ("결정", "decision"), "payment": ("지급", "payment"),
    "channel": ("경로", "channel"), "format": ("형식", "format"), "encoding": ("글자 부호화", "encoding"),
    "audience": ("쓰는 사람", "for"), "mode": ("방식", "mode"), "phase": ("단계", "phase"),
    "announced": ("알린 때 (한국 시간)", "announced (Seoul)"),
    "answered": ("답한 때 (한국 시간)", "answered (Seoul)"),
    "bank": ("은행", "bank"), "account": ("계좌 번호", "account"), "holder": ("예금주", "holder"),
    "given": ("적은 때 (한국 시간)", "entered (Seoul)"),
    "bytes": ("바이트", "bytes"),
    "created": ("만든 때 (한국 시간)", "created (Seoul)"),
    "drafts": ("답할 초안", "drafts"),
    "email": ("전자우편", "email"),
    "granted": ("준 때 (한국 시간)", "granted (Seoul)"),
    "has_table": ("구간 표 있음", "has table"),
    "log": ("기록", "log"), "page": ("본 것", "page"),
    "name": ("이름", "name"),
    "reason": ("까닭", "reason"), "searched": ("무엇으로 찾았나", "searched by"),
    "proposed": ("제안한 때 (한국 시간)", "proposed (Seoul)"), "at": ("때 (한국 시간)", "at (Seoul)"),
    "change": ("변경", "change"), "revoked_for": ("무효로 한 까닭", "revoked for"),
    "stopped_for": ("멈춘 까닭", "stopped for"),
    "phone": ("전화", "phone"),
    "roles": ("역할", "roles"),
    "thing": ("무엇", "thing"),
    "value": ("값", "value"),
    "draft": ("초안", "draft"),
    "first_read": ("처음 읽음 (한국 시간)", "first read (Seoul)"),
    "known": ("언제까지 아는가 (한국 시간)", "as of (Seoul)"),
    "mapped": ("정한 때 (한국 시간)", "mapped (Seoul)"),
    "observed": ("관찰한 때 (한국 시간)", "observed (Seoul)"),
    "polled": ("확인 (한국 시간)", "polled (Seoul)"),
    "published": ("게시 (한국 시간)", "published (Seoul)"),
    "questions": ("질문", "questions"),
    "read": ("읽음 (한국 시간)", "read (Seoul)"),
    "recorded": ("기록 (한국 시간)", "recorded (Seoul)"),
    "sent": ("보낸 때 (한국 시간)", "sent (Seoul)"),
    "service": ("서비스", "service"),
    "span": ("[시작, 끝) (한국 시간)", "[start, end) in Seoul"),
    "started": ("시작 (한국 시간)", "started (Seoul)"),
    "stated": ("말한 때 (한국 시간)", "stated (Seoul)"),
    "windows": ("구간", "windows"),
    "written": ("쓴 때 (한국 시간)", "written (Seoul)"),
}  # fmt: skip
CHOICES: dict[str, dict[str, Pair]] = {
    "severity": {"full": ("전면", "full"), "partial": ("일부", "partial"), "intermittent": ("간헐", "intermittent")},
    "scope": {
        "all": ("모두", "all"), "some_users": ("일부 이용자", "some users"), "some_functions": ("일부 기능", "some functions"),
    },
    "state": {
        "down": ("멈춤", "down"), "partial": ("일부 멈춤", "partial"), "working": ("정상", "working"),
        "flapping": ("간헐", "flapping"), "unknown": ("알 수 없음", "unknown"),
        "open": ("열림", "open"), "published": ("게시됨", "published"), "discarded": ("폐기됨", "discarded"),
    },
    "kind": {
        "statuspage": ("Statuspage v2", "Statuspage v2"), "cachet": ("Cachet v3", "Cachet v3"),
        "instatus": ("Instatus", "Instatus"), "csv": ("CSV", "CSV"), "observations": ("관찰", "observations"),
        "incident": ("장애", "incident"), "maintenance": ("점검", "maintenance"),
        "list": ("더함", "listed"), "unlist": ("뺌", "taken off"), "as_of": ("언제까지 아는가", "known until"),
        "governing": ("따르는 출처", "governing source"), "rebase": ("새 판 위로 옮김", "put on a newer version"),
        "outage_notice": ("중단 사실 고지", "notice of the outage"), "damages_notice": ("손해배상 고지", "damages notice"),
    },
    "type": {
        "boolean": ("예·아니요", "yes or no"), "integer": ("정수", "whole number"),
        "money": ("금액 (최소 단위)", "money (minor units)"),
        "instant": ("시각", "instant"), "date": ("날짜", "date"), "text": ("글", "text"),
    },
    "verdict": {"confirmed": ("확인함", "confirmed"), "corrected": ("고침", "corrected"), "rejected": ("거절함", "rejected")},
    "recovery": {
        "component": ("구성 요소가 정상일 때", "component"), "monitoring": ("지켜보는 단계일 때", "monitoring"),
        "resolved": ("해결되었을 때", "resolved"),
    },
    "locale": {"ko": ("한국어", "Korean"), "en": ("영어", "English")},
    "role": {
        "claimant": ("청구인", "claimant"), "caseworker": ("담당자", "caseworker"), "checker": ("승인자", "checker"),
        "finance": ("재무", "finance"), "auditor": ("감사", "auditor"), "manager": ("책임자", "manager"),
    },
}  # fmt: skip


def worded(column: str, value: str, choices: Choices = CHOICES) -> str:
    """In the active language; the choice itself where there is no word for it."""
    said = choices.get(column, {}).get(value)
    return value if said is None else _chosen(said)


def heading(column: str) -> str:
    return _chosen(HEADINGS[column])


head = lazy(heading, str)


def pairs(column: str, values: Iterable[str]) -> list[tuple[str, str]]:
    """For a form's choices."""
    return [(value, worded(column, value)) for value in values]


def _chosen(said: Pair) -> str:
    return said[(get_language() or "ko").startswith("en")]
