"""What is said of passwords."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "password": ("비밀번호", "Password"),
    "password_optional": (
        "비밀번호를 정하지 않으셨으면 비워 두세요. 그러면 로그인 번호를 보내 드립니다.",
        "Leave it empty if you have set none. Then we send you a code.",
    ),
    "forgotten": ("비밀번호를 잊으셨나요?", "Forgotten the password?"), "set_password": ("비밀번호 정하기", "Set a password"),
    "change_password": ("비밀번호 바꾸기", "Change the password"),
    "reset_password": ("새 비밀번호 정하기", "Set a new password"),
    "reset_help": (
        "주소를 적으면 번호를 보내 드립니다. 그 번호로 새 비밀번호를 정합니다.",
        "Fill in your address and we send a code, with which you set a new one.",
    ),
    "reset_done": ("새 비밀번호를 정했습니다.", "The new password is set."), "password_new": ("새 비밀번호", "New password"),
    "password_saved": ("비밀번호를 저장했습니다.", "The password is saved."),
    "password_old": ("지금 비밀번호", "Your password now"),
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
    "password_wrong": ("비밀번호가 맞지 않습니다.", "The password is not the right one."),
    "passwords_wrong": (
        "비밀번호를 너무 많이 틀리셨습니다. 비밀번호 없이 메일로 받는 번호로 로그인하거나 나중에 다시 하세요.",
        "The password was wrong too often. Log in without it, by a code from the mail, or try again later.",
    ),
    "pair_wrong": (
        "주소와 비밀번호가 맞지 않습니다. 비밀번호를 비워 두시면 로그인 번호를 보내 드립니다.",
        "The address and the password do not belong together. Leave the password empty, and we send you a code.",
    ),
    "confirm_password": ("비밀번호로 확인", "Confirm with the password"),
}  # fmt: skip
