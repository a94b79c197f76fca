"""A row in every table that a page of the admin shows, beside those of tests/claims/test_guards.py, and who asks for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.test import Client

from accounts.models import Role, Scope, User
from accounts.operations import (
    add_contact,
    begin_account,
    create_person,
    issue_credential,
    keep_person,
    know_people,
    propose_role_change,
    publish_consent_text,
    record_consents,
    register_app,
    register_partner,
    reveal_personal_data,
    set_scopes,
)
from claims.models import (
    AccessCode,
    AuthorityUsed,
    Claim,
    DisputesMadeOf,
    LetterDue,
    Mail,
    News,
    Pattern,
    Policy,
    SettlementDue,
    SortDue,
    Tally,
    Twin,
)
from claims.operations import begin_chain_check, draft_bulk, pause_automatic, set_alarm, set_skills
from claims.operations.work import beat
from services.models import Incident, RecordVersion, WindowProposal
from services.operations import (
    Document,
    FindingSaid,
    RecordContent,
    begin_clock,
    confirm_proposals,
    import_feed,
    map_component,
    open_record_draft,
    publish_record_version,
    record_finding,
    record_proof,
)
from services.queries import windows_of
from tests.builders import MESSAGES, NOW, a_user, paid_to
from tests.services.feed_cast import a_feed, page_until

WHO = ("nobody", "claimant", "no role", *(role for role in Role.values if role != Role.CLAIMANT))


def client_of(who: str) -> tuple[Client, User | None]:
    """One of WHO, logged in without a password."""
    client, user = Client(), None
    if who == "claimant":
        user = User.objects.create_user("claimant@example.org")
    elif who == "no role":
        user = User.objects.create_user("staff@example.org", is_staff=True)
    elif who != "nobody":
        user = a_user(who)
    if user is not None:
        client.force_login(user)
    return client, user


@transaction.atomic
def add_rows() -> User:
    """To those of `stored`; who wrote them."""
    writer, checker, manager = a_user("caseworker"), a_user("checker"), a_user("manager")
    claim, incident = Claim.objects.latest("pk"), Incident.objects.latest("pk")
    _accounts(writer, manager)
    _record(incident, writer)
    draft_bulk(what="approve", claim_ids=[claim.pk], made_by=writer, now=NOW)
    policy = Policy.objects.get()
    set_alarm(policy=policy.code, incident_id=incident.pk, alarm_above=9, set_by=checker, note="x", now=NOW)
    pause_automatic(policy=policy.code, paused_by=checker, note="x", now=NOW)
    set_skills(user=writer, services=[MESSAGES], set_by=checker)
    begin_chain_check(asked_by=a_user("auditor"), now=NOW)
    beat(worker="one", now=NOW)
    begin_clock(now=NOW)
    _by_workers(claim, writer)
    return writer


def _accounts(writer: User, manager: User) -> None:
    partner = register_partner(code="rides", name_ko="제휴사", name_en="Partner", now=NOW)
    by: dict[str, Any] = {"partner_id": partner.pk, "now": NOW}
    add_contact(name="Lee", email="lee@example.com", added_by=manager, **by)
    set_scopes(scopes=Scope.values, set_by=manager, **by)
    issue_credential(scopes=Scope.values, expires_at=NOW + timedelta(days=1), issued_by=manager, **by)
    names = {"name_ko": "앱", "name_en": "App", "audience": "staff"}
    register_app(**names, redirect_uris=["https://app.example.org/"], registered_by=manager, now=NOW)
    know_people(partner=partner, external_ids=["rider-1"], now=NOW)
    person = create_person(now=NOW, name="홍길동", phone="010-1234-5678")
    paid_to(person)
    texts = {f"{part}_{language}": "x" for part in ("title", "text") for language in ("ko", "en")}
    asked = publish_consent_text(code="privacy", required=True, **texts, published_by=None, now=NOW)
    record_consents(person=person, said={asked.pk: True}, channel="web", now=NOW)
    keep_person(user=begin_account(email="own@example.com", locale="ko", now=NOW), person=person, by="code", now=NOW)
    reveal_personal_data(person_id=person.pk, reason="review", note="x", viewer=writer, now=NOW)
    propose_role_change(user_id=writer.pk, grants=["checker"], takes=[], proposed_by=manager, note="x", now=NOW)


def _record(incident: Incident, writer: User) -> None:
    """A feed with what came of it, and what a version says beside its windows."""
    newest = RecordVersion.objects.filter(incident=incident).latest("number")
    notice = newest.listed_windows.all()[0].window.notice.key
    finding = record_finding(FindingSaid(name="gross", notice=notice, type="boolean", value=True), incident=incident.key)
    content = RecordContent(newest.as_of, list(windows_of(newest)), findings=[finding])
    publish_record_version(incident=incident.key, content=content, now=NOW)
    a_feed(writer)
    map_component(feed="page", component="api", service="melon", mapped_by=writer, now=NOW)
    import_feed(feed="page", body=page_until(), incident=incident.key, read_by=writer, now=NOW)
    draft = open_record_draft(incident=incident.key, title="x", opened_by=writer, now=NOW)
    proposals = [WindowProposal.objects.get().pk]
    confirm_proposals(proposal_ids=proposals, draft_id=draft.pk, read=0, reason="so", answered_by=writer, now=NOW)
    document = Document("sent.pdf", "application/pdf", b"%PDF-1.4")
    sent: dict[str, Any] = {"sent_at": incident.started_at + timedelta(hours=1), "channel": "mail", "document": document}
    record_proof(incident=incident.key, kind="damages_notice", **sent, recorded_by=writer, now=NOW)


def _by_workers(claim: Claim, writer: User) -> None:
    """What waits only while a worker is at it, or is counted by one."""
    incident = claim.incident
    Twin.objects.create(incident=incident, claim=claim, score=50, reasons=["before_usage"], found_at=NOW)
    Pattern.objects.create(incident=incident, kind="device", digest=uuid4(), claims=99, counted_at=NOW)
    AuthorityUsed.objects.create(user=writer, on_date=NOW.date(), unit="KRW", quantity=1)
    DisputesMadeOf.objects.get_or_create(incident=incident, defaults={"made_of": "0" * 64})
    mail = Mail.objects.create(
        number="M-0000-0000-0001", person=claim.person, kind="news", language="ko", digest="0" * 64, day=NOW.date(),
        state="failed", made_at=NOW, next_at=NOW,
    )  # fmt: skip
    News.objects.create(claim=claim, kind="decided", state="told", mail=mail, made_at=NOW, due_at=NOW)
    AccessCode.objects.create(claim=claim, asked_at=NOW, expires_at=NOW + timedelta(minutes=15), salt="x")
    LetterDue.objects.get_or_create(decision=claim.decisions.latest("pk"), defaults={"created_at": NOW})
    SettlementDue.objects.get_or_create(chunk=claim.assessments.latest("pk").chunk, defaults={"created_at": NOW})
    SortDue.objects.create(claim=claim, created_at=NOW)
    Tally.objects.create(incident=incident, what="intake", hour_at=NOW, count=1)
