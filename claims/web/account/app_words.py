"""What claimants and staff read where they let an app in, and where they take that away."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "allow_app": ("앱에 허용하기", "Allow an app"),
    "app_asks": ("이 앱이 허용을 구합니다", "This app asks you to let it in"),
    "app_may": ("허용하시면 이 앱은", "If you allow it, this app can"),
    "app_cannot": (
        "비밀번호는 앱에 알려지지 않습니다. 앱은 계정을 닫거나 로그인 수단을 바꿀 수 없습니다.",
        "It does not learn your password, and cannot close your account or change how you log in.",
    ),
    "app_until": (
        "30일 동안 쓰지 않으면 끝나고, 그 전에도 ‘내 계정’에서 언제든 거둘 수 있습니다.",
        "It ends when the app is not used for 30 days. You can take it away at any time, under “Your account”.",
    ),
    "tool_until": (
        "30일 동안 쓰지 않으면 끝납니다. 볼 때마다 본인 이름으로 기록됩니다.",
        "It ends when the tool is not used for 30 days. Whatever it looks at is logged under your name.",
    ),
    "app_back": ("답한 뒤 돌아갈 곳", "After that you return to"),
    "app_as": ("로그인한 계정", "You are logged in as"),
    "app_unknown": (
        "이 앱을 열지 않으셨으면 허용하지 마세요.",
        "If you did not open this app yourself, do not allow it.",
    ),
    "allow": ("허용", "Allow"), "deny": ("허용하지 않음", "Do not allow"),
    "may_own:read": (
        "본인의 청구와 그 결정, 지급을 봅니다.",
        "see your own claims, what was decided and what is paid",
    ),
    "may_own:write": (
        "본인의 청구에 자료를 내고, 확인서를 받고, 이의를 제기하고, 청구를 취소합니다.",
        "hand in documents for your own claims, have attestations made, disagree with decisions and withdraw claims",
    ),
    "may_cases:read": (
        "본인의 역할로 볼 수 있는 모든 청구를 봅니다.",
        "see every claim that your roles let you see",
    ),
    "may_cases:write": (
        "본인의 역할이 허락하는 대로 청구를 처리합니다.",
        "work on claims as your roles let you",
    ),
    "app_wrong": ("열 수 없는 주소입니다", "This address cannot be opened"),
    "app_wrong_help": (
        "등록되지 않았거나 끝난 앱, 또는 그 앱의 것이 아닌 주소에서 오셨습니다. 아무것도 허용되지 않았습니다. 앱을 만든 곳에 "
        "알려 주세요.",
        "You came from an app that is not registered or was ended, or from an address that is not its own. Nothing was "
        "allowed. Please tell whoever makes the app.",
    ),
    "app_not_yours": ("다른 사람을 위한 앱입니다", "This app is for others"),
    "app_for_claimants": (
        "이 앱은 청구인의 것입니다. 직원의 로그인으로는 쓸 수 없습니다. 로그아웃하고 본인의 계정으로 로그인하세요.",
        "This app is for claimants, and not for the log-in of a member of staff. Log out, and log in with your own account.",
    ),
    "app_for_staff": (
        "이 도구는 직원의 것입니다. 청구인의 계정으로는 쓸 수 없습니다.",
        "This tool is for the staff, and not for the account of a claimant.",
    ),
    "apps": ("허용한 앱", "Apps that you allowed"),
    "apps_help": (
        "이 앱들은 본인의 청구를 봅니다. 거두면 바로 볼 수 없게 됩니다.",
        "These reach your claims. Once you take it away, they no longer can.",
    ),
    "app_since": ("허용한 때", "Allowed since"),
    "app_withdraw": ("허용 거두기", "Take it away"),
    "app_withdrawn": ("허용을 거두었습니다: {}", "Taken away: {}"),
}  # fmt: skip
