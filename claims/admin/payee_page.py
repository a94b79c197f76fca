"""On a claim's page: where the claimant is paid, masked, and the form in which staff enter it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import lazy

from accounts.banks import BANKS, bank_name, name_and_code
from accounts.masking import masked_account, masked_name
from accounts.models import Payee, User
from accounts.payees import is_another
from claims.admin.choice_words import worded
from claims.admin.claim_forms import NoteForm
from claims.models import ENTERED_BY, ClaimStatus
from claims.operations import set_payee
from services.language import in_english
from services.seoul import shown

WORDS: dict[str, tuple[str, str]] = {
    "none": ("적힌 것이 없습니다.", "Nobody said where."), "command": ("명령", "a command"),
    "bank": ("은행", "Bank"), "account": ("계좌 번호", "Account number"), "holder": ("예금주", "Holder's name"),
    "account_help": (
        "숫자 6~16자리, 줄표는 있어도 됩니다. 주민등록번호는 적지 않습니다.",
        "6 to 16 digits, hyphens as you like. No resident registration numbers.",
    ),
    "holder_help": ("통장에 적힌 이름 그대로", "The name as it is on the account"),
    "channel": ("어떻게 들었습니까", "How they told us"), "note": ("어떻게 확인했습니까", "How you know"),
    "note_help": (
        "기록에 남습니다. 계좌 번호는 적지 마세요. 다음 지급 회차부터 이 계좌로 나가고, 적은 사람은 승인을 확인하지 못합니다.",
        "Kept in the log; write no account numbers. Payment runs go there from the next one on, and who enters it confirms no "
        "approval.",
    ),
    "another": ("예금주가 청구인의 이름과 다릅니다.", "The holder has another name than the claimant."),
    "done": ("적었습니다. 다음 지급 회차부터 이 계좌로 나갑니다.", "Entered. Payment runs go there from the next one on."),
}  # fmt: skip


def say(key: str) -> str:
    return WORDS[key][in_english()]


lazily = lazy(say, str)


class PayeeForm(NoteForm):
    """What was told, by whom reached how, and how staff know it to be so."""

    bank = forms.ChoiceField(label=lazily("bank"))
    account = forms.CharField(
        label=lazily("account"), help_text=lazily("account_help"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )  # fmt: skip
    holder = forms.CharField(
        label=lazily("holder"), help_text=lazily("holder_help"), max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    channel = forms.ChoiceField(label=lazily("channel"))
    field_order = ("moves", "bank", "account", "holder", "channel", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "bank": [("", "---------"), *((code, name_and_code(code)) for code in BANKS)],
            "channel": [(str(one), worded("channel", one)) for one in ENTERED_BY],
        }
        for name, listed in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = listed
        self.fields["note"].label, self.fields["note"].help_text = say("note"), say("note_help")


def set_payee_by(user: User, status: ClaimStatus, said: dict[str, Any], now: datetime) -> str:
    """What the button does, and what is said of it."""
    set_payee(
        person=status.claim.person, claim_id=status.pk, bank=said["bank"], account=said["account"], holder=said["holder"],
        channel=said["channel"], given_by=user, note=said["note"], now=now,
    )  # fmt: skip
    return say("done")


def said_payee(payee: Payee | None, *, reads: bool) -> dict[str, str]:
    """Masked, with who gave it, and whether somebody else holds it; `address`: where it is shown with a reason, for who may."""
    if payee is None:
        return {"account": say("none"), "by": "", "address": "", "another": ""}
    event = payee.event
    another = is_another(payee.holder, payee.person_id)
    return {
        "account": f"{bank_name(payee.bank)} {masked_account(payee.account)} · {masked_name(payee.holder)}",
        "by": f"{worded('channel', payee.channel)} · {event.actor or say('command')} · {shown(event.at)}",
        "address": reverse("admin:accounts_personaldata_payee", args=[payee.person_id]) if reads else "",
        "another": say("another") if another else "",
    }  # fmt: skip
