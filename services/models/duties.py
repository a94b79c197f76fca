"""What was sent to users because the law asks for it, with the document that proves it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import Exact, LessThanOrEqual

from services.append_only import append_only_triggers
from services.choices import one_of
from services.duties import DutyKind
from services.instants import in_range
from services.models.notices import Incident

MOST_BYTES = 10 * 1024 * 1024
MEDIA_TYPE = r"^[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*$"


class DutyProof(models.Model):
    """A notice went out at `sent_at`. Proved by a document, by the address where it can be read, or by both."""

    append_only: ClassVar[bool] = True

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=20, choices=DutyKind)
    sent_at = models.DateTimeField()
    channel = models.CharField(max_length=100, help_text="Like e-mail, text message, notice in the app.")
    content = models.BinaryField(null=True, blank=True, help_text="The document, byte by byte.")
    content_hash = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the bytes, in hex.")
    media_type = models.CharField(max_length=100, blank=True)
    name = models.CharField(max_length=200, blank=True, help_text="Of the document's file.")
    url = models.CharField(max_length=500, blank=True, help_text="Where the notice can be read.")
    note = models.CharField(max_length=500, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            one_of("kind", DutyKind),
            in_range("sent_at"),
            in_range("recorded_at"),
            models.CheckConstraint(condition=Q(sent_at__lte=F("recorded_at")), name="proof_is_of_what_was_sent"),
            models.CheckConstraint(condition=~Q(channel=""), name="proof_names_the_channel"),
            models.CheckConstraint(condition=Q(content__isnull=False) | ~Q(url=""), name="proof_has_a_document_or_an_address"),
            models.CheckConstraint(
                condition=Q(content__isnull=True, content_hash="", media_type="", name="")
                | (Q(content__isnull=False, media_type__regex=MEDIA_TYPE) & ~Q(content_hash="") & ~Q(name="")),
                name="proof_describes_its_document",
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(
                    Func(F("content"), function="octet_length", output_field=models.IntegerField()), Value(MOST_BYTES)
                ),
                name="proof_is_at_most_ten_megabytes",
            ),
            models.CheckConstraint(
                condition=Q(content__isnull=True)
                | Q(
                    Exact(
                        F("content_hash"),
                        Func(
                            Func(F("content"), function="sha256", output_field=models.BinaryField()),
                            Value("hex"),
                            function="encode",
                            output_field=models.CharField(),
                        ),
                    )
                ),
                name="proof_hash_is_of_its_document",
            ),
            models.UniqueConstraint(
                fields=["incident", "kind", "sent_at", "channel", "content_hash", "url"], name="the_same_proof_is_kept_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.incident_id}"
