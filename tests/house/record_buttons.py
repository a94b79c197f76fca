"""The buttons of the pages about the record, its feeds, disputes and policies, each with what is sent by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from accounts.models import User
from claims.models import Dispute, PolicyDraft
from claims.operations import compare_next_chunk, finish_comparisons, open_draft, preview_record_draft
from services.models import Feed, FeedItem, RecordDraft, RecordVersion, Service, WindowProposal
from services.operations import (
    RecordContent,
    import_feed,
    know_until,
    look_at_upload,
    map_component,
    open_record_draft,
    publish_record_version,
)
from services.queries import windows_of
from tests.builders import BIKE, MESSAGES, NOW, at, pack
from tests.house.buttons_cast import Button, Sent, World
from tests.services.feed_cast import a_feed, page_until

CHANGED, RECORD, FEED = "services_recordchange", "services_recorddraft_change", "services_feed_change"
DRAFT, DISPUTE = "claims_policydraft_change", "claims_dispute_change"
SPAN = {"start_at": "2022-10-15T14:00", "end_at": "2022-10-15T15:30"}
WINDOW = {**SPAN, "service": BIKE, "notice": "operator-final", "severity": "full", "scope": "all", "reason": "x"}


# --- a draft of the record -------------------------------------------------------------------------------


@transaction.atomic
def record_draft(world: World) -> RecordDraft:
    """Of version 1, with a change that somebody else wrote."""
    draft = open_record_draft(incident=world.incident.key, title="x", opened_by=world.worker, now=NOW)
    know_until(draft_id=draft.pk, read=0, as_of=at("17 09:00"), reason="x", written_by=world.worker, now=NOW)
    return draft


def proposed(world: World) -> RecordDraft:
    feed(world)
    return record_draft(world)


def moved_on(world: World) -> RecordDraft:
    draft = record_draft(world)
    newest = RecordVersion.objects.get(incident=world.incident)
    windows = list(windows_of(newest))[:-1]
    with transaction.atomic():
        publish_record_version(incident=world.incident.key, content=RecordContent(newest.as_of, windows), now=NOW)
    return draft


def previewed(world: World) -> RecordDraft:
    draft = record_draft(world)
    with transaction.atomic():
        preview_record_draft(draft_id=draft.pk, read=1, begun_by=world.worker, now=NOW)
    while compare_next_chunk(now=NOW):
        pass
    with transaction.atomic():
        finish_comparisons(now=NOW)
    return draft


def on_record(**body: Any) -> Callable[[World, User, RecordDraft], Sent]:
    return lambda world, user, draft: Sent([draft.pk], {"read": 1, "reason": "x", **body})


def on_proposal(world: World, user: User, draft: RecordDraft) -> Sent:
    return on_record(proposal=[WindowProposal.objects.get().pk])(world, user, draft)


def off_record(world: World, user: User, draft: RecordDraft) -> Sent:
    assert draft.base is not None
    return on_record(window=[draft.base.windows.all()[0].pk])(world, user, draft)


FINDING = {"name": "gross", "notice": "operator-final", "type": "boolean", "value": "true"}
OF_RECORD = [
    Button(
        "services_recorddraft_add", "", "services_recorddraft",
        lambda w, u: Sent(body={"title": "x", "incident": w.incident.pk}),
    ),
    Button(RECORD, "window", CHANGED, on_record(**WINDOW), record_draft),
    Button(RECORD, "extent", CHANGED, on_record(source="press", **SPAN), record_draft),
    Button(RECORD, "finding", CHANGED, on_record(**FINDING), record_draft),
    Button(RECORD, "as_of", CHANGED, on_record(as_of="2022-10-17T10:00"), record_draft),
    Button(RECORD, "governing", CHANGED, on_record(source="ministry"), record_draft),
    Button(RECORD, "unlist", CHANGED, off_record, record_draft),
    Button(RECORD, "confirm", CHANGED, on_proposal, proposed),
    Button(RECORD, "reject", "services_proposalanswer", on_proposal, proposed),
    Button(RECORD, "rebase", CHANGED, on_record(), moved_on),
    Button(RECORD, "preview", "claims_comparison", on_record(), record_draft),
    Button(RECORD, "publish", "services_recordversion", on_record(after=1), previewed),
    Button(RECORD, "discard", "services_recorddraft", on_record(), record_draft),
]  # fmt: skip


# --- what comes in -----------------------------------------------------------------------------------------


@transaction.atomic
def feed(world: World) -> Feed:
    """With what it has said of the incident."""
    made = polled(world)
    map_component(feed="page", component="api", service=MESSAGES, mapped_by=world.worker, now=NOW)
    import_feed(feed="page", body=page_until(), incident=world.incident.key, read_by=world.worker, now=NOW)
    return made


def unattached(world: World) -> Feed:
    made = polled(world)
    import_feed(feed="page", body=page_until(), read_by=world.worker, now=NOW)
    return made


@transaction.atomic
def polled(world: World) -> Feed:
    return a_feed(world.worker, url="https://feeds.example.com/page", poll_minutes=5)


def a_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("feed.json", page_until("12:30"))


def imported(world: World, user: User, feed: Feed) -> Sent:
    _, mark = look_at_upload(feed="page", body=page_until("12:30"), incident=world.incident.key)
    said = {"about": world.incident.key}
    return Sent([feed.pk], {**said, "file": a_file(), "looked": mark}, before={**said, "act": "look", "file": a_file()})


def proof(world: World, user: User) -> Sent:
    sent = {"kind": "damages_notice", "sent_at": "2022-11-18T10:00", "channel": "mail"}
    return Sent([world.incident.pk], {**sent, "document": SimpleUploadedFile("sent.pdf", b"%PDF-1.4", "application/pdf")})


def attached(world: World, user: User, feed: Feed) -> Sent:
    return Sent([feed.pk], {"item": FeedItem.objects.get().pk, "incident": world.incident.key})


INCIDENT = {"key": "x", "title_ko": "장애", "title_en": "Outage", "started_at": "2022-10-15T15:30"}
NOTICE = {"key": "x", "source": "press", "channel": "x", "published_at": "2022-10-15T15:30", "text": "x"}
NEW_FEED = {"code": "x", "name": "x", "kind": "statuspage", "source": "press", "recovery": "component"}
OF_SERVICES = [
    Button("services_incident_add", "", "services_incident", lambda w, u: Sent(body=INCIDENT)),
    Button("services_incident_clock", "", "services_dutyproof", proof),
    Button("services_notice_add", "", "services_notice", lambda w, u: Sent(body=NOTICE)),
    Button("services_feed_add", "", "services_feed", lambda w, u: Sent(body=NEW_FEED)),
    Button(FEED, "poll", "services_feed", lambda w, u, feed: Sent([feed.pk]), polled),
    Button(FEED, "look", "+import", lambda w, u, one: Sent([one.pk], {"file": a_file()}), polled),
    Button(FEED, "import", "services_feeddocument", imported, polled),
    Button(
        FEED, "map", "services_componentmapping",
        lambda w, u, feed: Sent([feed.pk], {"component": "api", "name": "API", "service": BIKE}), feed,
    ),
    Button(FEED, "attach", "services_feeditem", attached, unattached),
]  # fmt: skip


# --- disputes and policies -----------------------------------------------------------------------------------


def disputed(world: World) -> Dispute:
    about = {"incident": world.incident, "version": RecordVersion.objects.get(incident=world.incident)}
    span = {"start_at": at("15 14:00"), "end_at": at("15 14:00") + timedelta(hours=1)}
    service = Service.objects.get(code=MESSAGES)
    return Dispute.objects.create(**about, **span, service=service, claims=3, opened_at=NOW)


def accepting(world: World, user: User, dispute: Dispute) -> Sent:
    return Sent([dispute.pk], {**SPAN, "notice": "operator-final", "severity": "full", "reason": "x"})


@transaction.atomic
def policy_draft(world: World) -> PolicyDraft:
    """Of a policy that governs nothing here, so that nobody need see whom it pays."""
    text = pack(code="later", incidents="from: 2090-01-01")
    return open_draft(title="x", pack_yaml=text, opened_by=world.worker, now=NOW)


@transaction.atomic
def policy_that_pays(world: World) -> PolicyDraft:
    return open_draft(title="x", pack_yaml=pack(won=300), opened_by=world.worker, now=NOW)


def on_policy(name: str, text: str = "", **body: Any) -> Callable[[World, User, PolicyDraft], Sent]:
    """The button is called by its name, and not by `act`."""
    return lambda world, user, draft: Sent([draft.pk], {name: "", "read": 1, "pack_yaml": text, **body})


OF_POLICIES = [
    Button(DISPUTE, "accept", "services_recorddraft", accepting, disputed),
    Button(DISPUTE, "reject", "claims_dispute", lambda w, u, one: Sent([one.pk], {"reason": "x"}), disputed),
    Button("claims_policydraft_add", "open", "claims_policydraft", lambda w, u: Sent(body={"open": "", "title": "x"})),
    Button(DRAFT, "save", "claims_draftrevision", on_policy("save", pack(won=300)), policy_draft),
    Button(DRAFT, "check", "+save", on_policy("check", pack(won=300)), policy_draft),
    Button(DRAFT, "preview", "claims_comparison", on_policy("preview"), policy_that_pays),
    Button(DRAFT, "publish", "claims_policyversion", on_policy("publish", after=0), policy_draft),
    Button(DRAFT, "discard", "claims_policydraft", on_policy("discard"), policy_draft),
]

BUTTONS = [*OF_RECORD, *OF_SERVICES, *OF_POLICIES]
