"""What came in: usage, claims with their revisions, losses, facts. All of it is added, never changed."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q

from accounts.models import Partner, Person
from claims.models.tallied import tells_tallies
from services.append_only import append_only_triggers
from services.choices import one_of
from services.instants import in_range
from services.models import Incident, Service
from services.names import UNLISTED


class UsageKind(models.TextChoices):
    """What a person did or held, or of a ride that its bike was locked."""

    RIDE = "ride"
    SHIFT = "shift"
    SUBSCRIPTION = "subscription"
    LOCK = "lock"


class Usage(models.Model):
    """What a person did or held with a service: proof, and a source of losses.

    The charge is in minor units of the currency. An open end means it still goes on. A lock is an instant, `start_at`, and
    names its ride, which may come later or never. No foreign keys in the database: they
    cost an import of millions twice what all else does, and who writes it has just seen or made each parent.
    """

    append_only: ClassVar[bool] = True

    person = models.ForeignKey(Person, models.PROTECT, related_name="usages", db_constraint=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=20, choices=UsageKind)
    start_at = models.DateTimeField()
    end_at = models.DateTimeField(null=True, blank=True, help_text="Exclusive; empty while it goes on.")
    locked_at = models.DateTimeField(null=True, blank=True, help_text="When the rider locked the bike.")
    charge_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, help_text="Empty without a charge.")
    external_id = models.CharField(max_length=100, help_text="The partner's own number of it.")
    ride = models.CharField(
        max_length=100, blank=True, default="", db_default="", help_text="Of a lock: the partner's own number of its ride."
    )
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "usage"
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            one_of("kind", UsageKind),
            in_range("start_at"),
            in_range("end_at"),
            in_range("locked_at"),
            in_range("recorded_at"),
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="usage_ends_after_start"),
            models.CheckConstraint(condition=Q(charge_minor__gte=0), name="usage_charge_is_not_negative"),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$") | Q(currency="", charge_minor__isnull=True),
                name="usage_charge_has_a_currency_of_three_capitals",
            ),
            models.CheckConstraint(condition=~Q(external_id=""), name="usage_has_an_external_id"),
            models.CheckConstraint(
                condition=(Q(kind="lock") & ~Q(ride="")) | (~Q(kind="lock") & Q(ride="")),
                name="usage_names_a_ride_if_and_only_if_a_lock",
            ),
            models.CheckConstraint(
                condition=~Q(kind="lock")
                | Q(end_at__isnull=True, locked_at__isnull=True, charge_minor__isnull=True, currency=""),
                name="usage_of_a_lock_is_an_instant",
            ),
            models.UniqueConstraint(
                fields=["partner", "external_id"], nulls_distinct=False, name="partner_reports_a_usage_once"
            ),
        ]
        indexes: ClassVar = [
            # How a new version of the record finds the usage that it touches.
            models.Index(fields=["service", "start_at", "end_at"], name="usage_by_service_and_span"),
            # How a ride finds its locks. In an outage most of the table is of the same hours: by them it would read all of it.
            models.Index(fields=["person", "ride"], condition=Q(kind="lock"), name="locks_of_a_ride"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"


def lock_event_sql(u: str) -> str:
    """The lock event of the usage `u` that counts, if that is a ride that has one: the last within it. A lever goes down again
    only after the bike was unlocked, so the ride went on after any other one.
    """
    return f"""(
    SELECT k.id, k.start_at AS at FROM claims_usage k
     WHERE k.kind = 'lock' AND k.person_id = {u}.person_id AND k.partner_id IS NOT DISTINCT FROM {u}.partner_id
       AND k.ride = {u}.external_id AND {u}.kind = 'ride'
       AND k.start_at >= {u}.start_at AND k.start_at <= coalesce({u}.end_at, 'infinity')
     ORDER BY k.start_at DESC, k.id LIMIT 1)"""  # noqa: S608 - constants


LOCK_EVENT_SQL = lock_event_sql("u")


class ClaimOrigin(models.TextChoices):
    """How a claim came about: a person filed it, a partner's record began it, or we did."""

    FILED = "filed"
    PARTNER = "partner"
    PROACTIVE = "proactive"


