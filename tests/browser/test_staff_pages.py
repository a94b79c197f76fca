"""The pages of the staff in a browser, with a log-in: no page shuts anybody out, at a desk or on a telephone."""

import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Browser, expect

import claims
from accounts.models import User
from claims.demonstration.steps import load_replies
from claims.models import (
    MONEYLESS,
    AssessmentRun,
    AutomaticPause,
    BulkRun,
    Claim,
    ClaimKey,
    ClaimStatus,
    Dispute,
    EvidenceFile,
    GoodwillBudget,
    Pattern,
    PaymentRun,
    Policy,
    PolicyVersion,
    Twin,
    UsageImport,
)
from claims.operations import (
    AskedDocument,
    ToldPoint,
    count_tallies,
    decide_claim,
    draft_bulk,
    draft_bulk_answer,
    lift_pause,
    link_log,
    make_payment_run,
    open_appeal,
    open_draft,
    pause_automatic,
    publish_policy,
    receive_evidence,
    request_evidence,
    review_evidence,
    set_alarm,
    set_authority,
    set_goodwill_budget,
    take_claim,
)
from services.models import Feed, Incident, RecordDraft, Service
from services.operations import import_feed, know_until, open_record_draft
from tests.browser.conftest import CHROMIUM
from tests.browser.looks import (
    BY_SCREEN,
    DESK,
    TELEPHONE,
    foreign,
    logged_in,
    opened,
    outside,
    picture,
    shut_out,
    texts_of_rows,
    unfold,
)
from tests.builders import (
    MESSAGES,
    NOW,
    a_partner,
    a_person,
    a_policy,
    a_user,
    at,
    authority,
    claim_of,
    follow_up,
    pack,
    told,
    work_off,
)
from tests.claims.import_cast import as_csv, ride, send, work
from tests.claims.reply_cast import answer, says, template
from tests.documents import PDF
from tests.proofs import some
from tests.services.feed_cast import a_feed, page_until, staff

if not CHROMIUM.exists() and os.environ.get("REQUIRE_BROWSER") != "1":
    pytest.skip(f"No browser at {CHROMIUM}. On Debian and Ubuntu: apt-get install chromium", allow_module_level=True)

KEY = "kakao-2022-10-15"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture
def addresses(site: str) -> list[str]:
    """With a row in each, before the browser starts: after that Django refuses queries in this thread."""
    writer = staff("writer", "caseworker", "checker", "finance", "auditor")
    incident = Incident.objects.get(key=KEY)
    with transaction.atomic():
        a_feed(writer)
        import_feed(feed="page", body=page_until(), now=NOW, incident=KEY)
        draft = open_record_draft(incident=KEY, title="the end", opened_by=writer, now=NOW)
        know_until(draft_id=draft.pk, read=0, as_of=at("21 09:00"), reason="so", written_by=writer, now=NOW)
        a_policy(automatic="{}")
        set_goodwill_budget(
            incident_id=incident.pk, currency="KRW", amount_minor=5_000, set_by=writer, note="x", now=NOW
        )  # fmt: skip
        claim = claim_of(a_person(), incident, told(MESSAGES, "15 15:30", "15 22:00"))
    work_off()
    follow_up()
    with transaction.atomic():
        count_tallies()
        link_log(now=NOW)
        run = draft_bulk(what="approve", claim_ids=[claim.pk], made_by=writer, now=NOW)
        take_claim(claim_id=claim.pk, taken_by=writer, now=NOW)
        waiting = claim_of(a_person(), incident, told(MESSAGES, "15 15:30", "15 22:00"))
    work_off()
    follow_up()
    assert ClaimStatus.objects.get(pk=waiting.pk).review == "queued"
    _told_and_answered(waiting, writer)
    shared = {"incident": incident, "kind": "payee", "digest": uuid4()}
    Pattern.objects.create(claims=11, counted_at=NOW, **shared)
    ClaimKey.objects.bulk_create(ClaimKey(claim=one, **shared) for one in (claim, waiting))
    Twin.objects.create(claim=waiting, other=claim, incident=incident, score=70, reasons=["same_account"], found_at=NOW)
    with transaction.atomic():
        _limited_and_paused(incident)
    dispute = Dispute.objects.create(
        incident=incident, service=Service.objects.get(code=MESSAGES), version=incident.versions.latest("number"),
        start_at=at("21 10:00"), end_at=at("21 11:00"), claims=40, opened_at=NOW,
    )  # fmt: skip
    pages = _pages(incident, Feed.objects.get(), draft, claim, dispute)
    pages += [reverse(f"admin:claims_claim_{name}", args=[waiting.pk]) for name in ("change", "answer")]
    pages += [
        *_cases(run, GoodwillBudget.objects.get()),
        *_replies(writer, waiting),
        *_money(writer),
        *_documents(writer),
        _appealed(writer),
    ]
    return [reverse("admin:index"), *_lists(), *pages, *_rules(writer)]


