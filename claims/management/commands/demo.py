"""The main job on the outage of 15 October 2022, told as tables. The work is done by Celery, not by this command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console

from claims.demonstration.loading import INCIDENT
from claims.demonstration.report import Report
from claims.demonstration.results import Under, assessments_under, result_rows
from claims.demonstration.steps import load_everybody, load_policies, load_record, sweep_once, wait_for_workers
from claims.models import Assessment
from claims.queries import Settled, payouts_of
from services.models import RecordVersion


class Command(BaseCommand):
    help = "Assess the demonstration's people under version 1 and version 2 of the official record, and say why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lang", choices=["ko", "en"], default="ko")
        parser.add_argument("--output", type=Path, default=settings.VAR_DIR / "demo")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(width=None if Console().is_terminal else 118)
        report = Report(console, options["lang"])
        report.heading("1. 공식 기록", "1. The official record")
        load_record(up_to=1)
        report.record(RecordVersion.objects.get(incident__key=INCIDENT, number=1))
        load_policies()
        load_everybody()
        wait_for_workers(console, report.say("제1판으로 산정", "assessing under version 1"))
        first = set(Assessment.objects.values_list("pk", flat=True))
        rows = result_rows(1)

        load_record(up_to=2)
        report.record(RecordVersion.objects.get(incident__key=INCIDENT, number=2))
        sweep_once()
        wait_for_workers(console, report.say("제2판으로 다시 산정", "assessing again under version 2"))
        rows += result_rows(2)

        self._people(report)
        self._changes(report, first)
        report.heading("5. 설명", "5. Explanations")
        for under in assessments_under(2):
            if under.persona in ("U3", "U4"):
                report.explanation(under.assessment)
        path = options["output"] / "result.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        console.print(report.say(f"{path}에 {len(rows)}줄을 썼습니다.", f"{len(rows)} rows written to {path}"))

    def _people(self, report: Report) -> None:
        first, second = assessments_under(1), assessments_under(2)
        report.heading("2. 기사에 나온 일곱 사람", "2. The article's seven people")
        report.people([u for u in first if _of_the_article(u)], [u for u in second if _of_the_article(u)])
        report.heading("3. 지어낸 청구들", "3. Made-up claims")
        report.people([u for u in first if not _of_the_article(u)], [u for u in second if not _of_the_article(u)])

    def _changes(self, report: Report, first: set[int]) -> None:
        report.heading("4. 제2판이 바꾼 것", "4. What version 2 changed")
        under = assessments_under(2)
        again = [one for one in under if one.assessment.pk not in first]
        assessed_before = set(Assessment.objects.filter(pk__in=first).values_list("claim_id", flat=True))
        changed = [(one, _settled(one)) for one in again]
        report.differences(changed, assessed_before, len(under) - len(again))
        before = Assessment.objects.count()
        sweep_once()
        wait_for_workers(report.console, report.say("두 번째 점검", "second sweep"))
        made = Assessment.objects.count() - before
        report.console.print(
            report.say(f"두 번째 점검에서 새로 산정한 청구: {made}건", f"Assessments made by a second sweep: {made}")
        )


def _settled(under: Under) -> list[Settled]:
    """What its assessment made be paid or asked back."""
    return [found for found in payouts_of(under.claim) if found.payout.assessment_id == under.assessment.pk]


def _of_the_article(under: Under) -> bool:
    return under.persona.startswith("U")
