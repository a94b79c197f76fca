"""What the pages of accounts say."""

from __future__ import annotations

from typing import Any

from django.utils.functional import lazy

from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    "log_in": ("로그인", "Log in"), "sign_up": ("계정 만들기", "Open an account"), "log_out": ("로그아웃", "Log out"),
    "account": ("내 계정", "Your account"), "password": ("비밀번호", "Password"),
    "password_optional": (
        "비밀번호를 정하지 않으셨으면 비워 두세요. 그러면 로그인 번호를 보내 드립니다.",
        "Leave it empty if you have set none. Then we send you a code.",
    ),
    "about_account": (
        "계정이 있으면 청구를 한곳에서 봅니다. 없어도 청구할 수 있고, 받으시는 것은 같습니다.",
        "With an account you see your claims in one place. You can claim without one, and get the same.",
    ),
    "has_none": ("계정이 없으신가요?", "No account yet?"), "has_one": ("계정이 있으신가요?", "Have an account?"),
    "use_passkey": ("패스키로 로그인", "Log in with a passkey"), "use_kakao": ("카카오로 로그인", "Log in with Kakao"),
    "needs_script": ("패스키에는 자바스크립트가 필요합니다.", "Passkeys need JavaScript."),
    "forgotten": ("비밀번호를 잊으셨나요?", "Forgotten the password?"), "send_code": ("번호 받기", "Send me a code"),
    "code_title": ("메일로 온 번호 적기", "Type in the code from the mail"),
    "code_sent": (
        "이 주소로 보낼 것이 있으면 번호를 보냈습니다. 1분쯤 걸릴 수 있고 15분 동안 쓸 수 있습니다. 한 시간에 다섯 번까지 "
        "보내며 가장 나중 번호만 쓸 수 있습니다. 오지 않으면 광고 메일함을 보세요.",
        "If there is anything to send to this address, a code is on its way. It may take a minute, and holds for 15 minutes; "
        "at most five are sent in an hour, and only the newest counts. If it does not come, look among the unwanted mail.",
    ),
    "code_needed": ("메일에 있는 번호를 적으세요.", "Fill in the code from the mail."), "go_on": ("계속", "Continue"),
    "again": ("번호 다시 받기", "Send another code"), "cancel": ("그만두기", "Cancel"),
    "set_password": ("비밀번호 정하기", "Set a password"), "change_password": ("비밀번호 바꾸기", "Change the password"),
    "reset_password": ("새 비밀번호 정하기", "Set a new password"),
    "reset_help": (
        "주소를 적으면 번호를 보내 드립니다. 그 번호로 새 비밀번호를 정합니다.",
        "Fill in your address and we send a code, with which you set a new one.",
    ),
    "reset_done": ("새 비밀번호를 정했습니다.", "The new password is set."), "save": ("저장", "Save"),
    "passkeys": ("패스키", "Passkeys"), "passkey": ("패스키", "Passkey"),
    "passkeys_help": (
        "휴대전화나 컴퓨터의 잠금을 풀듯이 로그인합니다. 비밀번호도 번호도 적지 않습니다.",
        "You log in as you unlock your telephone or computer, without a password or a code.",
    ),
    "add_passkey": ("패스키 더하기", "Add a passkey"), "remove_passkey": ("패스키 지우기", "Remove the passkey"),
    "name": ("이름", "Name"), "rename": ("이름 바꾸기", "Rename"), "remove": ("지우기", "Remove"),
    "remove_sure": (
        "이 패스키로는 더 로그인할 수 없게 됩니다. 메일로 받는 번호로는 언제나 로그인할 수 있습니다.",
        "You can no longer log in with this passkey. By a code from the mail you always can.",
    ),
    "no_passkeys": ("아직 없습니다.", "None so far."), "added": ("{}에 더함", "added on {}"),
    "passkey_wrong": (
        "이 패스키로는 로그인할 수 없습니다. 다른 방법을 쓰세요.",
        "This passkey does not open an account. Use another way.",
    ),
    "address_first": ("먼저 주소를 확인하세요.", "Confirm your address first."),
    "confirm": ("본인 확인", "Confirm that it is you"),
    "confirm_help": (
        "계정의 로그인 수단을 바꾸기 전에 다시 확인합니다.",
        "We ask once more before a way of logging in is changed.",
    ),
    "confirm_passkey": ("패스키로 확인", "Confirm with a passkey"),
    "confirm_password": ("비밀번호로 확인", "Confirm with the password"), "kakao": ("카카오 로그인", "Kakao log-in"),
    "connect_kakao": ("카카오 연결하기", "Connect Kakao"), "kakao_connected": ("연결되어 있습니다.", "It is connected."),
    "disconnect": ("연결 끊기", "Disconnect"), "kakao_no": ("연결되어 있지 않습니다.", "It is not connected."),
    "to_kakao": ("카카오에서 로그인하고 돌아옵니다.", "You log in at Kakao and come back."),
    "kakao_failed": (
        "카카오 로그인이 되지 않았습니다. 다시 하거나 메일로 번호를 받으세요.",
        "The log-in with Kakao did not work. Try again, or have a code mailed to you.",
    ),
    "kakao_stopped": ("카카오 로그인을 그만두셨습니다.", "You stopped the log-in with Kakao."),
    "kakao_email": (
        "카카오에서 쓸 수 있는 주소를 받지 못했습니다. 소식을 받을 주소를 적으세요.",
        "Kakao gave us no address that we can use. Fill in the one where we reach you.",
    ),
    "address": ("주소", "Address"), "ways": ("로그인하는 방법", "Ways of logging in"),
    "by_code": ("메일로 받는 번호: 언제나", "A code by e-mail: always"), "by_password": ("비밀번호", "Password"),
    "set": ("정함", "set"), "not_set": ("정하지 않음", "not set"),
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
    "to_claims": ("내 청구", "Your claims"), "keep": ("내 계정에 모으기", "Keep it in your account"),
    "keep_help": (
        "계정에 모으면 다음부터는 번호 없이 이 청구를 봅니다. 두 청구가 한 사람의 것으로 합쳐지지는 않습니다.",
        "Once it is kept in your account you see this claim without a code. Claims are not joined by it.",
    ),
    "keep_code": (
        "이 청구는 번호로 열지 않았고 계정의 주소와 다른 주소로 청구하셨습니다. 먼저 접수번호와 메일로 받는 번호로 여세요.",
        "This claim was not opened by a code, and has another address than your account. Open it by its number and a code "
        "first.",
    ),
    "kept": ("이 청구는 계정에 모여 있습니다.", "This claim is kept in your account."),
    "let_go": ("계정에서 빼기", "Take it out of the account"), "close": ("계정 닫기", "Close the account"),
    "close_help": (
        "계정의 주소, 비밀번호, 패스키, 연결이 지워지고 되돌릴 수 없습니다. 청구는 그대로 있고, 접수번호와 청구할 때 적은 "
        "주소로 볼 수 있습니다.",
        "The address, password, passkeys and connections of the account are erased, and that cannot be undone. Your claims "
        "stay: you find them by their numbers and the address that you gave with them.",
    ),
    "note_numbers": ("접수번호를 적어 두세요.", "Note the numbers of your claims."),
    "closed": ("계정을 닫았습니다", "The account is closed"),
    "closed_help": ("모든 브라우저에서 로그아웃되었습니다.", "You are logged out in all browsers."),
    "code_wrong": (
        "번호가 맞지 않습니다. 가장 나중에 온 메일의 번호를 적으세요.",
        "This code is not the right one. Type in the one of the newest mail.",
    ),
    "too_many": (
        "너무 많이 틀리셨습니다. 새 번호를 받거나 5분 뒤에 다시 하세요.",
        "That was wrong too often. Have a new code sent, or try again in five minutes.",
    ),
    "password_wrong": ("비밀번호가 맞지 않습니다.", "The password is not the right one."),
    "pair_wrong": (
        "주소와 비밀번호가 맞지 않습니다. 비밀번호를 비워 두시면 로그인 번호를 보내 드립니다.",
        "The address and the password do not belong together. Leave the password empty, and we send you a code.",
    ),
    "kakao_taken": (
        "이 카카오 로그인은 다른 계정에 연결되어 있습니다.",
        "This Kakao log-in is connected with another account.",
    ),
    "confirm_else": (
        "둘 다 없으시면 로그아웃하고, 메일로 받는 번호로 로그인한 뒤 5분 안에 다시 하세요.",
        "If you have neither, log out, log in by a code from the mail, and do it within five minutes.",
    ),
    "password_new": ("새 비밀번호", "New password"), "password_old": ("지금 비밀번호", "Your password now"),
    "password_again": ("새 비밀번호 한 번 더", "New password once more"),
    "password_needed": ("비밀번호를 적으세요.", "Fill in the password."),
    "password_help": (
        "10자 이상으로, 흔하지 않고 주소와 비슷하지 않게 정하세요.",
        "At least 10 characters, nothing common, and unlike your address.",
    ),
    "password_differs": ("두 비밀번호가 서로 다릅니다.", "The two passwords differ."),
    "password_too_short": ("비밀번호가 짧습니다. 10자 이상으로 정하세요.", "It is too short. Use at least 10 characters."),
    "password_too_common": (
        "많은 사람이 쓰는 비밀번호입니다. 다른 것으로 정하세요.",
        "Many people use this password. Choose another.",
    ),
    "password_too_similar": (
        "비밀번호가 주소와 비슷합니다. 다른 것으로 정하세요.",
        "This password is too much like your address. Choose another.",
    ),
    "not_now": ("지금은 할 수 없습니다. 처음부터 다시 하세요.", "This cannot be done now. Please start again."),
    "confirm_none": (
        "이 계정에는 비밀번호와 패스키가 없습니다. 로그아웃하고, 메일로 받는 번호로 로그인한 뒤 5분 안에 다시 하세요.",
        "Your account has no password and no passkey. Log out, log in by a code from the mail, and do it within five minutes.",
    ),
    "let_gone": (
        "계정에서 뺐습니다: {}. 이 청구는 접수번호와 메일로 받는 번호로 볼 수 있습니다.",
        "Taken out of your account: {}. You see this claim by its number and a code from the mail.",
    ),
    "change_address": ("주소 바꾸기", "Change the address"), "new_address": ("새 주소", "New address"),
    "address_help": (
        "새 주소로 번호를 보냅니다. 그 번호를 적으셔야 바뀝니다. 바뀌면 지금 주소에도 알리고, 다른 브라우저에서는 "
        "로그아웃됩니다.",
        "We send a code to the new address. Nothing is changed until you type it in. Then the present address is told, and "
        "other browsers are logged out.",
    ),
    "address_claims": (
        "청구와 청구할 때 적은 주소는 그대로입니다. 그 주소를 바꾸려면 그 청구에 글을 남기세요.",
        "Your claims stay as they are, with the addresses that you gave. To have one of those changed, write to us there.",
    ),
    "address_same": ("지금 주소와 같습니다.", "This is the address that you have."),
    "address_often": (
        "주소를 너무 자주 적으셨습니다. 내일 다시 하세요.",
        "You have asked for this too often. Try again tomorrow.",
    ),
    "address_changed": (
        "주소를 바꾸었습니다. 이제 이 주소로 로그인합니다.",
        "The address is changed. You log in with this one from now on.",
    ),
    "too_often": ("너무 자주 하셨습니다. 1분 뒤에 다시 하세요.", "That was too often. Try again in a minute."),
    "other": ("다른 청구 보기", "See another claim"), "own_claims": ("계정의 청구", "Claims of your account"),
    "no_claims": ("아직 없습니다.", "None so far."),
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
    "socialaccount_signup": "sign_up", "account_keep": "keep", "account_close": "close", "socialaccount_connections": "kakao",
}  # fmt: skip


def say(key: str) -> str:
    return WORDS[key][in_english()]


lazily: Any = lazy(say, str)
