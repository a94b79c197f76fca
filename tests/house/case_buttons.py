"""The buttons of the pages about documents, appeals, duplicates and templates of answers, each with what is sent by it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import QueryDict
from django.utils.http import urlencode

from accounts.models import User
from claims.admin.reply_forms import ReplyForm
from claims.models import Appeal, EvidenceRequest, Pattern, ReplyVersion, Twin
from claims.operations import (
    AskedDocument,
    ToldPoint,
    answer_appeal,
    open_appeal,
    receive_evidence,
    request_evidence,
)
from tests.builders import NOW
from tests.claims.reply_cast import TEXTS, template
from tests.documents import PDF
from tests.house.buttons_cast import Button, Sent, World, hand
from tests.house.claim_buttons import EVENT, NOTE, claim, in_hand, rejected

ASKED, APPEAL, TWIN = "claims_evidencerequest_change", "claims_appeal_change", "claims_twin_change"


# --- documents, appeals, duplicates ------------------------------------------------------------------------


@transaction.atomic
def asked_for(world: World) -> EvidenceRequest:
    hand(world.claim, world.worker)
    about: dict[str, Any] = {"claim_id": world.claim.pk, "requested_by": world.worker, "override": "x", "now": NOW}
    return request_evidence(asked=[AskedDocument(words="a bill")], **about)


def upload(world: World, user: User, asked: EvidenceRequest) -> Sent:
    file = SimpleUploadedFile("bill.pdf", PDF)
    return Sent([asked.pk], {"send-items": [asked.items.get().pk], "send-note": "x", "send-file": file})


@transaction.atomic
def file_of(world: World) -> int:
    items = [asked_for(world).items.get().pk]
    about: dict[str, Any] = {"claim_id": world.claim.pk, "received_by": world.worker, "note": "x", "now": NOW}
    return receive_evidence(item_ids=items, content=PDF, **about).pk


def file_in_hand(world: World, user: User, file: int) -> Sent:
    hand(world.claim, user)
    return Sent([file], {"reason": "shows_it"})


@transaction.atomic
def appealed(world: World) -> Appeal:
    rejected(world)
    told: dict[str, Any] = {"kind": "appeal", "channel": "phone", "points": [ToldPoint("other", words="x")], "note": "x"}
    decision = world.claim.decisions.get()
    return open_appeal(claim_id=world.claim.pk, decision_id=decision.pk, opened_by=world.worker, now=NOW, **told)


def appeal_in_hand(world: World, user: User, appeal: Appeal, **body: Any) -> Sent:
    hand(world.claim, user)
    return Sent([appeal.pk], {**NOTE, **body})


def accepted(world: World) -> Appeal:
    appeal = appealed(world)
    hand(world.claim, world.second)
    newest = world.claim.assessments.latest("run").pk
    with transaction.atomic():
        by: dict[str, Any] = {"answered_by": world.second, "note": "x", "now": NOW}
        answer_appeal(appeal_id=appeal.pk, accepted=True, assessment_id=newest, **by)
    return appeal


def hint(world: World) -> Twin:
    about = {"incident": world.incident, "claim": world.other_claim, "other": world.claim}
    return Twin.objects.create(**about, score=80, reasons=["same_account"], found_at=NOW)


def shared(world: World) -> Pattern:
    return Pattern.objects.create(incident=world.incident, kind="payee", digest=uuid4(), claims=11, counted_at=NOW)


def merging(world: World, user: User, twin: Twin) -> Sent:
    merged = world.other_claim.pk
    return Sent([twin.pk], {"merge": merged, **NOTE}, query=f"?merge={merged}")


OF_CASE = [
    Button("claims_evidence_ask", "", "claims_evidencerequest", lambda w, u: in_hand(w, u, words="a bill", override="x")),
    Button(ASKED, "send", "claims_evidencefile", upload, asked_for),
    Button(ASKED, "extend", "claims_evidencerequest", lambda w, u, one: Sent([one.pk], {"extend-days": 3}), asked_for),
    Button(ASKED, "withdraw", "claims_evidencerequest", lambda w, u, one: Sent([one.pk]), asked_for),
    Button("claims_evidence_file", "", "claims_evidencereview", file_in_hand, file_of),
    Button(
        "claims_appeal_new", "", "claims_appeal",
        lambda w, u, begun: claim(w, kind="appeal", channel="phone", words="x", **NOTE), rejected,
    ),
    Button(APPEAL, "accept", "claims_appeal", appeal_in_hand, appealed),
    Button(APPEAL, "uphold", "claims_appeal", lambda w, u, one: appeal_in_hand(w, u, one, reasons=["no_loss"]), appealed),
    Button(APPEAL, "withdraw", "claims_appeal", lambda w, u, one: Sent([one.pk], NOTE), appealed),
    Button(APPEAL, "again", EVENT, lambda w, u, one: Sent([one.pk], NOTE, query="?preview=1"), accepted),
    Button("claims_pattern_change", "", "claims_pattern", lambda w, u, one: Sent([one.pk], {"up_to": 20, **NOTE}), shared),
    Button(TWIN, "dismiss", "claims_twin", lambda w, u, twin: Sent([twin.pk], NOTE), hint),
    Button(TWIN, "merge", EVENT, merging, hint),
]  # fmt: skip


# --- templates of answers ----------------------------------------------------------------------------------

EDIT = "claims_replytemplate_edit"
REPLY: dict[str, Any] = {"code": "again", "kinds": ["question"], **TEXTS, "title_en": "Again"}


def reply(version: ReplyVersion | None, *, looked: bool) -> Sent:
    """`looked`: its letters were looked at, so that it may be published."""
    body = REPLY if version is None else {**REPLY, "read": version.number}
    args = [] if version is None else [version.template_id]
    if not looked:
        return Sent(args, body)
    form = ReplyForm(QueryDict(urlencode(body, doseq=True)), newest=version)
    assert form.is_valid()
    return Sent(args, {**body, "looked": form.digest()}, before={**body, "act": "preview"})


def published(world: World) -> ReplyVersion:
    return template(world.checker)


OF_REPLIES = [
    Button("claims_replytemplate_add", "preview", "+publish", lambda w, u: reply(None, looked=False)),
    Button("claims_replytemplate_add", "publish", "claims_replyversion", lambda w, u: reply(None, looked=True)),
    Button(EDIT, "preview", "+publish", lambda w, u, one: reply(one, looked=False), published),
    Button(EDIT, "publish", "claims_replyversion", lambda w, u, one: reply(one, looked=True), published),
]  # fmt: skip

BUTTONS = [*OF_CASE, *OF_REPLIES]
