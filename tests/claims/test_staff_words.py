"""Staff whose language is Korean read choices, headings and amounts in Korean."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import AutoField, Field
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from accounts.operations import create_staff
from claims import operations
from claims.admin.case_words import EVENTS
from claims.admin.choice_words import HEADINGS, say
from claims.amounts import said_amount, said_difference
from claims.models import Dispute
from claims.operations import begin_bulk, decide_claim, draft_bulk, open_draft, take_claim
from services import choice_words
from services.admin_pages import ReadOnlyAdmin, told
from services.lookups import UnknownIncident, find_incident
from services.models import Incident, RecordDraft, Service
from services.operations import discard_record_draft, import_feed, open_incident, open_record_draft
from services.refusals import Refusal
from tests.builders import MESSAGES, NOW, a_person, a_policy, at, claim_of, follow_up, outage, pack, work_off
from tests.builders import told as told_loss
from tests.services.feed_cast import a_feed, page_until, staff

PRODUCTS = {"Statuspage v2", "Cachet v3", "Instatus", "CSV"}


@pytest.fixture
def writer(db: None) -> User:
    return create_staff(email="writer@example.com", password="a long password 1", roles=["caseworker"], now=NOW)


@pytest.fixture
def draft(incident: Incident, writer: User) -> RecordDraft:
    return open_record_draft(incident=incident.key, title="a draft", opened_by=writer, now=NOW)


def shown(client: Client, user: User, page: str, *arguments: object, language: str = "ko") -> str:
    client.force_login(user)
    answer = client.get(reverse(f"admin:{page}", args=arguments), headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def columns() -> list[tuple[ReadOnlyAdmin, Field[Any, Any]]]:
    pages = [page for page in admin.site._registry.values() if isinstance(page, ReadOnlyAdmin)]
    return [(page, field) for page in pages for field in page.opts.fields if field.choices]


def test_every_choice_that_staff_see_has_a_korean_word():
    assert len(columns()) > 20
    for page, field in columns():
        for value, _ in field.flatchoices:
            korean, english = page.choice_words[field.name][value]
            assert re.search("[가-힣]", korean) or korean in PRODUCTS, (page, field.name, value)
            assert not re.search("[가-힣]", english)
        assert field.name in choice_words.HEADINGS


def test_every_heading_is_there_in_two_languages():
    for key, (korean, english) in {**HEADINGS, **choice_words.HEADINGS}.items():
        assert re.search("[가-힣]", korean), key
        assert not re.search("[가-힣]", english), key
    with translation.override("en"):
        assert say("hours") == "hours (Seoul)"


def test_a_draft_is_written_with_korean_choices(client: Client, draft: RecordDraft, writer: User):
    page = shown(client, writer, "services_recorddraft_change", draft.pk)
    for option in (
        '<option value="full">전면</option>', '<option value="some_functions">일부 기능</option>',
        '<option value="money">금액 (최소 단위)</option>', "<strong>열림</strong>", ">홈</a>",
    ):  # fmt: skip
        assert option in page, option
    assert re.search(r"record-span\">\[[^<]*\) 일부 · 일부 이용자</td>", page), "as the window of messages is listed"
    for english in (">Full<", ">Open<", ">Home<", " Partial</td>"):
        assert english not in page


def test_the_same_page_in_english_has_no_korean_choice(client: Client, draft: RecordDraft, writer: User):
    page = shown(client, writer, "services_recorddraft_change", draft.pk, language="en")
    assert '<option value="full">full</option>' in page
    assert ">Home</a>" in page
    assert "전면" not in page


def test_lists_say_states_in_korean_and_filter_by_them(client: Client, draft: RecordDraft, writer: User):
    page = shown(client, writer, "services_recorddraft_changelist")
    assert '<td class="field-state">열림</td>' in page
    assert '<a href="?state__exact=discarded">폐기됨</a>' in page
    assert "연 때 (한국 시간)" in page
    assert '<a href="?state__exact=open">open</a>' in shown(client, writer, "services_recorddraft_changelist", language="en")
    client.force_login(writer)
    open_ones = client.get(reverse("admin:services_recorddraft_changelist"), {"state__exact": "open"})
    assert [row.pk for row in open_ones.context["cl"].result_list] == [draft.pk]


class NoWordsOfItsOwn(Refusal):
    code = "no_words_of_its_own"


def test_a_refusal_has_the_korean_sentence_of_its_code_where_there_is_one():
    known, other = UnknownIncident("There is no incident 'x'."), NoWordsOfItsOwn("It is so.")
    with translation.override("ko"):
        assert told(known) == "이런 이름의 장애가 없습니다. There is no incident 'x'. (unknown_incident)"
        assert told(other) == "It is so. (no_words_of_its_own)"
    with translation.override("en"):
        assert told(known) == "There is no incident 'x'. (unknown_incident)"


@pytest.mark.parametrize(
    ("language", "quantity", "unit", "said", "difference"),
    [
        ("ko", 1_234_500, "KRW", "1,234,500원", "+1,234,500원"),
        ("en", 1_234_500, "KRW", "1,234,500 won", "+1,234,500 won"),
        ("ko", -1_050, "USD", "-10.50 USD", "-10.50 USD"),
        ("ko", 1_050, "KWD", "1.050 KWD", "+1.050 KWD"),
        ("en", 1, "point", "1 point", "+1 point"),
        ("ko", 0, "minute", "0분", "0분"),
    ],
)
def test_money_is_said_in_units_of_its_currency(language: str, quantity: int, unit: str, said: str, difference: str):
    with translation.override(language):
        assert (said_amount(quantity, unit), said_difference(quantity, unit)) == (said, difference)


def pages() -> list[ReadOnlyAdmin]:
    return [page for page in admin.site._registry.values() if isinstance(page, ReadOnlyAdmin)]


def test_every_table_and_column_has_a_korean_name_in_the_admin_and_its_own_in_english():
    assert len(pages()) > 50
    for page in pages():
        names = {"itself": page.opts.verbose_name, "several": page.opts.verbose_name_plural}
        names |= {field.name: field.verbose_name for field in page.opts.fields if not isinstance(field, AutoField)}
        for name, said in names.items():
            with translation.override("ko"):
                assert re.search("[가-힣]", str(said)), (page, name)
            with translation.override("en"):
                assert not re.search("[가-힣]", str(said)), (page, name)


def test_models_keep_their_names_for_refusals(db: None):
    assert Incident._meta.verbose_name == "incident"
    with pytest.raises(UnknownIncident, match="There is no incident 'x'") as raised:
        find_incident("x")
    assert raised.value.field == "incident"


def test_lists_and_pages_are_headed_in_korean(client: Client, draft: RecordDraft, writer: User):
    listed = shown(client, writer, "services_incident_changelist")
    assert "<h1>장애</h1>" in listed
    assert '<a href="/admin/services/">서비스와 공식 기록</a>' in listed
    assert "제목 (한국어)" in listed
    page = shown(client, writer, "services_incident_change", draft.incident_id)
    assert "<h1>장애</h1>" in page
    for label in ("제목 (한국어)", "원인 (한국어)", "시작은 무렵"):
        assert f"<label>{label}:</label>" in page, label
    assert "Title ko" not in page
    assert "<label>Title ko:</label>" in shown(client, writer, "services_incident_change", draft.incident_id, language="en")


# --- where staff begin -----------------------------------------------------------------------------


def waiting(client: Client, user: User) -> dict[str, int]:
    client.force_login(user)
    answer = client.get(reverse("admin:index"))
    for one in answer.context["todo"]:
        assert f'<a href="{one["address"]}">{one["what"]}: <strong>{one["count"]}</strong></a>' in answer.content.decode()
        assert client.get(one["address"]).status_code == 200
    return {one["key"]: one["count"] for one in answer.context["todo"]}


def test_staff_begin_with_what_waits(client: Client, incident: Incident, writer: User):
    keys = ("claims", "decisions", "bulk", "proposals", "disputes", "record_drafts", "policy_drafts", "duties")
    none = dict.fromkeys(("appeals_late", "appeals", "twins", "patterns", "pauses", "mails"), 0)
    assert waiting(client, writer) == {**none, "late": 0, **dict.fromkeys(keys, 0)}
    outage(version=2)  # which knows the end, so that the damages notice is overdue
    about: dict[str, Any] = {"opened_by": writer, "now": NOW}
    gone, _ = (open_record_draft(incident=incident.key, title=title, **about) for title in ("gone", "open"))
    discard_record_draft(draft_id=gone.pk, read=0, discarded_by=writer, now=NOW)
    open_draft(title="more", pack_yaml=pack(), **about)
    a_feed(writer)
    import_feed(feed="page", body=page_until(), now=NOW, incident=incident.key)
    version = incident.versions.get(number=2)
    service = Service.objects.get(code=MESSAGES)
    span = {"start_at": at("17 10:00"), "end_at": at("17 11:00")}
    Dispute.objects.create(incident=incident, service=service, version=version, claims=40, opened_at=NOW, **span)
    a_policy(automatic="{}")
    queued, proposed = (claim_of(a_person(), incident, told_loss()) for _ in range(2))
    work_off()
    follow_up()
    take_claim(claim_id=proposed.pk, taken_by=writer, now=NOW)
    assessed = proposed.assessments.get().pk
    decide_claim(claim_id=proposed.pk, assessment_id=assessed, approved=True, decided_by=writer, now=NOW)
    run = draft_bulk(what="approve", claim_ids=[queued.pk], made_by=writer, now=NOW)
    begin_bulk(run_id=run.pk, begun_by=writer, now=NOW)
    assert waiting(client, writer) == {**none, "late": 1, **dict.fromkeys(keys, 1)}


def test_the_start_page_asks_as_much_for_many_incidents_as_for_one(client: Client, incident: Incident, writer: User):
    client.force_login(writer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("admin:index")).status_code == 200
        return len(captured)

    before = queries()
    for key in ("second", "third"):
        open_incident(key=key, title_ko="새", title_en="New", started_at=at("15 10:00"), opened_by=writer)
    assert queries() == before <= 23


def test_queues_stand_at_the_end_of_the_start_page(client: Client, writer: User):
    client.force_login(writer)
    *apps, last = client.get(reverse("admin:index")).context["app_list"]
    ends = ("Due", "Chunk", "MadeOf", "Hint", "WorkerBeat")
    assert len(last["models"]) > 8
    assert all(model["object_name"].endswith(ends) for model in last["models"])
    assert not [model["name"] for app in apps for model in app["models"] if model["object_name"].endswith(ends)]


def test_the_menu_beside_a_page_has_the_days_work_and_last_all_tables(client: Client, writer: User):
    client.force_login(writer)
    groups = client.get(reverse("admin:claims_claimstatus_changelist")).context["available_apps"]
    named = {row["object_name"]: row["name"] for group in groups for row in group["models"]}
    assert named["claims_claimstatus"] == "심사할 청구"
    assert named["claims_appeal"] == "이의 신청"
    assert len(named) < 40
    assert groups[-1]["models"][0]["admin_url"] == reverse("admin:index")
    here = [row["object_name"] for group in groups for row in group["models"] if row["here"] == "page"]
    assert here == ["claims_claimstatus"], "one page is the current one"


def test_the_menu_shows_no_page_of_claims_to_who_may_see_none(client: Client, db: None):
    client.force_login(staff("nobody"))
    groups = client.get(reverse("admin:services_incident_changelist")).context["available_apps"]
    seen = {row["object_name"] for group in groups for row in group["models"]}
    assert not seen & {"claims_claimstatus", "claims_appeal", "claims_paymentrun"}
    assert "services_incident" in seen


def test_whatever_can_happen_to_a_claim_has_words():
    """All that operations write as the kind of an event, by how kinds of claims begin."""
    of_claims = re.compile(r'"((?:claim|evidence|appeal|decision|proposal|message|facts|goodwill_given)_[a-z_]+)"')
    kinds: set[str] = set()
    for file in Path(operations.__file__).parent.glob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in ("Move", "Ruling", "Event.objects.create"):
                said = [*call.args, *(one.value for one in call.keywords if one.arg == "kind")]
                kinds |= {text for one in said for text in of_claims.findall(ast.unparse(one).replace("'", '"'))}
    assert len(kinds) > 30
    assert kinds <= EVENTS.keys()
