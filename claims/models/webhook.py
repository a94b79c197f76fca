"""What partners' programs are told of claims by HTTP: where, what, and how it went."""

import uuid
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Partner
from claims.models.intake import Claim
from services.append_only import append_only_triggers
from services.choices import one_of
from services.endpoints import LONGEST_URL
from services.instants import in_range

MOST_DELIVERY_TRIES = 10  # of one delivery, and in a row of one endpoint


class WebhookKind(models.TextChoices):
    """What a partner's program is told. When each is written: claims/operations/partner_events.py; in words:
    claims/webhook_words.py. Of one move several may be written, in this order. Test: of no claim, because somebody asked.
    """

    FILED = "claim.filed"
    WITHDRAWN = "claim.withdrawn"
    MERGED = "claim.merged"
    APPEALED = "claim.appealed"
    UNDER_REVIEW = "claim.under_review"
    DOCUMENTS_REQUESTED = "claim.documents_requested"
    DECIDED = "claim.decided"
    DECISION_UNDONE = "claim.decision_undone"
    APPEAL_ANSWERED = "claim.appeal_answered"
    PAYMENT_CHANGED = "claim.payment_changed"
    CLOSED = "claim.closed"
    TEST = "webhook.test"


CHOSEN_KINDS = tuple(kind.value for kind in WebhookKind if kind != WebhookKind.TEST)