class Claim(models.Model):
    """The request of one person about one incident. What it says is in its revisions."""

    changeable: ClassVar[tuple[str, ...]] = ("origin",)  # a right that lets rows be locked; the trigger refuses the change

    reference = models.CharField(max_length=20, unique=True, help_text="Random; for people, like C-7K3M-9QWX.")
    person = models.ForeignKey(Person, models.PROTECT, related_name="claims")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="claims")
    origin = models.CharField(max_length=20, choices=ClaimOrigin)
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="claims", db_index=False)
    filed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [*append_only_triggers(), tells_tallies("claim")]
        constraints: ClassVar = [
            one_of("origin", ClaimOrigin),
            in_range("filed_at"),
            models.UniqueConstraint(fields=["person", "incident"], name="person_has_one_claim_per_incident"),
            models.CheckConstraint(
                # Crockford's alphabet: no I, L, O, U.
                condition=Q(reference__regex=r"^C-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$"),
                name="claim_reference_is_crockford_base32",
            ),
            models.CheckConstraint(
                condition=~Q(origin="partner") | Q(partner__isnull=False), name="claim_of_partner_origin_names_the_partner"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class RevisionCause(models.TextChoices):
    """Why a claim says something new."""

    FILED = "filed"
    DERIVED = "derived"
    CORRECTED = "corrected"


class ClaimRevision(models.Model):
    """A claim said something new: every loss and fact names the revision that added it.

    An assessment pins the number, so that later additions do not change what it saw.
    """

    append_only: ClassVar[bool] = True

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="revisions", db_index=False)
    number = models.PositiveIntegerField(help_text="From 1.")
    cause = models.CharField(max_length=20, choices=RevisionCause)
    asks_for = ArrayField(models.CharField(max_length=60), default=list, help_text="Codes of policies, all so far.")
    created_at = models.DateTimeField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        ordering: ClassVar = ["claim_id", "number"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            one_of("cause", RevisionCause),
            in_range("created_at"),
            models.CheckConstraint(condition=Q(number__gte=1), name="revision_number_from_one"),
            models.UniqueConstraint(fields=["claim", "number"], name="claim_has_a_revision_once"),
        ]

    def __str__(self) -> str:
        return f"revision {self.number} of {self.claim_id}"


class LossOrigin(models.TextChoices):
    """Who said that it was lost: the claimant, or a usage met the record."""

    TOLD = "told"
    DERIVED = "derived"


# Seconds at which a class of lengths ends and the next begins; whatever is longer is the last class, open ends are OPEN_LOSS.
LENGTHS = tuple(64 * 2**power for power in range(20))
OPEN_LOSS = 99
LENGTH_CLASS = (
    f"coalesce(width_bucket(date_part('epoch', %(expressions)s), '{{{','.join(map(str, LENGTHS))}}}'::float8[]), {OPEN_LOSS})"
)


class Loss(models.Model):
    """A service that somebody could not use from `start_at` to before `end_at`.

    A derived loss has the whole span of its usage; how much of it counts is the engine's
    to say. An open end counts up to the `as_of` of the record it is assessed with.
    """

    append_only: ClassVar[bool] = True

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="losses", db_index=False)
    revision = models.PositiveIntegerField(help_text="Number of the revision that added it.")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", db_index=False)
    start_at = models.DateTimeField()
    end_at = models.DateTimeField(null=True, blank=True, help_text="Exclusive; empty while it goes on.")
    kind = models.CharField(max_length=60, blank=True)
    origin = models.CharField(max_length=20, choices=LossOrigin)
    usage = models.ForeignKey(Usage, models.PROTECT, null=True, blank=True, related_name="losses", db_index=False)
    via = models.ForeignKey(
        Service,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="The service that was used, where it depends on the lost one.",
    )

    class Meta:
        verbose_name_plural = "losses"
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [*append_only_triggers(), tells_tallies("loss")]
        constraints: ClassVar = [
            one_of("origin", LossOrigin),
            in_range("start_at"),
            in_range("end_at"),
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="loss_ends_after_start"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="loss_revision_from_one"),
            models.CheckConstraint(
                condition=Q(origin="told", usage__isnull=True, via__isnull=True) | Q(origin="derived", usage__isnull=False),
                name="loss_has_a_usage_if_and_only_if_derived",
            ),
            # Once per claim, not once for ever: a subscription lives through more than one incident.
            # The index also finds the losses of a claim.
            models.UniqueConstraint(fields=["claim", "usage", "service"], name="usage_loses_a_service_once_per_claim"),
        ]
        indexes: ClassVar = [
            # How a new version finds whom it touches: of each class of lengths those that begin no longer than such a loss
            # lasts before the span. Of 1,000,000 losses of one service that nearly all began before, it finds the 500 that
            # reach into the span in 1 ms to 2 ms; an index without the class goes through all of them, in 100 ms to 150 ms.
            models.Index(
                "service",
                Func("end_at", "start_at", arg_joiner=" - ", template=LENGTH_CLASS),
                "start_at",
                "end_at",
                include=["claim"],
                name="loss_by_service_and_length",
            ),
            # How the finder of twins sees that a usage is lost by two claims.
            models.Index("usage", condition=Q(usage__isnull=False), include=["claim"], name="loss_by_usage"),
        ]

    def __str__(self) -> str:
        return f"loss {self.pk} of {self.claim_id}"


class LossWords(models.Model):
    """What somebody calls what they lost, where it is not in the tree of services. Erased by deleting it."""

    append_only: ClassVar[bool] = False

    loss = models.OneToOneField(Loss, models.PROTECT, primary_key=True, related_name="words")
    text = models.TextField()

    class Meta:
        verbose_name_plural = "loss words"
        ordering: ClassVar = ["loss_id"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="loss_words_say_something")]

    def __str__(self) -> str:
        return f"words of loss {self.loss_id}"


class WithdrawalReason(models.TextChoices):
    """Why a loss does not count any more."""

    TOLD_TWICE = "told_twice"
    WRONG_SERVICE = "wrong_service"
    WRONG_TIME = "wrong_time"
    NOT_LOST = "not_lost"  # it was used, or there was nothing to use
    CLAIMANT_ASKED = "claimant_asked"


