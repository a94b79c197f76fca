"""What was done to log-ins, roles and partners, and who saw or searched personal data. Both are logs of the chain."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Cast

from accounts.models.partners import Partner
from accounts.models.people import Person
from services.append_only import append_only_triggers
from services.choices import one_of
from services.instants import in_range


class AccountEventKind(models.TextChoices):
    """What was done."""

    STAFF_CREATED = "staff_created"
    STAFF_INVITED = "staff_invited"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a code
    PASSWORD_LINK_ISSUED = "password_link_issued"  # noqa: S105 - a code
    ROLES_PROPOSED = "roles_proposed"
    ROLES_CHANGED = "roles_changed"
    LEAVING_PROPOSED = "leaving_proposed"
    STAFF_LEFT = "staff_left"
    CHANGE_RETURNED = "change_returned"
    PARTNER_REGISTERED = "partner_registered"
    CONTACT_ADDED = "contact_added"
    CONTACT_ERASED = "contact_erased"
    SCOPES_SET = "scopes_set"
    CREDENTIAL_ISSUED = "credential_issued"
    CREDENTIAL_REVOKED = "credential_revoked"
    PAYEE_SET = "payee_set"
    PAYEE_ERASED = "payee_erased"
    CONSENT_PUBLISHED = "consent_published"
    CONSENTS_SAID = "consents_said"
    GUEST_ADMITTED = "guest_admitted"
    ACCOUNT_ENTERED = "account_entered"
    LOG_IN_CHANGED = "log_in_changed"
    ACCOUNT_CLOSED = "account_closed"
    PERSON_KEPT = "person_kept"
    PERSON_LET_GO = "person_let_go"
    WEBHOOK_REGISTERED = "webhook_registered"
    WEBHOOK_CHANGED = "webhook_changed"
    WEBHOOK_ENABLED = "webhook_enabled"
    WEBHOOK_DISABLED = "webhook_disabled"
    WEBHOOK_REMOVED = "webhook_removed"
    WEBHOOK_SECRET_ROTATED = "webhook_secret_rotated"  # noqa: S105 - a code
    WEBHOOK_TESTED = "webhook_tested"
    WEBHOOK_REPLAYED = "webhook_replayed"
    APP_REGISTERED = "app_registered"
    APP_ENDED = "app_ended"
    APP_ALLOWED = "app_allowed"
    APP_WITHDRAWN = "app_withdrawn"


class AccountEvent(models.Model):
    """What was done, by whom, to whom. Written in the transaction that does it. `data` holds ids and codes only.

    That a person came to exist has no event: the row of the person is itself append-only and says when.
    """

    append_only: ClassVar[bool] = True

    at = models.DateTimeField()
    kind = models.CharField(max_length=40, choices=AccountEventKind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        help_text="Empty: by a command, or a partner's program.",
    )  # fmt: skip
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="account_events")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="account_events")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="account_events")
    data = models.JSONField(default=dict)
    transaction = models.BigIntegerField(
        db_default=Cast(Cast(Func(function="pg_current_xact_id"), models.TextField()), models.BigIntegerField()),
        help_text="The database's number of the transaction; roles change only in that of their event.",
    )

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [one_of("kind", AccountEventKind), in_range("at")]
        indexes: ClassVar = [BrinIndex(fields=["at"], name="account_event_by_time")]

    def __str__(self) -> str:
        return self.kind


class ViewReason(models.TextChoices):
    """Why somebody of the staff needs to see what names a person, or where they are paid. Nobody was asked why where a page of
    a table shows a row about them, which names them masked or not at all.
    """

    REVIEW = "review"
    CONTACT = "contact"
    IDENTITY = "identity"
    REQUEST = "request"
    AUDIT = "audit"
    PAYMENT = "payment"
    SEARCH = "search"
    ROW = "row"
    LIST = "list"


class SearchedKey(models.TextChoices):
    """What kind of thing was typed in to find a person."""

    PUBLIC_ID = "public_id"
    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"


class DataView(models.Model):
    """Somebody of the staff saw what names a person, or where they are paid, or a row about them, or searched by it. Written
    before the page is answered.

    What was typed in is not kept: it would be personal data that cannot be erased.
    """

    append_only: ClassVar[bool] = True

    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="data_views", help_text="Empty: a search."
    )
    viewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=ViewReason)
    searched = models.CharField(max_length=20, choices=SearchedKey, blank=True, help_text="Empty: no search.")
    payee = models.BooleanField(default=False, db_default=False, help_text="Seen was the account, not what else names them.")
    note_hash = models.CharField(max_length=64, blank=True, help_text="Of what was written beside the reason. Empty: nothing.")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            one_of("reason", ViewReason),
            in_range("at"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, searched="") & ~Q(reason="search")
                | Q(person__isnull=True, searched__in=SearchedKey.values, reason="search", note_hash=""),
                name="data_view_is_of_a_person_or_a_search",
            ),
            models.CheckConstraint(
                condition=Q(payee=False) | Q(person__isnull=False), name="data_view_of_a_payee_is_of_a_person"
            ),
            models.CheckConstraint(condition=Q(note_hash__regex=r"^([0-9a-f]{64})?$"), name="view_note_hash_is_sha256_hex"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} of {self.person_id or self.searched} by {self.viewer_id}"


class ViewNote(models.Model):
    """What somebody wrote beside the reason. Erased by deleting it; the view keeps the salted digest.

    The digest is SHA-256, in hex, of salt, line feed and text.
    """

    append_only: ClassVar[bool] = False

    view = models.OneToOneField(DataView, models.PROTECT, primary_key=True, related_name="note")
    text = models.TextField()
    salt = models.CharField(max_length=32)

    class Meta:
        ordering: ClassVar = ["view_id"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="view_note_says_something")]

    def __str__(self) -> str:
        return f"note of view {self.view_id}"
