"""The two versions of 15 October made as staff make them: observations imported, proposals confirmed, a draft published."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.operations import create_staff
from services.instants import parse_instant
from services.models import Incident, RecordDraft, RecordVersion, WindowProposal
from services.operations import (
    FIXTURES,
    Imported,
    confirm_proposals,
    import_feed,
    know_until,
    list_extent,
    open_incident,
    open_record_draft,
    publish_record_draft,
    register_feed,
)
from services.record_file import RecordFile
from tests.builders import NOW, at

KEY = "kakao-2022-10-15"
SHIPPED = RecordFile.model_validate_json((FIXTURES / f"{KEY}.json").read_bytes())


@transaction.atomic
def staff(name: str, role: str) -> User:
    return create_staff(email=f"{name}@example.com", password="a long password 1", roles=[role], now=NOW)


def parts(number: int) -> dict[str, Any]:
    """Observations and table, as they were known for version `number`."""
    folder = FIXTURES / "observations"
    return {
        "body": (folder / f"{KEY}-{number}.json").read_bytes(),
        "table": (folder / f"{KEY}-{number}-table.json").read_bytes(),
    }


def imported(number: int) -> Imported:
    with transaction.atomic():
        return import_feed(feed="notices", now=NOW, **parts(number))


def drafted(writer: User, number: int) -> RecordDraft:
    """Every open proposal confirmed, the extents and the time of knowledge entered by hand."""
    version = SHIPPED.versions[number - 1]
    draft = open_record_draft(incident=KEY, title=f"version {number}", opened_by=writer, now=NOW)
    waiting = WindowProposal.objects.filter(answer=None, replaced_by=None).order_by("pk").values_list("pk", flat=True)
    confirm_proposals(proposal_ids=list(waiting), draft_id=draft.pk, read=0, reason="as noticed", answered_by=writer, now=NOW)
    by: dict[str, Any] = {"draft_id": draft.pk, "written_by": writer, "now": NOW}
    for row in (SHIPPED.extents[name] for name in version.extents):
        end_at = None if row.end_at is None else parse_instant(row.end_at, "end_at")
        list_extent(
            read=draft.changes.count(), source=row.source, start_at=parse_instant(row.start_at, "start_at"), end_at=end_at,
            start_inferred=row.start_inferred, reason="by its own word", **by,
        )  # fmt: skip
    know_until(read=draft.changes.count(), as_of=parse_instant(version.as_of, "as_of"), reason="the newest notice", **by)
    return draft


def published(draft: RecordDraft, checker: User, after: int) -> RecordVersion:
    return publish_record_draft(draft_id=draft.pk, read=draft.changes.count(), after=after, published_by=checker, now=NOW)


def opened(writer: User) -> Incident:
    """The incident as a case, and the feed of collected observations. The service tree is there."""
    register_feed(code="notices", name="collected notices", kind="observations", source="press", registered_by=writer, now=NOW)
    began: dict[str, Any] = {"started_at": at("15 15:30"), "started_approx": True}
    return open_incident(key=KEY, title_ko="화재", title_en="Fire", opened_by=writer, **began)
