"""What staff fill in on a draft of the record. Times are entered in Korean time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q

from claims.admin.record_words import label
from services.choice_words import CHOICES, pairs
from services.models import FindingType, Incident, Notice, OutageWindow, Scope, Service, Severity, Source
from services.names import UNLISTED
from services.operations import FindingSaid, WindowSaid
from services.seoul import shown, shown_span


class ServiceField(forms.ModelChoiceField):
    """Under its name, as people know it."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} · {obj.name_ko}"


class NoticeField(forms.ModelChoiceField):
    """With who said it, and when."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.key} · {obj.source.name_ko} · {shown(obj.published_at)}"


TRUTH = {"true": True, "false": False}


class _Worded(forms.Form):
    """Labels and choices in the active language; the last field is always the reason."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = label(name)
            if name in CHOICES and isinstance(field, forms.ChoiceField):
                field.choices = pairs(name, CHOICES[name])


def _instant(*, required: bool = True) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": 1}, format="%Y-%m-%dT%H:%M:%S")
    return forms.DateTimeField(required=required, widget=widget)


class OpenForm(_Worded):
    title = forms.CharField(max_length=200)
    incident = forms.ModelChoiceField(Incident.objects.order_by("-started_at"))


class WindowForm(_Worded):
    """A window to list; `said` after it is valid."""

    service = ServiceField(Service.objects.exclude(code=UNLISTED).order_by("code"), to_field_name="code")
    notice = NoticeField(Notice.objects.none(), to_field_name="key")
    severity = forms.ChoiceField(choices=Severity)
    scope = forms.ChoiceField(choices=Scope)
    start_at = _instant()
    start_approx = forms.BooleanField(required=False)
    end_at = _instant(required=False)
    end_approx = forms.BooleanField(required=False)
    inferred = forms.BooleanField(required=False)
    closing_rule = forms.CharField(max_length=300, required=False)
    planned = forms.BooleanField(required=False)
    announced_at = _instant(required=False)
    users_permille = forms.IntegerField(min_value=0, max_value=1000, required=False)
    instead_of = forms.TypedChoiceField(coerce=int, required=False, empty_value=None)
    reason = forms.CharField(max_length=500)

    def __init__(self, *args: Any, incident: Incident, listed: Iterable[OutageWindow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        notice, instead_of = self.fields["notice"], self.fields["instead_of"]
        assert isinstance(notice, forms.ModelChoiceField)
        assert isinstance(instead_of, forms.TypedChoiceField)
        notice.queryset = notices_about(incident)
        named = [(w.pk, f"{w.service.code} {shown_span(w.start_at, w.end_at)} {w.source.code}") for w in listed]
        instead_of.choices = [("", label("new")), *sorted(named, key=lambda pair: pair[1])]

    @property
    def said(self) -> WindowSaid:
        values = {name: value for name, value in self.cleaned_data.items() if name not in ("instead_of", "reason")}
        return WindowSaid(**{**values, "service": values["service"].code, "notice": values["notice"].key})


class ExtentForm(_Worded):
    source = forms.ModelChoiceField(Source.objects.filter(official=True), to_field_name="code")
    start_at = _instant()
    end_at = _instant(required=False)
    start_inferred = forms.BooleanField(required=False)
    reason = forms.CharField(max_length=500)


class FindingForm(_Worded):
    """A finding; numbers and instants are read as the type asks."""

    name = forms.CharField(max_length=60)
    notice = NoticeField(Notice.objects.none(), to_field_name="key")
    type = forms.ChoiceField(choices=FindingType)
    value = forms.CharField(max_length=200)
    reason = forms.CharField(max_length=500)

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        notice = self.fields["notice"]
        assert isinstance(notice, forms.ModelChoiceField)
        notice.queryset = notices_about(incident)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        kinds: dict[str, forms.Field] = {
            FindingType.BOOLEAN: forms.TypedChoiceField(choices=[(text, text) for text in TRUTH], coerce=TRUTH.get),
            FindingType.INTEGER: forms.IntegerField(), FindingType.MONEY: forms.IntegerField(),
            FindingType.INSTANT: forms.DateTimeField(), FindingType.DATE: forms.DateField(),
        }  # fmt: skip
        if "type" in values and "value" in values and values["type"] in kinds:
            try:
                values["value"] = kinds[values["type"]].clean(values["value"])
            except forms.ValidationError as error:
                self.add_error("value", error)
        return values

    @property
    def said(self) -> FindingSaid:
        values = {name: self.cleaned_data[name] for name in ("name", "type", "value")}
        return FindingSaid(**values, notice=self.cleaned_data["notice"].key)


class AsOfForm(_Worded):
    as_of = _instant()
    reason = forms.CharField(max_length=500)


class GoverningForm(_Worded):
    source = forms.ModelChoiceField(Source.objects.filter(official=True), to_field_name="code", required=False)
    reason = forms.CharField(max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = self.fields["source"]
        assert isinstance(source, forms.ModelChoiceField)
        source.empty_label = label("nobody")


class AcceptForm(_Worded):
    """The window that answers a dispute."""

    notice = forms.ModelChoiceField(Notice.objects.none(), to_field_name="key")
    severity = forms.ChoiceField(choices=Severity)
    start_at = _instant()
    end_at = _instant(required=False)
    reason = forms.CharField(max_length=500)

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        notice = self.fields["notice"]
        assert isinstance(notice, forms.ModelChoiceField)
        notice.queryset = notices_about(incident)


class RejectForm(_Worded):
    reason = forms.CharField(max_length=500)


def notices_about(incident: Incident) -> Any:
    """Of the incident, and those that speak of several."""
    about = Q(incident=incident) | Q(item__incident=incident) | Q(incident=None, item=None)
    return Notice.objects.select_related("source").filter(about).order_by("-published_at")


def initial_of(window: OutageWindow) -> dict[str, Any]:
    """What the form of a listed window begins with."""
    names = ("severity", "scope", "start_at", "start_approx", "end_at", "end_approx", "inferred", "closing_rule", "planned",
             "announced_at", "users_permille")  # fmt: skip
    values = {name: getattr(window, name) for name in names}
    return {**values, "service": window.service.code, "notice": window.notice.key, "instead_of": window.pk}
