"""Of which claims somebody of the staff keeps away: their own, and of who is reached or paid where they are."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from accounts.models import User
from accounts.payees import PAID_LIKE_SQL

# `check_not_own` for many: of the user `u`, the claim `c` and what names its person, `p`, if anything.
CONFLICT_SQL = f"(u.person_id = c.person_id OR lower(u.email) = lower(p.email) OR {PAID_LIKE_SQL})"
CONFLICTING = f"""
SELECT c.id FROM claims_claim c JOIN accounts_user u ON u.id = %s
  LEFT JOIN accounts_personaldata p ON p.person_id = c.person_id AND p.email <> ''
 WHERE c.id = ANY(%s::bigint[]) AND {CONFLICT_SQL}"""  # noqa: S608 - constants


def conflicting_claims(claim_ids: Sequence[int], user: User) -> set[int]:
    """Those of the claims that are for somebody else. One query."""
    with connection.cursor() as cursor:
        cursor.execute(CONFLICTING, [user.pk, list(claim_ids)])
        return {row[0] for row in cursor.fetchall()}
