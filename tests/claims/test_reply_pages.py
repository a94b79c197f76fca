"""Templates of answers on their pages: who looks, who publishes, and that only what was previewed is published."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from claims.admin import reply_page
from claims.admin.reply_words import REFUSED, WORDS
from claims.models import Event, ReplyTemplate, ReplyVersion
from claims.queries.reply import PLACEHOLDERS
from services.models import Incident
from tests.builders import a_user
from tests.claims.reply_cast import TEXTS, template
from tests.claims.test_case_pages import client_of
from tests.claims.test_goodwill_pages import shown
from tests.claims.test_switches_page import error_of, queries_of

LIST, ADD = "/admin/claims/replytemplate/", "/admin/claims/replytemplate/add/"


@pytest.fixture
def checker(db: None) -> User:
    return a_user("checker")


def change(version: ReplyVersion) -> str:
    return reverse("admin:claims_replytemplate_change", args=[version.template_id])


def edit(version: ReplyVersion) -> str:
    return reverse("admin:claims_replytemplate_edit", args=[version.template_id])


def said(**more: Any) -> dict[str, Any]:
    return {"kinds": ["question"], "read": 0, **TEXTS, **more}


def sent(user: User, page: str, **fields: Any) -> str:
    answer = client_of(user).post(page, fields, follow=True, headers={"accept-language": "ko"})
    assert answer.status_code == 200
    return answer.content.decode()


def hidden(page: str, name: str) -> str:
    return str(re.findall(f'name="{name}" value="([^"]*)"', page)[0])


def publish(user: User, page: str, **fields: Any) -> str:
    """As the page is used: a preview, then what it says with its hidden fields."""
    preview = sent(user, page, act="preview", **fields)
    return sent(user, page, act="publish", **{**fields, "read": hidden(preview, "read"), "looked": hidden(preview, "looked")})


def letters(page: str) -> list[str]:
    return [unescape(one) for one in re.findall(r'srcdoc="([^"]*)"', page)]


# --- looking --------------------------------------------------------------------------------------------


def test_templates_are_listed_by_code_with_their_newest_version(checker: User):
    template(checker, "thanks", code="thanks")
    template(checker, "question", title_ko="옛 제목")
    template(checker, "question", "complaint", title_ko="새 제목")
    page = shown(checker, LIST)
    for words in ("when_over", "질문, 불만", "새 제목", "제2판", "<td>2</td>", str(checker), "새 틀 쓰기"):
        assert words in page, words
    assert "옛 제목" not in page
    assert page.index(">thanks<") < page.index(">when_over<")
    assert shown(checker, LIST, "en").count("Version ") == 2


def test_the_list_goes_on_behind_a_code(checker: User, monkeypatch: pytest.MonkeyPatch):
    for code in ("a", "b", "c"):
        template(checker, code=code)
    monkeypatch.setattr(reply_page, "PAGE", 2)
    page = shown(checker, LIST)
    assert ("?after=b" in page, ">c</a>" in page) == (True, False)
    assert ">c</a>" in shown(checker, LIST + "?after=b")
    assert client_of(checker).get(LIST + "?after=%00").status_code == 200


def test_each_version_is_looked_at_as_the_letter_it_makes(checker: User, incident: Incident):
    first = template(checker, body_ko="옛 글 {reference}")
    template(checker, "question", body_ko="새 글 {incident}", body_en="New {today}")
    page = shown(checker, change(first))
    korean, english = letters(page)
    assert f"새 글 {incident.title_ko}" in korean
    assert ('lang="en"' in english, "New 20" in english) == (True, True)
    assert "옛 글 C-0000-0000" in letters(shown(checker, change(first) + "?version=1"))[0]
    assert "지난 판" in shown(checker, change(first) + "?version=1")
    for none in ("?version=3", "?version=999999999"):
        assert client_of(checker).get(change(first) + none).status_code == 404
    assert client_of(checker).get(f"{LIST}{first.template_id + 1}/change/").status_code == 404


def test_a_page_costs_the_same_however_much_there_is(checker: User, incident: Incident):
    one = template(checker)
    client = client_of(checker)
    pages = (LIST, change(one), edit(one))
    before = [queries_of(client, page) for page in pages]
    for number in range(4):
        template(checker, body_en=f"Over {number}.")
        template(a_user("checker"), code=f"other_{number}")
    assert [queries_of(client, page) for page in pages] == before


@pytest.mark.parametrize(("role", "sees"), [("caseworker", 200), ("finance", 200), ("auditor", 200), ("manager", 403)])
def test_others_look_and_do_not_write(checker: User, role: str, sees: int):
    one = template(checker)
    client = client_of(a_user(role))
    assert [client.get(page).status_code for page in (LIST, change(one))] == [sees] * 2
    for page in (ADD, edit(one)):
        assert client.get(page).status_code == 403
        assert client.post(page, said(act="publish")).status_code == 403
    if sees == 200:
        page = client.get(LIST).content.decode()
        assert ("승인자가 틀을 쓰고" in page, ADD in page, edit(one) in page) == (True, False, False)
    assert ReplyVersion.objects.count() == 1


# --- writing --------------------------------------------------------------------------------------------


def test_a_template_is_previewed_in_both_languages_and_then_published(checker: User):
    preview = sent(checker, ADD, act="preview", code="when_over", **said())
    korean, english = letters(preview)
    assert ("접수번호 C-0000-0000에 답합니다." in korean, "On C-0000-0000:" in english) == (True, True)
    assert not ReplyTemplate.objects.exists()
    page = publish(checker, ADD, code="when_over", **said())
    assert "제1판을 게시했습니다." in page
    version = ReplyVersion.objects.get()
    assert (version.kinds, version.published_by) == (["question"], checker)
    assert {name: getattr(version, name) for name in TEXTS} == TEXTS
    assert Event.objects.filter(kind="reply_published").count() == 1


def test_a_new_version_begins_with_the_newest_text(checker: User):
    first = template(checker, "question")
    page = shown(checker, edit(first))
    assert (TEXTS["body_en"] in page, 'name="code"' in page, hidden(page, "read")) == (True, False, "1")
    assert "제2판을 게시했습니다." in publish(checker, edit(first), **said(body_en="Over.", read=1))
    assert "새 판을 만들지 않았습니다" in publish(checker, edit(first), **said(body_en="Over.\r\n", read=2))
    assert ReplyVersion.objects.count() == 2


def test_what_was_not_previewed_is_not_published(checker: User):
    assert "달라졌습니다" in sent(checker, ADD, act="publish", code="x", **said())
    preview = sent(checker, ADD, act="preview", code="x", **said())
    page = sent(checker, ADD, act="publish", code="x", **said(body_en="Another.", looked=hidden(preview, "looked")))
    assert ("달라졌습니다" in page, "Another." in letters(page)[1]) == (True, True)
    assert not ReplyTemplate.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"body_ko": "{name}님"}, "body_ko"), ({"title_en": "{reference.pk}"}, "title_en"), ({"body_en": "{today"}, "body_en"),
        ({"body_en": " "}, "body_en"), ({"kinds": []}, "kinds"), ({"kinds": ["unsorted"]}, "kinds"),
        ({"code": "When Over"}, "code"), ({"code": "x" * 61}, "code"), ({"title_ko": "가" * 201}, "title_ko"),
        ({"body_ko": "가" * 5_001}, "body_ko"),
    ],
)  # fmt: skip
def test_what_is_refused_is_said_at_its_field_and_nothing_is_lost(checker: User, wrong: dict[str, Any], field: str):
    page = sent(checker, ADD, act="publish", **{**said(code="x", title_en="Mine {today}"), **wrong})
    assert error_of(page, field)
    assert (letters(page), 'value="publish"' in page) == ([], False)
    for kept in {"body_ko", "body_en", "title_ko"} - {field}:
        assert unescape(page).count(TEXTS[kept].split("\n")[0])
    assert not ReplyTemplate.objects.exists()


def test_all_that_is_wrong_is_said_at_once(checker: User):
    page = sent(checker, ADD, act="preview", code="x", **said(body_ko="{name}", body_en="{name}"))
    assert "placeholder_unknown" in error_of(page, "body_ko")
    assert "위 목록에 있는 것만 쓰세요" in error_of(page, "body_en")


def test_who_has_not_seen_the_newest_version_sees_it_first(checker: User):
    first = template(checker, "question")
    preview = sent(checker, edit(first), act="preview", **said(body_en="Mine.", read=1))
    template(a_user("checker"), "question", body_en="Theirs.", after=1)
    looked = hidden(preview, "looked")
    page = sent(checker, edit(first), act="publish", **said(body_en="Mine.", read=1, looked=looked))
    assert ("제2판이 그 사이에 게시되었습니다" in page, hidden(page, "read")) == (True, "2")
    assert ["Theirs." in one or "Mine." in one for one in letters(page)] == [False, True, False, True]
    assert (ReplyVersion.objects.count(), ">Mine.</textarea>" in page.replace("\n", "")) == (2, True)
    page = sent(checker, edit(first), act="publish", **said(body_en="Mine.", read=2, looked=looked))
    assert "제3판을 게시했습니다." in page


def test_a_code_that_is_taken_is_not_written_over(checker: User):
    one = template(checker, "question", code="x")
    page = publish(checker, ADD, code="x", **said(body_en="Mine."))
    assert "이미 있습니다" in error_of(page, "code")
    assert (change(one) in page, ReplyVersion.objects.count()) == (True, 1)


def test_what_is_written_is_escaped(checker: User):
    wicked = '"></iframe><script>alert(1)</script>'
    one = template(checker, title_ko=wicked, body_ko=wicked)
    for page in (shown(checker, LIST), shown(checker, change(one)), shown(checker, edit(one))):
        assert "<script>alert(1)" not in page
    preview = sent(checker, ADD, act="preview", code="y", **said(title_ko=wicked, body_ko=wicked))
    assert "<script>alert(1)" not in preview
    assert "&lt;script&gt;alert(1)" in letters(preview)[0], "also inside of the letter"
    assert re.search("<iframe sandbox ", preview)


def test_every_placeholder_is_explained_and_every_word_is_in_two_languages(checker: User):
    page = shown(checker, ADD)
    for name in PLACEHOLDERS:
        assert f"<dt>{{{name}}}</dt><dd>{WORDS[f'of_{name}'][0]}" in page
    for korean, english in WORDS.values():
        assert re.search("[가-힣]", korean)
        assert not re.search("[가-힣]", english)
    assert all(re.search("[가-힣]", sentence) for sentence in REFUSED.values())
