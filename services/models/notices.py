"""Who said what about an outage, and when: sources, incidents, notices, observations."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from services.append_only import append_only_triggers
from services.choices import one_of
from services.instants import in_range
from services.language import in_english
from services.models.tree import Service


class State(models.TextChoices):
    """How a service was at one instant."""

    DOWN = "down"
    PARTIAL = "partial"
    WORKING = "working"
    FLAPPING = "flapping"
    UNKNOWN = "unknown"


class Scope(models.TextChoices):
    """Whom it struck: "partly" can mean some users or some functions."""

    ALL = "all"
    SOME_USERS = "some_users"
    SOME_FUNCTIONS = "some_functions"


class Source(models.Model):
    """Who speaks. Of several official sources on one service the one with the lowest rank governs."""

    changeable: ClassVar[tuple[str, ...]] = ("name_ko", "name_en")

    code = models.SlugField(max_length=50, unique=True)
    name_ko = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    rank = models.PositiveSmallIntegerField(null=True, blank=True, unique=True, help_text="1 is best; empty if unofficial.")
    official = models.BooleanField(help_text="Only an official source can say when a service was down.")

    class Meta:
        ordering: ClassVar = [models.F("rank").asc(nulls_last=True), "code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(official=True, rank__isnull=False) | Q(official=False, rank__isnull=True),
                name="source_is_ranked_if_and_only_if_official",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Incident(models.Model):
    """One outage as a case. When it began and ended for the record is said by its extents, per source."""

    changeable: ClassVar[tuple[str, ...]] = ("title_ko", "title_en", "cause_ko")

    key = models.SlugField(max_length=60, unique=True)
    title_ko = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    cause_ko = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField()
    started_approx = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["started_at", "id"]
        constraints: ClassVar = [in_range("started_at")]

    @property
    def title(self) -> str:
        """In the active language."""
        return self.title_en if in_english() else self.title_ko

    def __str__(self) -> str:
        return self.key


class Notice(models.Model):
    """An announcement by one source at one time, in our own words.

    `incident` is empty when a notice speaks of more than one, and where `item` says of which. `recorded_at` is when we
    wrote it down, which may be weeks after `published_at`.
    """

    append_only: ClassVar[bool] = True

    key = models.SlugField(max_length=60, unique=True)
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, blank=True, related_name="notices")
    source = models.ForeignKey(Source, models.PROTECT, related_name="notices")
    channel = models.CharField(max_length=100)
    published_at = models.DateTimeField()
    published_approx = models.BooleanField(default=False)
    written_at = models.DateTimeField(
        null=True, blank=True, help_text="By the feed's word; later than published_at where it was backdated."
    )
    recorded_at = models.DateTimeField()
    text = models.TextField(help_text="What it says, in our own words, in Korean, or as a feed has it; NFC.")
    text_en = models.TextField(blank=True, help_text="The same in English.")
    ref = models.CharField(max_length=200, blank=True, help_text="Outlet and article number.")
    url = models.CharField(max_length=500, blank=True, help_text="Where it can be read.")
    feed = models.ForeignKey(
        "Feed",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        help_text="That it was read from; it is public only once a published version rests on it. Empty: by hand.",
    )
    item = models.ForeignKey(
        "FeedItem",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        help_text="Of the feed, that it is an update of: it speaks of the incident that this is attached to.",
    )
    text_hash = models.CharField(max_length=64, help_text="SHA-256 of the text as UTF-8, in hex.")

    class Meta:
        ordering: ClassVar = ["published_at", "id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            in_range("published_at"),
            in_range("written_at"),
            in_range("recorded_at"),
            models.CheckConstraint(condition=Q(text_hash__regex=r"^[0-9a-f]{64}$"), name="notice_hash_is_sha256_hex"),
            models.CheckConstraint(condition=~Q(text=""), name="notice_says_something"),
            models.CheckConstraint(
                condition=Q(item__isnull=True) | Q(incident__isnull=True, feed__isnull=False),
                name="an_item_says_of_which_incident_its_notices_speak",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Observation(models.Model):
    """What one notice says of one service at one instant.

    `observed_at` is the instant it speaks of (empty: it gives none), `stated_at` when it
    was said, if that differs from when the notice was published.
    """

    append_only: ClassVar[bool] = True

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="observations")
    service = models.ForeignKey(Service, models.PROTECT, related_name="observations")
    state = models.CharField(max_length=20, choices=State)
    scope = models.CharField(max_length=20, choices=Scope, default=Scope.ALL)
    observed_at = models.DateTimeField(null=True, blank=True)
    approx = models.BooleanField(default=False)
    stated_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            one_of("state", State),
            one_of("scope", Scope),
            in_range("observed_at"),
            in_range("stated_at"),
            models.UniqueConstraint(
                fields=["notice", "service", "state", "scope", "observed_at"],
                nulls_distinct=False,
                name="notice_says_the_same_of_a_service_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.state}"
