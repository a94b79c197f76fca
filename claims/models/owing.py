"""Which lines are owed, and which keep a rule undecided: said of rows in SQL, of the same lines in columns, and of one line."""

from collections.abc import Iterable

import polars as pl
from django.db.models import Q

from claims.eligibility.quantities import PAID_OUT
from claims.models.assessment import Outcome

UNDECIDED = (Outcome.UNKNOWN, Outcome.NEEDS_REVIEW, Outcome.PARKED)
PROOF = "proof_before_payment:"  # begins a reason: owed, and not to be paid yet

# Of a row `e` of claims_entitlementline; no % in them, so that a statement with parameters can take them as they are.
_WAITS_SQL = f"EXISTS (SELECT 1 FROM unnest(e.reasons) reason WHERE starts_with(reason, '{PROOF}'))"  # noqa: S608 - constants
OWED_SQL = f"(e.outcome = '{Outcome.ELIGIBLE}' AND e.quantity IS NOT NULL AND NOT {_WAITS_SQL})"
UNDECIDED_SQL = f"(e.outcome = ANY('{{{','.join(UNDECIDED)}}}') OR {_WAITS_SQL})"

# Of columns outcome, quantity and reasons, these as one text.
_WAITS_IN_COLUMNS = pl.col("reasons").str.contains(PROOF, literal=True)
OWED_IN_COLUMNS = (pl.col("outcome") == Outcome.ELIGIBLE) & pl.col("quantity").is_not_null() & ~_WAITS_IN_COLUMNS
UNDECIDED_IN_COLUMNS = pl.col("outcome").is_in([str(outcome) for outcome in UNDECIDED]) | _WAITS_IN_COLUMNS


# Of payouts and payment items: what is money, which goes to an account. A coupon has a currency too, and goes to none.
TO_ACCOUNT = Q(remedy__in=PAID_OUT) & ~Q(currency="")


def to_account_sql(of: str) -> str:
    """The same of a row of this name."""
    listed = ", ".join(f"'{remedy}'" for remedy in PAID_OUT)
    return f"({of}.currency <> '' AND {of}.remedy IN ({listed}))"


def goes_to_account(remedy: str, currency: str | None) -> bool:
    return remedy in PAID_OUT and bool(currency)


def stake(remedy: str, unit: str, currency: str | None) -> str:
    """What sums are made of: the unit, and of what is worth money and is none, as a coupon, with its remedy before it."""
    return f"{remedy}:{unit}" if currency and remedy not in PAID_OUT else unit


def stake_sql(of: str) -> str:
    """The same of a row of this name."""
    return f"CASE WHEN {of}.currency = '' OR {to_account_sql(of)} THEN {of}.unit ELSE {of}.remedy || ':' || {of}.unit END"


def is_owed(outcome: str, quantity: int | None, reasons: Iterable[str]) -> bool:
    """Of one line."""
    return outcome == Outcome.ELIGIBLE and quantity is not None and not _waits(reasons)


def is_undecided(outcome: str, reasons: Iterable[str]) -> bool:
    """Of one line."""
    return outcome in UNDECIDED or _waits(reasons)


def _waits(reasons: Iterable[str]) -> bool:
    return any(reason.startswith(PROOF) for reason in reasons)


# Payouts that go out, as `p`, beside whatever else is asked of them.
NOT_GONE_SQL = "p.kind <> 'written_off' AND NOT EXISTS (SELECT 1 FROM claims_paymentpart x WHERE x.payout_id = p.id AND x.live)"
# Of these, what its claim with status `s` is still to be given.
STANDS_SQL = f"({NOT_GONE_SQL} AND (s.decision <> 'rejected' OR p.remedy = 'goodwill'))"