@pytest.fixture
def data(addresses: list[str]) -> str:
    return texts_of_rows()


@pytest.fixture
def worker(site: str) -> None:
    staff("writer", "caseworker")
    a_policy()
    a_person()


def _money(writer: User) -> list[str]:
    """A run of one claim that is approved, and another one that waits for its run."""
    incident = Incident.objects.get(key=KEY)
    paid: list[PaymentRun] = []
    for _ in range(2):
        with transaction.atomic():
            claim = claim_of(a_person(), incident, told(MESSAGES, "15 15:30", "15 22:00"))
        work_off()
        follow_up()
        with transaction.atomic():
            take_claim(claim_id=claim.pk, taken_by=writer, now=NOW)
            assessed = claim.assessments.get().pk
            decide_claim(claim_id=claim.pk, assessment_id=assessed, approved=True, decided_by=writer, note="x", now=NOW)
            paid += [make_payment_run(made_by=writer, note="x", now=NOW)] if not paid else []
    pages = ("paymentrun_changelist", "paymentrun_export")
    of_run = [reverse(f"admin:claims_paymentrun_{name}", args=[paid[0].pk]) for name in ("change", "file")]
    return [*(reverse(f"admin:claims_{name}") for name in pages), *of_run]


def _appealed(writer: User) -> str:
    """In the hands of somebody who answers it."""
    with transaction.atomic():
        claim = claim_of(a_person(), Incident.objects.get(key=KEY), told(MESSAGES, "15 15:30", "15 22:00"))
    work_off()
    follow_up()
    with transaction.atomic():
        other = a_user("caseworker")
        take_claim(claim_id=claim.pk, taken_by=other, now=NOW)
        assessed = claim.assessments.get().pk
        decided = decide_claim(
            claim_id=claim.pk, assessment_id=assessed, approved=False, decided_by=other, reasons=["no_loss"], now=NOW
        )
        said: dict[str, Any] = {"kind": "appeal", "channel": "phone", "note": "x", "points": [ToldPoint("line", position=0)]}
        appeal = open_appeal(claim_id=claim.pk, decision_id=decided.pk, opened_by=writer, now=NOW, **said)
        take_claim(claim_id=claim.pk, taken_by=writer, now=NOW)
    return reverse("admin:claims_appeal_change", args=[appeal.pk])


def _documents(writer: User) -> list[str]:
    """Of a claim with two documents that came in, one of them looked at, and one that is awaited."""
    with transaction.atomic():
        claim = claim_of(a_person(), Incident.objects.get(key=KEY), told(MESSAGES, "15 15:30", "15 22:00"))
    work_off()
    follow_up()
    with transaction.atomic():
        take_claim(claim_id=claim.pk, taken_by=writer, now=NOW)
        ask = [reverse("admin:claims_evidence_ask", args=[claim.pk])]
        asked = [AskedDocument(words=words) for words in ("a picture", "a bill")]
        request = request_evidence(claim_id=claim.pk, asked=asked, requested_by=writer, override="x", now=NOW)
        for item, content in zip(request.items.order_by("pk"), (PNG, PDF), strict=True):
            sent: Any = {"claim_id": claim.pk, "item_ids": [item.pk], "content": content, "note": "by post"}
            receive_evidence(**sent, received_by=writer, now=NOW)
        take_claim(claim_id=claim.pk, taken_by=writer, now=NOW)
        picture, document = EvidenceFile.objects.order_by("pk")
        review_evidence(file_id=picture.pk, accepted=True, reason="shows_it", reviewed_by=writer, now=NOW)
    pages = {"evidencerequest_change": request, "evidence_file": picture, "claim_change": claim}
    ask += [reverse(f"admin:claims_{name}", args=[row.pk]) for name, row in pages.items()]
    return [*ask, reverse("admin:claims_evidence_file", args=[document.pk])]


