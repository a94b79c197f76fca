"""Words for the choices of accounts, each in Korean and English, beside those of the record."""

from collections.abc import Iterable

from services import choice_words
from services.choice_words import Pair

_ACCOUNTS: dict[str, dict[str, Pair]] = {
    "kind": {
        "staff_created": ("직원을 만듦", "member of staff created"),
        "staff_invited": ("직원을 초대함", "member of staff invited"),
        "password_changed": ("비밀번호를 바꿈", "password changed"),
        "password_link_issued": ("비밀번호 링크를 만듦", "password link issued"),
        "roles_proposed": ("역할 변경을 제안함", "roles proposed"), "roles_changed": ("역할을 바꿈", "roles changed"),
        "leaving_proposed": ("퇴사를 제안함", "leaving proposed"), "staff_left": ("그만둠", "left"),
        "change_returned": ("변경을 돌려보냄", "change returned"),
        "partner_registered": ("제휴사를 등록함", "partner registered"),
        "contact_added": ("연락처를 더함", "contact added"), "contact_erased": ("연락처를 지움", "contact erased"),
        "scopes_set": ("허용 범위를 정함", "scopes set"), "credential_issued": ("자격 증명을 발급함", "credential issued"),
        "credential_revoked": ("자격 증명을 무효로 함", "credential revoked"),
        "payee_set": ("받는 계좌를 적음", "payee entered"), "payee_erased": ("받는 계좌를 지움", "payee erased"),
        "consent_published": ("동의서를 게시함", "consent text published"),
        "consents_said": ("동의 여부를 말함", "consents said"), "guest_admitted": ("비회원 확인됨", "guest let in"),
        "account_entered": ("계정에 로그인함", "account logged in to"),
        "log_in_changed": ("로그인 수단이 바뀜", "way of logging in changed"),
        "account_closed": ("계정을 닫음", "account closed"),
        "person_kept": ("계정에 청구를 모음", "kept in an account"),
        "person_let_go": ("계정에서 뺌", "taken out of an account"),
        "webhook_registered": ("알림 주소를 등록함", "webhook registered"),
        "webhook_changed": ("알림 주소를 바꿈", "webhook changed"), "webhook_enabled": ("알림을 켬", "webhook enabled"),
        "webhook_disabled": ("알림을 끔", "webhook disabled"), "webhook_removed": ("알림 주소를 없앰", "webhook removed"),
        "webhook_secret_rotated": ("알림의 비밀 값을 바꿈", "secret of a webhook rotated"),
        "webhook_tested": ("알림을 시험함", "webhook tested"),
        "webhook_replayed": ("알림을 다시 보냄", "webhook replayed"),
        "app_registered": ("앱을 등록함", "app registered"), "app_ended": ("앱을 끝냄", "app ended"),
        "app_allowed": ("앱에 허용함", "app allowed"), "app_withdrawn": ("앱의 허용을 거둠", "taken away from an app"),
    },
    "state": {"confirmed": ("확인함", "confirmed"), "returned": ("돌려보냄", "returned")},
    "reason": {
        "review": ("청구 심사", "to review a claim"), "contact": ("본인에게 연락", "to contact the person"),
        "identity": ("본인 확인", "to check who it is"), "request": ("본인의 요청", "the person asked for it"),
        "audit": ("감사", "audit"), "payment": ("지급", "to pay"), "search": ("검색", "search"),
        "row": ("표의 한 줄", "a row of a table"), "list": ("목록에서", "in a list"),
    },
    "searched": {
        "public_id": ("공개 번호", "public id"), "name": ("이름", "name"), "phone": ("전화", "phone"),
        "email": ("전자우편", "e-mail"),
    },
    "audience": {"claimants": ("청구인", "claimants"), "staff": ("직원", "staff")},
    "channel": {
        "web": ("누리집", "web"), "phone": ("전화", "phone"), "post": ("우편", "post"), "chatbot": ("챗봇", "chatbot"),
        "partner": ("제휴사", "partner"), "staff": ("담당자", "staff"),
        "email": ("전자우편", "e-mail"), "counter": ("창구", "counter"),
    },
    "revoked_for": {
        "replaced": ("새것으로 바꿈", "replaced by another"), "leaked": ("새어 나감", "leaked"),
        "unused": ("쓰지 않음", "not used"), "ended": ("제휴가 끝남", "the partnership ended"),
        "expired": ("기한이 지남", "expired"),
    },
    "scope": {
        "usage:write": ("이용 기록 보내기", "send usage"), "usage:read": ("이용 기록 보기", "read usage"),
        "claims:write": ("청구하기", "file claims"), "payouts:read": ("지급 보기", "read payouts"),
        "claims:read": ("청구 보기", "read claims"), "decisions:read": ("결정 보기", "read decisions"),
        "webhooks:write": ("알림 주소 정하기", "set webhooks"),
        "own:read": ("자기 청구 보기", "read one's own claims"), "own:write": ("자기 청구 고치기", "work on one's own claims"),
        "cases:read": ("모든 청구 보기", "read all claims"), "cases:write": ("모든 청구 처리", "work on all claims"),
    },
}  # fmt: skip
CHOICES: dict[str, dict[str, Pair]] = {
    column: {**choice_words.CHOICES.get(column, {}), **_ACCOUNTS.get(column, {})}
    for column in {*choice_words.CHOICES, *_ACCOUNTS}
}


def worded(column: str, value: str) -> str:
    """In the active language."""
    return choice_words.worded(column, value, CHOICES)


def pairs(column: str, values: Iterable[str]) -> list[tuple[str, str]]:
    """For a form's choices."""
    return [(value, worded(column, value)) for value in values]


def listed(column: str, values: Iterable[str]) -> str:
    """In words, with commas; "-" for none."""
    return ", ".join(worded(column, value) for value in values) or "-"
