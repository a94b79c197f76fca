"""Where a claim stands: three statuses. Which moves there are is said here once, for operations, pages and the database."""

from collections.abc import Mapping
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from claims.models.intake import Claim
from services.choices import one_of
from services.instants import in_range
from services.models import Incident, Service


class ReviewStatus(models.TextChoices):
    """Who has to do something. Proposed: a second person. Closed: nobody."""

    RECEIVED = "received"
    QUEUED = "queued"
    IN_REVIEW = "in_review"
    AWAITING_CLAIMANT = "awaiting_claimant"
    PROPOSED = "proposed"
    HELD = "held"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class DecisionStatus(models.TextChoices):
    """What was answered. Answered: without money, which was not asked for or is not to be had."""

    UNDECIDED = "undecided"
    APPROVED = "approved"
    REJECTED = "rejected"
    ANSWERED = "answered"


class PaymentStatus(models.TextChoices):
    """Whether what was approved has gone out. Sent: it is on its way, and whether it arrives is not known yet."""

    NOTHING = "nothing"
    DUE = "due"
    SENT = "sent"
    PAID = "paid"
    RECOVERY = "recovery"


class ClaimKind(models.TextChoices):
    """What somebody wants. Impact: something was lost, and no policy gives money for it. Unsorted: nobody has said."""

    UNSORTED = "unsorted"
    CLAIM = "claim"
    IMPACT = "impact"
    QUESTION = "question"
    COMPLAINT = "complaint"
    THANKS = "thanks"


# Kinds that an answer without money can be the end of.
MONEYLESS = (ClaimKind.IMPACT, ClaimKind.QUESTION, ClaimKind.COMPLAINT, ClaimKind.THANKS)

Moves = Mapping[str, tuple[str, ...]]
_R, _D, _P = ReviewStatus, DecisionStatus, PaymentStatus

REVIEW_MOVES: Moves = {
    _R.RECEIVED: (_R.QUEUED, _R.CLOSED, _R.HELD, _R.WITHDRAWN, _R.MERGED),
    _R.QUEUED: (_R.IN_REVIEW, _R.CLOSED, _R.HELD, _R.WITHDRAWN, _R.MERGED),
    _R.IN_REVIEW: (_R.QUEUED, _R.AWAITING_CLAIMANT, _R.PROPOSED, _R.CLOSED, _R.HELD, _R.WITHDRAWN, _R.MERGED),
    _R.AWAITING_CLAIMANT: (_R.QUEUED, _R.CLOSED, _R.HELD, _R.WITHDRAWN, _R.MERGED),
    _R.PROPOSED: (_R.QUEUED, _R.CLOSED, _R.HELD, _R.WITHDRAWN),
    _R.HELD: (_R.QUEUED, _R.WITHDRAWN, _R.MERGED),
    _R.CLOSED: (_R.QUEUED,),
    _R.WITHDRAWN: (_R.QUEUED,),
    _R.MERGED: (_R.QUEUED,),
}
# From a status to itself: another decision of the same kind takes the place of the one that stood.
DECISION_MOVES: Moves = {
    _D.UNDECIDED: (_D.APPROVED, _D.REJECTED, _D.ANSWERED),
    _D.APPROVED: (_D.APPROVED, _D.REJECTED, _D.UNDECIDED),
    _D.REJECTED: (_D.REJECTED, _D.APPROVED, _D.UNDECIDED),
    _D.ANSWERED: (_D.APPROVED, _D.REJECTED, _D.UNDECIDED),
}
PAYMENT_MOVES: Moves = {
    _P.NOTHING: (_P.DUE,),
    _P.DUE: (_P.NOTHING, _P.SENT, _P.PAID, _P.RECOVERY),
    _P.SENT: (_P.NOTHING, _P.DUE, _P.PAID, _P.RECOVERY),
    _P.PAID: (_P.DUE, _P.RECOVERY),
    _P.RECOVERY: (_P.PAID, _P.DUE),
}
MOVES: dict[str, Moves] = {"review": REVIEW_MOVES, "decision": DECISION_MOVES, "payment": PAYMENT_MOVES}

_LISTED = ",".join(
    f'"{of} {before} {after}"' for of, moves in MOVES.items() for before, afters in moves.items() for after in afters
)

