"""What a claimant is asked to send, what came in, and who looked at it and found what."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from claims.models.intake import Claim, Fact, Loss
from services.append_only import append_only_triggers, closed_for_ever
from services.choices import one_of
from services.instants import in_range


class RequestState(models.TextChoices):
    """Answered: all of it came in. Overdue: not all of it did in time. Dropped: nobody waits for it any more."""

    OPEN = "open"
    ANSWERED = "answered"
    OVERDUE = "overdue"
    DROPPED = "dropped"


class ItemState(models.TextChoices):
    """Missing: it was not there in time, and may still come."""

    OPEN = "open"
    RECEIVED = "received"
    MISSING = "missing"
    DROPPED = "dropped"


class MediaType(models.TextChoices):
    """What a file is kept as. WebP: before pictures were written anew."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"
    CSV = "text/csv"


class EvidenceReason(models.TextChoices):
    """What a person found in a document. The first two accept it."""

    SHOWS_IT = "shows_it"
    SHOWS_PART = "shows_part"
    UNREADABLE = "unreadable"
    INCOMPLETE = "incomplete"
    OTHER_DOCUMENT = "other_document"
    OTHER_PERSON = "other_person"
    OTHER_TIME = "other_time"
    ALTERED = "altered"


ACCEPTING = (EvidenceReason.SHOWS_IT, EvidenceReason.SHOWS_PART)


class EvidenceLetterKind(models.TextChoices):
    """Asked, extended and dropped follow what staff did; the others remind."""

    ASKED = "asked"
    HALFWAY = "halfway"
    THREE_DAYS = "three_days"
    EXTENDED = "extended"
    DROPPED = "dropped"


class EvidenceRequest(models.Model):
    """A claimant is asked for documents until a day. Closed once. `next_date`: the day on which something is to be done about
    it by itself: a reminder, or that it is overdue.
    """

    changeable: ClassVar[tuple[str, ...]] = (
        "state", "due_date", "next_date", "extended", "closed_at", "attempts", "last_error",
    )  # fmt: skip

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="evidence_requests")
    assessment_id = models.BigIntegerField(null=True, blank=True, help_text="The newest one when it was asked.")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    requested_at = models.DateTimeField()
    due_date = models.DateField(help_text="Until when it is to be here, inclusive; in Korean time.")
    next_date = models.DateField()
    extended = models.PositiveSmallIntegerField(default=0, help_text="How often.")
    state = models.CharField(max_length=20, choices=RequestState, default=RequestState.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="That failed.")
    last_error = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = closed_for_ever(RequestState.OPEN)
        constraints: ClassVar = [
            one_of("state", RequestState),
            in_range("requested_at"),
            in_range("closed_at"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | ~Q(state="open") & Q(closed_at__isnull=False),
                name="request_is_open_or_has_an_end",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["attempts", "next_date", "id"], condition=Q(state="open"), name="evidence_requests_in_turn"),
            models.Index(fields=["claim"], condition=Q(state="open"), name="open_evidence_requests"),
        ]

    def __str__(self) -> str:
        return f"request {self.pk} of {self.claim_id}"


class EvidenceItem(models.Model):
    """One document that is asked for: as a policy lists it for a fact, or in words."""

    changeable: ClassVar[tuple[str, ...]] = ("state",)

    request = models.ForeignKey(EvidenceRequest, models.PROTECT, related_name="items")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="+", db_index=False)
    policy = models.CharField(max_length=60, blank=True)
    document = models.CharField(max_length=60, blank=True, help_text="Its code in the policy; empty: in words.")
    fact = models.CharField(max_length=60, blank=True)
    loss = models.ForeignKey(Loss, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256, in hex, of salt, line feed and words.")
    state = models.CharField(max_length=20, choices=ItemState, default=ItemState.OPEN)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            one_of("state", ItemState),
            models.CheckConstraint(
                condition=~Q(policy="") & ~Q(document="") & ~Q(fact="") & Q(digest="")
                | Q(policy="", document="", fact="", loss__isnull=True, digest__regex=r"^[0-9a-f]{64}$"),
                name="item_is_listed_or_in_words",
            ),
            models.UniqueConstraint(
                fields=["claim", "policy", "document", "fact", "loss"], condition=Q(state="open") & ~Q(document=""),
                nulls_distinct=False, name="document_is_asked_once_at_a_time",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.document or 'document'} of request {self.request_id}"


class EvidenceWords(models.Model):
    """What is asked for, in words of staff. Erased by deleting it."""

    append_only: ClassVar[bool] = False

    item = models.OneToOneField(EvidenceItem, models.PROTECT, primary_key=True, related_name="words")
    text = models.TextField()
    salt = models.CharField(max_length=32)

    class Meta:
        verbose_name_plural = "evidence words"
        ordering: ClassVar = ["item_id"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="evidence_words_say_something")]

    def __str__(self) -> str:
        return f"words of item {self.item_id}"


class EvidenceFile(models.Model):
    """A file that came in for a claim; the same bytes once. What is kept of them, made anew, is in `EvidenceContent`, which can
    be erased. One without answers was sent without being asked for.
    """

    append_only: ClassVar[bool] = True

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="evidence_files")
    sha256 = models.CharField(max_length=64, help_text="Of the bytes as they were sent, in hex.")
    kept_sha256 = models.CharField(
        max_length=64, blank=True, default="", help_text="Of the bytes that are kept, in hex; empty: they are kept as sent."
    )
    media_type = models.CharField(max_length=20, choices=MediaType, help_text="Of the bytes that are kept.")
    size = models.PositiveIntegerField(help_text="In bytes, as it was sent.")
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False,
        help_text="The claimant's log-in, or staff on their behalf.",
    )  # fmt: skip
    received_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            one_of("media_type", MediaType),
            in_range("received_at"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="file_hash_is_sha256_hex"),
            models.CheckConstraint(condition=Q(kept_sha256__regex=r"^([0-9a-f]{64})?$"), name="kept_hash_is_sha256_hex"),
            models.CheckConstraint(condition=Q(size__gte=1), name="file_has_bytes"),
            models.UniqueConstraint(fields=["claim", "sha256"], name="claim_has_a_file_once"),
        ]

    def __str__(self) -> str:
        return f"file {self.pk} of {self.claim_id}"