class LossStanding(models.Model):
    """From this revision of its claim on the loss does not count, or counts again. A loss without a row counts.

    Of several rows that of the highest revision holds.
    """

    append_only: ClassVar[bool] = True

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="loss_standings", db_index=False)
    loss = models.ForeignKey(Loss, models.PROTECT, related_name="standings", db_index=False)
    revision = models.PositiveIntegerField(help_text="Number of the revision that says it.")
    stands = models.BooleanField()
    reason = models.CharField(max_length=20, choices=WithdrawalReason, blank=True, help_text="Empty where it counts again.")

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [
            *append_only_triggers(),
            tells_tallies("standing"),
            pgtrigger.Trigger(
                name="standing_turns",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("said", "record")],
                func="""
                    SELECT l.claim_id, g.revision, coalesce(g.stands, true) AS stands, l.revision AS told INTO said
                      FROM claims_loss l
                      LEFT JOIN LATERAL (SELECT revision, stands FROM claims_lossstanding
                                          WHERE loss_id = l.id ORDER BY revision DESC LIMIT 1) g ON true
                     WHERE l.id = NEW.loss_id;
                    IF said.claim_id <> NEW.claim_id OR said.stands = NEW.stands
                       OR NEW.revision <= greatest(said.told, said.revision) THEN
                        RAISE EXCEPTION 'standing_does_not_turn: loss % of claim % at revision %',
                                        NEW.loss_id, NEW.claim_id, NEW.revision
                            USING ERRCODE = 'integrity_constraint_violation',
                                  HINT = 'A later revision of its own claim withdraws a loss, or puts it back.';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(reason__in=["", *WithdrawalReason.values]), name="standing_reason_is_known"),
            models.CheckConstraint(
                condition=Q(stands=True, reason="") | (Q(stands=False) & ~Q(reason="")),
                name="standing_has_a_reason_if_and_only_if_withdrawn",
            ),
            models.UniqueConstraint(fields=["loss", "revision"], name="loss_turns_once_in_a_revision"),
        ]
        # How the bridge to the engine finds those of a range of claims.
        indexes: ClassVar = [models.Index(fields=["claim"], name="standing_by_claim")]

    def __str__(self) -> str:
        return f"loss {self.loss_id} {'counts again' if self.stands else 'withdrawn'}"


def loss_stands_sql(said: str) -> str:
    """Whether a row `l` of claims_loss counts by the newest of the words `g` of which this is true."""
    return f"""coalesce((SELECT g.stands FROM claims_lossstanding g
                          WHERE g.loss_id = l.id AND {said} ORDER BY g.revision DESC LIMIT 1), true)"""  # noqa: S608 - constants


LOSS_STANDS_SQL = loss_stands_sql("true")
# Whether claim `c` has lost what is in no list: only who has read what it is can answer it.
IN_NO_LIST_SQL = f"""EXISTS (SELECT 1 FROM claims_loss l JOIN services_service v ON v.id = l.service_id
                              WHERE l.claim_id = c.id AND v.code = '{UNLISTED}' AND {LOSS_STANDS_SQL})"""  # noqa: S608 - constants


class Provenance(models.TextChoices):
    """Whose word a fact is, the weakest first."""

    CLAIMANT = "claimant"
    PARTNER = "partner"
    STAFF = "staff"


class Fact(models.Model):
    """A typed value that a policy asks for, of a claim or of one loss.

    One of the two values is set. `int_value`: money in minor units, truth as 0 or 1, instants
    as microseconds and dates as days since 1970-01-01 UTC. Of several rows of one name the
    highest provenance wins, then the latest row.
    """

    append_only: ClassVar[bool] = True

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="facts")
    revision = models.PositiveIntegerField(help_text="Number of the revision that added it.")
    loss = models.ForeignKey(Loss, models.PROTECT, null=True, blank=True, related_name="facts", db_index=False)
    name = models.CharField(max_length=60)
    int_value = models.BigIntegerField(null=True, blank=True)
    text_value = models.CharField(max_length=200, null=True, blank=True)
    provenance = models.CharField(max_length=20, choices=Provenance)
    usage = models.ForeignKey(
        Usage, models.PROTECT, null=True, blank=True, related_name="facts", db_index=False, help_text="Where it was read."
    )
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            one_of("provenance", Provenance),
            in_range("recorded_at"),
            models.CheckConstraint(
                condition=Q(int_value__isnull=True, text_value__isnull=False)
                | Q(int_value__isnull=False, text_value__isnull=True),
                name="fact_has_one_value",
            ),
            models.CheckConstraint(condition=Q(name__regex=r"^[a-z][a-z0-9_]*$"), name="fact_name_is_lower_snake"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="fact_revision_from_one"),
            # The bridge to the engine separates texts by a control character.
            models.CheckConstraint(condition=~Q(text_value__regex=r"[\x01-\x1f\x7f]"), name="fact_text_is_printable"),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.claim_id}"
