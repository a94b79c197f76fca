"""Documents: what is asked for, what was sent and found, and the bytes of a file that is sent now."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.http import HttpResponse
from pydantic import BaseModel, Field
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.acting import acting_on
from claims.api.claim_acts import ClaimAct
from claims.api.questions import text_asked
from claims.api.sight import READS_CLAIMS, claim_seen
from claims.api.views import checked_key, once, said
from claims.documents import LARGEST
from claims.models import Claim, EvidenceFile, EvidenceItem, EvidenceItemState, MediaType
from claims.operations import begin_upload, in_turn, receive_evidence
from claims.operations.refusals import ReferenceUnknown
from claims.queries.evidence import shown_files
from services import clock
from services.bodies import read_bytes
from services.body_fields import Instant

SENT_AS = (*MediaType.values, "application/octet-stream")


class ItemSaid(BaseModel):
    """Something that is asked for: a document of a policy, or what staff say in words."""

    number: int = Field(description="By which a file says that it is this.")
    state: EvidenceItemState
    policy: str | None
    document: str | None
    fact: str | None
    words: str | None
    due_date: date


class FileSaid(BaseModel):
    """A file that was sent. `sha256`: of the bytes as they were sent."""

    sha256: str
    media_type: MediaType = Field(description="Of what is kept, which is made anew.")
    size: int
    received_at: Instant
    items: list[int]
    accepted: bool | None = Field(description="null: nobody has looked at it yet.")
    reason: str | None


class EvidenceSaid(BaseModel):
    asked: list[ItemSaid]
    files: list[FileSaid]


class Evidence(ClaimAct):
    """What is asked for and what was sent. A file is sent by POST as it is, with its Content-Type: JPEG, PNG, WebP, PDF or CSV
    of at most 10 MB. `?items=1,2` says for what it was asked, `?shows=kakao_bike.ride_charge` what else it shows.
    """

    scopes = {"GET": READS_CLAIMS, "HEAD": READS_CLAIMS, **ClaimAct.scopes}
    written_with = ("items", "shows", "name")
    bodies, answers = {"POST": tuple(MediaType.values)}, {"GET": (200, EvidenceSaid), "POST": (201, FileSaid)}

    def get(self, request: Request, reference: str) -> Response:
        return said(_evidence_said(claim_seen(request, reference)))

    def post(self, request: Request, reference: str) -> HttpResponse:
        """Send a file."""
        checked_key(request)
        claim = claim_seen(request, reference)
        raw = read_bytes(request._request, most_bytes=LARGEST, media_types=SENT_AS)
        items, shows, name = _items(request, claim), _shows(request), text_asked(request, "name") or ""
        with transaction.atomic(durable=True):  # it counts, whether it is taken or not
            now = clock.now()
            begin_upload(claim_id=claim.pk, sent_by=acting_on(request, claim, now), now=now)

        def act(now: datetime) -> FileSaid:
            file = receive_evidence(
                claim_id=claim.pk, item_ids=items, content=raw, received_by=acting_on(request, claim, now), name=name,
                shows=shows, now=now,
            )  # fmt: skip
            return _file_said(shown_files().get(pk=file.pk), _numbers(claim))

        with in_turn():
            return once(request, raw, act, media_type=request._request.content_type or "")


def _numbers(claim: Claim) -> dict[int, int]:
    """Of what was asked for, by id: 1, 2, ... in the order in which it was."""
    asked = EvidenceItem.objects.filter(claim=claim).order_by("pk").values_list("pk", flat=True)
    return {pk: number for number, pk in enumerate(asked, start=1)}


def _items(request: Request, claim: Claim) -> list[int]:
    """Ids by their numbers. Raises ReferenceUnknown."""
    known = {str(number): pk for pk, number in _numbers(claim).items()}
    asked = [one for one in (text_asked(request, "items") or "").split(",") if one]
    if any(one not in known for one in asked):
        raise ReferenceUnknown("Nothing with this number is asked for.", field="items")
    return [known[one] for one in asked]


def _shows(request: Request) -> list[tuple[str, str]]:
    said_to_show = [one for one in (text_asked(request, "shows") or "").split(",") if one]
    return [(policy, fact) for policy, _, fact in (one.partition(".") for one in said_to_show)]


def _evidence_said(claim: Claim) -> EvidenceSaid:
    numbers = _numbers(claim)
    items = EvidenceItem.objects.filter(claim=claim).select_related("request", "words").order_by("pk")
    files = shown_files().filter(claim=claim).order_by("pk")
    return EvidenceSaid(
        asked=[
            ItemSaid(
                number=numbers[item.pk], state=EvidenceItemState(item.state), policy=item.policy or None,
                document=item.document or None, fact=item.fact or None,
                words=getattr(getattr(item, "words", None), "text", None), due_date=item.request.due_date,
            )
            for item in items
        ],
        files=[_file_said(file, numbers) for file in files],
    )  # fmt: skip


def _file_said(file: EvidenceFile, numbers: dict[int, int]) -> FileSaid:
    review = getattr(file, "review", None)
    return FileSaid(
        sha256=file.sha256, media_type=MediaType(file.media_type), size=file.size, received_at=file.received_at,
        items=sorted(numbers[answer.item_id] for answer in file.answers.all()),
        accepted=review.accepted if review else None, reason=review.reason if review else None,
    )  # fmt: skip
