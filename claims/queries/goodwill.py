"""What is left of goodwill budgets, and who gave what out of them."""

from __future__ import annotations

from claims.models import Goodwill, GoodwillBudget

PAGE = 50


def goodwill_budgets(incident_id: int) -> list[GoodwillBudget]:
    """Of an incident, one for each currency."""
    return list(GoodwillBudget.objects.filter(incident=incident_id).order_by("currency"))


def goodwill_given(budget_id: int, *, before: int = 0, most: int = PAGE) -> list[Goodwill]:
    """The newest decision first, undone ones too. `before`: only of decisions with a lower id; 0: from the newest."""
    given = Goodwill.objects.filter(budget=budget_id)
    if before:
        given = given.filter(decision__lt=before)
    related = ("decision__claim", "decision__decided_by", "decision__checked_by", "decision__undone")
    return list(given.select_related(*related).order_by("-decision")[:most])
