"""The dashboard: charts of one incident and a span of days, each as SVG and its figures as CSV. Nobody is named on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from claims.admin import dashboard_charts as charts
from claims.admin.dashboard_charts import Cells
from claims.admin.dashboard_intake import curve, intake
from claims.admin.dashboard_words import lazily, say, words
from claims.admin.drawing import Chart
from claims.admin.exports import export_page
from claims.admin.queue_page import CSS
from claims.admin.staff import ClaimsAdmin, number_of
from claims.models import Tally, TallyDue, TallyOf
from claims.operations import Exported
from claims.operations.payment import as_csv
from claims.queries import MOST_OVERDUE, Span, Tallied, impact_of, overdue_in_queue, peaks, tallied, tallies_wait
from services import clock
from services.language import in_english
from services.models import Incident, Service
from services.seoul import SEOUL, shown

KEYS = ("intake", "curve", "backlog", "money", "policies", "refused", "impact")


FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 30)  # what an instant of ours can be


class SpanForm(forms.Form):
    """What the address says: an incident by its number, days in Korea, inclusive."""

    incident = forms.ModelChoiceField(Incident.objects.none(), label=lazily("incident"), required=False, empty_label=None)
    start = forms.DateField(label=lazily("from"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    end = forms.DateField(
        label=lazily("until"), required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text=lazily("span_help")
    )
    unit = forms.CharField(label=lazily("unit"), required=False, max_length=60)
    days = forms.ChoiceField(
        label=lazily("drawn_days"), required=False, choices=[("", lazily("days_of_2022")), ("all", lazily("all_days"))]
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        field = self.fields["incident"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Incident.objects.order_by("-started_at", "-id")
        field.label_from_instance = lambda one: one.title_en if in_english() else one.title_ko  # type: ignore[assignment]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name in ("start", "end"):
            if (day := said.get(name)) and not FIRST_DAY <= day <= LAST_DAY:
                self.add_error(name, say("bad_span"))
        if said.get("start") and said.get("end") and said["end"] < said["start"]:
            self.add_error("end", say("bad_span"))
        return said


@dataclass
class Asked:
    """A span of an incident; `unit`: of money, points, coupons; `late`: also days after those of 2022. What two charts need
    is read once.
    """

    span: Span
    unit: str
    late: bool = False

    @cached_property
    def hours(self) -> list[Tallied]:
        """From the first claim, whenever the span begins: days are counted from it."""
        return tallied(replace(self.span, start=None), TallyOf.INTAKE, "hour", keyed=False)

    @cached_property
    def money(self) -> tuple[list[Tallied], list[Tallied]]:
        return tallied(self.span, TallyOf.APPROVED, "day"), tallied(self.span, TallyOf.PAID, "day")

    def charts(self, keys: Sequence[str], *, today: date) -> list[Chart]:
        incident = self.span.incident_id
        drawn: dict[str, Callable[[], Chart]] = {
            "intake": self._intake,
            "curve": lambda: curve(self.hours, late=self.late),
            "backlog": lambda: charts.backlog(
                tallied(Span(incident), TallyOf.OPEN, "day"), today=today, overdue=_at_most(overdue_in_queue(incident, today))
            ),
            "money": lambda: charts.money(*self.money, self.unit),
            "policies": lambda: charts.policies(*self.money, self.unit),
            "refused": lambda: charts.refused(tallied(self.span, TallyOf.REFUSED, "whole")),
            "impact": lambda: charts.impact(peaks(self.span), self._cells, _names()),
        }
        return [drawn[key]() for key in keys]

    def _intake(self) -> Chart:
        start, end = self.span.start, self.span.end
        rows = [row for row in self.hours if start is None or row.at >= start]
        first = self.hours[0].at.date() if self.hours else None
        chosen = bool(start or end)
        return intake(rows, first=first, chosen=chosen, late=self.late or chosen)

    def _cells(self, services: list[str], start: datetime, end: datetime) -> Cells:
        return impact_of(Span(self.span.incident_id, start, end), services)

    def figures(self, key: str, *, today: date) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        """Of the impact map every hour; of the others what the table shows."""
        if key == "impact":
            names, rows = _names(), tallied(self.span, TallyOf.IMPACT, "hour")
            columns = ("code", say("service"), say("hour"), say("claims"))
            return columns, [(row.key, names.get(row.key, row.key), shown(row.at), row.count) for row in rows]
        (chart,) = self.charts([key], today=today)
        return chart.columns, chart.rows


@admin.register(Tally)
class DashboardAdmin(ClaimsAdmin):
    seen_by: ClassVar = ()

    class Media:
        css: ClassVar = {"all": [*CSS, "claims/chart.css"]}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("", view(require_safe(self.dashboard)), name="claims_tally_changelist"),
            path("export/", view(self.export), name="claims_tally_export"),
            path("<str:key>.svg", view(require_safe(self.svg)), name="claims_tally_svg"),
            path("<str:key>.csv", view(require_safe(self.csv)), name="claims_tally_csv"),
            *super().get_urls(),
        ]

    def dashboard(self, request: HttpRequest) -> HttpResponse:
        form, asked = _asked(request)
        kept = {name: value for name, value in request.GET.items() if value and name in form.fields}
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "media": self.media, "title": say("dashboard"),
            "words": words(), "form": form, "charts": asked.charts(KEYS, today=_today()) if asked else [],
            "query": urlencode(kept), "waits": tallies_wait(), "asked": asked,
        }  # fmt: skip
        return TemplateResponse(request, "admin/claims/dashboard/dashboard.html", context)

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """Claims as the queue's filters choose them. Asks why."""
        return export_page(self, request, Exported.CLAIMS)

    def svg(self, request: HttpRequest, key: str) -> HttpResponse:
        (chart,) = _known(request, key).charts([key], today=_today())
        return _file(chart.svg(_style()).encode(), "image/svg+xml", f"{key}.svg")

    def csv(self, request: HttpRequest, key: str) -> HttpResponse:
        """Figures of the whole span, also of what is not drawn."""
        columns, rows = _known(request, key).figures(key, today=_today())
        return _file(as_csv(columns, rows), "text/csv; charset=utf-8", f"{key}.csv")


