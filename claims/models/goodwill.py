"""What is given above what the policies owe: from a budget of the incident, by a decision of people, for a coded reason."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from claims.models.decision import Decision, DecisionProposal
from services.append_only import append_only_triggers
from services.choices import one_of
from services.models import Incident

GOODWILL = "goodwill"  # the remedy and the policy of its payouts, which no policy of ours may owe


class GoodwillReason(models.TextChoices):
    """Why something is given that is not owed."""

    HARDSHIP = "hardship"
    LATE_ANSWER = "late_answer"
    OUR_MISTAKE = "our_mistake"
    EFFORT = "effort"
    JUST_OUTSIDE = "just_outside"
    OTHER = "other"


class GoodwillBudget(models.Model):
    """How much may be given about an incident in a currency, and how much of it is given. In minor units."""

    changeable: ClassVar[tuple[str, ...]] = ("amount_minor", "spent_minor")

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+", db_index=False)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    spent_minor = models.BigIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "currency"], name="goodwill_budget_is_one_row"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="goodwill_currency_is_three_capitals"),
            models.CheckConstraint(
                condition=Q(spent_minor__gte=0, spent_minor__lte=F("amount_minor")), name="goodwill_stays_within_its_budget"
            ),
        ]

    def __str__(self) -> str:
        return f"goodwill about {self.incident_id}: {self.spent_minor} of {self.amount_minor} {self.currency}"


class GoodwillOffer(models.Model):
    """What a proposed decision would give above what is owed. Nothing is taken from the budget before it is confirmed."""

    append_only: ClassVar[bool] = True

    proposal = models.OneToOneField(DecisionProposal, models.PROTECT, primary_key=True, related_name="goodwill")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=20, choices=GoodwillReason)

    class Meta:
        ordering: ClassVar = ["proposal_id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            one_of("reason", GoodwillReason),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="goodwill_offer_gives_something"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency} with {self.proposal_id}"


class Goodwill(models.Model):
    """What a decision gave above what is owed. It counts until the decision is undone, which gives it back to the budget.

    Why, in words, is in the note of the decision's event, or of its proposal's; the note can be erased, its digest stays there.
    """

    append_only: ClassVar[bool] = True

    decision = models.OneToOneField(Decision, models.PROTECT, primary_key=True, related_name="goodwill")
    budget = models.ForeignKey(GoodwillBudget, models.PROTECT, related_name="given", db_index=False)
    amount_minor = models.BigIntegerField(help_text="In minor units of the budget's currency.")
    reason = models.CharField(max_length=20, choices=GoodwillReason)

    class Meta:
        verbose_name_plural = "goodwill given"
        ordering: ClassVar = ["decision_id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            one_of("reason", GoodwillReason),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="goodwill_gives_something"),
        ]
        indexes: ClassVar = [models.Index(fields=["budget", "decision"], name="goodwill_of_budget")]

    def __str__(self) -> str:
        return f"{self.amount_minor} by {self.decision_id}"
