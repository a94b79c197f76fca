"""Foreign feeds: what was read of them, and what it proposes. Nothing of it counts before staff have answered."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from services.append_only import append_only_triggers
from services.choices import one_of
from services.instants import in_range
from services.models.notices import Incident, Notice, Scope, Source
from services.models.record import OutageWindow, Severity
from services.models.tree import Service


class FeedKind(models.TextChoices):
    """Which reader reads it."""

    STATUSPAGE = "statuspage", "Statuspage v2"
    CACHET = "cachet", "Cachet v3"
    INSTATUS = "instatus", "Instatus"
    CSV = "csv", "CSV"
    OBSERVATIONS = "observations", "observations"


class Recovery(models.TextChoices):
    """When a service counts as back: when the feed says so of the component, or at a state of the incident."""

    COMPONENT = "component"
    MONITORING = "monitoring"
    RESOLVED = "resolved"


class Feed(models.Model):
    """A status page or file that speaks for a source. `zone` is for feeds whose times carry no offset."""

    changeable: ClassVar[tuple[str, ...]] = (
        "name", "url", "zone", "recovery", "poll_minutes", "polled_at", "etag", "last_error", "failures",
    )  # fmt: skip

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=FeedKind)
    source = models.ForeignKey(Source, models.PROTECT, related_name="feeds")
    url = models.CharField(max_length=2000, blank=True)
    zone = models.CharField(max_length=60, blank=True, help_text="Like Asia/Seoul, if its times carry no offset.")
    recovery = models.CharField(max_length=20, choices=Recovery, default=Recovery.COMPONENT)
    poll_minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: it is not polled.")
    polled_at = models.DateTimeField(null=True, blank=True)
    etag = models.CharField(max_length=200, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text="In a row.")
    registered_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            one_of("kind", FeedKind),
            one_of("recovery", Recovery),
            in_range("polled_at"),
            in_range("registered_at"),
            models.CheckConstraint(condition=Q(poll_minutes__isnull=True) | ~Q(url=""), name="polled_feed_has_an_address"),
            models.CheckConstraint(condition=Q(poll_minutes__gte=1), name="feed_is_polled_once_a_minute_at_most"),
        ]

    def __str__(self) -> str:
        return self.code


class ComponentMapping(models.Model):
    """Which service a component of a feed is, or none of ours. The newest row of a component counts."""

    append_only: ClassVar[bool] = True

    feed = models.ForeignKey(Feed, models.PROTECT, related_name="mappings", db_index=False)
    component = models.CharField(max_length=100, help_text="The feed's own id of it.")
    name = models.CharField(max_length=200, blank=True, help_text="As the feed called it then.")
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="+", help_text="Empty: none of ours."
    )
    mapped_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    mapped_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["feed_id", "component", "id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [in_range("mapped_at")]
        indexes: ClassVar = [models.Index(fields=["feed", "component", "id"], name="newest_mapping")]

    def __str__(self) -> str:
        return f"{self.component} of {self.feed}"


class FeedDocument(models.Model):
    """A feed as it was read, byte by byte. One that says what the newest says is not kept again."""

    append_only: ClassVar[bool] = True

    feed = models.ForeignKey(Feed, models.PROTECT, related_name="documents")
    content = models.BinaryField()
    table = models.BinaryField(null=True, blank=True, help_text="Of observations: which windows they make.")
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of both, in hex.")
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: by a poll.",
    )
    read_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            in_range("read_at"),
            models.CheckConstraint(condition=Q(content_hash__regex=r"^[0-9a-f]{64}$"), name="feed_document_hash_is_sha256_hex"),
        ]

    def __str__(self) -> str:
        return f"{self.feed} {self.content_hash[:12]}"


class ItemKind(models.TextChoices):
    """What a feed calls it."""

    INCIDENT = "incident"
    MAINTENANCE = "maintenance"


class FeedItem(models.Model):
    """An incident or maintenance of a feed, and which incident of ours it belongs to, once somebody has said."""

    changeable: ClassVar[tuple[str, ...]] = ("title", "url", "incident", "attached_by", "attached_at")

    feed = models.ForeignKey(Feed, models.PROTECT, related_name="items", db_index=False)
    foreign_id = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=ItemKind)
    title = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=500, blank=True)
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, blank=True, related_name="feed_items")
    attached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who said last to which incident it belongs. Empty: whoever imported it, or nobody.",
    )
    attached_at = models.DateTimeField(null=True, blank=True)
    first_read_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            one_of("kind", ItemKind),
            in_range("first_read_at"),
            in_range("attached_at"),
            models.CheckConstraint(
                condition=Q(attached_by__isnull=True, attached_at__isnull=True)
                | Q(attached_by__isnull=False, attached_at__isnull=False, incident__isnull=False),
                name="who_attached_an_item_is_known_with_when",
            ),
            models.UniqueConstraint(fields=["feed", "foreign_id"], name="feed_has_an_item_once"),
        ]

    def __str__(self) -> str:
        return f"{self.feed}/{self.foreign_id}"


class WindowProposal(models.Model):
    """A window that a feed or observations suggest. One that `replaces` another says what the feed says now.

    `withdrawn`: the feed no longer gives this window. `questions`: codes that a person must answer first;
    `remarks`: codes worth knowing (services/feeds). Times are empty where the feed does not give them.
    """

    append_only: ClassVar[bool] = True

    item = models.ForeignKey(FeedItem, models.PROTECT, related_name="proposals", db_index=False)
    document = models.ForeignKey(FeedDocument, models.PROTECT, related_name="proposals")
    key = models.CharField(max_length=120, help_text="Names the window inside the item: component and ordinal.")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    component = models.CharField(max_length=100, blank=True)
    component_name = models.CharField(max_length=200, blank=True)
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="+", help_text="By a mapping table."
    )
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="+")
    severity = models.CharField(max_length=20, choices=Severity)
    scope = models.CharField(max_length=20, choices=Scope, default=Scope.ALL)
    start_at = models.DateTimeField(null=True, blank=True)
    start_approx = models.BooleanField(default=False)
    end_at = models.DateTimeField(null=True, blank=True, help_text="Exclusive; empty while still down.")
    end_approx = models.BooleanField(default=False)
    inferred = models.BooleanField(default=False)
    closing_rule = models.CharField(max_length=300, blank=True)
    planned = models.BooleanField(default=False)
    announced_at = models.DateTimeField(null=True, blank=True)
    withdrawn = models.BooleanField(default=False)
    questions = ArrayField(models.CharField(max_length=60), default=list)
    remarks = ArrayField(models.CharField(max_length=60), default=list)
    proposed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            one_of("severity", Severity),
            one_of("scope", Scope),
            in_range("start_at"),
            in_range("end_at"),
            in_range("announced_at"),
            in_range("proposed_at"),
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="proposal_ends_after_start"),
            models.CheckConstraint(condition=~Q(replaces=F("id")), name="proposal_does_not_replace_itself"),
            # Of two imports at once only one begins, or goes on, the history of a window.
            models.UniqueConstraint(
                fields=["item", "key"], condition=Q(replaces__isnull=True), name="window_is_first_proposed_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["item", "key"], name="proposals_of_an_item")]

    def __str__(self) -> str:
        return f"{self.item} {self.key}"


class Verdict(models.TextChoices):
    """What staff say of a proposal: as it stands, with other words, or no."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    REJECTED = "rejected"


class ProposalAnswer(models.Model):
    """Staff have confirmed, corrected or rejected a proposal, with a reason.

    `change` put the window into a draft, or took it out of one where the proposal withdraws it; empty where the draft
    listed `window` in these words before.
    """

    append_only: ClassVar[bool] = True

    proposal = models.OneToOneField(WindowProposal, models.PROTECT, related_name="answer")
    verdict = models.CharField(max_length=20, choices=Verdict)
    window = models.ForeignKey(OutageWindow, models.PROTECT, null=True, blank=True, related_name="answers")
    change = models.ForeignKey("RecordChange", models.PROTECT, null=True, blank=True, related_name="answers")
    reason = models.CharField(max_length=500)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            one_of("verdict", Verdict),
            in_range("answered_at"),
            models.CheckConstraint(condition=~Q(reason=""), name="answer_has_a_reason"),
            models.CheckConstraint(
                condition=Q(verdict="rejected", window__isnull=True, change__isnull=True)
                | Q(verdict="confirmed") & (Q(change__isnull=False) | Q(window__isnull=False))
                | Q(verdict="corrected", change__isnull=False),
                name="answer_leads_to_a_change_unless_it_rejects",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict}: {self.proposal}"