@admin.register(TallyDue)
class TallyDueAdmin(ClaimsAdmin):
    list_display = ("id", "source", "size")


def _known(request: HttpRequest, key: str) -> Asked:
    _, asked = _asked(request)
    if key not in KEYS or asked is None:
        raise Http404
    return asked


def _today() -> date:
    return clock.now().astimezone(SEOUL).date()


def _asked(request: HttpRequest) -> tuple[SpanForm, Asked | None]:
    """None where there is no incident, or the address makes no sense. The newest incident that has claims comes first."""
    given = {name: request.GET[name] for name in SpanForm.base_fields if name in request.GET}
    if not number_of(given.get("incident")):
        given["incident"] = str(_newest() or "")
    given["unit"] = given.get("unit") or "KRW"
    form = SpanForm(given)
    if not form.is_valid() or form.cleaned_data["incident"] is None:
        return form, None
    said = form.cleaned_data
    end = said["end"] and said["end"] + timedelta(days=1)
    return form, Asked(Span(said["incident"].pk, _midnight(said["start"]), _midnight(end)), said["unit"], said["days"] == "all")


def _newest() -> int | None:
    counted = Tally.objects.filter(what=TallyOf.INTAKE).order_by().values("incident").distinct()
    with_claims = Incident.objects.filter(pk__in=counted).order_by("-started_at", "-id").values_list("pk", flat=True).first()
    return with_claims or Incident.objects.order_by("-started_at", "-id").values_list("pk", flat=True).first()


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=SEOUL)


def _names() -> dict[str, str]:
    return dict(Service.objects.values_list("code", "name_en" if in_english() else "name_ko"))


def _at_most(count: int) -> str:
    return f"{count:,}" if count < MOST_OVERDUE else f"{MOST_OVERDUE:,}+"


@cache
def _style() -> str:
    found = finders.find("claims/chart.css")
    assert isinstance(found, str)
    return f"svg {{ background: #fff; }} {Path(found).read_text(encoding='utf-8')}"


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }  # fmt: skip
    return HttpResponse(content, content_type=kind, headers=headers)
