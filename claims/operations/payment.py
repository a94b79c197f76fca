"""What is approved and has not gone out is listed, to be paid by somebody; and what became of it. Expects a transaction."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.expressions import RawSQL

from accounts.models import Payee, Role, User
from claims.models import (
    GOODWILL,
    ClaimStatus,
    DecisionStatus,
    ItemState,
    NewsKind,
    PaymentItem,
    PaymentPart,
    PaymentRun,
    PaymentStatus,
    Payout,
    PayoutKind,
    ReviewStatus,
)
from claims.models.owing import STANDS_SQL, TO_ACCOUNT, goes_to_account
from claims.models.twins import HAS_TWIN_SQL
from claims.operations.decisions import MayBeDuplicate, OwnClaim, OwnProposal
from claims.operations.limits import those_within_authority
from claims.operations.moves import Move, checked_note, lock_statuses, log_event, make_moves
from claims.operations.news import tell
from claims.operations.payouts import payment_statuses, withhold
from claims.operations.twins import compare_now
from claims.queries.conflicts import chosen_by_two, conflicting_claims, given_by_one
from claims.queries.payees import held_until
from claims.queries.twins import hinted_claims
from services.instants import check_instant
from services.refusals import Refusal, Unknown
from services.seoul import shown
from services.staff import require

MOST = 10_000  # claims of a run
Row = tuple[Any, ...]  # as WAITING has it
COMPUTED = re.compile(r"[\s\u200b\u2060\ufeff]*[=+\-@＝＋－＠]")  # by a spreadsheet, which may skip what cannot be seen
COLUMNS = ("item", "claim", "person", "remedy", "unit", "currency", "quantity", "payee")


class NothingToPay(Refusal):
    code = "nothing_to_pay"


class UnknownPaymentRun(Unknown):
    code = "unknown_payment_run"


class PayeeMissing(Refusal):
    """Nobody said where it is paid."""

    code = "payee_missing"


class PayeeOfOne(Refusal):
    """A rule approved it, and who alone said where it is paid may not decide as much alone."""

    code = "payee_of_one"


class PayeeHeld(Refusal):
    """The claimant changed where it is paid a short while ago."""

    code = "payee_held"


class NothingCanGo(Refusal):
    """What waits is left out for several reasons."""

    code = "nothing_can_go"


class PaymentAnswered(Refusal):
    """Whether it arrived was said already."""

    code = "payment_answered"


def make_payment_run(*, made_by: User, note: str, now: datetime, most: int = MOST) -> PaymentRun:
    """List the approved claims that wait longest, at most so many: from now on their money counts as gone, and is in no other
    run. Claims on hold, merged or withdrawn are left out, those of who makes the run, or who is reached or paid where he is,
    and those that may be for the same as others, as long as nobody has answered that.

    Of what goes to an account, and only of that: it is left out where one of two who approved has entered the account since.
    What a rule approved, and of which one member of staff alone said where it goes, counts as decided by him today: what is
    above his authority is left out, until somebody else enters the same account. Money of which nobody said where it goes stays
    until somebody does. What goes to an account that took the place of another by the claimant's own word is left out for two
    days. The list names claims, people and payees by their numbers only; `payee` is the number of the account that counts now,
    empty for points, coupons and the like.

    Raises RoleMissing, Required for the note, NothingToPay; where all that waits is left out for one reason OwnClaim,
    MayBeDuplicate, OwnProposal, PayeeHeld, PayeeOfOne or PayeeMissing, for several NothingCanGo.
    """
    now = check_instant(now, "now")
    require(made_by, (Role.FINANCE,), "make a payment run")
    text = checked_note(note, required=True)
    waiting, _ = _sorted_out(_lock_first(_ready(_due()), most, now), made_by, now)
    if not waiting:
        raise _why_nothing(_sorted_out(_lock_first(_due(), most, now), made_by, now)[1])
    run = PaymentRun(made_by=made_by, made_at=now, items=len(waiting))
    items = [
        PaymentItem(run=run, claim_id=claim, remedy=remedy, unit=unit, currency=currency, quantity=quantity)
        for claim, _, _, remedy, unit, currency, quantity, *_ in waiting
    ]
    rows = [
        (place, reference, person, remedy, unit, currency, quantity, (goes_to_account(remedy, currency) and payee) or "")
        for place, (_, reference, person, remedy, unit, currency, quantity, payee, _) in enumerate(waiting, start=1)
    ]
    run.content = as_csv(COLUMNS, rows)
    run.content_hash = hashlib.sha256(run.content).hexdigest()
    run.save(force_insert=True)
    PaymentItem.objects.bulk_create(items)
    PaymentPart.objects.bulk_create(
        PaymentPart(item=item, payout_id=payout) for item, row in zip(items, waiting, strict=True) for payout in row[-1]
    )
    _move(sorted({item.claim_id for item in items}), "payment_sent", made_by, {"payment_run": run.pk}, now)
    data = {
        "payment_run": run.pk,
        "items": run.items,
        "content_hash": run.content_hash,
        "left_out": _due().count(),
    }
    log_event("payment_run_made", actor=made_by, now=now, data=data, note=text)
    return run


def _sorted_out(claim_ids: Sequence[int], made_by: User, now: datetime) -> tuple[list[Row], dict[str, Set[int]]]:
    """What goes out of locked claims, and those of which something is left out, by why."""
    own, hinted = conflicting_claims(claim_ids, made_by), hinted_claims(claim_ids)
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [[claim for claim in claim_ids if claim not in own | hinted]])
        found = cursor.fetchall()
    to_account = [row for row in found if goes_to_account(row[3], row[5])]
    claims = sorted({row[0] for row in to_account})
    chosen, held = chosen_by_two(claims), set(held_until(claims, now))
    homeless = {row[0] for row in to_account if row[7] is None}
    stays = chosen | held | homeless
    beyond = _beyond_authority([row for row in to_account if row[0] not in stays], now)
    stays |= beyond
    goes = [row for row in found if row[0] not in stays or not goes_to_account(row[3], row[5])]
    return goes, {"own": own, "hinted": hinted, "chosen": chosen, "held": held, "beyond": beyond, "homeless": homeless}


def _why_nothing(left_out: Mapping[str, Set[int]]) -> Refusal:
    """Of claims that wait, by why they are left out."""
    why = [name for name, claims in left_out.items() if claims]
    if not why:
        return NothingToPay("Nothing is approved that has not gone out.")
    if len(why) > 1:
        return NothingCanGo("What waits cannot go out now. Why is said of each claim in the list.")
    refusal, told = WHY_NOTHING[why[0]]
    return refusal(told)


WHY_NOTHING: Mapping[str, tuple[type[Refusal], str]] = {
    "own": (OwnClaim, "All that waits is yours, or of somebody with your address or account. Somebody else pays it."),
    "hinted": (MayBeDuplicate, "All that waits may be for the same as other claims. It goes out once the hints are answered."),
    "chosen": (OwnProposal, "Of all that waits, one of the two who approved it entered the account. Somebody else enters it "
                            "again."),
    "held": (PayeeHeld, "Who is paid all that waits changed the account less than two days ago. It goes out after that."),
    "beyond": (PayeeOfOne, "A rule approved all that waits, and who entered the account may not decide as much. Somebody else "
                           "enters it too."),
    "homeless": (PayeeMissing, "Nobody said where all that waits is paid. It goes out once somebody has."),
}  # fmt: skip


def answer_payments(
    *, run_id: int, arrived: bool, answered_by: User, now: datetime, item_ids: Sequence[int] | None = None, note: str = ""
) -> int:
    """What became of items of a run, or of all that are still on their way; how many. What failed is due again, unless it was
    rejected meanwhile. Claimants are told what arrived, and what is sent again.

    Of all, those are left out that he may not pay (`make_payment_run`). Raises RoleMissing, UnknownPaymentRun, OwnClaim,
    PaymentAnswered for an item that was answered already, Required for the note of what failed.
    """
    now = check_instant(now, "now")
    require(answered_by, (Role.FINANCE,), "say what became of a payment")
    text = checked_note(note, required=not arrived)
    if not PaymentRun.objects.filter(pk=run_id).exists():
        raise UnknownPaymentRun(f"There is no payment run {run_id}.", field="run")
    chosen = PaymentItem.objects.filter(run=run_id, **({} if item_ids is None else {"pk__in": item_ids}))
    claims = sorted(set(chosen.values_list("claim", flat=True)))
    lock_statuses(claims)
    if own := conflicting_claims(claims, answered_by):
        if item_ids is not None or not chosen.exclude(claim__in=own).filter(state=ItemState.SENT).exists():
            raise OwnClaim("This is yours, or of somebody with your address or account. Somebody else says what became of it.")
        chosen, claims = chosen.exclude(claim__in=own), [claim for claim in claims if claim not in own]
    sent = chosen.filter(state=ItemState.SENT)
    ids = list(sent.values_list("pk", flat=True))
    if not ids or (item_ids is not None and len(ids) < len(set(item_ids))):
        raise PaymentAnswered("What became of this was said already, or it is not in this run.", field="item")
    PaymentItem.objects.filter(pk__in=ids).update(
        state=ItemState.PAID if arrived else ItemState.FAILED, told_by=answered_by, told_at=now
    )
    if not arrived:
        PaymentPart.objects.filter(item__in=ids).update(live=False)
        rejected = ClaimStatus.objects.filter(pk__in=claims, decision=DecisionStatus.REJECTED)
        withhold(dict(rejected.values_list("pk", "stands_id")), now)
    _move(claims, "payment_arrived" if arrived else "payment_failed", answered_by, {"payment_run": run_id}, now)
    told = PaymentItem.objects.filter(pk__in=ids).order_by("claim")
    if not arrived:  # what was rejected since is not sent again
        told = told.exclude(~Q(remedy=GOODWILL), claim__status__decision=DecisionStatus.REJECTED)
    claims_told = list(told.values_list("claim", flat=True).distinct())
    tell(claims_told, NewsKind.PAID if arrived else NewsKind.UNPAID, now=now)
    data = {"payment_run": run_id, "items": len(ids), "arrived": arrived}
    log_event("payments_answered", actor=answered_by, now=now, data=data, note=text)
    return len(ids)


def as_csv(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """UTF-8 with a byte-order mark, all cells quoted. A text that a spreadsheet would compute gets an apostrophe before it."""
    return b"".join(csv_lines(columns, rows))


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The same, a line at a time."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    text.write("\ufeff")
    for row in chain([columns], rows):
        writer.writerow([_safe(cell) for cell in row])
        yield text.getvalue().encode(errors="backslashreplace")
        text.seek(0)
        text.truncate()


def _safe(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return shown(cell)
    return f"'{cell}" if isinstance(cell, str) and COMPUTED.match(cell) else cell


def _due() -> QuerySet[ClaimStatus]:
    idle = (ReviewStatus.HELD, ReviewStatus.MERGED, ReviewStatus.WITHDRAWN)
    return ClaimStatus.objects.filter(payment=PaymentStatus.DUE).exclude(review__in=idle)


def _ready(due: QuerySet[ClaimStatus]) -> QuerySet[ClaimStatus]:
    """Without those that nobody has told an account or a hint is open of: however many they are, they stand before nobody."""
    waits = Payout.objects.filter(~TO_ACCOUNT, claim=OuterRef("pk")).exclude(kind=PayoutKind.WRITTEN_OFF)
    waits = waits.exclude(Exists(PaymentPart.objects.filter(payout=OuterRef("pk"), live=True)))
    positive = waits.values("remedy", "unit", "currency").annotate(together=Sum("quantity")).filter(together__gt=0)
    of_each = f"(SELECT {HAS_TWIN_SQL} FROM (SELECT claims_claimstatus.claim_id) n)"  # noqa: S608 - constants
    hinted = RawSQL(of_each, [], output_field=BooleanField())  # noqa: S611 - constants
    may_go = Exists(Payee.objects.filter(person=OuterRef("claim__person"))) | Exists(positive)
    return due.filter(may_go).exclude(hinted)


def _lock_first(due: QuerySet[ClaimStatus], most: int, now: datetime) -> list[int]:
    """Those that wait longest, compared with all others before: an account of a moment ago may be somebody else's too."""
    chosen = sorted(due.order_by("moved_at", "pk").values_list("pk", flat=True)[:most])
    compare_now(chosen, now=now)
    still = _due().filter(pk__in=chosen)
    return list(still.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


def _beyond_authority(to_account: Sequence[Row], now: datetime) -> set[int]:
    """Of claims that rest on the word of one: those whose money is above what is left of his authority today."""
    money: dict[int, Counter[str]] = defaultdict(Counter)
    for claim, _, _, _, unit, _, quantity, *_ in to_account:
        money[claim][unit] += quantity
    by_giver: dict[int, list[int]] = defaultdict(list)
    for claim, giver in given_by_one(list(money)).items():
        by_giver[giver].append(claim)
    users = User.objects.in_bulk(by_giver)
    return {
        claim
        for giver, claims in sorted(by_giver.items())
        for claim, fits in zip(claims, those_within_authority(users[giver], [money[one] for one in claims], now), strict=True)
        if not fits
    }


def _move(claim_ids: Sequence[int], kind: str, actor: User, data: dict[str, Any], now: datetime) -> None:
    statuses = ClaimStatus.objects.in_bulk(claim_ids)
    rejected = {pk for pk, status in statuses.items() if status.decision == DecisionStatus.REJECTED}
    payments = payment_statuses(claim_ids, rejected)
    moves = [
        Move(claim, kind, payment=payments[claim], data=data)
        for claim in claim_ids
        if payments[claim] != statuses[claim].payment
    ]
    make_moves(moves, actor=actor, now=now)


# What was written off moves no money. Items are of one claim, remedy and unit; only what is above zero together is paid.
WAITING = f"""
SELECT p.claim_id, c.reference, n.public_id::text, p.remedy, p.unit, p.currency, sum(p.quantity)::bigint,
       (SELECT max(y.event_id) FROM accounts_payee y WHERE y.person_id = c.person_id), array_agg(p.id ORDER BY p.id)
  FROM claims_payout p
  JOIN claims_claim c ON c.id = p.claim_id
  JOIN claims_claimstatus s ON s.claim_id = p.claim_id
  JOIN accounts_person n ON n.id = c.person_id
 WHERE p.claim_id = ANY(%s) AND {STANDS_SQL}
 GROUP BY p.claim_id, c.reference, c.person_id, n.public_id, p.remedy, p.unit, p.currency
HAVING sum(p.quantity) > 0
 ORDER BY p.claim_id, p.remedy, p.unit, p.currency"""  # noqa: S608 - constants
