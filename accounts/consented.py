"""What people have agreed to."""

from __future__ import annotations

from accounts.models import Consent

RECORDS = "records"  # of operators and partners, as accounts/consents.yaml calls it


def may_look_in_records(person_id: int) -> bool:
    """Whether the person's newest word on it is yes; nothing said is no. One query."""
    said = Consent.objects.filter(person=person_id, text__code=RECORDS).order_by("-pk")
    return bool(said.values_list("given", flat=True).first())
