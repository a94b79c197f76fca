"""What the official record says of some services, as a document that is shown to others. It names nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from claims.eligibility import Record, Window, instant_of
from claims.eligibility.segments import effective_windows
from claims.models import Claim
from claims.queries.intake import losses_told
from services.models import Incident, RecordVersion, Service, Source
from services.seoul import SEOUL
from services.words import name_of, said_instant
from services.words import say as word

WORDS = {
    "title": ("장애 사실 확인서", "Proof of an outage"), "number": ("확인서 번호", "Number"), "incident": ("장애", "Outage"),
    "date": ("발급일", "Issued"), "record": ("공식 기록", "Official record"),
    "version": ("제{}판, {} 기준", "version {}, as of {}"),
    "says": ("공식 기록에 따르면 아래 서비스는 아래 시간에 장애가 있었습니다. 시각은 모두 한국 시간입니다.",
             "By the official record the services below were down at the times below. All times are Korean time."),
    "service": ("서비스", "Service"), "time": ("장애 시간", "Down"), "severity": ("정도", "How"),
    "source": ("밝힌 곳", "Stated by"),
    "ongoing": ("계속", "still going on"),
    "through": ("{}의 장애로", "because {} was down"),
    "only": ("이 확인서는 서비스에 장애가 있었다는 사실만을 밝힙니다. 누가 이용했는지, 어떤 손해가 있었는지는 밝히지 않습니다.",
             "This document says that the services were down. It does not say who used them, or what anybody lost."),
    "footer": ("위조 여부는 {} 의 ‘메시지 확인’에서 확인서 번호로 알아볼 수 있습니다. 주소는 직접 입력하세요.",
               "Whether it is genuine can be seen at {}, “Check a message”, by its number. Please type in the address."),
}  # fmt: skip


def services_of_proof(claim: Claim, record: Record) -> tuple[list[Service], list[Service]]:
    """Of the losses that count, in the order in which they began: services that were down by the record, and those of which it
    has no outage. One query.
    """
    losses = losses_told().filter(claim=claim, withdrawn="").select_related("service").order_by("start_at", "pk")
    services = {loss.service_id: loss.service for loss in losses}.values()
    return [one for one in services if _outages(record, one)], [one for one in services if not _outages(record, one)]


def render_attestation(
    record: Record, version: RecordVersion, services: Sequence[Service], *, number: str, site: str, language: str, now: datetime
) -> bytes:
    """HTML in `ko` or `en`, as UTF-8. One query, for the sources' names."""
    pick = ("ko", "en").index(language)
    incident: Incident = version.incident
    sources = {one.code: (one.name_ko, one.name_en)[pick] for one in Source.objects.all()}
    names = {one.code: (one.name_ko, one.name_en)[pick] for one in Service.objects.only("code", "name_ko", "name_en")}
    with override(language):
        context = {
            "language": language, "words": {key: said[pick] for key, said in WORDS.items()}, "number": number,
            "incident": (incident.title_ko, incident.title_en)[pick], "date": f"{now.astimezone(SEOUL):%Y-%m-%d}",
            "version": WORDS["version"][pick].format(version.number, said_instant(version.as_of)),
            "rows": [row for service in services for row in _rows(record, service, names, sources, pick)],
            "footer": WORDS["footer"][pick].format(site),
        }  # fmt: skip
        return render_to_string("claims/attestation.html", context).encode()


def _outages(record: Record, service: Service) -> list[tuple[Window, str | None]]:
    """By whatever service took it away; planned maintenance is none."""
    return [(window, via) for window, via in effective_windows(record, service.code) if not window.planned]


def _rows(record: Record, service: Service, names: dict[str, str], sources: dict[str, str], pick: int) -> list[dict[str, Any]]:
    """By time; those of the governing source."""
    name = name_of(service)
    found = []
    for window, via in sorted(_outages(record, service), key=lambda one: (one[0].start_at, one[0].key)):
        start = said_instant(instant_of(window.start_at), approx=window.start_approx)
        end = WORDS["ongoing"][pick]
        if window.end_at is not None:
            end = said_instant(instant_of(window.end_at), approx=window.end_approx)
        through = "" if via is None else WORDS["through"][pick].format(names.get(via, via))
        found.append({
            "service": name, "through": through, "time": f"{start} ~ {end}", "severity": word(window.severity),
            "source": sources.get(window.source, window.source),
        })  # fmt: skip
    return found
