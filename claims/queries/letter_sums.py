"""What a decision comes to, as the table of its letter has it: what is given, asked back or not, or that nothing changes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from claims.eligibility.wording import Wording
from claims.models import GOODWILL, Decision, PaymentPart, Payout, PayoutKind
from claims.models.owing import is_owed, is_undecided

BESIDE = ("정책과 별도", "apart from the schemes")
UNPAID = ("지급하지 않음 (아직 보내지 않은 것)", "not paid (it had not gone out yet)")
KINDS: dict[str, tuple[str, str]] = {
    PayoutKind.FIRST: ("보상", "compensation"), PayoutKind.TOP_UP: ("추가 보상", "top-up"),
    PayoutKind.GOODWILL: ("호의 보상", "goodwill"),
    PayoutKind.RECOVERY: ("환수", "to be paid back"),
    PayoutKind.WRITTEN_OFF: ("환수하지 않음", "not asked back"), PayoutKind.UNDONE: UNPAID,
}  # fmt: skip
UNCHANGED = {
    "assessed": ("이번에 산정한 것", "assessed now"), "before": ("앞서 드리기로 한 것", "granted before"),
    "now": ("이번에 더 드릴 것", "more that comes now"),
}  # fmt: skip
NO_MORE = (
    "앞서 드리기로 한 것은 그대로이고, 이번에 더 드리거나 돌려받을 것은 없습니다.",
    "What was granted before stands. Nothing more comes now, and nothing is asked back.",
)
TAKEN_UP = ("앞서 환수하지 않은 만큼 (이미 받음)", "what was not asked back before (you have it)")
NOTES: dict[str, tuple[str, str]] = {
    PayoutKind.TOP_UP: ("전보다 더 받게 되었습니다.", "You are owed more than before."),
    PayoutKind.RECOVERY: ("산정액이 전보다 줄었습니다.", "You are owed less than before."),
    PayoutKind.UNDONE: ("아직 보내지 않은 것이라 돌려주실 것은 없습니다.",
                        "It had not gone out, so there is nothing to give back."),
    PayoutKind.GOODWILL: (
        "호의 보상은 보상할 의무와 별도로 드리는 것이며, 의무를 인정하는 것이 아닙니다. 나중에 돌려받지 않습니다.",
        "Goodwill is given apart from what is owed. It acknowledges no debt, and a later correction does not ask it back.",
    ),
    PayoutKind.WRITTEN_OFF: ("줄어든 금액이 적어 돌려받지 않습니다. 따로 하실 일은 없습니다.",
                             "The amount is too small to be asked back. You need not do anything."),
}  # fmt: skip
Key = tuple[str, str, str]  # policy, remedy, unit
TOLD = (PayoutKind.TOP_UP, PayoutKind.GOODWILL)  # kinds above zero that have a note


@dataclass(frozen=True)
class Sums:
    """`rows`: scheme, what and amount. `changed`: policies by which another sum is given than before. `unchanged`: what was
    granted before is granted again, and the rows say so. `given`: goodwill is among them; `goodwill_alone`: and nothing else.
    """

    rows: list[dict[str, Any]]
    notes: list[str]
    changed: set[str]
    unchanged: bool
    given: bool
    goodwill_alone: bool


def sums_of(decision: Decision, wording: Wording) -> Sums:
    payouts = _told(list(Payout.objects.filter(decision=decision).order_by("pk")), decision)
    unchanged = [] if payouts or not decision.approved else _unchanged(decision, wording)
    given = any(payout.kind == PayoutKind.GOODWILL for payout in payouts)
    kinds = dict.fromkeys(payout.kind for payout in payouts if payout.quantity < 0 or payout.kind in TOLD)
    return Sums(
        rows=_rows(payouts, _not_gone_out(payouts), wording) + unchanged,
        notes=[wording.say(*said) for said in (*(NOTES[kind] for kind in kinds), *([NO_MORE] if unchanged else []))],
        changed={payout.policy for payout in payouts} - {GOODWILL},
        unchanged=bool(unchanged), given=given, goodwill_alone=given and len(payouts) == 1,
    )  # fmt: skip


def _told(payouts: list[Payout], decision: Decision) -> list[Payout]:
    """Of a rejection what was written off, now or before, and is withheld is told once, as not paid."""
    if decision.approved:
        return payouts
    withheld = {_paid_by(payout): payout.quantity for payout in payouts if payout.quantity > 0}
    for payout in payouts:
        if payout.kind == PayoutKind.WRITTEN_OFF and payout.quantity < 0:
            payout.quantity += withheld.get(_paid_by(payout), 0)
    return [payout for payout in payouts if payout.quantity < 0]


def _paid_by(payout: Payout) -> tuple[str, ...]:
    return tuple(getattr(payout, name) for name in PAID_BY)


def _not_gone_out(payouts: list[Payout]) -> set[int]:
    """Recoveries of what no payment has taken yet: nothing is to be given back. No query where nothing is asked back."""
    recoveries = [payout for payout in payouts if payout.kind == PayoutKind.RECOVERY]
    if not recoveries:
        return set()
    gone = PaymentPart.objects.filter(payout__claim=recoveries[0].claim_id, live=True)
    keys = set(gone.values_list(*(f"payout__{name}" for name in PAID_BY)))
    return {payout.pk for payout in recoveries if _paid_by(payout) not in keys}


PAID_BY = ("policy", "rule", "remedy", "unit", "currency")


def _said_kind(payout: Payout, unpaid: set[int]) -> tuple[str, str]:
    if payout.kind == PayoutKind.WRITTEN_OFF and payout.quantity > 0:
        return TAKEN_UP
    return UNPAID if payout.pk in unpaid else KINDS[payout.kind]


def _row(key: Key, what: tuple[str, str], quantity: int, wording: Wording) -> dict[str, Any]:
    policy, remedy, unit = key
    scheme = _scheme(policy, wording)
    return {"scheme": scheme, "what": wording.say(*what), "amount": wording.of_remedy(remedy, quantity, unit)}


def _scheme(policy: str, wording: Wording) -> str:
    if policy == GOODWILL:
        return wording.say(*BESIDE)
    return next((pack.body.title.said(wording.pick) for pack in wording.terms.packs if pack.code == policy), policy)


def _rows(payouts: list[Payout], unpaid: set[int], wording: Wording) -> list[dict[str, Any]]:
    return [
        _row((payout.policy, payout.remedy, payout.unit), _said_kind(payout, unpaid), payout.quantity, wording)
        for payout in payouts
    ]


def _unchanged(decision: Decision, wording: Wording) -> list[dict[str, Any]]:
    """Of what was decided again and makes no difference: what it comes to, as far as that is known, what was granted before,
    and that no more comes.
    """
    earlier = Payout.objects.filter(Q(decision__lt=decision.pk) | Q(decision=None), claim=decision.claim_id)
    granted = Counter[Key]()
    for payout in earlier.exclude(Q(remedy=GOODWILL) | Q(kind=PayoutKind.WRITTEN_OFF)).order_by("pk"):
        granted[payout.policy, payout.remedy, payout.unit] += payout.quantity
    owed, undecided = _owed(decision)
    rows = []
    for key, before in granted.items():
        if before and (owed[key] or key[0] not in undecided):
            rows.append(_row(key, UNCHANGED["assessed"], owed[key], wording))
        if before:
            rows += [_row(key, UNCHANGED["before"], before, wording), _row(key, UNCHANGED["now"], 0, wording)]
    return rows


def _owed(decision: Decision) -> tuple[Counter[Key], set[str]]:
    """By the assessment that was decided, and the policies of which it leaves something open."""
    owed, undecided = Counter[Key](), set()
    for line in decision.assessment.lines.select_related("rule__version__policy"):
        policy = "" if line.rule is None else line.rule.version.policy.code
        if is_owed(line.outcome, line.quantity, line.reasons):
            owed[policy, line.remedy or "", line.unit or ""] += line.quantity or 0
        elif is_undecided(line.outcome, line.reasons):
            undecided.add(policy)
    return owed, undecided