class EvidenceContent(models.Model):
    """The bytes that are kept of a file, and what the claimant called it. Erased by deleting it."""

    append_only: ClassVar[bool] = False

    file = models.OneToOneField(EvidenceFile, models.PROTECT, primary_key=True, related_name="kept")
    content = models.BinaryField()
    name = models.CharField(max_length=100, blank=True, default="", help_text="To be shown; never a path.")

    class Meta:
        ordering: ClassVar = ["file_id"]

    def __str__(self) -> str:
        return f"content of file {self.file_id}"


class EvidenceAnswer(models.Model):
    """A file was sent for something that is asked for."""

    append_only: ClassVar[bool] = True

    item = models.ForeignKey(EvidenceItem, models.PROTECT, related_name="answers", db_index=False)
    file = models.ForeignKey(EvidenceFile, models.PROTECT, related_name="answers")

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [
            *append_only_triggers(),
            pgtrigger.Trigger(
                name="of_one_claim",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM claims_evidencefile f JOIN claims_evidenceitem i USING (claim_id)
                                    WHERE f.id = NEW.file_id AND i.id = NEW.item_id) THEN
                        RAISE EXCEPTION 'evidence_of_another_claim: file % is no answer to item %', NEW.file_id, NEW.item_id
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["item", "file"], name="file_answers_an_item_once")]

    def __str__(self) -> str:
        return f"file {self.file_id} for item {self.item_id}"


class EvidenceSubject(models.Model):
    """A fact that a file shows, by the word of who sent it, whether or not anybody asked: a policy's, by the codes of both."""

    append_only: ClassVar[bool] = True

    file = models.ForeignKey(EvidenceFile, models.PROTECT, related_name="subjects", db_index=False)
    policy = models.CharField(max_length=60)
    fact = models.CharField(max_length=60)

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["file", "policy", "fact"], name="file_shows_a_fact_once"),
            models.CheckConstraint(condition=~Q(policy="") & ~Q(fact=""), name="evidence_subject_is_named"),
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.fact} by file {self.file_id}"


class EvidenceReview(models.Model):
    """A person looked at a file and accepts or rejects it, once."""

    append_only: ClassVar[bool] = True

    file = models.OneToOneField(EvidenceFile, models.PROTECT, primary_key=True, related_name="review")
    accepted = models.BooleanField()
    reason = models.CharField(max_length=20, choices=EvidenceReason)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    reviewed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["file_id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            one_of("reason", EvidenceReason),
            in_range("reviewed_at"),
            models.CheckConstraint(
                condition=Q(accepted=True, reason__in=list(ACCEPTING)) | Q(accepted=False) & ~Q(reason__in=list(ACCEPTING)),
                name="reason_fits_what_was_found",
            ),
        ]

    def __str__(self) -> str:
        return f"file {self.file_id}: {self.reason}"


class FactEvidence(models.Model):
    """A verified fact was read in an accepted file of its claim."""

    append_only: ClassVar[bool] = True

    fact = models.ForeignKey(Fact, models.PROTECT, related_name="evidence", db_index=False)
    file = models.ForeignKey(EvidenceFile, models.PROTECT, related_name="facts")

    class Meta:
        verbose_name_plural = "evidence of facts"
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [
            *append_only_triggers(),
            pgtrigger.Trigger(
                name="rests_on_what_was_accepted",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM claims_evidencereview r JOIN claims_evidencefile f ON f.id = r.file_id
                                     JOIN claims_fact t ON t.claim_id = f.claim_id
                                    WHERE r.file_id = NEW.file_id AND r.accepted AND t.id = NEW.fact_id) THEN
                        RAISE EXCEPTION 'evidence_not_accepted: fact % does not rest on file %', NEW.fact_id, NEW.file_id
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["fact", "file"], name="fact_rests_on_a_file_once")]

    def __str__(self) -> str:
        return f"fact {self.fact_id} by file {self.file_id}"


class EvidenceLetter(models.Model):
    """What a claimant was told about a request; of each kind once, so that nobody is reminded twice."""

    append_only: ClassVar[bool] = True

    request = models.ForeignKey(EvidenceRequest, models.PROTECT, related_name="letters", db_index=False)
    kind = models.CharField(max_length=20, choices=EvidenceLetterKind)
    language = models.CharField(max_length=2)
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of the bytes, in hex.")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            one_of("kind", EvidenceLetterKind),
            in_range("made_at"),
            models.CheckConstraint(condition=Q(language__in=["ko", "en"]), name="evidence_letter_language_is_known"),
            models.CheckConstraint(condition=Q(content_hash__regex=r"^[0-9a-f]{64}$"), name="evidence_letter_hash_is_hex"),
            models.UniqueConstraint(fields=["request", "kind"], name="letter_about_a_request_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of request {self.request_id}"


class EvidenceLetterContent(models.Model):
    """The letter byte by byte, HTML as UTF-8. It may quote words of staff, so it is erased by deleting it."""

    append_only: ClassVar[bool] = False

    letter = models.OneToOneField(EvidenceLetter, models.PROTECT, primary_key=True, related_name="kept")
    content = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["letter_id"]

    def __str__(self) -> str:
        return f"content of letter {self.letter_id}"
