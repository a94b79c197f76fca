"""What the pages of accounts say: here how an account is opened and entered, and of all of them the titles."""

from __future__ import annotations

from typing import Any

from django.utils.functional import lazy

from claims.web.account.app_words import WORDS as APPS
from claims.web.account.kakao_words import WORDS as KAKAO
from claims.web.account.own_words import WORDS as OWN
from claims.web.account.passkey_words import WORDS as PASSKEY
from claims.web.account.password_words import WORDS as PASSWORD
from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    **APPS, **KAKAO, **OWN, **PASSKEY, **PASSWORD,
    "log_in": ("로그인", "Log in"), "sign_up": ("계정 만들기", "Open an account"), "log_out": ("로그아웃", "Log out"),
    "about_account": (
        "계정이 있으면 청구를 한곳에서 봅니다. 없어도 청구할 수 있고, 받으시는 것은 같습니다.",
        "With an account you see your claims in one place. You can claim without one, and get the same.",
    ),
    "has_none": ("계정이 없으신가요?", "No account yet?"), "has_one": ("계정이 있으신가요?", "Have an account?"),
    "send_code": ("번호 받기", "Send me a code"), "code_title": ("메일로 온 번호 적기", "Type in the code from the mail"),
    "code_sent": (
        "이 주소로 보낼 것이 있으면 번호를 보냈습니다. 1분쯤 걸릴 수 있고 15분 동안 쓸 수 있습니다. 한 시간에 여섯 번까지 "
        "보내며 가장 나중 번호만 쓸 수 있습니다. 오지 않으면 광고 메일함을 보세요.",
        "If there is anything to send to this address, a code is on its way. It may take a minute, and holds for 15 minutes; "
        "at most six are sent in an hour, and only the newest counts. If it does not come, look among the unwanted mail.",
    ),
    "code_needed": ("메일에 있는 번호를 적으세요.", "Fill in the code from the mail."), "go_on": ("계속", "Continue"),
    "again": ("번호 다시 받기", "Send another code"), "cancel": ("그만두기", "Cancel"), "save": ("저장", "Save"),
    "address_first": ("먼저 주소를 확인하세요.", "Confirm your address first."),
    "confirm": ("본인 확인", "Confirm that it is you"),
    "confirm_help": (
        "계정의 로그인 수단을 바꾸기 전에 다시 확인합니다.",
        "We ask once more before a way of logging in is changed.",
    ),
    "sure_out": (
        "로그아웃할까요? 이 브라우저에서 열린 청구도 닫힙니다.",
        "Log out? Claims that are open in this browser are closed too.",
    ),
    "inactive": ("닫힌 계정", "Closed account"),
    "inactive_help": (
        "이 계정은 닫혔습니다. 청구는 접수번호와 메일로 받는 번호로 볼 수 있습니다.",
        "This account is closed. You see a claim by its number and a code from the mail.",
    ),
    "staff": ("직원 계정", "Log-in of staff"),
    "staff_help": (
        "직원의 로그인은 여기에서 쓸 수 없습니다. 본인의 청구는 본인의 다른 주소로 보세요.",
        "The log-in of a member of staff opens nothing here. Use another address of your own for your own claims.",
    ),
    "code_wrong": (
        "번호가 맞지 않습니다. 가장 나중에 온 메일의 번호를 적으세요.",
        "This code is not the right one. Type in the one of the newest mail.",
    ),
    "too_many": (
        "번호를 너무 많이 틀리셨습니다. 새 번호를 받으세요.",
        "The code was wrong too often. Have a new one sent.",
    ),
    "confirm_else": (
        "둘 다 없으시면 로그아웃하고, 메일로 받는 번호로 로그인한 뒤 5분 안에 다시 하세요.",
        "If you have neither, log out, log in by a code from the mail, and do it within five minutes.",
    ),
    "not_now": ("지금은 할 수 없습니다. 처음부터 다시 하세요.", "This cannot be done now. Please start again."),
    "confirm_none": (
        "이 계정에는 비밀번호와 패스키가 없습니다. 로그아웃하고, 메일로 받는 번호로 로그인한 뒤 5분 안에 다시 하세요.",
        "Your account has no password and no passkey. Log out, log in by a code from the mail, and do it within five minutes.",
    ),
    "too_often": ("너무 자주 하셨습니다. 1분 뒤에 다시 하세요.", "That was too often. Try again in a minute."),
    "asked_too_often": (
        "번호를 너무 자주 요청하셨습니다. 1분 뒤에 다시 하세요.",
        "You have asked for codes too often. Try again in a minute.",
    ),
    "too_many_addresses": (
        "오늘 이 인터넷 연결에서 번호를 요청한 주소가 너무 많습니다. 내일 다시 하거나, 휴대전화 데이터처럼 다른 연결로 해 "
        "보세요.",
        "Today codes were asked for to too many addresses over this internet connection. Try again tomorrow, or over another "
        "one, such as mobile data.",
    ),
}  # fmt: skip
# The title of each page, by the name of its address.
TITLES = {
    "account_login": "log_in", "account_signup": "sign_up", "account_logout": "log_out", "account_inactive": "inactive",
    "account_confirm_login_code": "code_title", "account_email_verification_sent": "code_title",
    "account_set_password": "set_password", "account_change_password": "change_password",
    "account_reset_password": "reset_password", "account_confirm_password_reset_code": "code_title",
    "account_complete_password_reset": "reset_password", "account_password_reset_completed": "reset_password",
    "account_reauthenticate": "confirm", "mfa_reauthenticate_webauthn": "confirm", "mfa_index": "account",
    "mfa_list_webauthn": "passkeys", "mfa_add_webauthn": "add_passkey", "mfa_edit_webauthn": "rename",
    "mfa_remove_webauthn": "remove_passkey", "mfa_login_webauthn": "log_in", "kakao_login": "kakao",
    "kakao_callback": "kakao", "socialaccount_login_cancelled": "kakao", "socialaccount_login_error": "kakao",
    "account_address": "change_address", "account_address_code": "code_title",
    "socialaccount_signup": "sign_up", "account_keep": "keep", "account_close": "close",
    "app_allow": "allow_app", "account_app_withdraw": "account", "socialaccount_connections": "kakao",
}  # fmt: skip


def say(key: str) -> str:
    return WORDS[key][in_english()]


lazily: Any = lazy(say, str)
