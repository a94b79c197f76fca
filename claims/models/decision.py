"""What was decided about claims, by whom, and how much one may decide alone; what rules may decide and what stops them."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from claims.models.assessment import Assessment
from claims.models.intake import Claim
from claims.models.tallied import tells_tallies
from services.append_only import append_only_triggers, closed_for_ever
from services.choices import one_of
from services.instants import in_range
from services.models import Incident


class RejectionReason(models.TextChoices):
    """Why a person rejects a claim. A rejection may also name what the engine says of the claim's lines."""

    NO_LOSS = "no_loss"
    OUTSIDE_OUTAGE = "outside_outage"
    NO_EVIDENCE = "no_evidence"
    EVIDENCE_DIFFERS = "evidence_differs"
    NOT_THE_USER = "not_the_user"
    DUPLICATE = "duplicate"
    COMPENSATED_ELSEWHERE = "compensated_elsewhere"
    NOT_COVERED = "not_covered"
    TOO_LATE = "too_late"
    FALSE_STATEMENT = "false_statement"


class ProposalState(models.TextChoices):
    OPEN = "open"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    OUTDATED = "outdated"


class DecisionProposal(models.Model):
    """A decision that needs a second person. Closed once: confirmed, returned to the queue, or outdated by something new."""

    changeable: ClassVar[tuple[str, ...]] = ("state", "closed_by", "closed_at")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="proposals", db_index=False)
    assessment = models.ForeignKey(Assessment, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    approved = models.BooleanField(default=True)
    reasons = ArrayField(models.TextField(), default=list, blank=True, help_text="Codes; a rejection has at least one.")
    gives = models.JSONField(default=dict, blank=True, help_text="What it would newly give, by unit; of money in minor units.")
    asks_back = models.JSONField(default=dict, blank=True, help_text="Likewise, of what has gone out.")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=ProposalState, default=ProposalState.OPEN)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = closed_for_ever(ProposalState.OPEN)
        constraints: ClassVar = [
            one_of("state", ProposalState),
            in_range("proposed_at"),
            in_range("closed_at"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | ~Q(state="open") & Q(closed_at__isnull=False),
                name="proposal_is_open_or_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(closed_by__isnull=False) & ~Q(closed_by=F("proposed_by")),
                name="proposal_is_confirmed_by_another",
            ),
            models.CheckConstraint(condition=Q(approved=True) ^ ~Q(reasons=[]), name="proposed_rejection_has_a_reason"),
            models.UniqueConstraint(fields=["claim"], condition=Q(state="open"), name="claim_has_one_open_proposal"),
        ]
        indexes: ClassVar = [models.Index(fields=["claim"], name="proposals_of_claim")]

    def __str__(self) -> str:
        return f"proposal {self.pk} for {self.claim_id}"


_OWN_CLAIM = """
    IF EXISTS (SELECT 1 FROM claims_claim c JOIN accounts_user u ON u.person_id = c.person_id
                WHERE c.id = NEW.claim_id AND u.id IN (NEW.decided_by_id, NEW.checked_by_id)) THEN
        RAISE EXCEPTION 'own_claim: who decides claim % is its claimant', NEW.claim_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
"""


