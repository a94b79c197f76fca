"""Lists that leave the service: a form that asks why, an event in the log, and only then the first byte."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from accounts.banks import bank_name
from accounts.models import Payee, User
from claims.admin.dashboard_words import lazily, say, words
from claims.admin.queue_page import FilterForm
from claims.admin.refused_words import said_in_words
from claims.admin.staff import ClaimsAdmin, staff_of
from claims.models import PaymentRun
from claims.operations import EXPORTERS, Exported, ExportReason, record_export, reveal_listed
from claims.operations.moves import LONGEST_NOTE
from claims.operations.payment import csv_lines
from claims.queries import CLAIM_COLUMNS, PAYMENT_COLUMNS, QueueFilter, claim_rows, payment_rows, run_lines
from claims.queries.payees import Sent
from services import clock
from services.admin_pages import may_send
from services.choice_words import worded
from services.models import Incident
from services.refusals import Refusal

PAYEE_COLUMNS = ("payee", "payee_said", "bank", "bank_name", "account", "holder")
TITLES = {Exported.CLAIMS: "claims_list", Exported.PAYMENTS: "payments", Exported.RUN: "file_of_run"}
HELP = {Exported.CLAIMS: "export_help", Exported.PAYMENTS: "due_help", Exported.RUN: "payees_help"}


class WhyForm(forms.Form):
    """Asked before any list goes out."""

    reason = forms.ChoiceField(label=lazily("why"))
    note = forms.CharField(
        label=lazily("note"), help_text=lazily("note_help"), max_length=LONGEST_NOTE, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "-"), *((str(reason), say(reason)) for reason in ExportReason)]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("reason") == ExportReason.OTHER and not said.get("note", "").strip():
            self.add_error("note", say("other"))
        return said


def export_page(page: ClaimsAdmin, request: HttpRequest, what: Exported, *, run_id: int | None = None) -> HttpResponseBase:
    """The form; a valid one is answered by the list. `what`: claims, with the queue's filters in the address; payments; or the
    file of this run.
    """
    user = staff_of(request)
    form, filters = WhyForm(request.POST if request.method == "POST" else None), FilterForm(request.GET)
    run = None if run_id is None else get_object_or_404(PaymentRun, pk=run_id)
    may, narrowed = may_send(request, *EXPORTERS[what]), filters.is_valid()
    if request.method == "POST" and narrowed and form.is_valid():
        wanted: dict[str, Any] = {"run": run.pk} if run else _wanted(filters) if what == Exported.CLAIMS else {}
        try:
            with transaction.atomic(durable=True):
                record_export(what=what, wanted=wanted, exported_by=user, now=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            messages.error(request, said_in_words(refusal))
        else:
            return _answer(what, filters.wanted(user, clock.now()), run, user, form.cleaned_data["reason"])
    roles = ", ".join(worded("role", role, page.choice_words) for role in EXPORTERS[what])
    context = {
        **page.admin_site.each_context(request), "opts": page.opts, "media": page.media, "words": words(), "form": form,
        "title": f"{say('export')}: {say(TITLES[what])}{f' {run.pk}' if run else ''}", "may": may,
        "help": say(HELP[what]),
        "filters": filters if what == Exported.CLAIMS else None, "not_yours": say("not_yours").format(roles),
    }  # fmt: skip
    return TemplateResponse(request, "admin/claims/export/export.html", context)


def _wanted(filters: FilterForm) -> dict[str, Any]:
    """What was asked for, as ids and codes."""
    said = {name: value for name, value in filters.cleaned_data.items() if value not in (None, "", False)}
    return {name: _code(value) for name, value in said.items()}


def _code(value: Any) -> int | str:
    if isinstance(value, Incident):
        return value.pk
    return value if isinstance(value, int) else str(value)


def _answer(what: str, wanted: QueueFilter, run: PaymentRun | None, user: User, reason: str) -> HttpResponseBase:
    name = what
    if run is not None:
        columns, listed = run_lines(run)
        lines = csv_lines([*columns, *PAYEE_COLUMNS], _with_payees(listed, user, reason))
        name = f"payment-run-{run.pk}"
    elif what == Exported.CLAIMS:
        lines = csv_lines(CLAIM_COLUMNS, claim_rows(wanted, now=clock.now()))
    else:
        lines = csv_lines(PAYMENT_COLUMNS, payment_rows(now=clock.now()))
    return _file(StreamingHttpResponse(_in_parts(lines)), name)


def _with_payees(lines: Sequence[Sent], user: User, reason: str) -> Iterator[tuple[Any, ...]]:
    """Lines with the accounts that they go to. It is logged who saw them before the first goes out."""
    ids = sorted({line.payee for line in lines if line.payee is not None})
    with transaction.atomic(durable=True):
        seen = reveal_listed(payee_ids=ids, reason=reason, exported_by=user, now=clock.now())
    for line in lines:
        yield (*line.cells, *_payee_cells(line, seen))


def _payee_cells(line: Sent, seen: Mapping[int, Payee]) -> tuple[str, ...]:
    """As PAYEE_COLUMNS. A spreadsheet would make a number of an account, and eat its zeros: the apostrophe keeps it a text."""
    payee = None if line.payee is None else seen.get(line.payee)
    if payee is None:
        code = "payee_not_needed" if not line.to_account else "no_payee" if line.payee is None else "payee_erased"
        return (code, say(code), "", "", "", "")
    return ("payee_given", say("payee_given"), f"'{payee.bank}", bank_name(payee.bank), f"'{payee.account}", payee.holder)


def _in_parts(lines: Iterator[bytes], size: int = 200) -> Iterator[bytes]:
    """Many lines at once: a line is too little for a packet."""
    part: list[bytes] = []
    for line in lines:
        part.append(line)
        if len(part) == size:
            yield b"".join(part)
            part = []
    yield b"".join(part)


def _file(answer: HttpResponseBase, name: str) -> HttpResponseBase:
    answer["Content-Type"] = "text/csv; charset=utf-8"
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer
