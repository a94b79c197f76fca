"""What looks like one claim made twice, or like what cannot be: hints for people, never verdicts."""

from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from claims.models.intake import Claim
from claims.models.keys import KeyKind
from services.append_only import closed_for_ever
from services.choices import one_of
from services.instants import in_range
from services.models import Incident


class TwinReason(models.TextChoices):
    """Why. The first seven are `same_` and the kind of the key; the last two are of one claim alone."""

    SAME_ACCOUNT = "same_account"
    SAME_PHONE = "same_phone"
    SAME_EMAIL = "same_email"
    SAME_PAYEE = "same_payee"
    SAME_DOCUMENT = "same_document"
    SAME_DEVICE = "same_device"
    SAME_NAME = "same_name"
    SAME_USAGE = "same_usage"
    OVERLAPPING_USAGE = "overlapping_usage"
    BEFORE_USAGE = "before_usage"


_R = TwinReason
# Our own estimates, to be set against what people dismiss. The score is the sum, at most 100.
WEIGHTS: Mapping[str, int] = {
    _R.SAME_USAGE: 90,  # one ride is of one person
    _R.SAME_ACCOUNT: 80,  # an account with the operator is of one person, but families share some
    _R.SAME_DOCUMENT: 80,  # the same bytes: one receipt sent twice, seldom an empty form
    _R.SAME_PAYEE: 70,  # who is paid is the same; a parent may be paid for children
    _R.SAME_PHONE: 60,  # a number is mostly of one person
    _R.BEFORE_USAGE: 60,  # somebody lost what he did not have yet, if the partner's list is complete
    _R.SAME_EMAIL: 50,  # shops and families have one address
    _R.OVERLAPPING_USAGE: 40,  # the later report may be the first one corrected, or come from a second partner
    _R.SAME_DEVICE: 30,  # a family's tablet, an internet café
    _R.SAME_NAME: 20,  # of the same service at the same time; most are two people
}
STOP_AT = 60  # from this score on no rule approves either claim until somebody has dismissed the hint
MOST_PER_KEY = 10  # a key that more claims have (a call centre's phone, a common name) is a pattern and makes no pairs
# Of these a pattern stops rules as its pairs would: what is of one person is not of so many. Many share a call centre's phone.
STOPPING_PATTERNS = (KeyKind.PAYEE, KeyKind.DOCUMENT, KeyKind.ACCOUNT)


class TwinState(models.TextChoices):
    OPEN = "open"
    DISMISSED = "dismissed"


class Twin(models.Model):
    """Two claims of one incident that may be one, or one claim that says what cannot be. All that follows is that people look.

    An open one says what is so now: it changes with the claims' keys and losses, and goes with its last reason. A dismissed
    one stays as it was and does not come back.
    """

    append_only: ClassVar[bool] = False

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="twins", db_index=False)
    other = models.ForeignKey(
        Claim, models.PROTECT, null=True, blank=True, related_name="later_twins",
        help_text="The claim with the lower id; empty: the claim alone says what cannot be.",
    )  # fmt: skip
    score = models.PositiveSmallIntegerField(help_text="Of 100.")
    reasons = ArrayField(models.CharField(max_length=40), help_text="Codes, in order.")
    state = models.CharField(max_length=20, choices=TwinState, default=TwinState.OPEN)
    found_at = models.DateTimeField()
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    dismissed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-score", "id"]
        triggers: ClassVar = closed_for_ever(TwinState.OPEN)
        indexes: ClassVar = [
            models.Index(F("score").desc(), "id", condition=Q(state="open"), name="open_twins_by_score"),
        ]
        constraints: ClassVar = [
            one_of("state", TwinState),
            in_range("found_at"),
            in_range("dismissed_at"),
            models.UniqueConstraint(fields=["claim", "other"], nulls_distinct=False, name="pair_is_a_twin_once"),
            models.CheckConstraint(condition=Q(other__lt=F("claim")), name="twin_names_the_earlier_claim_second"),
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=100), name="twin_score_is_of_100"),
            models.CheckConstraint(condition=~Q(reasons=[]), name="twin_has_a_reason"),
            models.CheckConstraint(
                condition=Q(state="open", dismissed_by__isnull=True, dismissed_at__isnull=True)
                | Q(state="dismissed", dismissed_by__isnull=False, dismissed_at__isnull=False),
                name="a_person_dismisses_a_twin",
            ),
        ]

    def __str__(self) -> str:
        return f"twin {self.pk}"


class Pattern(models.Model):
    """More than MOST_PER_KEY claims of an incident have the key: one line instead of all their pairs.

    Counted whenever a claim with the key is looked at; once it is a pattern it stays one. Dismissed it stops rules again when
    more claims have the key than somebody has said.
    """

    changeable: ClassVar[tuple[str, ...]] = ("claims", "counted_at", "dismissed_up_to", "dismissed_by", "dismissed_at")

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20, choices=KeyKind)
    digest = models.UUIDField(help_text="As of the claims' keys.")
    claims = models.PositiveIntegerField()
    counted_at = models.DateTimeField()
    dismissed_up_to = models.PositiveIntegerField(default=0, help_text="Claims, inclusive; 0: it is not dismissed.")
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    dismissed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-claims", "id"]
        indexes: ClassVar = [
            models.Index(F("claims").desc(), "id", name="patterns_by_claims"),
            models.Index(
                F("claims").desc(),
                "id",
                condition=Q(kind__in=list(STOPPING_PATTERNS), claims__gt=F("dismissed_up_to")),
                name="stopping_patterns_by_claims",
            ),
        ]
        constraints: ClassVar = [
            one_of("kind", KeyKind),
            in_range("counted_at"),
            models.UniqueConstraint(fields=["incident", "kind", "digest"], name="key_is_a_pattern_once"),
            in_range("dismissed_at"),
            models.CheckConstraint(condition=Q(claims__gt=MOST_PER_KEY), name="pattern_is_of_many_claims"),
            models.CheckConstraint(
                condition=Q(dismissed_up_to=0) | Q(dismissed_by__isnull=False, dismissed_at__isnull=False),
                name="a_person_dismisses_a_pattern",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claims} claims with one {self.kind}"

    @property
    def stops(self) -> bool:
        """Whether rules approve none of its claims."""
        return self.kind in STOPPING_PATTERNS and self.claims > self.dismissed_up_to


_PATTERNS = ", ".join(f"'{kind}'" for kind in STOPPING_PATTERNS)
# Whether claim `n.claim_id` has a hint that stops rules. What is merged into the other claim, withdrawn, or rejected for good
# takes nothing twice; `TwinSeen.over` says the same of one.
_STOPS = f"t.state = 'open' AND t.score >= {STOP_AT}"
_GONE = "(o.review IN ('merged', 'withdrawn') OR (o.review = 'closed' AND o.decision = 'rejected'))"
HAS_TWIN_SQL = f"""(
    EXISTS (SELECT 1 FROM claims_twin t LEFT JOIN claims_claimstatus o ON o.claim_id = t.other_id
             WHERE t.claim_id = n.claim_id AND {_STOPS} AND {_GONE} IS NOT TRUE)
    OR EXISTS (SELECT 1 FROM claims_twin t JOIN claims_claimstatus o ON o.claim_id = t.claim_id
                WHERE t.other_id = n.claim_id AND {_STOPS} AND {_GONE} IS NOT TRUE)
    OR EXISTS (SELECT 1 FROM claims_claimkey k JOIN claims_pattern p USING (incident_id, kind, digest)
                WHERE k.claim_id = n.claim_id AND k.kind IN ({_PATTERNS}) AND p.claims > p.dismissed_up_to))"""  # noqa: S608 - constants
