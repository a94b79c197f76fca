"""Words for the choices and columns of claims, each in Korean and English, beside those of the record."""

from django.utils.functional import lazy
from django.utils.translation import get_language

from accounts import choice_words as accounts_words
from claims.webhook_words import KINDS
from services import choice_words
from services.choice_words import Pair

_CLAIMS: dict[str, dict[str, Pair]] = {
    "kind": {
        "ride": ("이용", "ride"), "shift": ("근무", "shift"), "subscription": ("구독", "subscription"),
        "lock": ("잠금", "lock"),
        "first": ("첫 지급", "first"), "top_up": ("추가 지급", "top-up"), "recovery": ("환수", "recovery"),
        "unsorted": ("가리지 않음", "unsorted"), "claim": ("보상 청구", "claim"), "impact": ("돈 없는 피해", "impact"),
        "question": ("질문", "question"), "complaint": ("불만", "complaint"), "thanks": ("감사", "thanks"),
        "goodwill": ("호의 보상", "goodwill"),
        "written_off": ("환수하지 않음", "written off"), "undone": ("취소함", "undone"),
        "appeal": ("이의", "appeal"), "person_review": ("사람이 다시 봄", "a person's review"),
        "fact": ("사실", "fact"), "rule": ("규칙", "rule"), "line": ("내역", "line"),
        "record": ("공식 기록", "official record"), "other": ("그 밖", "other"),
        "account": ("계정", "account"), "phone": ("전화", "phone"), "email": ("전자우편", "e-mail"),
        "payee": ("받는 계좌", "payee"), "document": ("서류", "document"), "device": ("기기", "device"),
        "name": ("이름", "name"), "code": ("확인 번호", "code"), "news": ("새 소식", "news"),
        "alert": ("조심할 것", "a warning"), "kept": ("계정에 모임", "kept in an account"),
        "filed": ("들어왔음", "it came in"), "decided": ("결정", "decision"), "answered": ("답", "answer"),
        "documents": ("자료", "documents"), "paid": ("지급됨", "paid"), "unpaid": ("지급되지 않음", "not paid"),
        **KINDS,
    },
    "state": {
        "waiting": ("보낼 것", "waiting"), "due": ("알릴 것", "due"), "told": ("알렸음", "told"),
        "no_address": ("주소 없음", "no address"), "too_many": ("너무 많아 보내지 않음", "too many"),
        "done": ("마침", "done"), "superseded": ("새것이 대신함", "superseded"), "failed": ("실패", "failed"),
        "todo": ("대기", "to do"), "split": ("나눔", "split"), "quarantined": ("격리됨", "quarantined"),
        "accepted": ("받아들임", "accepted"), "rejected": ("거절함", "rejected"),
        "drafted": ("살펴보는 중", "drafted"), "proposed": ("두 번째 사람을 기다림", "proposed"),
        "dropped": ("그만둠", "dropped"), "refused": ("하지 않음", "refused"),
        "confirmed": ("확인함", "confirmed"), "returned": ("돌려보냄", "returned"), "outdated": ("옛것이 됨", "outdated"),
        "sent": ("보냄", "sent"), "paid": ("지급함", "paid"),
        "upheld": ("그대로 둠", "upheld"), "withdrawn": ("거두어들임", "withdrawn"),
        "answered": ("새 판이 답함", "answered by a version"), "joined": ("다른 이의에 합쳐짐", "joined to another"),
        "dismissed": ("아니라고 함", "dismissed"),
        "uploading": ("올리는 중", "uploading"), "cancelled": ("취소함", "cancelled"), "abandoned": ("버려짐", "abandoned"),
        "enabled": ("켜짐", "enabled"), "disabled": ("꺼짐", "disabled"), "removed": ("없앰", "removed"),
        "delivered": ("닿음", "delivered"),
    },
    "stopped_for": {
        "asked": ("제휴사가 바람", "the partner asked for it"),
        "gone": ("없어졌다고 답함 (410)", "it said that it is gone (410)"),
        "failing": ("사흘 넘게 실패함", "it failed for more than three days"),
    },
    "format": {"csv": ("쉼표로 나눈 표 (CSV)", "CSV"), "ndjson": ("줄마다 JSON", "a JSON object a line")},
    "encoding": {"utf_8": ("유니코드 (UTF-8)", "UTF-8"), "cp949": ("한글 윈도 (CP949)", "CP949")},
    "mode": {"all_or_nothing": ("모두 아니면 아무것도", "all or nothing"), "per_row": ("줄마다", "row by row")},
    "phase": {"checking": ("살피는 중", "checking"), "storing": ("넣는 중", "storing")},
    "origin": {
        "filed": ("신고함", "filed"), "partner": ("제휴사", "partner"), "proactive": ("먼저 찾음", "proactive"),
        "told": ("말함", "told"), "derived": ("기록에서 나옴", "derived"),
    },
    "cause": {
        "filed": ("신고함", "filed"), "derived": ("기록에서 나옴", "derived"), "corrected": ("고침", "corrected"),
        "revision": ("청구를 고침", "revision"), "record": ("기록", "record"), "policy": ("정책", "policy"),
        "comparison": ("견주기", "comparison"),
    },
    "withdrawal": {
        "told_twice": ("두 번 들어옴", "it came in twice"), "wrong_service": ("다른 서비스였음", "it was another service"),
        "wrong_time": ("다른 때였음", "it was at another time"), "not_lost": ("잃지 않았음", "it was not lost"),
        "claimant_asked": ("청구인이 바람", "the claimant asks for it"),
    },
    "provenance": {
        "claimant": ("청구인 진술", "the claimant's word"), "partner": ("제휴사 기록", "a partner's record"),
        "staff": ("담당자 확인", "verified by staff"),
    },
    "outcome": {
        "eligible": ("보상", "eligible"), "not_eligible": ("대상 아님", "not eligible"), "unknown": ("사실 부족", "unknown"),
        "needs_review": ("담당자 확인", "needs review"), "parked": ("보류", "parked"),
    },
    "of": {
        "record_draft": ("기록의 초안", "draft of the record"), "policy_draft": ("정책의 초안", "draft of a policy"),
        "in_force": ("지금의 조건", "terms in force"),
    },
    "what": {
        "approve": ("승인", "approve"), "reject": ("거절", "reject"), "answer": ("답하기", "answer"),
        "intake": ("접수", "intake"), "open": ("남은 청구", "open"),
        "approved": ("승인된 것", "approved"), "paid": ("지급된 것", "paid"), "refused": ("거절된 것", "refused"),
        "impact": ("피해", "impact"),
    },
    "source": {
        "claim": ("청구", "claims"), "loss": ("피해", "losses"), "standing": ("피해의 유효", "standing of losses"),
        "event": ("한 일", "what was done"),
        "decision": ("결정", "decisions"), "undone": ("취소한 결정", "decisions undone"), "payout": ("지급", "payouts"),
        "item": ("지급 항목", "payment items"),
    },
    "log": {
        "claims.event": ("한 일", "what was done"), "claims.caseview": ("열람", "who looked"),
        "accounts.accountevent": ("계정에 한 일", "what was done to accounts"),
        "accounts.dataview": ("개인 정보 열람", "who saw personal data"),
    },
    "review": {
        "received": ("받음", "received"), "queued": ("차례를 기다림", "queued"), "in_review": ("심사 중", "in review"),
        "awaiting_claimant": ("청구인을 기다림", "awaiting the claimant"), "proposed": ("두 번째 사람을 기다림", "proposed"),
        "held": ("보류함", "held"), "closed": ("끝남", "closed"), "withdrawn": ("거두어들임", "withdrawn"),
        "merged": ("다른 청구에 합침", "merged"),
    },
    "decision": {
        "undecided": ("아직", "undecided"), "approved": ("승인", "approved"), "rejected": ("거절", "rejected"),
        "answered": ("답함", "answered"),
    },
    "payment": {
        "nothing": ("없음", "nothing"), "due": ("지급할 것", "due"), "sent": ("보냄", "sent"), "paid": ("지급함", "paid"),
        "recovery": ("환수할 것", "to be paid back"),
    },
    "channel": accounts_words.CHOICES["channel"],
    "twin_reason": {
        "same_account": ("같은 계정", "same account"), "same_phone": ("같은 전화", "same phone"),
        "same_email": ("같은 전자우편", "same e-mail"), "same_payee": ("같은 계좌", "same payee"),
        "same_document": ("같은 서류", "same document"), "same_device": ("같은 기기", "same device"),
        "same_name": ("같은 이름, 같은 때", "same name at the same time"),
        "same_usage": ("같은 이용 기록", "same usage"),
        "overlapping_usage": ("한 사람이 한때에 두 곳에서", "one person at two places at once"),
        "before_usage": ("이용하기 전의 손실", "lost before it was used"),
    },
    "reason": {
        "hardship": ("큰 불편", "hardship"), "late_answer": ("늦은 답", "a late answer"),
        "our_mistake": ("우리 잘못", "a mistake of ours"), "effort": ("들인 수고", "the claimant's effort"),
        "just_outside": ("조건에 조금 못 미침", "just outside the terms"), "other": ("그 밖", "other"),
    },
    "lock_state": {
        "counts": ("이용을 잠근 때로 씀", "counts as the lock of its ride"),
        "followed": ("뒤에 다시 잠금", "followed by a later lock of the ride"),
        "waiting": ("이용을 기다림", "waits for its ride"),
        "outside_ride": ("이용 시간 밖이라 쓰지 않음", "not used: outside its ride"),
        "of_another_person": ("다른 사람의 이용이라 쓰지 않음", "not used: somebody else had the ride"),
        "not_a_ride": ("이용이 아닌 것의 번호라 쓰지 않음", "not used: the number of no ride"),
    },
    "page": {
        "claim": ("청구", "claim"), "letter": ("편지", "letter"), "api": ("기계 접속", "API"),
        "row": ("표의 한 줄", "a row of a table"), "list": ("목록", "a list"),
    },
}  # fmt: skip
CHOICES = {
    column: {**choice_words.CHOICES.get(column, {}), **_CLAIMS.get(column, {})} for column in {*choice_words.CHOICES, *_CLAIMS}
}
HEADINGS: dict[str, Pair] = {
    "opened": ("연 때 (한국 시간)", "opened (Seoul)"), "hours": ("구간 (한국 시간)", "hours (Seoul)"),
    "hour": ("시각 (한국 시간)", "hour (Seoul)"), "counted": ("센 때 (한국 시간)", "counted (Seoul)"),
    "revision": ("개정", "revision"), "writer": ("마지막으로 쓴 사람", "last written by"), "pack": ("정책 (YAML)", "pack"),
    "filed": ("낸 때 (한국 시간)", "filed (Seoul)"), "assessment": ("산정", "assessment"), "lost": ("잃은 시간", "lost"),
    "paid": ("지급", "paid"), "letters": ("편지", "letters"), "explanation": ("설명", "explanation"),
    "service": ("서비스", "service"), "period": ("기간 (한국 시간)", "period (Seoul)"), "origin": ("어디서", "origin"),
    "official": ("공식 구간 안", "inside official windows"), "at": ("때 (한국 시간)", "at (Seoul)"),
    "policy": ("정책", "policy"), "kind": ("종류", "kind"), "quantity": ("양", "quantity"),
    "owed": ("그때까지 모두", "owed then"),
    "assessed": ("산정함", "assessed"), "worker": ("일꾼", "worker"), "charge": ("요금", "charge"),
    "outcome": ("결과", "outcome"), "before": ("앞", "before"), "after": ("뒤", "after"),
    "why": ("까닭", "why"), "found": ("찾은 때 (한국 시간)", "found (Seoul)"),
    "made": ("쓴 때 (한국 시간)", "written (Seoul)"), "gone": ("보낸 때 (한국 시간)", "sent (Seoul)"),
    "received_at": ("받은 때 (한국 시간)", "received (Seoul)"), "read": ("읽은 행", "rows read"), "host": ("서버", "server"),
    "lock_state": ("잠금 기록", "lock event"),
}  # fmt: skip


def worded(column: str, value: str) -> str:
    """In the active language."""
    return choice_words.worded(column, value, CHOICES)


def say(key: str) -> str:
    return HEADINGS[key][(get_language() or "ko").startswith("en")]


head = lazy(say, str)