def _rules(writer: User) -> list[str]:
    """Policies and what they came to."""
    policy = Path(claims.__file__).with_name("policies") / "telecom_terms_2022.yaml"
    with transaction.atomic():
        publish_policy(pack_yaml=policy.read_text(encoding="utf-8"), now=NOW)
        draft = open_draft(title="half", pack_yaml=pack(won=300), opened_by=writer, now=NOW)
    version = PolicyVersion.objects.latest("pk")
    names = ("policy_changelist", "policyversion_changelist", "policydraft_changelist", "policydraft_add", "skill_changelist")
    pages: dict[str, Any] = {
        "policydraft_change": draft, "policyversion_change": version, "policy_change": version.policy,
        "assessmentrun_change": AssessmentRun.objects.latest("pk"), "usageimport_change": _an_import(),
    }  # fmt: skip
    lists = [reverse(f"admin:claims_{name}") for name in (*names, "assessmentrun_changelist", "event_changelist")]
    return [*lists, *(reverse(f"admin:claims_{name}", args=[row.pk]) for name, row in pages.items())]


def _an_import() -> UsageImport:
    """Of two rows, one of them wrong."""
    return work(send(a_partner(), as_csv([ride(1), ride(2, kind="flight")]), mode="per_row"))


def _replies(writer: User, claim: Claim) -> list[str]:
    """Templates, one of them in two versions, and a bulk answer that leaves the claim out."""
    load_replies(published_by=writer.get_username())
    with transaction.atomic():
        version = template(writer, *MONEYLESS, code="how_to_claim")
        run = draft_bulk_answer(version_id=version.pk, claim_ids=[claim.pk], made_by=writer, now=NOW)
    names = ("replytemplate_changelist", "replytemplate_add")
    of_template = [reverse(f"admin:claims_replytemplate_{name}", args=[version.template_id]) for name in ("change", "edit")]
    pages = [*(reverse(f"admin:claims_{name}") for name in names), *of_template]
    return [*pages, f"{of_template[0]}?version=1", reverse("admin:claims_bulkrun_change", args=[run.pk])]


def _told_and_answered(claim: Claim, writer: User) -> None:
    """Answered once, and waiting for another answer that there is a template for."""
    says(claim, "언제 주나요?\n카카오 T를 타지 못했습니다.")
    version = template(writer, body_ko="{reference}을 살펴보고 있습니다.\n\n곧 결정을 알려 드립니다.")
    answer(claim, version, writer)
    says(claim, "고맙습니다. 그런데 " + "아직도 받지 못했습니다. " * 12, sent_by=writer)


def _limited_and_paused(incident: Incident) -> None:
    """By a person, once for ever; and by an alarm."""
    checker = a_user("checker")
    authority("checker")
    limit: dict[str, Any] = {"unit": "KRW", "per_decision": 50_000, "per_day": 700_000}
    set_authority(role="caseworker", set_by=checker, now=NOW, **limit)
    said: dict[str, Any] = {"policy": Policy.objects.get().code, "note": "금액이 이상함", "now": NOW}
    set_alarm(incident_id=incident.pk, alarm_above=0, set_by=checker, **said)
    lift_pause(pause_id=pause_automatic(paused_by=checker, **said).pk, lifted_by=checker, note="금액이 맞음", now=NOW)
    pause_automatic(paused_by=checker, **said)
    AutomaticPause.objects.create(policy=Policy.objects.get(), incident=incident, set_at=NOW)