class Decision(models.Model):
    """Approval or rejection of what an assessment says, by a person, by two, or by rule (nobody is named).

    Approved is what the assessment's lines owe. No foreign keys in the database to claims and assessments, as on these.
    """

    append_only: ClassVar[bool] = True

    claim = models.ForeignKey(Claim, models.DO_NOTHING, related_name="decisions", db_constraint=False)
    assessment = models.ForeignKey(Assessment, models.DO_NOTHING, related_name="decisions", db_constraint=False, db_index=False)
    approved = models.BooleanField()
    reasons = ArrayField(models.TextField(), default=list, blank=True, help_text="Codes; a rejection has at least one.")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        help_text="Empty: by rule.",
    )  # fmt: skip
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        help_text="The second person, where one was needed.",
    )  # fmt: skip
    proposal = models.OneToOneField(DecisionProposal, models.PROTECT, null=True, blank=True, related_name="decision")
    bulk_run = models.ForeignKey(
        "BulkRun", models.PROTECT, null=True, blank=True, related_name="decisions", db_index=False,
        help_text="The bulk decision it is part of.",
    )  # fmt: skip
    decided_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [
            *append_only_triggers(),
            tells_tallies("decision", where="NOT a.approved"),
            pgtrigger.Trigger(
                name="not_by_the_claimant",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__decided_by__isnull=False),
                func=_OWN_CLAIM,
            ),
        ]
        constraints: ClassVar = [
            in_range("decided_at"),
            models.CheckConstraint(condition=Q(approved=True) | ~Q(reasons=[]), name="rejection_has_a_reason"),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | Q(decided_by__isnull=False) & ~Q(checked_by=F("decided_by")),
                name="second_person_is_another",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True, proposal__isnull=True)
                | Q(checked_by__isnull=False) & (Q(proposal__isnull=False) ^ Q(bulk_run__isnull=False)),
                name="what_two_decide_was_proposed",
            ),
            models.UniqueConstraint(
                fields=["assessment"], condition=Q(decided_by__isnull=True), name="rule_decides_an_assessment_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{'approval' if self.approved else 'rejection'} {self.pk} of {self.claim_id}"


class DecisionUndone(models.Model):
    """A decision was taken back before money moved. Never after: the database refuses it."""

    append_only: ClassVar[bool] = True

    decision = models.OneToOneField(Decision, models.PROTECT, primary_key=True, related_name="undone")
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    undone_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "decisions undone"
        ordering: ClassVar = ["decision_id"]
        triggers: ClassVar = [
            *append_only_triggers(),
            tells_tallies("undone", pk="decision_id"),
            pgtrigger.Trigger(
                name="no_money_has_moved",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (SELECT 1 FROM claims_payout p JOIN claims_paymentpart x ON x.payout_id = p.id AND x.live
                                WHERE p.decision_id = NEW.decision_id) THEN
                        RAISE EXCEPTION 'money_moved: by decision % money has moved', NEW.decision_id
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
        constraints: ClassVar = [in_range("undone_at")]

    def __str__(self) -> str:
        return f"decision {self.decision_id} undone"


class AuthorityLimit(models.Model):
    """How much of a unit a role may newly give, or ask back, by one decision, and one of its holders in a day (Korean time),
    both inclusive.

    The newest row of a role and unit counts; a role without one may decide nothing of that unit alone. Money is in minor units
    of its currency, which is its unit.
    """

    append_only: ClassVar[bool] = True

    role = models.CharField(max_length=20)
    unit = models.CharField(max_length=60)
    per_decision = models.BigIntegerField()
    per_day = models.BigIntegerField()
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", help_text="Empty: by a command."
    )
    set_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["role", "id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            in_range("set_at"),
            models.CheckConstraint(condition=Q(role__in=["caseworker", "checker"]), name="limit_is_of_a_role_that_decides"),
            models.CheckConstraint(condition=~Q(unit=""), name="limit_has_a_unit"),
            models.CheckConstraint(condition=Q(per_decision__gte=0), name="limit_is_not_negative"),
            models.CheckConstraint(condition=Q(per_day__gte=F("per_decision")), name="limit_of_a_day_allows_one_decision"),
        ]

    def __str__(self) -> str:
        return f"{self.role} up to {self.per_decision} {self.unit}"


class AuthorityUsed(models.Model):
    """What somebody has decided on a day, alone. One row each, so that two decisions at once see each other."""

    changeable: ClassVar[tuple[str, ...]] = ("quantity",)

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    on_date = models.DateField(help_text="In Korean time.")
    unit = models.CharField(max_length=60)
    quantity = models.BigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "authority used"
        ordering: ClassVar = ["user_id", "on_date"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "on_date", "unit"], name="authority_of_a_day_is_one_row"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="authority_used_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.on_date}: {self.quantity} {self.unit}"


class AutomaticPause(models.Model):
    """Nothing is decided by rule under a policy, for one incident or for all, until somebody lifts it.

    Set by a person (the switch), or by the alarm of a cohort: the claims of one policy about one incident.
    """

    changeable: ClassVar[tuple[str, ...]] = ("lifted_by", "lifted_at")

    policy = models.ForeignKey("Policy", models.PROTECT, related_name="pauses", db_index=False)
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, help_text="Empty: all."
    )
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", help_text="Empty: the alarm."
    )
    set_at = models.DateTimeField()
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="lifted_for_ever",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__lifted_at__isnull=False),
                func="""
                    RAISE EXCEPTION 'closed_for_ever: pause % was lifted', OLD.id
                        USING ERRCODE = 'integrity_constraint_violation';
                """,
            )
        ]
        constraints: ClassVar = [
            in_range("set_at"),
            in_range("lifted_at"),
            models.CheckConstraint(
                condition=Q(lifted_by__isnull=True, lifted_at__isnull=True)
                | Q(lifted_by__isnull=False, lifted_at__isnull=False),
                name="pause_is_lifted_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["policy", "incident"], condition=Q(lifted_at__isnull=True), nulls_distinct=False,
                name="policy_is_paused_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.policy_id} paused"


class Cohort(models.Model):
    """The claims of one policy about one incident: how many were approved by rule, and from how many on that is alarming.

    The alarm pauses this cohort and no other. Without a row there is no alarm.
    """

    changeable: ClassVar[tuple[str, ...]] = ("approved", "alarm_above")

    policy = models.ForeignKey("Policy", models.PROTECT, related_name="cohorts", db_index=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+", db_index=False)
    approved = models.PositiveIntegerField(default=0)
    alarm_above = models.PositiveIntegerField(help_text="So many may be approved by rule; the next one waits for a person.")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["policy", "incident"], name="cohort_is_one_row"),
            models.CheckConstraint(condition=Q(approved__lte=F("alarm_above")), name="cohort_stops_at_its_alarm"),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} about {self.incident_id}"
