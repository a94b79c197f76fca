"""What staff fill in on the pages of incidents, notices and feeds. Times are entered in Korean time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from services.admin_words import label, recoveries
from services.feeds import MOST_BYTES
from services.models import Feed, FeedKind, Incident, Source
from services.operations import NoticeSaid
from services.refusals import Refusal


class UploadTooLarge(Refusal):
    code = "upload_too_large"


class _Worded(forms.Form):
    """Labels in the active language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = label(name)


def _instant() -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": 1}, format="%Y-%m-%dT%H:%M:%S")
    return forms.DateTimeField(widget=widget)


class IncidentForm(_Worded):
    key = forms.SlugField(max_length=60)
    title_ko = forms.CharField(max_length=200)
    title_en = forms.CharField(max_length=200)
    cause_ko = forms.CharField(max_length=500, required=False)
    started_at = _instant()
    started_approx = forms.BooleanField(required=False)


class NoticeForm(_Worded):
    """A notice; `said` after it is valid."""

    key = forms.SlugField(max_length=60)
    source = forms.ModelChoiceField(Source.objects.all(), to_field_name="code")
    channel = forms.CharField(max_length=100)
    incident = forms.ModelChoiceField(Incident.objects.order_by("-started_at"), to_field_name="key", required=False)
    published_at = _instant()
    published_approx = forms.BooleanField(required=False)
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 6}))
    text_en = forms.CharField(widget=forms.Textarea(attrs={"rows": 6}), required=False)
    ref = forms.CharField(max_length=200, required=False)
    url = forms.CharField(max_length=500, required=False, widget=forms.URLInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choice(self, "incident").empty_label = label("several")

    @property
    def said(self) -> NoticeSaid:
        given = self.cleaned_data
        incident = None if given["incident"] is None else given["incident"].key
        return NoticeSaid(**{**given, "source": given["source"].code, "incident": incident})


class FeedForm(_Worded):
    code = forms.SlugField(max_length=40)
    name = forms.CharField(max_length=100)
    kind = forms.ChoiceField(choices=FeedKind)
    source = forms.ModelChoiceField(Source.objects.all(), to_field_name="code")
    url = forms.CharField(max_length=2000, required=False, widget=forms.URLInput)
    poll_minutes = forms.IntegerField(min_value=1, max_value=32_767, required=False)
    recovery = forms.ChoiceField(choices=recoveries)
    zone = forms.CharField(max_length=60, required=False)


class UploadForm(_Worded):
    """A file of a feed. That of observations may bring a table, which names the incident; others may be about one."""

    file = forms.FileField(allow_empty_file=True)  # a reader says what is wrong with an empty one
    table = forms.FileField(allow_empty_file=True, required=False)
    about = forms.ModelChoiceField(Incident.objects.order_by("-started_at"), to_field_name="key", required=False)

    def __init__(self, *args: Any, feed: Feed, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choice(self, "about").empty_label = label("later")
        del self.fields["about" if feed.kind == FeedKind.OBSERVATIONS else "table"]

    def given(self) -> dict[str, Any]:
        """What `look_at_upload` takes. Raises UploadTooLarge, before anything is read."""
        incident = self.cleaned_data.get("about")
        uploads = {"body": self.cleaned_data["file"], "table": self.cleaned_data.get("table")}
        for upload in uploads.values():
            _check_size(upload)
        contents = {name: None if upload is None else upload.read() for name, upload in uploads.items()}
        return {**contents, "incident": None if incident is None else incident.key}


def _check_size(upload: UploadedFile | None) -> None:
    """What is larger than Django's FILE_UPLOAD_MAX_MEMORY_SIZE lies in a temporary file until somebody reads it."""
    if upload is not None and (upload.size or 0) > MOST_BYTES:
        raise UploadTooLarge(
            f"The file has {upload.size:,} bytes. Send at most {MOST_BYTES:,}, in several files if need be.", field="file"
        )


def _choice(form: forms.Form, name: str) -> forms.ModelChoiceField:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    return field
