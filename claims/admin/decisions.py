"""Where claims stand, what was decided and paid, in the Django admin, read-only."""

from __future__ import annotations

from django.contrib import admin

from claims.admin.choice_words import head
from claims.admin.staff import ClaimsAdmin
from claims.amounts import said_of_remedy, said_stakes
from claims.models import (
    AuthorityUsed,
    BulkItem,
    Decision,
    DecisionProposal,
    DecisionUndone,
    PaymentItem,
)
from services.seoul import shown


@admin.register(Decision)
class DecisionAdmin(ClaimsAdmin):
    list_display = ("claim", "approved", "reasons", "decided_by", "checked_by", "decided")
    list_filter = ("approved",)
    search_fields = ("claim__reference",)
    list_select_related = ("claim", "decided_by", "checked_by")

    @admin.display(description=head("at"), ordering="decided_at")
    def decided(self, decision: Decision) -> str:
        return shown(decision.decided_at)


@admin.register(DecisionProposal)
class DecisionProposalAdmin(ClaimsAdmin):
    list_display = ("claim", "approved", "amount", "state", "proposed_by", "closed_by")
    list_filter = ("state", "approved")
    search_fields = ("claim__reference",)
    list_select_related = ("claim", "proposed_by", "closed_by")

    @admin.display(description=head("quantity"))
    def amount(self, proposal: DecisionProposal) -> str:
        return said_stakes(proposal.gives, proposal.asks_back)


@admin.register(DecisionUndone)
class DecisionUndoneAdmin(ClaimsAdmin):
    list_display = ("decision", "undone_by", "undone_at")
    list_select_related = ("decision", "undone_by")


@admin.register(AuthorityUsed)
class AuthorityUsedAdmin(ClaimsAdmin):
    list_display = ("user", "on_date", "unit", "quantity")
    list_select_related = ("user",)


@admin.register(BulkItem)
class BulkItemAdmin(ClaimsAdmin):
    list_display = ("run", "claim", "amount", "state", "code")
    list_filter = ("state",)
    search_fields = ("claim__reference",)
    list_select_related = ("run", "claim")

    @admin.display(description=head("quantity"))
    def amount(self, item: BulkItem) -> str:
        return said_stakes(item.gives, item.asks_back)


@admin.register(PaymentItem)
class PaymentItemAdmin(ClaimsAdmin):
    list_display = ("run", "claim", "amount", "state", "told_by", "told_at")
    list_filter = ("state",)
    search_fields = ("claim__reference",)
    list_select_related = ("run", "claim", "told_by")

    @admin.display(description=head("quantity"), ordering="quantity")
    def amount(self, item: PaymentItem) -> str:
        return said_of_remedy(item.remedy, item.quantity, item.unit)
