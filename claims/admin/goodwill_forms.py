"""What staff fill in to give goodwill with an approval, and to set a budget for it."""

from __future__ import annotations

from typing import Any

from django import forms

from claims.admin.choice_words import worded
from claims.admin.claim_forms import NoteForm
from claims.admin.goodwill_words import lazily, say
from claims.amounts import said_amount
from claims.models import GoodwillBudget, GoodwillReason
from claims.operations import Gift
from services.models import Incident

MOST = 10**15


class ApproveForm(NoteForm):
    """With `gift`, or None. Without a budget there are no fields for it."""

    goodwill = forms.IntegerField(label=lazily("amount"), required=False, min_value=1, max_value=MOST)
    currency = forms.ChoiceField(label=lazily("currency"), required=False)
    reason = forms.ChoiceField(label=lazily("reason"), required=False)
    field_order = ("moves", "note", "goodwill", "currency", "reason")

    def __init__(self, *args: Any, budgets: list[GoodwillBudget], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not budgets:
            for name in ("goodwill", "currency", "reason"):
                del self.fields[name]
            return
        left = ", ".join(said_amount(one.amount_minor - one.spent_minor, one.currency) for one in budgets)
        self.fields["goodwill"].help_text = say("left").format(left=left)
        choices = {
            "currency": [(one.currency, one.currency) for one in budgets],
            "reason": [("", "-"), *((value, worded("reason", value)) for value in GoodwillReason.values)],
        }
        for name, values in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = values

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        amount, reason = said.get("goodwill"), said.get("reason", "")
        if "goodwill" not in self.errors and (amount is None) != (reason == ""):
            self.add_error("goodwill" if amount is None else "reason", say("incomplete"))
        elif amount is not None and not said.get("note"):
            self.add_error("note", say("incomplete"))
        elif amount is not None:
            said["gift"] = Gift(amount, said.get("currency", ""), reason)
        return said


class BudgetForm(forms.Form):
    incident = forms.ModelChoiceField(Incident.objects.order_by("-started_at"), label=lazily("incident"))
    currency = forms.CharField(label=lazily("currency"), max_length=3, initial="KRW", help_text=lazily("currency_help"))
    amount = forms.IntegerField(label=lazily("budget"), min_value=0, max_value=MOST, help_text=lazily("budget_help"))
    note = forms.CharField(label=lazily("why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
