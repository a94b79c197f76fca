"""One row at least in each table of claims."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accounts.models import User
from accounts.operations import admit_guest, create_staff
from accounts.rates import count_request
from claims.models import (
    Claim,
    ClaimStatus,
    Comparison,
    ComparisonDifference,
    DecisionProposal,
    Dispute,
    DisputeHour,
    Goodwill,
    GoodwillBudget,
    GoodwillOffer,
    SettlementDue,
    WebhookAttempt,
    WebhookDelivery,
)
from claims.operations import (
    Answer,
    AskedDocument,
    ToldFact,
    ToldPoint,
    answer_once,
    attest_outage,
    begin_full_comparisons,
    claim_for,
    copy_letter,
    link_log,
    make_payment_run,
    open_appeal,
    open_draft,
    receive_evidence,
    record_views,
    request_evidence,
    review_evidence,
    take_claim,
    undo_decision,
    verify_facts,
    withdraw_loss,
)
from services.models import RecordVersion, Service
from tests.builders import (
    BIKE,
    NOW,
    a_partner,
    a_person,
    a_policy,
    a_user,
    authority,
    claim_of,
    follow_up,
    outage,
    pack,
    told,
    usage,
    work_off,
)
from tests.claims.enter_cast import entry
from tests.claims.hook_cast import an_endpoint
from tests.claims.import_cast import as_csv, ride, send
from tests.claims.reply_cast import template
from tests.documents import PDF
from tests.worlds import world


def store_a_row_in_each() -> None:
    incident, person = outage(), a_person()
    a_policy()
    usage(person, BIKE, "ride", "15 15:20", "15 21:15")
    claim_of(person, incident, told(), facts=[ToldFact("is_member", True)])
    work_off()
    writer = create_staff(email="writer@example.com", password="a long password 1", roles=["caseworker"], now=NOW)
    open_draft(title="x", pack_yaml=pack(), opened_by=writer, now=NOW)
    follow_up()
    begin_full_comparisons(now=NOW, since=NOW)
    comparison, claim = Comparison.objects.get(), Claim.objects.all()[0]
    ComparisonDifference.objects.create(comparison=comparison, claim=claim, before=0, after=1)
    version, service = RecordVersion.objects.get(), Service.objects.get(code=BIKE)
    dispute = Dispute.objects.create(
        incident=incident,
        service=service,
        version=version,
        start_at=NOW,
        end_at=NOW + timedelta(hours=1),
        claims=1,
        opened_at=NOW,
    )
    DisputeHour.objects.create(dispute=dispute, hour_at=NOW, claims=1, counted_at=NOW)
    finance, checker = a_user("finance"), a_user("checker")
    authority()
    undo_decision(claim_id=claim.pk, undone_by=checker, note="x", now=NOW)
    SettlementDue.objects.create(chunk=claim.assessments.get().chunk, created_at=NOW)
    an_endpoint()
    claim_for(partner=a_partner(), external_id="c-1", person="rider-1", incident=incident, message="x", now=NOW)
    WebhookAttempt.objects.create(delivery=WebhookDelivery.objects.latest("pk"), at=NOW, status=500, milliseconds=9)
    paid = claim_of(a_person(), incident, told())
    work_off()
    follow_up()
    assert ClaimStatus.objects.get(pk=paid.pk).payment == "due"
    make_payment_run(made_by=finance, note="x", now=NOW)
    about: dict[str, Any] = {"claim_id": paid.pk, "decision_id": paid.decisions.get().pk, "opened_by": checker, "note": "x"}
    open_appeal(**about, kind="appeal", channel="phone", points=[ToldPoint("line", position=0)], now=NOW)
    template(checker)
    guest = admit_guest(person=paid.person, by="filed", now=NOW)
    attest_outage(claim_id=paid.pk, language="ko", asked_by=guest, now=NOW)
    record_views(claim_ids=[claim.pk], page="claim", viewer=writer, now=NOW)
    proposal = DecisionProposal.objects.create(
        claim=paid, assessment=paid.assessments.get(), gives={"KRW": 1}, proposed_by=checker, proposed_at=NOW
    )
    GoodwillOffer.objects.create(proposal=proposal, amount_minor=1, currency="KRW", reason="effort")
    budget = GoodwillBudget.objects.create(incident=incident, currency="KRW", amount_minor=1)
    Goodwill.objects.create(decision=paid.decisions.get(), budget=budget, amount_minor=1, reason="effort")
    _evidence(paid, checker)
    entry(paid.person, incident, checker, message="x")
    answer_once(caller="partner:1", key="k", fingerprint="0" * 64, act=lambda: Answer(201, b"{}"), now=NOW)
    count_request("partner:1", 1)
    copy_letter(letter_id=paid.letters.get().pk, now=NOW)
    send(a_partner(), as_csv([ride(1)]))
    link_log(now=NOW)


@world
def stored(db: None) -> None:
    """For one test; `test_guards.py` stores once for all of its own."""
    store_a_row_in_each()


def _evidence(claim: Claim, user: User) -> None:
    about: dict[str, Any] = {"claim_id": claim.pk, "now": NOW}
    take_claim(taken_by=a_user("caseworker"), **about)
    worker = ClaimStatus.objects.get(pk=claim.pk).assignee
    assert worker is not None
    asked = [AskedDocument(words="a bill")]
    request = request_evidence(asked=asked, requested_by=worker, override="x", **about)
    item = request.items.get()
    shows = [("half_hours_of_messages", "is_member")]
    file = receive_evidence(item_ids=[item.pk], content=PDF, received_by=worker, note="x", shows=shows, **about)
    take_claim(taken_by=worker, **about)
    review_evidence(file_id=file.pk, accepted=True, reason="shows_it", reviewed_by=worker, now=NOW)
    fact = ToldFact("is_member", True)
    verify_facts(facts=[fact], verified_by=worker, note="x", evidence=[file.pk], **about)
    withdraw_loss(loss_id=claim.losses.get().pk, reason="told_twice", withdrawn_by=worker, note="x", **about)
