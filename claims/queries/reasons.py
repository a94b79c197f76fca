"""Why people have to look at claims, as of what was assessed last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

from claims.models import ClaimStatus, Outcome
from claims.models.owing import UNDECIDED, UNDECIDED_SQL

NOTHING_TO_ASSESS = "nothing_to_assess"


def reasons_now(statuses: Iterable[ClaimStatus]) -> dict[int, list[str]]:
    """By claim, the reasons of its status. Of those that an assessment gave, what the newest one says takes the place: rules
    write them down, and leave a claim alone that somebody has in hand. One query, none where there are none of these.
    """
    kept = {status.pk: list(status.reasons) for status in statuses}
    asked = [claim for claim, reasons in kept.items() if any(of_assessment(code) for code in reasons)]
    return kept | {claim: _renewed(kept[claim], undecided) for claim, undecided in _undecided(asked).items()}


def undecided_now(claim_id: int) -> list[str]:
    """What the newest assessment leaves to people. One query."""
    return sorted(_undecided([claim_id]).get(claim_id, ()))


def of_assessment(code: str) -> bool:
    """Whether it is what an assessment left undecided: a line's outcome, with its reason."""
    return code.split(":", maxsplit=1)[0] in (*UNDECIDED, Outcome.ELIGIBLE, NOTHING_TO_ASSESS)


def _renewed(reasons: Sequence[str], undecided: Sequence[str]) -> list[str]:
    still = [code for code in reasons if not of_assessment(code) or code in undecided]
    return [*still, *(code for code in undecided if code not in still)]


def _undecided(claims: Sequence[int]) -> dict[int, list[str]]:
    """Of the newest assessments, as rules say it in `LOOK_AT`."""
    if not claims:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT n.claim_id, count(e.id) = 0,
                       array_agg(DISTINCT e.outcome || coalesce(':' || said, '')) FILTER (WHERE {UNDECIDED_SQL})
                  FROM unnest(%s::bigint[]) AS n(claim_id)
                 CROSS JOIN LATERAL (SELECT id FROM claims_assessment WHERE claim_id = n.claim_id
                                      ORDER BY run_id DESC LIMIT 1) a
                  LEFT JOIN claims_entitlementline e ON e.assessment_id = a.id
                  LEFT JOIN LATERAL unnest(e.reasons) said ON true
                 GROUP BY n.claim_id""",  # noqa: S608 - constants
            [list(claims)],
        )
        return {claim: [NOTHING_TO_ASSESS] if empty else undecided or [] for claim, empty, undecided in cursor.fetchall()}