_BEGINS = """
SELECT claim_id INTO wrong FROM added
 WHERE review <> 'received' OR decision <> 'undecided' OR payment <> 'nothing' OR moves <> 0 LIMIT 1;
IF FOUND THEN
    RAISE EXCEPTION 'transition_not_allowed: claim % begins as received, undecided, nothing', wrong
        USING ERRCODE = 'integrity_constraint_violation';
END IF;
RETURN NULL;
"""
# After a statement, of all rows that it changed: their moves are listed, what stands is a decision that fits, and each move has
# its event, which was written in the same transaction before. Planned anew each time (EXECUTE): a plan that was made for one
# row is quadratic for 20,000. And the least of what is wrong is asked for, not any one (LIMIT 1): that the planner expects to
# find at once, in a nested loop.
_MOVES = f"""
EXECUTE $check$
    SELECT min(l.claim_id)::text FROM later l LEFT JOIN earlier e USING (claim_id)
     WHERE e.claim_id IS NULL OR e.incident_id <> l.incident_id
$check$ INTO wrong;
IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'append_only: the status of a claim stays its own' USING ERRCODE = 'integrity_constraint_violation';
END IF;
EXECUTE $check$
    SELECT min(format('%s of claim %s from %s to %s', m.of, l.claim_id, was, becomes))
      FROM later l JOIN earlier e USING (claim_id)
     CROSS JOIN LATERAL (VALUES ('review', e.review, l.review, false), ('payment', e.payment, l.payment, false),
           ('decision', e.decision, l.decision, l.stands_id IS NOT NULL AND e.stands_id IS DISTINCT FROM l.stands_id)
           ) AS m(of, was, becomes, anew)
     WHERE (was <> becomes OR anew) AND m.of || ' ' || was || ' ' || becomes <> ALL ('{{{_LISTED}}}'::text[])
$check$ INTO wrong;
IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'transition_not_allowed: %', wrong USING ERRCODE = 'integrity_constraint_violation';
END IF;
EXECUTE $check$
    SELECT min(l.claim_id)::text
      FROM later l JOIN earlier e USING (claim_id)
     WHERE l.stands_id IS NOT NULL AND e.stands_id IS DISTINCT FROM l.stands_id
       AND NOT EXISTS (SELECT 1 FROM claims_decision d
                        WHERE d.id = l.stands_id AND d.claim_id = l.claim_id AND d.approved = (l.decision = 'approved')
                          AND NOT EXISTS (SELECT 1 FROM claims_decisionundone u WHERE u.decision_id = d.id))
$check$ INTO wrong;
IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'transition_not_allowed: what stands of claim % is no such decision', wrong
        USING ERRCODE = 'integrity_constraint_violation';
END IF;
EXECUTE $check$
    SELECT min(l.claim_id)::text
      FROM later l JOIN earlier e USING (claim_id)
     WHERE l.decision = 'answered' AND e.decision <> 'answered'
       AND NOT EXISTS (SELECT 1 FROM claims_letter r WHERE r.claim_id = l.claim_id AND r.reply_id IS NOT NULL)
$check$ INTO wrong;
IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'transition_not_allowed: claim % is answered by no letter', wrong
        USING ERRCODE = 'integrity_constraint_violation';
END IF;
EXECUTE $check$
    SELECT min(format('move %s of claim %s', l.moves, l.claim_id))
      FROM later l JOIN earlier e USING (claim_id)
     WHERE (l.review, l.decision, l.payment, l.stands_id, l.moves)
               IS DISTINCT FROM (e.review, e.decision, e.payment, e.stands_id, e.moves)
       AND (l.moves <> e.moves + 1
            OR NOT EXISTS (SELECT 1 FROM claims_event v
                            WHERE v.claim_id = l.claim_id AND v.move = l.moves
                              AND v.transaction = pg_current_xact_id()::text::bigint))
$check$ INTO wrong;
IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'move_without_event: % has no event in this transaction', wrong
        USING ERRCODE = 'integrity_constraint_violation';
END IF;
RETURN NULL;
"""  # noqa: S608 - constants
_STAYS = """
RAISE EXCEPTION 'append_only: a claim has its status for ever' USING ERRCODE = 'integrity_constraint_violation';
"""


# What the queue of people is sorted and searched by, as it was when the claim was last sent there.
QUEUED = ("kind", "service", "amount_minor", "currency", "answer_due_date", "queued_at", "snoozed_until")


