"""By which number a partner knows a claim."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Partner
from claims.models.intake import Claim
from services.append_only import append_only_triggers
from services.instants import in_range


class PartnerClaim(models.Model):
    """A partner claimed for somebody whom it knows. The same number again is the same claim, for ever."""

    append_only: ClassVar[bool] = True

    claim = models.OneToOneField(Claim, models.PROTECT, primary_key=True, related_name="as_partner_knows_it")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+", db_index=False)
    external_id = models.CharField(max_length=100, help_text="The partner's own number of it.")
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of what was said with it, in hex.")
    claimed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["claim_id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            in_range("claimed_at"),
            models.UniqueConstraint(fields=["partner", "external_id"], name="partner_claims_under_a_number_once"),
            models.CheckConstraint(condition=~Q(external_id=""), name="partner_claim_has_an_external_id"),
            models.CheckConstraint(condition=Q(content_hash__regex=r"^[0-9a-f]{64}$"), name="partner_claim_hash_is_sha256_hex"),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} of {self.partner_id}"
