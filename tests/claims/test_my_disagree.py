"""Claimants disagree with a decision: from its lines, on pages without scripts, once, and as their own word."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Appeal, AppealPoint, AppealWords, Claim, ClaimStatus
from claims.operations import answer_appeal, decide_claim, reopen_claim, take_claim
from claims.queries import ExplanationUnavailable
from claims.queries import appeals as queries
from claims.web.my import decided as shown
from services.words import said_day
from tests.builders import NOW, a_person, a_policy, a_user, authority, claim_of, told
from tests.claims.mine_cast import let_in, mine
from tests.claims.test_appeals import decided, look_again, standing
from tests.worlds import world

pytestmark = pytest.mark.django_db

RULE = "rule|half_hours_of_messages|half_hours"
FACT = "fact|is_member|None"
LINE, RECORD = "line|0", "record|kakaotalk.text_message"


@world
def rejected(db: None) -> Claim:
    """By rule: the claimant is no member."""
    return decided(member=False)


def sent(client: Client, claim: Claim, **said: Any) -> Any:
    return client.post(mine("disagree", claim), {"decision": standing(claim).pk, **said}, follow=True)


def points() -> list[tuple[str, str]]:
    kept = AppealPoint.objects.select_related("words").order_by("pk")
    return [(one.kind, one.words.text if hasattr(one, "words") else "") for one in kept]


def test_each_line_says_what_was_decided_and_what_can_be_wrong_with_it(client: Client, rejected: Claim):
    let_in(client, rejected)
    page = client.get(mine("disagree", rejected)).content.decode()
    for said in ("보상해 드릴 것이 없다고", "규칙이 자동으로", "받을 수 없음",
                 "여기에 동의하지 않습니다", "<summary>왜 그런가요?</summary>",
                 "사실: x = 아니오", "공식 장애 기록", "사람이 다시 봐 주세요"):  # fmt: skip
        assert said in page, said
    for key in (RULE, FACT, LINE, RECORD):
        assert f'value="{key}"' in page
    english = client.get(f"{mine('disagree', rejected)}?lang=en").content.decode()
    for said in ("I disagree with this", "The fact: x = no", "A person should look at it"):
        assert said in english, said


def rejected_by_a_person(*reasons: str) -> Claim:
    """Of 3,250 won."""
    claim = decided()
    worker = a_user("caseworker")
    authority()
    reopen_claim(claim_id=claim.pk, reopened_by=worker, note="x", now=NOW)
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    assessment = claim.assessments.order_by("-run")[0]
    said: dict[str, Any] = {"approved": False, "reasons": list(reasons), "decided_by": worker, "now": NOW}
    decide_claim(claim_id=claim.pk, assessment_id=assessment.pk, **said)
    return claim


def test_of_what_people_rejected_no_line_says_that_it_is_given(client: Client):
    claim = rejected_by_a_person("not_the_user")
    let_in(client, claim)
    page = client.get(mine("disagree", claim)).content.decode()
    assert "주지 않음" in page
    assert "계산 결과는 다음과 같지만 주지 않기로 결정했습니다: 요금 차감 3,250원<" in page
    assert "<strong>3,250원</strong>" not in page


def test_of_what_is_given_it_is_asked_why_so_much(client: Client):
    claim = decided()
    let_in(client, claim)
    page = client.get(mine("disagree", claim)).content.decode()
    assert "<strong>요금 차감 3,250원</strong>" in page
    assert "<summary>왜 이 금액인가요?</summary>" in page


def test_the_reasons_of_a_rejection_are_there_and_each_may_be_said_to_be_wrong(client: Client):
    """In the words of the letter, and theirs again where it is looked at, sent and shown."""
    claim = rejected_by_a_person("not_the_user", "evidence_differs")
    let_in(client, claim)
    page = client.get(mine("disagree", claim)).content.decode()
    assert page.count("그 까닭이 맞지 않습니다") == 2
    for said in ("그렇게 결정한 까닭", "서비스를 쓰신 분이 아닙니다.", "자료가 말씀하신 내용과 다릅니다."):
        assert said in page, said
    english = client.get(f"{mine('disagree', claim)}?lang=en").content.decode()
    assert "The evidence says something else." in english
    client.get(f"{mine('disagree', claim)}?lang=ko")
    chosen = {"reasons": ["evidence_differs"], "other": "자료를 다시 봐 주세요"}
    assert 'value="evidence_differs" aria-describedby="reason-evidence_differs" checked' in (
        sent(client, claim, **chosen, change=1).content.decode()
    )
    words = "이 까닭이 맞지 않습니다: 자료가 말씀하신 내용과 다릅니다."
    assert words in sent(client, claim, **chosen).content.decode()
    for _ in range(2):
        assert words in sent(client, claim, **chosen, send=1).content.decode()
    assert points() == [("other", words), ("other", "자료를 다시 봐 주세요")]
    assert "고를 수 없는" in sent(client, claim, reasons=["too_late"]).content.decode(), "which it was not rejected for"


def test_what_can_be_chosen_is_unfolded_where_nothing_was(client: Client, rejected: Claim):
    let_in(client, rejected)
    assert 'class="disagree" open' not in client.get(mine("disagree", rejected)).content.decode()
    for said in ({}, {"kind": "appeal"}):
        assert 'class="disagree" open' in sent(client, rejected, **said).content.decode()


def test_it_is_looked_at_before_it_is_sent_and_then_it_is_open_until_a_day(client: Client, rejected: Claim):
    guest = let_in(client, rejected)
    said: dict[str, Any] = {"kind": "appeal", "points": [FACT, RULE], "words-0": "저는 회원입니다", "other": "다시 봐 주세요"}
    page = sent(client, rejected, **said).content.decode()
    for part in (
        "틀린 것이 있습니다",
        "사실: x = 아니오",
        "시험 · 시험",
        "저는 회원입니다",
        "늦어도",
        "지금 결정은 그대로입니다",
    ):
        assert part in page, part
    assert not Appeal.objects.exists()
    back = sent(client, rejected, **said, change=1).content.decode()
    assert f'value="{FACT}" checked' in back
    assert "다시 봐 주세요</textarea>" in back
    assert not Appeal.objects.exists()
    page = sent(client, rejected, **said, send=1)
    assert page.redirect_chain
    for part in ("이의신청을 받았습니다", "저는 회원입니다", "사실: x = 아니오", "그 밖에"):
        assert part in page.content.decode(), part
    appeal = Appeal.objects.get()
    assert (appeal.opened_by, appeal.channel, appeal.kind, appeal.state) == (guest, "web", "appeal", "open")
    assert sorted(points()) == [("fact", ""), ("line", "저는 회원입니다"), ("other", "다시 봐 주세요"), ("rule", "")]
    status = client.get(mine("status", rejected)).content.decode()
    assert "신청하신 이의를 살펴보고 있습니다." in status
    assert f"늦어도 {said_day(appeal.due_date)}까지" in status
    assert appeal.due_date != rejected.status.answer_due_date, "which the page said before"


def test_the_same_twice_is_one_and_another_one_is_refused_in_words(client: Client, rejected: Claim):
    let_in(client, rejected)
    said = {"kind": "appeal", "points": [FACT], "other": "첫 줄\r\n둘째 줄 900101-1234568"}
    for _ in range(2):
        page = sent(client, rejected, **said, send=1).content.decode()
        assert 'role="alert"' not in page
    assert AppealWords.objects.get().text == "첫 줄\n둘째 줄 900101-*******"
    for other in ({"points": [RULE]}, {"kind": "person_review", "points": [FACT]}, {"other": "x"}):
        page = sent(client, rejected, **{**said, **other}, send=1).content.decode()
        assert 'role="alert"' in page
        assert "이의신청이 이미 있어 보내지 않았습니다" in page
        assert "둘째 줄" in page
    assert Appeal.objects.count() == 1


def test_a_person_is_asked_for_without_a_point(client: Client, rejected: Claim):
    let_in(client, rejected)
    page = sent(client, rejected, kind="person_review").content.decode()
    assert "전부 다시 봅니다" in page
    sent(client, rejected, kind="person_review", send=1)
    assert (Appeal.objects.get().kind, points()) == ("person_review", [])


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, "무엇을 바라는지 고르세요"),
        ({"kind": "appeal"}, "하나는 고르거나 적어 주세요"),
        ({"kind": "appeal", "words-0": " \n"}, "하나는 고르거나 적어 주세요"),
        ({"kind": "revenge", "points": [LINE]}, "alert"),
        ({"kind": "appeal", "points": ["fact|no_such|None"]}, "alert"),
        ({"kind": "appeal", "other": "가" * 2001}, "2000"),
    ],
)
@pytest.mark.parametrize("send", [{}, {"send": 1}])
def test_what_is_wrong_is_said_on_top_and_nothing_is_sent(
    client: Client, rejected: Claim, said: dict[str, Any], why: str, send: dict[str, int]
):
    let_in(client, rejected)
    page = sent(client, rejected, **said, **send).content.decode()
    assert 'role="alert"' in page
    assert why in page
    assert not Appeal.objects.exists()


def test_what_a_person_decided_is_appealed_only(client: Client, rejected: Claim):
    authority()
    worker = a_user("caseworker")
    let_in(client, rejected)
    sent(client, rejected, kind="person_review", send=1)
    take_claim(claim_id=rejected.pk, taken_by=worker, now=NOW)
    newest = rejected.assessments.latest("pk").pk
    before = standing(rejected)
    answer_appeal(
        appeal_id=Appeal.objects.get().pk, accepted=False, assessment_id=newest, answered_by=worker, note="x", now=NOW
    )
    assert "이의신청을 받았습니다" not in client.get(mine("disagree", rejected)).content.decode()
    page = client.get(mine("disagree", rejected)).content.decode()
    assert "담당자가 내린 결정입니다" in page
    assert 'value="person_review"' not in page
    stale = client.post(mine("disagree", rejected), {"decision": before.pk, "points": [FACT], "send": 1}).content.decode()
    assert "그사이 다른 결정이 나왔습니다" in stale
    assert Appeal.objects.count() == 1
    sent(client, rejected, points=[FACT], send=1)
    assert list(Appeal.objects.order_by("pk").values_list("kind", flat=True)) == ["person_review", "appeal"]


def test_it_is_taken_back_once_asked_and_may_be_sent_again(client: Client, rejected: Claim):
    let_in(client, rejected)
    assert client.get(mine("take_back", rejected)).headers["Location"] == mine("disagree", rejected)
    sent(client, rejected, kind="appeal", points=[FACT], send=1)
    assert "나중에 다시 신청할 수 있습니다" in client.get(mine("take_back", rejected)).content.decode()
    assert Appeal.objects.get().state == "open"
    for _ in range(2):
        page = client.post(mine("take_back", rejected), follow=True).content.decode()
        assert "이의신청을 거두었습니다" in page
    assert (Appeal.objects.get().state, ClaimStatus.objects.get(pk=rejected.pk).review) == ("withdrawn", "closed")
    sent(client, rejected, kind="appeal", points=[LINE], send=1)
    assert Appeal.objects.filter(state="open").count() == 1


def test_nothing_is_decided_yet(client: Client, incident: Any):
    a_policy(automatic="{}")
    claim = claim_of(a_person(), incident, told())
    let_in(client, claim)
    for answer in (client.get(mine("disagree", claim)), client.post(mine("disagree", claim), {"send": 1})):
        assert "아직 결정된 것이 없습니다" in answer.content.decode()


def test_what_cannot_be_explained_any_more_can_be_disagreed_with(
    client: Client, rejected: Claim, monkeypatch: pytest.MonkeyPatch
):
    def unavailable(_: object) -> None:
        raise ExplanationUnavailable("of another engine")

    for module in (queries, shown):
        monkeypatch.setattr(module, "explain_assessment", unavailable)
    let_in(client, rejected)
    assert "받을 수 없음" in client.get(mine("disagree", rejected)).content.decode()
    sent(client, rejected, kind="appeal", points=[LINE], send=1)
    assert points() == [("line", "")]


@pytest.mark.parametrize("name", ["disagree", "take_back"])
def test_somebody_elses_is_as_one_that_is_not_there_and_other_sites_do_nothing(client: Client, rejected: Claim, name: str):
    let_in(client, claim_of(a_person(), rejected.incident, told()))
    find = f"{reverse('my:find')}?reference={rejected.reference}"
    assert client.get(mine(name, rejected)).headers["Location"] == find
    assert client.post(mine(name, rejected)).headers["Location"] == f"{find}&closed=1"
    strict = Client(enforce_csrf_checks=True)
    let_in(strict, rejected)
    said = {"decision": standing(rejected).pk, "kind": "person_review", "send": 1}
    assert strict.post(mine(name, rejected), said).status_code == 403
    assert not Appeal.objects.exists()


def test_the_page_asks_as_much_whatever_there_is(client: Client, django_assert_max_num_queries: Any):
    """As many queries for one loss as for four."""
    counts = []
    for losses in ([told()], [told(start=f"15 {hour}:30", end=f"15 {hour + 1}:00") for hour in (15, 16, 17, 18)]):
        claim = _with(losses)
        let_in(client, claim)
        client.get(mine("disagree", claim))
        with django_assert_max_num_queries(60) as asked:
            client.get(mine("disagree", claim))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def _with(losses: list[Any]) -> Claim:
    decided()
    claim = claim_of(a_person(), Claim.objects.latest("pk").incident, *losses)
    look_again()
    return claim
