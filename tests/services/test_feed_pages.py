"""The pages on which staff take in incidents, notices and feeds: each button is one operation, by role."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import linebreaks

from accounts.models import User
from services.models import (
    ComponentMapping,
    Feed,
    FeedDocument,
    FeedItem,
    Incident,
    Notice,
    RecordDraft,
    Service,
    WindowProposal,
)
from services.operations import (
    FIXTURES,
    confirm_proposals,
    import_feed,
    map_component,
    open_incident,
    open_record_draft,
    service_of,
)
from services.proposals import open_proposals, services_of
from services.seoul import shown as shown_instant
from tests.builders import MESSAGES, NOW, at
from tests.services.answering import Server
from tests.services.feed_cast import a_feed, answer, not_json, page_until, staff

pytestmark = pytest.mark.django_db

KEY = "kakao-2022-10-15"
TAXI = "kakao_t.taxi_call"
LIST, CHANGE = "admin:services_windowproposal_changelist", "admin:services_feed_change"


@pytest.fixture
def writer(tree: None) -> User:
    return staff("writer", "caseworker")


@pytest.fixture
def feed(writer: User) -> Feed:
    return a_feed(writer)


@pytest.fixture
def incident(writer: User) -> Incident:
    return open_incident(key=KEY, title_ko="화재", title_en="Fire", started_at=at("15 15:30"), opened_by=writer)


@pytest.fixture
def page(client: Client, writer: User) -> Client:
    client.force_login(writer)
    return client


def sent(client: Client, feed: Feed, act: str, body: bytes | None = None, **more: Any) -> str:
    if body is not None:
        more["file"] = SimpleUploadedFile("feed.json", body)
    answered = client.post(reverse(CHANGE, args=[feed.pk]), {"act": act, **more}, follow=True)
    assert answered.status_code == 200
    return answered.content.decode()


def shown(client: Client, feed: Feed, **more: Any) -> str:
    answered = client.get(reverse(CHANGE, args=[feed.pk]), **more)
    assert answered.status_code == 200
    return answered.content.decode()


def mark(text: str) -> str:
    """What the page says was looked at."""
    return text.split('name="looked" value="')[1].split('"', maxsplit=1)[0]


def look_and_import(client: Client, feed: Feed, body: bytes, **more: Any) -> str:
    return sent(client, feed, "import", body, looked=mark(sent(client, feed, "look", body, **more)), **more)


# --- a file of a feed -------------------------------------------------------------------------------


def test_what_was_looked_at_is_imported(page: Client, feed: Feed, incident: Incident, writer: User):
    looked = sent(page, feed, "look", page_until(), about=KEY)
    assert "[2024-03-05 19:00, 2024-03-05 20:00) 전면" in looked
    assert "서비스 미정" in looked
    assert not FeedDocument.objects.exists()
    assert "가져왔습니다: 제안 1, 공지 2" in sent(page, feed, "import", page_until(), about=KEY, looked=mark(looked))
    assert FeedDocument.objects.get().read_by == writer
    assert bytes(FeedDocument.objects.get().content) == page_until()
    assert FeedItem.objects.get().incident == incident


def test_what_was_not_looked_at_is_not_imported(page: Client, feed: Feed, incident: Incident):
    looked = mark(sent(page, feed, "look", page_until()))
    for body, more in [(page_until("12:00"), {}), (page_until(), {"about": KEY}), (page_until(), {"looked": ""})]:
        assert "looked_at_something_else" in sent(page, feed, "import", body, **{"looked": looked, **more})
    assert not FeedDocument.objects.exists()
    import_feed(feed="page", body=page_until("12:00"), now=NOW)
    assert "looked_at_something_else" in sent(page, feed, "import", page_until(), looked=looked)


def test_what_changed_upstream_waits_for_an_answer(page: Client, feed: Feed, incident: Incident, writer: User):
    look_and_import(page, feed, page_until(), about=KEY)
    map_component(feed="page", component="api", service=MESSAGES, mapped_by=writer, now=NOW)
    draft = open_record_draft(incident=KEY, title="first", opened_by=writer, now=NOW)
    first = WindowProposal.objects.get()
    confirm_proposals(proposal_ids=[first.pk], draft_id=draft.pk, read=0, reason="so", answered_by=writer, now=NOW)
    looked = sent(page, feed, "look", page_until("12:30"))
    assert "바뀜" in looked
    assert "[2024-03-05 19:00, 2024-03-05 20:00) 전면" in looked
    assert "[2024-03-05 19:00, 2024-03-05 21:30) 전면" in looked
    look_and_import(page, feed, page_until("12:30"))
    (waiting,) = open_proposals()
    assert waiting.replaces == first
    assert draft.changes.count() == 1, "what is in the draft stays until somebody answers"
    assert f'<a href="/admin/services/recorddraft/{draft.pk}/change/">first</a>' in page.get(reverse(LIST)).content.decode()


def test_the_same_again_brings_nothing(page: Client, feed: Feed):
    look_and_import(page, feed, page_until())
    again = sent(page, feed, "look", page_until())
    assert "새로운 것이 없습니다" in again
    assert 'value="import"' not in again
    assert (FeedDocument.objects.count(), WindowProposal.objects.count()) == (1, 1)


def test_what_is_no_feed_is_refused_by_name(page: Client, feed: Feed):
    for act in ("look", "import"):
        assert "(feed_malformed)" in sent(page, feed, "look", not_json())
        assert "(feed_malformed)" in sent(page, feed, "look", b"")
        assert "필수" in sent(page, feed, act)
    assert not FeedDocument.objects.exists()


def test_what_is_too_large_is_not_read_into_memory(page: Client, feed: Feed, monkeypatch: pytest.MonkeyPatch):
    def read(*_: Any) -> bytes:
        raise AssertionError("it was read")

    monkeypatch.setattr(TemporaryUploadedFile, "read", read, raising=False)
    assert "30,000,000 bytes" in (told := sent(page, feed, "look", bytes(30_000_000)))
    assert "(upload_too_large)" in told


def test_observations_come_with_their_table(page: Client, writer: User, incident: Incident):
    feed = a_feed(writer, code="notices", kind="observations")
    folder = FIXTURES / "observations"
    body = (folder / f"{KEY}-1.json").read_bytes()

    def table() -> SimpleUploadedFile:
        return SimpleUploadedFile("table.json", (folder / f"{KEY}-1-table.json").read_bytes())

    assert "(table_required)" in sent(page, feed, "look", body)
    looked = sent(page, feed, "look", body, table=table())
    assert "어느 구간에도 쓰이지 않은 관찰" in looked
    assert "제안 42" in sent(page, feed, "import", body, table=table(), looked=mark(looked))
    assert FeedItem.objects.get().incident == incident


def test_the_page_speaks_english(page: Client, feed: Feed):
    import_feed(feed="page", body=page_until(), now=NOW)
    told = shown(page, feed, headers={"accept-language": "en"})
    assert "not attached yet" in told
    assert "Counts as back when: the feed calls the component operational" in told


# --- what its names mean ----------------------------------------------------------------------------


def test_a_component_is_mapped_once_and_the_mapping_is_used(page: Client, feed: Feed):
    import_feed(feed="page", body=page_until(), now=NOW)
    assert shown(page, feed).count("미정") == 1
    assert "반영했습니다" in sent(page, feed, "map", component="api", name="API", service=MESSAGES)
    told = shown(page, feed)
    assert "미정" not in told
    assert f"카카오톡 메시지 ({MESSAGES})" in sent(page, feed, "look", page_until("12:00"))
    sent(page, feed, "map", component="api", name="API", service="-")
    assert [row.service_id is None for row in ComponentMapping.objects.order_by("pk")] == [False, True]
    assert "(unknown_service)" in sent(page, feed, "map", component="api", service="")
    assert ComponentMapping.objects.count() == 2


def test_the_unmapped_components_come_first_and_a_withdrawn_one_keeps_its_name(page: Client, feed: Feed, writer: User):
    page_of_two = page_until().replace(b'"api"', b'"zzz"').replace(b'"i1"', b'"i2"').replace(b"u1", b"v1").replace(b"u2", b"v2")
    for body in (page_until(), page_of_two, page_until(None).replace(b"major_outage", b"operational")):
        import_feed(feed="page", body=body, now=NOW)
    map_component(feed="page", component="api", service=None, mapped_by=writer, now=NOW)
    answered = page.get(reverse(CHANGE, args=[feed.pk]))
    assert [(one["component"], one["name"]) for one in answered.context["components"]] == [("zzz", "API"), ("api", "API")]


def test_an_item_is_attached_to_an_incident(page: Client, feed: Feed, incident: Incident):
    import_feed(feed="page", body=page_until(), now=NOW)
    item = FeedItem.objects.get()
    assert f"{reverse(CHANGE, args=[feed.pk])}#items" in page.get(reverse(LIST)).content.decode()
    assert "(unknown_incident)" in sent(page, feed, "attach", item=item.pk, incident="")
    assert "(unknown_item)" in sent(page, feed, "attach", item="x", incident=KEY)
    assert "반영했습니다" in sent(page, feed, "attach", item=item.pk, incident=KEY)
    item.refresh_from_db()
    assert item.incident == incident
    assert f"recorddraft/add/?incident={incident.pk}" in page.get(reverse(LIST)).content.decode()


def test_poll_now_says_what_came(page: Client, writer: User, allowed: None, serve: Any):
    server: Server = serve(answer(page_until()))
    feed = a_feed(writer, url=server.url(), poll_minutes=5)
    assert "제안 1, 공지 2" in sent(page, feed, "poll")
    assert "(feed_just_polled)" in sent(page, feed, "poll")
    Feed.objects.update(polled_at=NOW)
    server.script = b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"
    told = sent(page, feed, "poll")
    assert told.count("fetch_status: ") == 2, "said once, and kept as the last error"
    assert 'value="poll"' not in shown(page, a_feed(writer, code="files"))


# --- new incidents, notices, feeds ------------------------------------------------------------------

NEW: dict[str, dict[str, Any]] = {
    "incident": {"key": "new", "title_ko": "장애", "title_en": "Outage", "started_at": "2022-10-15T15:30"},
    "notice": {
        "key": "new", "source": "press", "channel": "web", "published_at": "2022-10-15T15:30:20", "text": "장애",
        "incident": KEY,
    },
    "feed": {"code": "new", "name": "page", "kind": "statuspage", "source": "press", "recovery": "component"},
}  # fmt: skip


def test_new_rows_are_added_in_korean_time(page: Client, incident: Incident):
    for name, values in NEW.items():
        answered = page.post(reverse(f"admin:services_{name}_add"), values, follow=True)
        assert "등록했습니다: new" in answered.content.decode(), name
    assert Incident.objects.get(key="new").started_at == at("15 15:30")
    assert Notice.objects.get(key="new").published_at == at("15 15:30:20")
    assert Notice.objects.get(key="new").incident == incident
    assert Feed.objects.get(code="new").poll_minutes is None


WRONG = {
    "incident": ("incident", {"key": KEY}, "incident_open"),
    "year": ("incident", {"started_at": "1999-10-15T15:30"}, "out_of_range"),
    "zone": ("feed", {"zone": "Seoul"}, "invalid_value"),
    "no address": ("feed", {"poll_minutes": "5"}, "invalid_value"),
    "never": ("feed", {"url": "https://example.com", "poll_minutes": "0"}, "1"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_refused_row_is_not_added_and_the_page_says_why(page: Client, incident: Incident, case: str):
    name, changed, code = WRONG[case]
    answered = page.post(reverse(f"admin:services_{name}_add"), {**NEW[name], **changed})
    assert answered.status_code == 200
    assert answered.context["form"].errors
    assert code in answered.content.decode()
    assert (Incident.objects.count(), Feed.objects.count()) == (1, 0)


# --- who may ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "may"), [("caseworker", True), ("checker", True), ("auditor", False), ("finance", False)])
def test_others_than_caseworkers_and_checkers_only_look(client: Client, feed: Feed, role: str, may: bool):
    import_feed(feed="page", body=page_until(), now=NOW)
    client.force_login(staff(role, role))
    told = shown(client, feed)
    assert ("볼 수만 있습니다" in told, 'name="act"' in told) == (not may, may)
    for name in NEW:
        assert client.get(reverse(f"admin:services_{name}_add")).status_code == (200 if may else 403)
        listed = client.get(reverse(f"admin:services_{name}_changelist")).content.decode()
        assert ('class="addlink"' in listed) == may
    for act in ("look", "import", "poll", "map", "attach", "nothing"):
        answered = client.post(reverse(CHANGE, args=[feed.pk]), {"act": act})
        assert (answered.status_code != 403) == may, act
    for name, values in NEW.items():
        answered = client.post(reverse(f"admin:services_{name}_add"), values)
        assert (answered.status_code != 403) == may
    assert Feed.objects.filter(code="new").exists() == may


def test_a_feed_that_is_not_there_is_not_found(page: Client, tree: None):
    assert page.get(reverse(CHANGE, args=[1])).status_code == 404


# --- queries ----------------------------------------------------------------------------------------

TABLES = ("feed", "feeditem", "windowproposal", "proposalanswer", "componentmapping", "feeddocument", "recordchange")


def counted(client: Client, address: str, **more: Any) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address, more).status_code == 200
    return len(queries)


def several(writer: User, code: str) -> Feed:
    """A feed with an item, mapped, attached and answered, and a proposal that waits."""
    feed = a_feed(writer, code=code)
    import_feed(feed=code, body=page_until(), now=NOW, incident=KEY)
    map_component(feed=code, component="api", service=MESSAGES, mapped_by=writer, now=NOW)
    draft = open_record_draft(incident=KEY, title=code, opened_by=writer, now=NOW)
    waiting = [proposal.pk for proposal in open_proposals().filter(item__feed=feed)]
    confirm_proposals(proposal_ids=waiting, draft_id=draft.pk, read=0, reason="so", answered_by=writer, now=NOW)
    import_feed(feed=code, body=page_until("12:00"), now=NOW)
    return feed


def test_more_rows_make_no_more_queries(page: Client, writer: User, incident: Incident):
    feed = several(writer, "first")
    lists = [reverse(f"admin:services_{name}_changelist") for name in TABLES]
    before = [counted(page, address) for address in [*lists, reverse(CHANGE, args=[feed.pk])]]
    for code in ("second", "third"):
        several(writer, code)
    assert [counted(page, address) for address in [*lists, reverse(CHANGE, args=[feed.pk])]] == before
    assert RecordDraft.objects.count() == 3


def test_the_page_of_a_draft_takes_as_many_queries_for_many_proposals_as_for_few(
    page: Client, writer: User, incident: Incident
):
    draft = open_record_draft(incident=KEY, title="x", opened_by=writer, now=NOW)
    address = reverse("admin:services_recorddraft_change", args=[draft.pk])
    found = []
    for code in ("first", "second", "third"):
        a_feed(writer, code=code)
        import_feed(feed=code, body=page_until(), now=NOW, incident=KEY)
        map_component(feed=code, component="api", service=MESSAGES, mapped_by=writer, now=NOW)
        found.append(counted(page, address))
        assert page.get(address).content.decode().count(f"<code>{MESSAGES}</code>") == len(found)
    assert len(set(found)) == 1, found


def test_a_proposal_is_answered_in_sight_of_what_its_notice_says(page: Client, writer: User, incident: Incident):
    several(writer, "first")
    (proposal,) = open_proposals()
    draft = RecordDraft.objects.get()
    text = page.get(reverse("admin:services_recorddraft_change", args=[draft.pk])).content.decode()
    details = text[text.index('<details class="draft-notice">') :]
    details = details[: details.index("</details>")]
    notice = proposal.notice
    for said in (notice.source.name_ko, notice.channel, shown_instant(notice.published_at), linebreaks(notice.text, True)):
        assert said in details
    assert f'<a href="{reverse("admin:services_notice_change", args=[notice.pk])}">{notice.key}</a>' in text


def test_the_list_of_proposals_names_the_service_of_a_mapped_component(page: Client, writer: User, incident: Incident):
    several(writer, "first")
    answer = page.get(reverse(LIST), {"state": "open"}).content.decode()
    assert f'<td class="field-mapped">{Service.objects.get(code=MESSAGES)}</td>' in answer


def test_the_newest_mapping_of_its_own_component_names_the_service(writer: User, incident: Incident):
    said: dict[str, list[str | None]] = {
        "first": [TAXI, MESSAGES], "second": [MESSAGES, None], "third": [], "fourth": [TAXI],
    }  # fmt: skip
    for code, services in said.items():
        a_feed(writer, code=code)
        import_feed(feed=code, body=page_until(), now=NOW, incident=KEY)
        map_component(feed=code, component="other", service="melon.streaming", mapped_by=writer, now=NOW)
        for service in services:
            map_component(feed=code, component="api", service=service, mapped_by=writer, now=NOW)
    waiting = list(open_proposals(incident))
    found = {proposal.item.feed.code: service_of(proposal) for proposal in waiting}
    assert {code: service and service.code for code, service in found.items()} == {
        "first": MESSAGES, "second": None, "third": None, "fourth": TAXI,
    }  # fmt: skip
    assert services_of(waiting) == {proposal.pk: found[proposal.item.feed.code] for proposal in waiting}


def test_each_row_has_a_page_and_none_loads_the_bytes_of_documents(page: Client, writer: User, incident: Incident):
    several(writer, "first")
    with CaptureQueriesContext(connection) as queries:
        for name, model in [("feeditem", FeedItem), ("windowproposal", WindowProposal), ("feeddocument", FeedDocument)]:
            row = model._default_manager.values_list("pk", flat=True)[0]
            assert page.get(reverse(f"admin:services_{name}_change", args=[row])).status_code == 200
            assert page.get(reverse(f"admin:services_{name}_changelist")).status_code == 200
    assert not [query for query in queries.captured_queries if '"services_feeddocument"."content",' in query["sql"]]


def test_the_list_of_proposals_knows_which_wait(page: Client, writer: User, incident: Incident):
    several(writer, "first")
    for state, count in (("open", 1), ("answered", 1), ("replaced", 0)):
        answered = page.get(reverse(LIST), {"state": state})
        assert answered.context["cl"].result_count == count, state
