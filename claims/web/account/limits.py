"""How often something is done with one address: counted by address and network, so that a stranger who types in somebody's
address shuts out nobody elsewhere; and with how many addresses from one network. Known and unknown addresses are counted alike.

allauth counts by address alone where it does not count by network alone; its limits are off (config/account_settings.py), and
its counting is used here with keys of ours.
"""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.http import HttpRequest

from accounts.logins import normalised_email
from services.network import is_told_apart, network_of

APP = "claims.web.account"
RATES = {
    "log_in": "3/m/key", "sign_up": "5/m/key", "new_password": "5/m/key",
    "address": "1/d/key", "addresses": "200/d/key",
    "wrong_here": "10/5m/key,20/d/key", "wrong_anywhere": "100/d/key",
}  # fmt: skip


def why_not(request: HttpRequest, what: str, address: str) -> str | None:
    """The word for why no code is mailed there; None where it is."""
    if _count(request, what, _here(request, address)) is None:
        return "asked_too_often"
    return None if may_reach(request, address) else "too_many_addresses"


def may_reach(request: HttpRequest, address: str) -> bool:
    """Whether a code may be asked for to this address, or the network has asked for some to too many others within a day. It is
    wide, because a carrier has thousands behind one network; whoever bombs mailboxes reaches no more of them from one place.
    """
    if not is_told_apart(request):
        return True
    another = _count(request, "address", _here(request, address))
    if another is None or _count(request, "addresses", network_of(request)) is not None:
        return True
    another.rollback()
    return False


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
