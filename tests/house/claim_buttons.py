"""The buttons of the pages about claims, decisions and payments, each with what is sent by it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from claims.models import BulkRun, Claim, ClaimStatus, Mail, PaymentRun, ReplyVersion, SavedView
from claims.operations import (
    begin_bulk,
    draft_bulk,
    hold_claim,
    make_payment_run,
    pause_automatic,
    withdraw_loss,
)
from services.seoul import SEOUL
from tests.builders import MESSAGES, NOW, authority
from tests.claims.reply_cast import sort, template, wrote
from tests.house.buttons_cast import Button, Sent, World, decide, hand

EVENT, POLICY = "claims_event", "half_hours_of_messages"
CLAIM, QUEUE, BULK, RUN = (
    "claims_claim_change",
    "claims_claimstatus_changelist",
    "claims_bulkrun_change",
    "claims_paymentrun_change",
)
NOTE: dict[str, Any] = {"note": "x"}
PAYEE = {"bank": "088", "account": "110-123-455678", "holder": "홍길동", "channel": "phone"}
WHY = {"reason": "payment"}


def claim(world: World, **body: Any) -> Sent:
    return Sent([world.claim.pk], body)


def in_hand(world: World, user: User, **body: Any) -> Sent:
    hand(world.claim, user)
    return claim(world, **body)


def proposed(world: World) -> None:
    authority("caseworker", per_decision=1)
    decide(world.claim, world.worker)
    assert world.claim.decisions.count() == 0


def returning(world: World, user: User) -> Sent:
    """A caseworker what he proposed himself."""
    authority("caseworker", per_decision=1)
    decide(world.claim, user if user.holds("caseworker") else world.worker)
    return claim(world, **NOTE)


def loss_of(world: World) -> dict[str, Any]:
    return {"loss": world.claim.losses.get().pk, "reason": "told_twice"}


def put_back(world: World, user: User) -> Sent:
    hand(world.claim, world.decider(user))
    about: dict[str, Any] = {"claim_id": world.claim.pk, "loss_id": loss_of(world)["loss"], "note": "x", "now": NOW}
    with transaction.atomic():
        withdraw_loss(reason="told_twice", withdrawn_by=world.decider(user), **about)
    return claim(world, loss=about["loss_id"], **NOTE)


@transaction.atomic
def held(world: World) -> None:
    hold_claim(claim_id=world.claim.pk, held_by=world.worker, note="x", now=NOW)


def decided(world: World, user: User) -> Sent:
    decide(world.claim, world.decider(user))
    return claim(world, **NOTE)


def rejected(world: World) -> None:
    decide(world.claim, world.worker, approved=False)


def question(world: World) -> tuple[Claim, ReplyVersion]:
    asked, version = wrote(world.incident), template(world.checker)
    sort()
    return asked, version


def to_answer(world: World, user: User, begun: tuple[Claim, ReplyVersion]) -> Sent:
    asked, version = begun
    moves = ClaimStatus.objects.get(pk=asked.pk).moves
    return Sent([asked.pk], {"version": version.pk, "language": "ko", "moves": moves})


def failed_mail(world: World) -> Mail:
    return Mail.objects.create(
        number="M-0000-0000-0001", person=world.person, kind="news", language="ko", digest="0" * 64, day=NOW.date(),
        state="failed", made_at=NOW, next_at=NOW,
    )  # fmt: skip


OF_CLAIM = [
    Button(CLAIM, "take", EVENT, lambda w, u: claim(w)),
    Button(CLAIM, "approve", "claims_decision", in_hand),
    Button(CLAIM, "reject", "claims_decision", lambda w, u: in_hand(w, u, reasons=["no_loss"])),
    Button(CLAIM, "verify", "claims_fact", lambda w, u: in_hand(w, u, fact="is_member", value="yes", **NOTE)),
    Button(CLAIM, "withdraw_loss", "claims_lossstanding", lambda w, u: in_hand(w, u, **loss_of(w), **NOTE)),
    Button(CLAIM, "put_back_loss", "claims_lossstanding", put_back),
    Button(CLAIM, "payee", "accounts_payee", lambda w, u: claim(w, **PAYEE, **NOTE)),
    Button(CLAIM, "confirm", "claims_decision", lambda w, u, begun: claim(w), proposed),
    Button(CLAIM, "return", EVENT, returning),
    Button(CLAIM, "tell", "claims_message", lambda w, u: claim(w, message="x")),
    Button(CLAIM, "sort", EVENT, lambda w, u: claim(w, kind="question", **NOTE)),
    Button(CLAIM, "snooze", EVENT, lambda w, u: claim(w, until="2099-01-01T10:00")),
    Button(CLAIM, "put_back", EVENT, in_hand),
    Button(CLAIM, "assign", EVENT, lambda w, u: claim(w, user=w.worker.pk)),
    Button(CLAIM, "hold", EVENT, lambda w, u: claim(w, **NOTE)),
    Button(CLAIM, "release", EVENT, lambda w, u, begun: claim(w), held),
    Button(CLAIM, "undo", "claims_decisionundone", decided),
    Button(CLAIM, "reopen", EVENT, lambda w, u, begun: claim(w, **NOTE), rejected),
    Button(CLAIM, "withdraw", EVENT, lambda w, u: claim(w, **NOTE)),
    Button("claims_claim_answer", "", "claims_letter", to_answer, question),
    Button("claims_mail_change", "again", EVENT, lambda w, u, begun: Sent([begun.pk]), failed_mail),
    # Who may see nobody finds by reference only.
    Button("claims_claim_find", "", "accounts_dataview", lambda w, u: Sent(body={"q": "5678"}), shown_to=("finance",)),
]


# --- a claim is entered ----------------------------------------------------------------------------------

ENTER = "claims_claim_enter"


def entering(world: World, step: int) -> Sent:
    """All that is sent up to a step; `before` is the button of the step before."""
    called = (timezone.now().astimezone(SEOUL) - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    who = {"incident": world.incident.pk, "q": "5678", "locale": "ko", "person": world.person.pk}
    what = {
        "mode": "known", "channel": "phone", "received_at": called, "message": "x", "loss-TOTAL_FORMS": 2,
        "loss-INITIAL_FORMS": 0,
    }  # fmt: skip
    said = {**who, **(what if step > 1 else {}), **({"key": uuid4()} if step > 2 else {})}
    before = ("", "find", "choose", "preview")[step]
    return Sent(body=said, before={**said, "act": before} if before else None)


def somebody_new(world: World, user: User) -> Sent:
    return Sent(body={"incident": world.incident.pk, "locale": "ko", "name": "김새롬", "phone": "010-7777-8888"})


OF_ENTERING = [
    Button(ENTER, "find", "accounts_dataview", lambda w, u: entering(w, 0)),
    Button(ENTER, "choose", "+preview", lambda w, u: entering(w, 1)),
    Button(ENTER, "new", "+preview", somebody_new),
    Button(ENTER, "more", "+preview", lambda w, u: entering(w, 2)),
    Button(ENTER, "preview", "+enter", lambda w, u: entering(w, 2)),
    Button(ENTER, "back_who", "+find", lambda w, u: entering(w, 2)),
    Button(ENTER, "back_what", "+preview", lambda w, u: entering(w, 3)),
    Button(ENTER, "enter", "claims_claimentry", lambda w, u: entering(w, 3)),
]


# --- many claims -----------------------------------------------------------------------------------------


def kept(world: World, user: User) -> Sent:
    SavedView.objects.create(user=user, name="x", query="")
    return Sent(body={"name": "x"})


@transaction.atomic
def drafted(world: World, by: User) -> BulkRun:
    return draft_bulk(what="approve", claim_ids=[world.claim.pk], made_by=by, now=NOW)


def own_run(world: World, user: User) -> Sent:
    return Sent([drafted(world, world.decider(user)).pk])


def run_above_the_limit(world: World) -> BulkRun:
    authority("caseworker", per_decision=1)
    run = drafted(world, world.worker)
    with transaction.atomic():
        assert begin_bulk(run_id=run.pk, begun_by=world.worker, now=NOW).state == "proposed"
    return run


def answered(world: World, user: User, begun: tuple[Claim, ReplyVersion]) -> Sent:
    return Sent(body={"claim": [begun[0].pk], "reply": begun[1].pk})


OF_QUEUE = [
    Button(QUEUE, "next", EVENT, lambda w, u: Sent()),
    Button(QUEUE, "approve", "claims_bulkrun", lambda w, u: Sent(body={"claim": [w.claim.pk]})),
    Button(QUEUE, "reject", "claims_bulkrun", lambda w, u: Sent(body={"claim": [w.claim.pk], "reasons": ["no_loss"]})),
    Button(QUEUE, "answer", "claims_bulkrun", answered, question),
    Button(QUEUE, "save", "claims_savedview", lambda w, u: Sent(body={"name": "x"})),
    Button(QUEUE, "delete", "claims_savedview", kept),
    Button(BULK, "begin", "claims_bulkrun", own_run),
    Button(BULK, "drop", "claims_bulkrun", own_run),
    Button(BULK, "confirm", "claims_bulkrun", lambda w, u, run: Sent([run.pk]), run_above_the_limit),
    Button("claims_tally_export", "", EVENT, lambda w, u: Sent(body=WHY)),
    Button(
        "claims_skill_changelist", "share", EVENT, lambda w, u: Sent(body={"most": 1, "among": [w.worker.pk]})
    ),
    Button(
        "claims_skill_changelist", "skills", "claims_skill",
        lambda w, u: Sent(body={"user": w.worker.pk, "services": [MESSAGES]}),
    ),
]  # fmt: skip


# --- money -----------------------------------------------------------------------------------------------


def due(world: World) -> None:
    decide(world.claim, world.worker)
    assert ClaimStatus.objects.get(pk=world.claim.pk).payment == "due"


def run_of(world: World) -> PaymentRun:
    due(world)
    with transaction.atomic():
        return make_payment_run(made_by=world.finance, note="x", now=NOW)


@transaction.atomic
def paused(world: World) -> int:
    return pause_automatic(policy=POLICY, paused_by=world.checker, note="x", now=NOW).pk


OF_MONEY = [
    Button("claims_paymentrun_changelist", "", "claims_paymentrun", lambda w, u, begun: Sent(body=NOTE), due),
    Button("claims_paymentrun_export", "", EVENT, lambda w, u, begun: Sent(body=WHY), due),
    Button(RUN, "arrived", "claims_paymentitem", lambda w, u, run: Sent([run.pk], {"all": "1"}), run_of),
    Button(RUN, "failed", "claims_paymentitem", lambda w, u, run: Sent([run.pk], {**NOTE, "all": "1"}), run_of),
    Button("claims_paymentrun_file", "", EVENT, lambda w, u, run: Sent([run.pk], WHY), run_of),
    Button(
        "claims_authoritylimit_changelist", "", "claims_authoritylimit",
        lambda w, u: Sent(body={"unit": "KRW", "per_decision": 10, "per_day": 20}),
    ),
    Button(
        "claims_automaticpause_changelist", "", "claims_automaticpause", lambda w, u: Sent(body={"policy": POLICY, **NOTE})
    ),
    Button(
        "claims_automaticpause_changelist", "resume", "claims_automaticpause",
        lambda w, u, pause: Sent(body={"resume": pause, f"pause-{pause}-note": "x"}), paused,
    ),
    Button(
        "claims_cohort_changelist", "", "claims_cohort",
        lambda w, u: Sent(body={"policy": POLICY, "incident": w.incident.pk, "alarm_above": 9, **NOTE}),
    ),
    Button(
        "claims_goodwillbudget_changelist", "", "claims_goodwillbudget",
        lambda w, u: Sent(body={"incident": w.incident.pk, "currency": "KRW", "amount": 10, **NOTE}),
    ),
    Button("claims_chaincheck_changelist", "", "claims_chaincheck", lambda w, u: Sent()),
]  # fmt: skip


BUTTONS = [*OF_CLAIM, *OF_ENTERING, *OF_QUEUE, *OF_MONEY]