class EndpointState(models.TextChoices):
    """Disabled: nothing is sent, and what happens meanwhile is written down. Removed: for ever."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    REMOVED = "removed"


class StoppedFor(models.TextChoices):
    """Asked: by the partner. Gone: it answered 410. Failing: ten tries in a row failed, over more than three days."""

    ASKED = "asked"
    GONE = "gone"
    FAILING = "failing"


class WebhookEndpoint(models.Model):
    """A URL of a partner, and how it is doing. Its secret is in no table: `claims.keys.webhook_secret` makes it of `key` and
    `serial`.

    `turn` counts who may say how a call went: whoever takes the endpoint, or changes where it leads, makes the result of an
    earlier one count no longer. `taken_until` alone is by the database's clock: workers may have others.
    """

    changeable: ClassVar[tuple[str, ...]] = (
        "url", "description", "kinds", "version", "serial", "previous_until", "state", "stopped_at", "stopped_for",
        "stopped_by", "failures", "last_failure", "paused_until", "served_at", "taken_until", "turn",
    )  # fmt: skip

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="webhook_endpoints")
    key = models.UUIDField(default=uuid.uuid4, unique=True, help_text="By which the partner names it.")
    url = models.CharField(max_length=LONGEST_URL)
    description = models.CharField(max_length=200, blank=True)
    kinds = ArrayField(
        models.CharField(max_length=40, choices=WebhookKind), default=list, blank=True, help_text="Empty: all."
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1, help_text="Counts changes by the partner or by us.")
    serial = models.PositiveIntegerField(default=1, help_text="Of its secret.")
    previous_until = models.DateTimeField(
        null=True, blank=True, help_text="Until then (exclusive) the secret before signs as well."
    )
    registered_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=EndpointState, default=EndpointState.ENABLED)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_for = models.CharField(max_length=20, choices=StoppedFor, blank=True)
    stopped_by = models.CharField(max_length=80, blank=True, help_text="The partner's client id; empty: we.")
    failures = models.PositiveSmallIntegerField(default=0, help_text="Tries that failed since the last one that did not.")
    last_failure = models.CharField(max_length=40, blank=True, help_text="A status of HTTP, or our code.")
    paused_until = models.DateTimeField(null=True, blank=True, help_text="It failed, and is left alone until then.")
    served_at = models.DateTimeField(null=True, blank=True, help_text="When it last had its turn.")
    taken_until = models.DateTimeField(null=True, blank=True, help_text="A worker is calling it; not after this.")
    turn = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="removed_for_ever",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="removed"),
                func="""
                    RAISE EXCEPTION 'removed_for_ever: endpoint % was removed', OLD.id
                        USING ERRCODE = 'integrity_constraint_violation', HINT = 'Register another one.';
                """,
            )
        ]
        constraints: ClassVar = [
            one_of("state", EndpointState),
            in_range("previous_until"),
            in_range("registered_at"),
            in_range("stopped_at"),
            in_range("paused_until"),
            in_range("served_at"),
            in_range("taken_until"),
            models.CheckConstraint(condition=Q(kinds__contained_by=CHOSEN_KINDS), name="endpoint_kinds_are_known"),
            models.CheckConstraint(
                condition=Q(previous_until__isnull=True) | Q(serial__gt=1), name="endpoint_has_a_secret_before_this_one"
            ),
            models.CheckConstraint(
                condition=Q(state="enabled", stopped_at__isnull=True, stopped_for="", stopped_by="")
                | Q(state__in=["disabled", "removed"], stopped_at__isnull=False, stopped_for__in=StoppedFor.values),
                name="endpoint_that_was_stopped_says_why",
            ),
            models.CheckConstraint(condition=Q(failures__lte=MOST_DELIVERY_TRIES), name="endpoint_is_tried_ten_times_in_a_row"),
        ]

    def __str__(self) -> str:
        return f"endpoint {self.pk} of {self.partner_id}"


class WebhookEvent(models.Model):
    """Something that a partner is told: `number` counts what is told of one claim, from 1 and without gaps, so that a receiver
    sees what is missing and what came late. `key` is sent as webhook-id, the same however often.

    No foreign keys in the database to claims, as on other tables with rows for each of millions of them.
    """

    append_only: ClassVar[bool] = True

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="webhook_events", db_index=False)
    key = models.UUIDField(unique=True)
    claim = models.ForeignKey(
        Claim, models.DO_NOTHING, null=True, blank=True, related_name="webhook_events", db_constraint=False, db_index=False,
        help_text="Empty: a test.",
    )  # fmt: skip
    number = models.PositiveIntegerField(null=True, blank=True, help_text="From 1; of a test none.")
    kind = models.CharField(max_length=40, choices=WebhookKind)
    digest = models.CharField(max_length=64, help_text="SHA-256, in hex, of salt, line feed and what is sent.")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            one_of("kind", WebhookKind),
            in_range("made_at"),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="webhook_digest_is_sha256_hex"),
            models.CheckConstraint(
                condition=Q(kind="webhook.test", claim__isnull=True, number__isnull=True)
                | ~Q(kind="webhook.test") & Q(claim__isnull=False, number__isnull=False, number__gte=1),
                name="webhook_event_is_of_a_claim_or_a_test",
            ),
            models.UniqueConstraint(fields=["claim", "number"], name="claim_has_a_webhook_number_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["partner", "made_at", "id"], name="webhook_events_of_a_partner")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class WebhookPayload(models.Model):
    """What is sent, to the byte, because it is signed. It has the partner's own number of a person: erased by deleting it, and
    then sent no more.
    """

    append_only: ClassVar[bool] = False

    event = models.OneToOneField(WebhookEvent, models.PROTECT, primary_key=True, related_name="kept", db_constraint=False)
    text = models.TextField()
    salt = models.CharField(max_length=32)

    class Meta:
        ordering: ClassVar = ["event_id"]

    def __str__(self) -> str:
        return f"payload of event {self.event_id}"


class DeliveryState(models.TextChoices):
    """Failed: not tried again by itself."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class WebhookDelivery(models.Model):
    """An event on its way to an endpoint, once; replayed, it waits again. It is not sent while the endpoint is stopped."""

    changeable: ClassVar[tuple[str, ...]] = ("state", "attempts", "due_at", "ended_at")

    event = models.ForeignKey(
        WebhookEvent, models.DO_NOTHING, related_name="deliveries", db_constraint=False, db_index=False
    )  # fmt: skip
    endpoint = models.ForeignKey(
        WebhookEndpoint, models.DO_NOTHING, related_name="deliveries", db_constraint=False, db_index=False
    )
    state = models.CharField(max_length=20, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Since it was last asked for.")
    due_at = models.DateTimeField(help_text="Not before.")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "webhook deliveries"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            one_of("state", DeliveryState),
            in_range("due_at"),
            in_range("ended_at"),
            models.UniqueConstraint(fields=["endpoint", "event"], name="event_goes_to_an_endpoint_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True) | ~Q(state="waiting") & Q(ended_at__isnull=False),
                name="delivery_waits_or_has_an_end",
            ),
            models.CheckConstraint(condition=Q(attempts__lte=MOST_DELIVERY_TRIES), name="delivery_is_tried_ten_times"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["endpoint", "due_at", "event"], condition=Q(state="waiting"), name="deliveries_in_turn"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"


class WebhookAttempt(models.Model):
    """One call and what came of it; nothing of what the receiver answered but its status."""

    append_only: ClassVar[bool] = True

    delivery = models.ForeignKey(WebhookDelivery, models.DO_NOTHING, related_name="log", db_constraint=False)
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Of HTTP.")
    failure = models.CharField(max_length=40, blank=True, help_text="Our code, where there was no status.")
    milliseconds = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            in_range("at"),
            models.CheckConstraint(
                condition=Q(status__isnull=False, failure="") | Q(status__isnull=True) & ~Q(failure=""),
                name="attempt_has_a_status_or_a_failure",
            ),
        ]

    def __str__(self) -> str:
        return self.failure or str(self.status)
