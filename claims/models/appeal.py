"""What claimants object to in a decision, and who else then answered; a person's review of what a rule decided is one kind."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Channel
from claims.models.decision import Decision
from claims.models.intake import Claim, Loss
from services.append_only import append_only_triggers, closed_for_ever
from services.choices import one_of
from services.instants import in_range
from services.models import Service


class AppealKind(models.TextChoices):
    """Person review: a person is to look at what was decided automatically (Personal Information Protection Act, art. 37-2)."""

    APPEAL = "appeal"
    PERSON_REVIEW = "person_review"


class AppealState(models.TextChoices):
    """Upheld: the decision stands. Accepted: it was decided otherwise."""

    OPEN = "open"
    UPHELD = "upheld"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


# Why the claim is in the queue while the appeal is open.
QUEUED_AS: dict[str, str] = {AppealKind.APPEAL: "appealed", AppealKind.PERSON_REVIEW: "person_review"}

_OF_THE_CLAIM = """
    IF NOT EXISTS (SELECT 1 FROM claims_decision d
                    WHERE d.id = NEW.decision_id AND d.claim_id = NEW.claim_id
                      AND (NEW.kind <> 'person_review' OR d.decided_by_id IS NULL)) THEN
        RAISE EXCEPTION 'appeal_of_no_such_decision: claim % has no such decision % that can be appealed so',
            NEW.claim_id, NEW.decision_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
"""
# Nobody who had a part in a decision of the claim that was appealed, not of this appeal only: else two would take turns.
_ANSWERED = """
    IF NOT EXISTS (SELECT 1 FROM claims_decision a JOIN claims_decision d ON d.id = NEW.decision_id
                    WHERE a.id = NEW.answer_id AND a.claim_id = NEW.claim_id AND a.id > d.id
                      AND a.decided_by_id = NEW.decided_by_id AND (NEW.state <> 'upheld' OR a.approved = d.approved)) THEN
        RAISE EXCEPTION 'appeal_answered_by_another_decision: decision % does not answer appeal % so', NEW.answer_id, NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM claims_decision a JOIN accounts_user u ON u.id IN (a.decided_by_id, a.checked_by_id)
                WHERE a.id = NEW.answer_id
                  AND (u.person_id = (SELECT c.person_id FROM claims_claim c WHERE c.id = NEW.claim_id)
                       OR EXISTS (SELECT 1 FROM claims_appeal x JOIN claims_decision d ON d.id = x.decision_id
                                    LEFT JOIN claims_decisionproposal p ON p.id = d.proposal_id
                                   WHERE x.claim_id = NEW.claim_id AND x.state <> 'withdrawn'
                                     AND u.id IN (d.decided_by_id, d.checked_by_id, p.proposed_by_id)))) THEN
        RAISE EXCEPTION 'decided_before: who answers appeal % had a part in what is appealed, or is the claimant', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
