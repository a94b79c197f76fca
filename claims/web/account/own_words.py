"""What the account's own pages say: its address, what it keeps, and closing it."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "account": ("내 계정", "Your account"), "ways": ("로그인하는 방법", "Ways of logging in"),
    "by_code": ("메일로 받는 번호: 언제나", "A code by e-mail: always"), "by_password": ("비밀번호", "Password"),
    "set": ("정함", "set"), "not_set": ("정하지 않음", "not set"), "to_claims": ("내 청구", "Your claims"),
    "own_claims": ("계정의 청구", "Claims of your account"), "no_claims": ("아직 없습니다.", "None so far."),
    "how_kept": (
        "청구는 저절로 모이지 않습니다. 접수번호와 메일로 받는 번호로 한 번 열고 ‘내 계정에 모으기’를 누르세요. 로그인한 채 "
        "청구하시면 바로 모입니다.",
        "Claims do not come here by themselves. Open one once, by its number and a code from the mail, and press “Keep it in "
        "your account”. What you claim while you are logged in is kept at once.",
    ),
    "other": ("다른 청구 보기", "See another claim"), "keep": ("내 계정에 모으기", "Keep it in your account"),
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
    "others": (
        "이 청구를 볼 수 있는 다른 계정이 있습니다: {}. 본인의 계정이 아니면 빼 주세요.",
        "Another account can see this claim: {}. If it is not yours, take the claim out of it.",
    ),
    "take_out": ("다른 계정에서 빼기", "Take it out of the other account"),
    "taken_out": ("다른 계정에서 뺐습니다.", "It was taken out of the other account."),
    "let_go": ("계정에서 빼기", "Take it out of the account"),
    "let_gone": (
        "계정에서 뺐습니다: {}. 이 청구는 접수번호와 메일로 받는 번호로 볼 수 있습니다.",
        "Taken out of your account: {}. You see this claim by its number and a code from the mail.",
    ),
    "close": ("계정 닫기", "Close the account"),
    "close_help": (
        "계정의 주소, 비밀번호, 패스키, 연결이 지워지고 되돌릴 수 없습니다. 청구는 그대로 있고, 접수번호와 청구할 때 적은 "
        "주소로 볼 수 있습니다.",
        "The address, password, passkeys and connections of the account are erased, and that cannot be undone. Your claims "
        "stay: you find them by their numbers and the address that you gave with them.",
    ),
    "note_numbers": ("접수번호를 적어 두세요.", "Note the numbers of your claims."),
    "closed": ("계정을 닫았습니다", "The account is closed"),
    "closed_help": ("모든 브라우저에서 로그아웃되었습니다.", "You are logged out in all browsers."),
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
}  # fmt: skip
