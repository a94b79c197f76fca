"""What claimants are told by e-mail, and the codes by which guests are let in."""

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from accounts.models import Person
from claims.models.intake import Claim
from services.append_only import closed_for_ever
from services.choices import one_of
from services.instants import in_range


class MailKind(models.TextChoices):
    """In the order in which they are sent, but that alerts are first. Account: of a log-in, with a code that somebody waits for
    or what was done to it. Alert: something was changed by which somebody could be robbed. Code: of a claim, for a guest who
    waits. News: at most one a day.
    """

    ACCOUNT = "account"
    ALERT = "alert"
    CODE = "code"
    NEWS = "news"


class MailState(models.TextChoices):
    """Failed: not tried again by itself."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class NewsKind(models.TextChoices):
    """What there is to tell of a claim. Filed: that it has come in. Unpaid: what was sent did not arrive. Payee: where it is
    paid was entered or changed.
    """

    FILED = "filed"
    DECIDED = "decided"
    ANSWERED = "answered"
    DOCUMENTS = "documents"
    PAID = "paid"
    UNPAID = "unpaid"
    PAYEE = "payee"
    KEPT = "kept"


ALERTS = (NewsKind.PAYEE, NewsKind.KEPT)  # of something by which somebody could be robbed


class NewsState(models.TextChoices):
    """No address: nobody can be told; it stands on the claim's page and among the letters all the same. Too many: it was one of
    more than ten that came in on one day, of which nobody was told then; today they wait for the morning.
    """

    DUE = "due"
    TOLD = "told"
    NO_ADDRESS = "no_address"
    TOO_MANY = "too_many"


class Mail(models.Model):
    """An e-mail to a claimant: written once, sent as often as it takes. `number` stands in it, so that its receiver can ask
    whether it came from us; it names nothing and cannot be guessed (60 bits).
    """

    changeable: ClassVar[tuple[str, ...]] = ("state", "attempts", "last_error", "next_at", "sent_at")

    number = models.CharField(max_length=20, unique=True)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        help_text="Empty: to an account, which is no person.",
    )  # fmt: skip
    kind = models.CharField(max_length=20, choices=MailKind)
    language = models.CharField(max_length=2)
    digest = models.CharField(max_length=64, help_text="SHA-256, in hex, of salt, line feed and the address, subject and text.")
    day = models.DateField(null=True, blank=True, help_text="In Korean time: that of which it is the one message.")
    state = models.CharField(max_length=20, choices=MailState, default=MailState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="That failed.")
    last_error = models.TextField(blank=True)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(help_text="When it is tried next.")
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "mails"
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="sent_for_ever",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="sent"),
                func="""
                    RAISE EXCEPTION 'sent_for_ever: mail % was sent', OLD.number
                        USING ERRCODE = 'integrity_constraint_violation', HINT = 'Write another one.';
                """,
            )
        ]
        constraints: ClassVar = [
            one_of("kind", MailKind),
            one_of("state", MailState),
            in_range("made_at"),
            in_range("next_at"),
            in_range("sent_at"),
            models.CheckConstraint(condition=Q(language__in=["ko", "en"]), name="mail_language_is_known"),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="mail_digest_is_sha256_hex"),
            models.CheckConstraint(
                condition=Q(kind="news", day__isnull=False) | ~Q(kind="news") & Q(day__isnull=True),
                name="news_is_of_a_day",
            ),
            models.CheckConstraint(condition=Q(kind="account") | Q(person__isnull=False), name="mail_is_to_a_person"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at__isnull=True),
                name="mail_was_sent_at_an_instant",
            ),
            models.UniqueConstraint(fields=["person", "day"], name="person_has_one_message_a_day"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "next_at", "id"], condition=Q(state="waiting"), name="mails_in_turn"),
            models.Index(fields=["id"], condition=Q(state="failed"), name="mails_that_failed"),
        ]

    def __str__(self) -> str:
        return self.number


class MailContent(models.Model):
    """To whom and what, as it was written; of a code the place where it stands. Erased by deleting it.

    `secret`: the code itself, in clear until the mail was sent. `network`: of who asked for a mail to an account, as a keyed
    digest; erased with the rest after a day.
    """

    append_only: ClassVar[bool] = False

    mail = models.OneToOneField(Mail, models.PROTECT, primary_key=True, related_name="kept")
    address = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    salt = models.CharField(max_length=32)
    secret = models.CharField(max_length=20, blank=True, default="", db_default="")
    network = models.CharField(max_length=64, blank=True, default="", db_default="")

    class Meta:
        ordering: ClassVar = ["mail_id"]
        indexes: ClassVar = [models.Index(Upper("address"), name="mail_content_by_address")]

    def __str__(self) -> str:
        return f"content of mail {self.mail_id}"


class News(models.Model):
    """Something to tell a claimant, written with what they are to be told. Several that are due are told in one mail."""

    changeable: ClassVar[tuple[str, ...]] = ("state", "mail", "due_at", "attempts", "last_error")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="news")
    kind = models.CharField(max_length=20, choices=NewsKind)
    state = models.CharField(max_length=20, choices=NewsState, default=NewsState.DUE)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="Not before: outside the quiet hours, one message a day.")
    mail = models.ForeignKey(Mail, models.PROTECT, null=True, blank=True, related_name="news")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="That failed.")
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "news"
        ordering: ClassVar = ["id"]
        triggers: ClassVar = closed_for_ever(NewsState.DUE)
        constraints: ClassVar = [
            one_of("kind", NewsKind),
            one_of("state", NewsState),
            in_range("made_at"),
            in_range("due_at"),
            models.CheckConstraint(
                condition=Q(state="told", mail__isnull=False) | ~Q(state="told") & Q(mail__isnull=True),
                name="news_is_told_by_a_mail",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["attempts", "due_at", "id"], condition=Q(state="due"), name="news_in_turn"),
            models.Index(fields=["attempts", "due_at", "id"], condition=Q(state="due", kind__in=ALERTS), name="alerts_in_turn"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.claim_id}"


MOST_TRIES = 5  # of one code


class AccessCode(models.Model):
    """Somebody asked for a code to see a claim. Whether there is such a claim, they are not told: without one nothing is sent,
    and no code is right. Only its salted digest is kept here. Swept away in time.
    """

    append_only: ClassVar[bool] = False

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, help_text="Known to who asked.")
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, blank=True, related_name="access_codes", db_index=False)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="Exclusive.")
    mail = models.OneToOneField(Mail, models.PROTECT, null=True, blank=True, related_name="access_code")
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256, in hex, of salt, line feed and code.")
    network = models.CharField(
        max_length=64, blank=True, default="", db_default="", help_text="Of who asked, as a keyed digest."
    )  # fmt: skip
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["asked_at", "key"]
        constraints: ClassVar = [
            in_range("asked_at"),
            in_range("expires_at"),
            in_range("used_at"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("asked_at")), name="code_expires_after_it_was_asked_for"),
            models.CheckConstraint(condition=Q(tries__lte=MOST_TRIES), name="code_is_tried_five_times"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(claim__isnull=False), name="code_without_a_claim_opens_none"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["claim", "asked_at"], condition=Q(claim__isnull=False), name="codes_of_a_claim"),
            models.Index(fields=["asked_at"], condition=Q(claim__isnull=False, mail__isnull=True), name="codes_to_be_sent"),
            models.Index(fields=["asked_at"], name="codes_by_age"),
        ]

    def __str__(self) -> str:
        return f"code {self.key}"
