"""What is said of the log-in with Kakao."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "use_kakao": ("카카오로 로그인", "Log in with Kakao"), "kakao": ("카카오 로그인", "Kakao log-in"),
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
    "kakao_taken": (
        "이 카카오 로그인은 다른 계정에 연결되어 있습니다.",
        "This Kakao log-in is connected with another account.",
    ),
}  # fmt: skip
