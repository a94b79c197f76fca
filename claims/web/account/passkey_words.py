"""What is said of passkeys."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "use_passkey": ("패스키로 로그인", "Log in with a passkey"),
    "needs_script": ("패스키에는 자바스크립트가 필요합니다.", "Passkeys need JavaScript."), "passkeys": ("패스키", "Passkeys"),
    "passkey": ("패스키", "Passkey"),
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
    "confirm_passkey": ("패스키로 확인", "Confirm with a passkey"),
}  # fmt: skip