"""


class Appeal(models.Model):
    """A claimant does not agree with a decision, or wants a person to look at it. Closed once, with a decision that answers it
    or by the claimant's own word.
    """

    changeable: ClassVar[tuple[str, ...]] = ("state", "decided_by", "answer", "closed_at")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="appeals")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="appeals", help_text="The one that is appealed.")
    kind = models.CharField(max_length=20, choices=AppealKind)
    channel = models.CharField(max_length=20, choices=Channel)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False,
        help_text="The claimant's log-in, or staff on their behalf.",
    )  # fmt: skip
    opened_at = models.DateTimeField()
    due_date = models.DateField(help_text="Of the answer, inclusive; in Korean time.")
    state = models.CharField(max_length=20, choices=AppealState, default=AppealState.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    answer = models.OneToOneField(
        Decision, models.PROTECT, null=True, blank=True, related_name="answers", help_text="The decision that answers it."
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [
            *closed_for_ever(AppealState.OPEN),
            pgtrigger.Trigger(
                name="of_a_decision_of_its_claim", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_OF_THE_CLAIM
            ),
            pgtrigger.Trigger(
                name="answered_by_somebody_else",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__answer__isnull=False),
                func=_ANSWERED,
            ),
        ]
        constraints: ClassVar = [
            one_of("kind", AppealKind),
            one_of("channel", Channel),
            one_of("state", AppealState),
            in_range("opened_at"),
            in_range("closed_at"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | ~Q(state="open") & Q(closed_at__isnull=False),
                name="appeal_is_open_or_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["upheld", "accepted"], decided_by__isnull=False, answer__isnull=False)
                | ~Q(state__in=["upheld", "accepted"]) & Q(decided_by__isnull=True, answer__isnull=True),
                name="appeal_is_answered_by_somebody_with_a_decision",
            ),
            models.UniqueConstraint(fields=["decision"], condition=Q(state="open"), name="decision_has_one_open_appeal"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_date", "id"], condition=Q(state="open"), name="open_appeals_by_due_date"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} of decision {self.decision_id}"


class PointKind(models.TextChoices):
    """What a claimant points at. Record: what the official record says of a service."""

    FACT = "fact"
    RULE = "rule"
    LINE = "line"
    RECORD = "record"
    OTHER = "other"


_UNSAID: dict[str, dict[str, object]] = {
    "fact": {"fact": "", "loss__isnull": True},
    "rule": {"policy": "", "rule": ""},
    "line": {"position__isnull": True},
    "record": {"service__isnull": True},
}


def _says_only(kind: str, said: Q) -> Q:
    """A point of this kind says its own, and nothing of the others."""
    unsaid = {column: value for other, columns in _UNSAID.items() if other != kind for column, value in columns.items()}
    return Q(said, kind=kind, **unsaid)


class AppealPoint(models.Model):
    """One thing in the trace of the appealed assessment that an appeal disagrees with. What the claimant says about it is in
    `AppealWords`, which can be erased; here is its salted digest, as `Note` has one.
    """

    append_only: ClassVar[bool] = True

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="points")
    kind = models.CharField(max_length=20, choices=PointKind)
    fact = models.CharField(max_length=60, blank=True)
    loss = models.ForeignKey(
        Loss, models.DO_NOTHING, null=True, blank=True, related_name="+", db_constraint=False, db_index=False,
        help_text="Of the fact; empty: it is of the claim or of the incident.",
    )  # fmt: skip
    policy = models.CharField(max_length=60, blank=True)
    rule = models.CharField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Of the line in its assessment.")
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    positions = ArrayField(
        models.PositiveSmallIntegerField(), default=list, blank=True,
        help_text="Of all lines of the assessment that rest on what is pointed at.",
    )  # fmt: skip
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256, in hex, of salt, line feed and words.")

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            one_of("kind", PointKind),
            models.CheckConstraint(
                condition=_says_only("fact", ~Q(fact=""))
                | _says_only("rule", ~Q(policy="") & ~Q(rule=""))
                | _says_only("line", Q(position__isnull=False))
                | _says_only("record", Q(service__isnull=False))
                | _says_only("other", ~Q(digest="")),
                name="point_says_what_its_kind_says",
            ),
            models.CheckConstraint(condition=Q(digest="") | Q(digest__regex=r"^[0-9a-f]{64}$"), name="digest_of_words_is_hex"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of appeal {self.appeal_id}"


class AppealWords(models.Model):
    """What the claimant says about a point, in their own words. Erased by deleting it."""

    append_only: ClassVar[bool] = False

    point = models.OneToOneField(AppealPoint, models.PROTECT, primary_key=True, related_name="words")
    text = models.TextField()
    salt = models.CharField(max_length=32)

    class Meta:
        verbose_name_plural = "appeal words"
        ordering: ClassVar = ["point_id"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="appeal_words_say_something")]

    def __str__(self) -> str:
        return f"words of point {self.point_id}"
