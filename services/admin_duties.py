"""Incidents in the admin, and for each its statutory clock: what is due, by when, and what proves that it was sent."""

from __future__ import annotations

from io import BytesIO
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from services import clock
from services.admin_forms import IncidentForm
from services.admin_pages import AddableAdmin, ReadOnlyAdmin, may_send, told
from services.choice_words import head
from services.clocks import duties_by_incident, nearest_due
from services.duties import Duty, DutyKind, hours
from services.duty_words import LABELS, WORDS, chosen, say, say_state
from services.laws import law_at
from services.models import DutyProof, Incident
from services.models.duties import MOST_BYTES
from services.operations import Document, DocumentTooLarge, open_incident, record_proof
from services.refusals import Refusal
from services.seoul import shown
from services.staff import WRITERS, Staff

said = lazy(say, str)


@admin.register(Incident)
class IncidentAdmin(AddableAdmin):
    add_form = IncidentForm
    add_words = "add_incident"
    list_display = ("key", "title_ko", "title_en", "started", "clock")
    search_fields = ("key", "title_ko", "title_en", "cause_ko")
    change_form_template = "admin/services/incident/change.html"

    class Media:
        css: ClassVar = {"all": ["services/clock.css"]}

    @admin.display(description=head("started"), ordering="started_at")
    def started(self, incident: Incident) -> str:
        return shown(incident.started_at, approx=incident.started_approx)

    def add_by(self, form: Any, user: Staff) -> Incident:
        return open_incident(**form.cleaned_data, opened_by=user)

    @admin.display(description=said("clock"))
    def clock(self, incident: Any) -> str:
        """What is due first, as a link to the page; the list has read the duties of all its rows at once."""
        next_one = nearest_due(incident.duties)
        text = say("clock") if next_one is None else f"{_due(next_one)} · {say_state(next_one.state)}"
        return format_html('<a href="{}">{}</a>', reverse("admin:services_incident_clock", args=[incident.pk]), text)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        changes = super().get_changelist_instance(request)
        rows: list[Any] = list(changes.result_list)
        duties = duties_by_incident(rows, now=clock.now())
        for row in rows:
            row.duties = duties[row.pk]
        changes.result_list = rows
        return changes

    def get_urls(self) -> list[URLPattern]:
        own = path("<int:incident_id>/clock/", self.admin_site.admin_view(self.clock_page), name="services_incident_clock")
        return [own, *super().get_urls()]

    def clock_page(self, request: HttpRequest, incident_id: int) -> HttpResponse:
        """For all staff; the form for those who may record a proof."""
        incident = Incident.objects.filter(pk=incident_id).first()
        if incident is None:
            raise Http404
        may_write = may_send(request, *WRITERS)
        form = ProofForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid() and _kept(request, incident, form):
            messages.success(request, say("saved"))
            return HttpResponseRedirect(reverse("admin:services_incident_clock", args=[incident.pk]))
        law = law_at(incident.started_at)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "media": self.media, "incident": incident,
            "words": {key: say(key) for key in WORDS}, "title": say("clock"), "form": form,
            "law": law, "floor": chosen(hours(law.floor)) if law else "-",
            "duties": [_row(duty) for duty in duties_by_incident([incident], now=clock.now())[incident.pk]],
            "proofs": [_proof(proof) for proof in incident.proofs.defer("content").select_related("recorded_by")],
            "may_write": may_write,
        }  # fmt: skip
        return TemplateResponse(request, "admin/services/incident/clock.html", context)


@admin.register(DutyProof)
class DutyProofAdmin(ReadOnlyAdmin):
    list_display = ("incident", "kind", "sent", "channel", "name", "recorded_by")
    list_filter = ("kind", "incident")
    search_fields = ("channel", "name", "note", "content_hash")
    list_select_related = ("incident", "recorded_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[DutyProof]:
        return super().get_queryset(request).defer("content")

    @admin.display(description=head("sent"), ordering="sent_at")
    def sent(self, proof: DutyProof) -> str:
        return shown(proof.sent_at)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_safe(self.document))
        return [path("<int:proof_id>/document/", view, name="services_dutyproof_document"), *super().get_urls()]

    def document(self, request: HttpRequest, proof_id: int) -> FileResponse:
        """The bytes as they were sent in. Never shown in place: they come from outside."""
        proof = DutyProof.objects.filter(pk=proof_id, content__isnull=False).first()
        if proof is None or proof.content is None:
            raise Http404
        answer = FileResponse(
            BytesIO(proof.content), as_attachment=True, filename=proof.name, content_type=proof.media_type
        )  # fmt: skip
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return answer


class ProofForm(forms.Form):
    """What was sent. Times are entered in Korean time."""

    kind = forms.ChoiceField(choices=())
    sent_at = forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": 1}))
    channel = forms.CharField(max_length=100)
    document = forms.FileField(required=False)
    url = forms.CharField(max_length=500, required=False)
    note = forms.CharField(max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [(value, say(value)) for value in DutyKind.values]
        for name, field in self.fields.items():
            field.label = chosen(LABELS[name])


def _kept(request: HttpRequest, incident: Incident, form: ProofForm) -> bool:
    """Whether it was; otherwise the form says why not."""
    values = dict(form.cleaned_data)
    try:
        document = _document(values.pop("document"))
        with transaction.atomic(durable=True):
            record_proof(
                incident=incident.key, document=document, **values, recorded_by=_staff(request), now=clock.now()
            )  # fmt: skip
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, told(refusal))
        return False
    return True


def _document(upload: Any) -> Document | None:
    """Not read into memory before its size is known."""
    if not upload:
        return None
    if upload.size > MOST_BYTES:
        raise DocumentTooLarge(f"The document has {upload.size:,} bytes; at most {MOST_BYTES:,} are kept.", field="document")
    return Document(upload.name, upload.content_type or "", upload.read())


def _row(duty: Duty) -> dict[str, Any]:
    return {
        "duty": duty, "name": say(duty.kind), "state": say_state(duty.state), "why": chosen(duty.why), "due": _due(duty),
        "left": "-" if duty.days_left is None or duty.done_at else duty.days_left, "done": shown(duty.done_at),
    }  # fmt: skip


def _due(duty: Duty) -> str:
    """The last day, or the instant of our own threshold."""
    return f"{duty.due_date:%Y-%m-%d}" if duty.due_date else shown(duty.due_at)


def _proof(proof: DutyProof) -> dict[str, Any]:
    return {"proof": proof, "name": say(proof.kind), "sent": shown(proof.sent_at)}


def _staff(request: HttpRequest) -> Staff:
    user: Any = request.user
    if not user.is_staff:
        raise PermissionDenied
    return user  # type: ignore[no-any-return]