class ClaimStatus(models.Model):
    """The three statuses of a claim, in a row that is made with it. Each move is counted and has its event.

    No foreign keys in the database, as on other tables with a row for each of millions of claims.
    """

    changeable: ClassVar[tuple[str, ...]] = (
        "review",
        "decision",
        "payment",
        "stands",
        "moves",
        "reasons",
        "moved_at",
        "assignee",
        "sorted_by",
        *QUEUED,
    )

    claim = models.OneToOneField(Claim, models.DO_NOTHING, primary_key=True, related_name="status", db_constraint=False)
    incident = models.ForeignKey(Incident, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    review = models.CharField(max_length=20, choices=ReviewStatus, default=ReviewStatus.RECEIVED)
    decision = models.CharField(max_length=20, choices=DecisionStatus, default=DecisionStatus.UNDECIDED)
    payment = models.CharField(max_length=20, choices=PaymentStatus, default=PaymentStatus.NOTHING)
    stands = models.ForeignKey(
        "Decision", models.DO_NOTHING, null=True, blank=True, related_name="+", db_constraint=False, db_index=False,
        help_text="The decision that counts.",
    )  # fmt: skip
    moves = models.PositiveIntegerField(default=0, help_text="How often it moved; who saw another number saw another claim.")
    reasons = ArrayField(
        models.TextField(), default=list, blank=True, help_text="Codes: why a person has to look at it; empty once closed."
    )
    moved_at = models.DateTimeField()
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        help_text="Who reviews it, or did before it was held, proposed, or waited for the claimant.",
    )  # fmt: skip

    kind = models.CharField(max_length=20, choices=ClaimKind, default=ClaimKind.UNSORTED)
    sorted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        help_text="Who said of what kind it is, which no rule says otherwise; empty: a rule, or nobody.",
    )  # fmt: skip
    service = models.ForeignKey(
        Service, models.DO_NOTHING, null=True, blank=True, related_name="+", db_constraint=False, db_index=False,
        help_text="Of the first loss.",
    )  # fmt: skip
    amount_minor = models.BigIntegerField(null=True, blank=True, help_text="What its approval would newly give.")
    currency = models.CharField(max_length=3, blank=True)
    answer_due_date = models.DateField(help_text="Until when it is to be answered, inclusive, in Korea.")
    queued_at = models.DateTimeField(null=True, blank=True, help_text="Since when it waits, or when it last began to.")
    snoozed_until = models.DateTimeField(null=True, blank=True, help_text="Shown to nobody before.")

    class Meta:
        verbose_name_plural = "claim statuses"
        ordering: ClassVar = ["claim_id"]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="begins_at_the_beginning",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
                declare=[("wrong", "bigint")],
                func=_BEGINS,
            ),
            pgtrigger.Trigger(
                name="moves_as_listed",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                referencing=pgtrigger.Referencing(old="earlier", new="later"),  # type: ignore[no-untyped-call]
                declare=[("wrong", "text")],
                func=_MOVES,
            ),
            pgtrigger.Trigger(
                name="is_not_taken_away",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Delete | pgtrigger.Truncate,
                func=_STAYS,
            ),
        ]
        constraints: ClassVar = [
            one_of("review", ReviewStatus),
            one_of("decision", DecisionStatus),
            one_of("payment", PaymentStatus),
            one_of("kind", ClaimKind),
            in_range("moved_at"),
            in_range("queued_at"),
            in_range("snoozed_until"),
            models.CheckConstraint(
                condition=~Q(review="in_review") | Q(assignee__isnull=False), name="somebody_reviews_what_is_in_review"
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["approved", "rejected"], stands__isnull=False)
                | Q(decision__in=["undecided", "answered"], stands__isnull=True),
                name="what_is_approved_or_rejected_has_a_decision",
            ),
        ]

        indexes: ClassVar = [
            # Pages of the queue, the next deadline first. Only of what is queued: what rules decide at once touches none.
            *(
                models.Index(
                    fields=[*first, "answer_due_date", "claim"], condition=Q(review="queued"),
                    name=f"queue_by_{'_'.join(first) or 'deadline'}",
                )
                for first in ([], ["service"], ["kind"], ["incident"])
            ),
            GinIndex(fields=["reasons"], condition=Q(review="queued"), name="queue_by_reason"),
            models.Index(fields=["amount_minor"], condition=Q(review="queued"), name="queue_by_amount"),
            models.Index(fields=["queued_at"], condition=Q(review="queued"), name="queue_by_age"),
            # The rest of what the queue page shows; what rules decide is written here once, when it is closed.
            models.Index(
                fields=["review", "answer_due_date", "claim"], condition=~Q(review__in=["received", "queued"]),
                name="claims_by_review",
            ),
            models.Index(
                fields=["assignee", "answer_due_date", "claim"], condition=Q(assignee__isnull=False),
                name="claims_of_a_reviewer",
            ),
            models.Index(fields=["moved_at", "claim"], condition=Q(payment="due"), name="payments_due_in_turn"),
            models.Index(fields=["claim"], condition=Q(payment="due"), name="payments_due_by_claim"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.review}, {self.decision}, {self.payment}"
