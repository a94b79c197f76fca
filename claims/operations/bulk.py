"""The same decision for many claims: a preview of each, then begun within one's authority or confirmed, then worked off.

Expects a transaction, but for `work_next_items`, which opens its own.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction

from accounts.models import User
from accounts.operations import is_same_person, log_ins_of
from accounts.payees import gave_payee_sql
from claims import hints
from claims.facts import terms_of
from claims.models import (
    MESSAGE,
    AssessmentRun,
    BulkItem,
    BulkItemState,
    BulkRun,
    BulkState,
    BulkWhat,
    EvidenceItemState,
    RejectionReason,
    ReviewStatus,
)
from claims.models.intake import IN_NO_LIST_SQL
from claims.models.twins import HAS_TWIN_SQL
from claims.operations.decisions import (
    CONFIRMERS,
    DECIDERS,
    EVENTS,
    AuthorityExceeded,
    Deciders,
    OwnClaim,
    OwnProposal,
    ReasonUnknown,
    Ruling,
    carry_out,
)
from claims.operations.limits import Sums, counted, within_authority
from claims.operations.moves import TransitionNotAllowed, lock_statuses, log_event
from claims.operations.payouts import Answers, Stakes, stakes_of
from claims.operations.policy import published_packs
from claims.operations.refusals import Required
from claims.operations.replies import answer_items
from claims.operations.settlement import is_sampled
from claims.queries.conflicts import CONFLICT_SQL, conflicting_claims
from services.instants import OutOfRange, check_instant
from services.refusals import Unknown
from services.staff import require

log = logging.getLogger(__name__)

MOST = 10_000  # claims of a run


class UnknownBulkRun(Unknown):
    code = "unknown_bulk_run"


def draft_bulk(*, what: str, claim_ids: Sequence[int], made_by: User, now: datetime, reasons: Sequence[str] = ()) -> BulkRun:
    """A preview: what would be done to each of these claims, at its newest assessment, and why not to some. Decides nothing.

    A rejection in bulk names reasons of `RejectionReason` only. Raises RoleMissing, OutOfRange for none or more than MOST,
    Required, ReasonUnknown.
    """
    now = check_instant(now, "now")
    require(made_by, DECIDERS, "decide claims")
    wanted = sorted(set(claim_ids))
    if not 1 <= len(wanted) <= MOST:
        raise OutOfRange(f"{len(wanted)} claims are chosen; choose 1 to {MOST}.", field="claims", about=f"1–{MOST:,}")
    approve = what == BulkWhat.APPROVE
    if not approve and not reasons:
        raise Required("A rejection names at least one reason.", field="reasons")
    for code in reasons:
        if approve or code not in RejectionReason.values:
            raise ReasonUnknown(f"{code!r} is no reason to reject many claims.", field="reasons")
    found = _look_at(wanted, [made_by], approve=approve, reasons=reasons)
    run = BulkRun.objects.create(what=what, reasons=list(reasons), made_by=made_by, made_at=now, total=len(found))
    stakes = _stakes(found, approved=approve)
    items = [_item(run, one, stakes.get(one.claim_id, Stakes()), approve=approve) for one in found]
    BulkItem.objects.bulk_create(items)
    return run


def begin_bulk(*, run_id: int, begun_by: User, now: datetime) -> BulkRun:
    """By who made it. What is above his authority, of one claim or of all of them together, a second person has to confirm.

    Raises RoleMissing, UnknownBulkRun, TransitionNotAllowed, OwnProposal for somebody else's.
    """
    now = check_instant(now, "now")
    require(begun_by, DECIDERS, "decide claims")
    run = _lock(run_id, BulkState.DRAFTED)
    if run.made_by_id != begun_by.pk:
        raise OwnProposal("Who made this choice begins it. Make one of your own.")
    if within_authority(begun_by, *_counted(run), now):
        return _open(run, None, now)
    run.state = BulkState.PROPOSED
    run.save(update_fields=["state"])
    log_event("bulk_proposed", actor=begun_by, now=now, data={"bulk_run": run.pk, "what": run.what, "claims": run.total})
    return run


def confirm_bulk(*, run_id: int, confirmed_by: User, now: datetime) -> BulkRun:
    """The second person agrees, within his own authority.

    Raises RoleMissing, UnknownBulkRun, TransitionNotAllowed, OwnProposal, AuthorityExceeded.
    """
    now = check_instant(now, "now")
    require(confirmed_by, CONFIRMERS, "confirm a bulk decision")
    run = _lock(run_id, BulkState.PROPOSED)
    if is_same_person(run.made_by, confirmed_by):
        raise OwnProposal("Somebody else than who made it confirms it.")
    if not within_authority(confirmed_by, *_counted(run), now):
        raise AuthorityExceeded("Together this is above what you may give. Somebody with more has to.")
    return _open(run, confirmed_by, now)


def drop_bulk(*, run_id: int, dropped_by: User, now: datetime) -> BulkRun:
    """Before it began; nothing was done. By who made it, and once it is proposed by who could confirm it.

    Raises RoleMissing, UnknownBulkRun, TransitionNotAllowed, OwnProposal for somebody else's, OwnClaim.
    """
    now = check_instant(now, "now")
    require(dropped_by, DECIDERS, "drop a bulk decision")
    run = _lock(run_id, BulkState.DRAFTED, BulkState.PROPOSED)
    if run.made_by_id != dropped_by.pk and not (run.state == BulkState.PROPOSED and dropped_by.holds(*CONFIRMERS)):
        raise OwnProposal("Who made this choice drops it, or a checker who is asked to confirm it.")
    if conflicting_claims(list(run.rows.values_list("claim", flat=True)), dropped_by):
        raise OwnClaim("One of these claims is yours, or of somebody with your address or account. Somebody else drops it.")
    run.state, run.finished_at = BulkState.DROPPED, now
    run.save(update_fields=["state", "finished_at"])
    log_event("bulk_dropped", actor=dropped_by, now=now, data={"bulk_run": run.pk})
    return run


def _lock(run_id: int, *states: str) -> BulkRun:
    run = BulkRun.objects.select_for_update(no_key=True, of=("self",)).select_related("made_by").filter(pk=run_id).first()
    if run is None:
        raise UnknownBulkRun(f"There is no bulk run {run_id}.", field="run")
    if run.state not in states:
        raise TransitionNotAllowed(f"This bulk run is {run.state} already.", field="state")
    return run


def _open(run: BulkRun, checked_by: User | None, now: datetime) -> BulkRun:
    run.state, run.begun_at, run.checked_by = BulkState.OPEN, now, checked_by
    run.save(update_fields=["state", "begun_at", "checked_by"])
    data = {"bulk_run": run.pk, "what": run.what, "claims": run.total}
    log_event("bulk_begun", actor=checked_by or run.made_by, now=now, data=data)
    hints.write_hint(hints.WORK_ON_BULK, run.pk, now=now)
    return run


def _counted(run: BulkRun) -> tuple[Sums, Sums]:
    """What is at stake together, and at most of one claim."""
    todo = run.rows.filter(state=BulkItemState.TODO).values_list("gives", "asks_back")
    return counted([Stakes(gives, asks_back).counted() for gives, asks_back in todo])


# --- what is looked at ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Seen:
    """A claim with its newest assessment, the run of that, and why nothing can be decided about it (empty: it can)."""

    claim_id: int
    assessment_id: int | None
    run_id: int | None
    gives: bool
    code: str


def _look_at(claim_ids: Sequence[int], users: Sequence[User], *, approve: bool, reasons: Sequence[str] = ()) -> list[_Seen]:
    """In the order of the claims; unknown ones are left out. `users`: who made the run, and who confirmed it. What is drawn as
    a sample or may be a duplicate is approved one by one.
    """
    with connection.cursor() as cursor:
        by: dict[str, Any] = {
            "claims": list(claim_ids),
            "maker": users[0].pk,
            "users": [pk for user in users for pk in log_ins_of(user)],
            "two": [user.pk for user in users] if len(users) > 1 else [],
            "approve": approve,
            "no_evidence": RejectionReason.NO_EVIDENCE in reasons,
        }
        cursor.execute(LOOK_AT, by)
        seen = [_Seen(*row) for row in cursor.fetchall()]
    return _without_samples(seen) if approve else seen


def _without_samples(seen: Sequence[_Seen]) -> list[_Seen]:
    """Also of claims of which the queue does not say it any more, because somebody has put them there again. Two queries."""
    drawn: dict[int, bool] = {}
    packs = {pack.code: pack for pack in published_packs()}
    with connection.cursor() as cursor:
        cursor.execute(POLICIES_OF, [[one.assessment_id for one in seen if not one.code]])
        for assessment, reference, policy in cursor.fetchall():
            share = packs[policy].body.automatic.sample_per_thousand
            drawn[assessment] = drawn.get(assessment, False) or is_sampled(policy, reference, share)
    return [replace(one, code="one_by_one") if drawn.get(one.assessment_id or 0) else one for one in seen]


POLICIES_OF = """
SELECT DISTINCT a.id, c.reference, p.code
  FROM claims_assessment a
  JOIN claims_claim c ON c.id = a.claim_id
  JOIN claims_entitlementline e ON e.assessment_id = a.id
  JOIN claims_policyrule r ON r.id = e.rule_id
  JOIN claims_policyversion v ON v.id = r.version_id
  JOIN claims_policy p ON p.id = v.policy_id
 WHERE a.id = ANY(%s::bigint[])"""

# The checks of a decision by hand (`decide_claim`), of many claims at once. What is queued needs not be taken first.
LOOK_AT = f"""
SELECT s.claim_id, a.id, a.run_id,
       EXISTS (SELECT 1 FROM claims_entitlementline e
                WHERE e.assessment_id = a.id AND e.outcome = 'eligible' AND e.quantity > 0),
       CASE WHEN EXISTS (SELECT 1 FROM accounts_user u
                          WHERE u.id = ANY(%(users)s) AND {CONFLICT_SQL})
            THEN 'conflict_of_interest'
            WHEN %(approve)s AND EXISTS (SELECT 1 FROM accounts_user k WHERE k.id = ANY(%(two)s) AND {gave_payee_sql("true")})
            THEN 'four_eyes'
            WHEN EXISTS (SELECT 1 FROM claims_appeal x WHERE x.claim_id = s.claim_id AND x.state = 'open') THEN 'appeal_open'
            WHEN EXISTS (SELECT 1 FROM claims_appeal x JOIN claims_decision d ON d.id = x.decision_id
                                LEFT JOIN claims_decisionproposal r ON r.id = d.proposal_id
                          WHERE x.claim_id = s.claim_id AND x.state <> 'withdrawn'
                            AND ARRAY[d.decided_by_id, d.checked_by_id, r.proposed_by_id]::bigint[] && %(users)s::bigint[])
            THEN 'decided_before'
            WHEN s.review = '{ReviewStatus.IN_REVIEW}' AND s.assignee_id <> %(maker)s THEN 'reviewed_by_another'
            WHEN s.review NOT IN ('{ReviewStatus.QUEUED}', '{ReviewStatus.IN_REVIEW}') THEN 'transition_not_allowed'
            WHEN '{MESSAGE}' = ANY(s.reasons) THEN 'message_open'
            WHEN %(no_evidence)s AND NOT EXISTS (SELECT 1 FROM claims_evidenceitem i
                          LEFT JOIN LATERAL (SELECT bool_or(r.accepted) AS accepted FROM claims_evidenceanswer e
                                               JOIN claims_evidencereview r ON r.file_id = e.file_id
                                              WHERE e.item_id = i.id) f ON true
                          WHERE i.claim_id = s.claim_id AND (i.state = '{EvidenceItemState.MISSING}' OR NOT f.accepted))
            THEN 'evidence_not_asked'
            WHEN {IN_NO_LIST_SQL} THEN 'in_no_list'
            WHEN %(approve)s AND (EXISTS (SELECT 1 FROM unnest(s.reasons) r WHERE starts_with(r, 'sample:')) OR {HAS_TWIN_SQL})
            THEN 'one_by_one'
            WHEN a.id IS NULL OR EXISTS (SELECT 1 FROM claims_reassessmentdue d WHERE d.claim_id = s.claim_id)
            THEN 'assessment_outdated' ELSE '' END
  FROM unnest(%(claims)s::bigint[]) AS n(claim_id)
  JOIN claims_claimstatus s ON s.claim_id = n.claim_id
  JOIN claims_claim c ON c.id = s.claim_id
  LEFT JOIN accounts_personaldata p ON p.person_id = c.person_id AND p.email <> ''
  LEFT JOIN LATERAL (SELECT id, run_id FROM claims_assessment WHERE claim_id = s.claim_id
                      ORDER BY run_id DESC LIMIT 1) a ON true
 ORDER BY s.claim_id"""  # noqa: S608 - constants


def _stakes(found: Sequence[_Seen], *, approved: bool) -> dict[int, Stakes]:
    """By claim, of those that can be decided."""
    open_ones = [one for one in found if not one.code]
    answers = Answers([one.claim_id for one in open_ones], [one.assessment_id or 0 for one in open_ones], approved=approved)
    return stakes_of(answers) if open_ones else {}


def _item(run: BulkRun, seen: _Seen, stakes: Stakes, *, approve: bool) -> BulkItem:
    code = seen.code or ("nothing_to_decide" if approve and not seen.gives and not stakes.gives else "")
    return BulkItem(
        run=run, claim_id=seen.claim_id, assessment_id=seen.assessment_id, gives=stakes.gives, asks_back=stakes.asks_back,
        state=BulkItemState.REFUSED if code else BulkItemState.TODO, code=code,
    )  # fmt: skip


# --- worked off -------------------------------------------------------------------------------------------


def open_bulk_runs() -> list[int]:
    """That workers are to work off, the oldest first."""
    return list(BulkRun.objects.filter(state=BulkState.OPEN).order_by("pk").values_list("pk", flat=True))


def work_next_items(*, run_id: int, now: datetime, most: int | None = None) -> bool:
    """Decide some claims of an open run; False when none is left, or others have the rest. Call it outside any transaction.

    A worker that dies rolls back, and its claims are free at once. What fails is tried again in halves, down to the one claim
    that fails, which is refused with the code `failed`.
    """
    now = check_instant(now, "now")
    most = most or int(settings.CLAIMS_BULK_SLICE)
    taken: list[int] = []
    try:
        with transaction.atomic():
            return _work(run_id, most, now, taken)
    except OperationalError as error:
        log.warning("bulk run %s waits: %r", run_id, error)
        return False
    except Exception:
        log.exception("bulk run %s failed with %s claims", run_id, most)
    if most > 1:
        return work_next_items(run_id=run_id, now=now, most=most // 2)
    with transaction.atomic():
        still = BulkItem.objects.filter(pk__in=taken, state=BulkItemState.TODO)  # another worker may have decided it since
        still.update(state=BulkItemState.REFUSED, code="failed")
    return bool(taken)


def _todo(run_id: int, most: int) -> list[BulkItem]:
    items = BulkItem.objects.filter(run=run_id, state=BulkItemState.TODO, run__state=BulkState.OPEN).order_by("claim_id")
    return list(items.select_for_update(no_key=True, skip_locked=True, of=("self",))[:most])


def _work(run_id: int, most: int, now: datetime, taken: list[int]) -> bool:
    items = _todo(run_id, most)
    taken.extend(item.pk for item in items)
    if not items:
        return not _finish(run_id, now)
    run = BulkRun.objects.select_related("made_by", "checked_by").get(pk=run_id)
    lock_statuses(item.claim_id for item in items)
    if run.what == BulkWhat.ANSWER:
        answer_items(run, items, now)
    else:
        _decide_items(run, items, now)
    BulkItem.objects.bulk_update(items, ["state", "code"])
    return True


def _decide_items(run: BulkRun, items: Sequence[BulkItem], now: datetime) -> None:
    users = [run.made_by] if run.checked_by is None else [run.made_by, run.checked_by]
    approve = run.what == BulkWhat.APPROVE
    seen = {
        one.claim_id: one for one in _look_at([item.claim_id for item in items], users, approve=approve, reasons=run.reasons)
    }
    stakes = _stakes(list(seen.values()), approved=approve)
    by_run: dict[int, list[BulkItem]] = defaultdict(list)
    for item in items:
        now_seen = seen[item.claim_id]
        item.code = now_seen.code or ("" if now_seen.assessment_id == item.assessment_id else "assessment_outdated")
        previewed = Stakes(item.gives, item.asks_back)  # and counted against somebody's authority
        if not item.code and stakes.get(item.claim_id, Stakes()) != previewed:  # a decision was undone, or paid, meanwhile
            item.code = "amount_changed"
        item.state = BulkItemState.REFUSED if item.code else BulkItemState.DONE
        if now_seen.run_id is not None and not item.code:
            by_run[now_seen.run_id].append(item)
    for assessed_by, chosen in sorted(by_run.items()):
        _decide(run, assessed_by, chosen, now)


def _decide(run: BulkRun, assessed_by: int, items: Sequence[BulkItem], now: datetime) -> None:
    terms = terms_of(AssessmentRun.objects.select_related("terms").get(pk=assessed_by).terms)
    approved = run.what == BulkWhat.APPROVE
    answers = Answers(
        [item.claim_id for item in items], [item.assessment_id or 0 for item in items], approved=approved
    )  # fmt: skip
    ruling = Ruling(answers, run.reasons, ReviewStatus.CLOSED, (), EVENTS[approved])
    carry_out([ruling], terms, by=Deciders(run.made_by, run.checked_by, None, run), now=now)


def _finish(run_id: int, now: datetime) -> bool:
    """Whether nothing is left to do. The run is locked first: of two who do its last claims the second one sees both done."""
    run = BulkRun.objects.select_for_update(no_key=True).filter(pk=run_id, state=BulkState.OPEN).first()
    if run is None:
        return True
    if run.rows.filter(state=BulkItemState.TODO).exists():
        return False
    run.state, run.finished_at = BulkState.DONE, now
    run.save(update_fields=["state", "finished_at"])
    done = Counter(run.rows.values_list("state", flat=True))
    data = {"bulk_run": run.pk, "done": done[BulkItemState.DONE], "refused": done[BulkItemState.REFUSED]}
    log_event("bulk_done", actor=None, now=now, data=data)
    return True