@pytest.mark.timeout(400)
def test_pages_shut_nobody_out_keep_inside_and_speak_one_language(
    addresses: list[str], data: str, browser: Browser, site: str
) -> None:
    """Axe looks at a page in Korean, light and at a desk, or for what may differ in English, dark and on a telephone; by `make
    proofs` at each in both ways.
    """
    found: list[tuple[Any, ...]] = []
    ways = (("ko", "light", (TELEPHONE, DESK), ()), ("en", "dark", (TELEPHONE,), BY_SCREEN))
    for turn, (language, scheme, widths, rules) in enumerate(ways):
        by_axe = some(addresses, each=2, turn=turn)
        page = logged_in(browser, site, "writer@example.com", language=language, color_scheme=scheme)
        for address in addresses:
            opened(page, site + address)
            for width in widths:
                found += [(language, width, address, *one) for one in outside(page, width)]
                picture(page, f"{address}-{language}-{width}")
            found += [(language, address, *one) for one in foreign(page, language, data)]
            if address in by_axe:
                found += [(language, address, *one) for one in shut_out(page, *rules, menu=address == addresses[0])]
        page.context.close()
    assert not found, "\n".join(map(str, found))


def test_a_claim_is_entered_by_the_keyboard_and_no_step_shuts_anybody_out(worker: None, browser: Browser, site: str) -> None:
    page = logged_in(browser, site, "writer@example.com", width=TELEPHONE)
    found: list[tuple[Any, ...]] = []

    def wrong(step: str) -> None:
        unfold(page)
        found.extend((step, *one) for one in shut_out(page))
        found.extend((wide, step, *one) for wide in (DESK, TELEPHONE) for one in outside(page, wide))

    page.goto(site + reverse("admin:claims_claim_enter"))
    page.fill("#who_q", "Kim")
    page.press("#who_q", "Enter")
    wrong("people found")
    page.fill("#who_name", "김새롬")
    page.fill("#who_phone", "010-7777-8888")
    page.locator("[value=new]").press("Enter")
    page.locator("[value=preview]").press("Enter")
    expect(page.locator(".errorlist")).to_have_count(1)
    wrong("nothing was said")
    page.locator("[name=loss-0-window]").select_option(index=1)
    page.fill("[name=message]", "메시지가 안 갔어요")
    page.locator("[value=preview]").press("Enter")
    wrong("preview")
    page.locator("[value=enter]").press("Enter")
    assert page.locator(".messagelist").inner_text().startswith("접수번호 C-")
    wrong("the claim")
    page.goto(site + reverse("admin:claims_claim_find"))
    page.fill("[name=q]", "8888")
    page.press("[name=q]", "Enter")
    expect(page.locator("#content tbody tr")).to_have_count(1)
    wrong("found")
    assert not found, "\n".join(map(str, found))


def _lists() -> list[str]:
    """Filtered: only such lists link to all of their rows."""
    names = (
        "services_feed", "services_windowproposal", "services_recorddraft", "services_incident", "services_notice",
        "claims_dispute",
    )  # fmt: skip
    return [f"{reverse(f'admin:{name}_changelist')}?q=a" for name in names]


def _cases(run: BulkRun, budget: GoodwillBudget) -> list[str]:
    names = (
        "claimstatus_changelist", "goodwillbudget_changelist", "tally_changelist", "tally_export", "chaincheck_changelist",
        "authoritylimit_changelist", "automaticpause_changelist", "cohort_changelist", "claim_enter", "claim_find",
        "evidencerequest_changelist", "bulkrun_changelist", "pattern_changelist",
    )  # fmt: skip
    changes = {"bulkrun": run, "goodwillbudget": budget, "pattern": Pattern.objects.get()}
    return [reverse(f"admin:claims_{name}") for name in names] + [
        reverse(f"admin:claims_{name}_change", args=[row.pk]) for name, row in changes.items()
    ]


def _pages(incident: Incident, feed: Feed, draft: RecordDraft, claim: Any, dispute: Dispute) -> list[str]:
    pages = {
        "services_feed_change": feed, "services_recorddraft_change": draft, "services_incident_clock": incident,
        "services_incident_change": incident,
        "claims_dispute_change": dispute, "claims_claim_change": claim,
    }  # fmt: skip
    return [reverse(f"admin:{name}", args=[row.pk]) for name, row in pages.items()]
