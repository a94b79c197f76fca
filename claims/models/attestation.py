"""What somebody shows to others: when, by the official record, the services of their claim were down."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from claims.models.intake import Claim
from services.append_only import append_only_triggers
from services.instants import in_range
from services.models import RecordVersion


class Attestation(models.Model):
    """A document about the services that a revision of a claim names, by a version of the record, in a language: the same
    question is answered by the same one. `number` stands in it; who holds it sees it again by that, and so whether it is ours.
    """

    append_only: ClassVar[bool] = True

    number = models.CharField(max_length=20, unique=True)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="attestations", db_index=False)
    revision = models.PositiveIntegerField(help_text="Of the claim.")
    record_version = models.ForeignKey(RecordVersion, models.PROTECT, related_name="+", db_index=False)
    language = models.CharField(max_length=2)
    content = models.BinaryField(help_text="HTML as UTF-8.")
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of the bytes, in hex.")
    pdf = models.BinaryField(help_text="Made of the same bytes.")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            in_range("made_at"),
            models.CheckConstraint(condition=Q(language__in=["ko", "en"]), name="attestation_language_is_known"),
            models.CheckConstraint(condition=Q(content_hash__regex=r"^[0-9a-f]{64}$"), name="attestation_hash_is_sha256_hex"),
            models.UniqueConstraint(
                fields=["claim", "revision", "record_version", "language"], name="question_is_attested_once"
            ),
        ]

    def __str__(self) -> str:
        return self.number
