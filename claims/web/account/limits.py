"""How often something is done with one address: counted by address and network, so that a stranger who types in somebody's
address shuts out nobody elsewhere. Known and unknown addresses are counted alike.

allauth counts by address alone where it does not count by network alone; its limits are off (config/account_settings.py), and
its counting is used here with keys of ours.
"""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.http import HttpRequest

from accounts.logins import normalised_email
from claims.web.network import network_of

APP = "claims.web.account"
RATES = {
    "log_in": "3/m/key", "sign_up": "5/m/key", "new_password": "5/m/key",
    "wrong_here": "10/5m/key,20/d/key", "wrong_anywhere": "100/d/key",
}  # fmt: skip


def may_ask(request: HttpRequest, what: str, address: str) -> bool:
    """For a code to be mailed there."""
    return _count(request, what, _here(request, address)) is not None


def count_password(request: HttpRequest, address: str) -> ratelimit.RateLimitUsage | None:
    """What was counted, to be taken back if the password is right; None beyond what may be tried. A network that was refused
    uses up nothing of what is left to others.
    """
    here = _count(request, "wrong_here", _here(request, address))
    anywhere = here and _count(request, "wrong_anywhere", normalised_email(address))
    return ratelimit.RateLimitUsage(here.usage + anywhere.usage) if here and anywhere else None


def forget_passwords(request: HttpRequest, address: str) -> None:
    """Its owner has set another one."""
    for action, key in (("wrong_here", _here(request, address)), ("wrong_anywhere", normalised_email(address))):
        ratelimit.clear(request, app=APP, action=action, config=RATES, key=key)


def _count(request: HttpRequest, action: str, key: str) -> ratelimit.RateLimitUsage | None:
    return ratelimit.consume(request, app=APP, action=action, config=RATES, key=key)


def _here(request: HttpRequest, address: str) -> str:
    return f"{network_of(request)} {normalised_email(address)}"
