"""Look before you leave anything: what was lost, when, what policies ask, and what may be expected; then who claims. Until it
is filed nothing is stored but in the visitor's own session.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from formtools.wizard.views import NamedUrlSessionWizardView

from accounts.models import Channel
from accounts.operations import texts_to_agree_to
from claims.fact_forms import FactsForm
from claims.models import Claim, ClaimEntry, ClaimStatus
from claims.operations import Claimant, ToldLoss, file_claim, quote_claim
from claims.operations.policy import compile_terms_now
from claims.web.choices import Choice, Product, Wanted, on_request, products, wanted
from claims.web.drawn import drawings
from claims.web.forms import AboutForm, CheckForm, Row, ServicesForm, SpanForms, YouForm
from claims.web.my.access import OPEN_FOR, open_for
from claims.web.page import errors_of, page
from claims.web.quoted import shown_quote
from claims.web.words import REFUSED, say
from services.language import in_english
from services.models import Incident
from services.queries import incidents_with_versions
from services.refusals import Refusal
from services.seoul import SEOUL
from services.web import title_of
from services.words import said_day, said_instant

MOST_ROWS = 20
FILED = "filed"  # of the session: by incident, what was filed in this browser


def start(request: HttpRequest) -> HttpResponse:
    """Which outage it is about."""
    rows = [one for one in reversed(incidents_with_versions()) if one.versions.all()]
    incidents = [{"key": one.key, "title": title_of(one), "at": one, "begun": _begun(request, one)} for one in rows]
    context = page(request, say("title"), incidents=incidents)
    return render(request, "claims/web/start.html", context)


def _begun(request: HttpRequest, incident: Incident) -> bool:
    """Whether something was said of it in this browser that is not filed; kept as formtools keeps it."""
    return bool(request.session.get(f"wizard_tell-{incident.key}", {}).get("step_data"))


class Tell(NamedUrlSessionWizardView):
    """One question a page. Steps back keep what was said; what depends on it is asked again."""

    form_list = (
        ("services", ServicesForm), ("times", SpanForms), ("about", AboutForm), ("expected", forms.Form), ("you", YouForm),
        ("check", CheckForm),
    )  # fmt: skip
    condition_dict = {"times": lambda tell: bool(tell.services), "about": lambda tell: bool(tell.wanted.of_claim)}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        incident = Incident.objects.filter(key=kwargs["key"]).first()
        compiled = None if incident is None else compile_terms_now(incident)
        if incident is None or compiled is None:
            raise Http404
        self.incident, self.compiled = incident, compiled
        return cast(HttpResponseBase, super().dispatch(request, *args, **kwargs))

    def get_prefix(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        return f"tell-{kwargs['key']}"

    def get_step_url(self, step: str) -> str:
        return reverse("claim:step", args=[self.incident.key, step])

    def get_template_names(self) -> list[str]:
        return [f"claims/web/{self.steps.current}.html"]

    # --- what was said so far ------------------------------------------------------------------------------

    @property
    def said(self) -> dict[str, Any]:
        """The services and requests that were chosen; nothing where that was not yet answered, or not as it is asked now."""
        return self.get_cleaned_data_for_step("services") or {"services": [], "asks_for": []}

    @property
    def services(self) -> list[str]:
        return list(self.said["services"])

    @cached_property
    def products(self) -> list[Product]:
        return products(self.compiled.version)

    @cached_property
    def choices(self) -> dict[str, Choice]:
        return {choice.code: choice for product in self.products for choice in product.choices}

    @property
    def wanted(self) -> Wanted:
        return wanted(self.compiled.terms, self.services, self.said["asks_for"])

    @property
    def rows(self) -> list[Row]:
        """Each chosen service once, and again as often as another time of it was wanted."""
        again = [code for code in self.storage.extra_data.get("again", []) if code in self.services]
        return [
            Row(code, number == 0, self.wanted.of_losses[code])
            for code in self.services
            for number in range(1 + again.count(code))
        ]

    # --- formtools -----------------------------------------------------------------------------------------

    def get_form_kwargs(self, step: str | None = None) -> dict[str, Any]:
        if step == "services":
            policies = [(pack.code, pack.body.title.said(in_english())) for pack in on_request(self.compiled.terms)]
            return {"services": [(code, choice.name) for code, choice in self.choices.items()], "policies": policies}
        if step == "times":
            return {"rows": self.rows}
        if step == "check":
            return {"texts": texts_to_agree_to()}
        return {"asked": self.wanted.of_claim} if step == "about" else {}

    def get_form_initial(self, step: str) -> Any:
        return [self._prefilled(row) for row in self.rows] if step == "times" else {}

    def _prefilled(self, row: Row) -> dict[str, Any]:
        span = self.choices[row.service].span if row.first else None
        if span is None:
            return {}
        start_at, end_at = span
        return {"start_at": start_at.astimezone(SEOUL), "end_at": end_at and end_at.astimezone(SEOUL), "still": end_at is None}

    def get(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Of an earlier page that was not answered, or not as it is asked now, that page."""
        wanted_step = kwargs.get("step")
        for step in self.get_form_list():
            if step == wanted_step:
                break
            if wanted_step in self.get_form_list() and self.get_cleaned_data_for_step(step) is None:
                return HttpResponseRedirect(self.get_step_url(step))
        return cast(HttpResponseBase, super().get(*args, **kwargs))

    def post(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """With another row of a service if that button was pressed; what was typed in stays. Once it is filed, and nothing new
        was begun, whatever is sent once more leads to what was filed.
        """
        if self.storage.current_step is None and (self.incident.key in self._filed() or self._filed_before()):
            return self._received()
        more = self.request.POST.get("more")
        if more in self.services and self.steps.current == "times":
            if len(self.rows) < MOST_ROWS:
                self._keep(again=[*self.storage.extra_data.get("again", []), more])
            self.storage.set_step_data("times", self.request.POST)
            return HttpResponseRedirect(f"{self.get_step_url('times')}#{more}")
        return cast(HttpResponseBase, super().post(*args, **kwargs))

    def process_step(self, form: Any) -> Any:
        """Times are of the services that were chosen then."""
        if self.steps.current == "services" and form.cleaned_data["services"] != self.services:
            self.storage.set_step_data("times", None)
            self._keep(again=[])
        if "key" not in self.storage.extra_data:  # of this form, in however many tabs it is open
            self._keep(key=str(uuid4()))
        return super().process_step(form)

    def _keep(self, **more: Any) -> None:
        self.storage.extra_data = {**self.storage.extra_data, **more}

    def get_context_data(self, form: Any, **kwargs: Any) -> dict[str, Any]:
        step = self.steps.current
        context = page(
            self.request, say(step), incident=self.incident, incident_title=title_of(self.incident),
            place=say("step").format(self.steps.step1, self.steps.count), errors=errors_of(form),
        )  # fmt: skip
        if step == "services":
            context["products"] = [_boxes(form, product) for product in self.products]
        if step == "times":
            context["rows"] = [(self.choices[one.service], one) for one in form.forms]
            context |= self._drawn()
        if step == "expected":
            context |= self._expected()
        if step == "check":
            context |= self._summary()
        return cast(dict[str, Any], super().get_context_data(form=form, **context, **kwargs))

    def _drawn(self, told: Sequence[ToldLoss] = ()) -> dict[str, Any]:
        """As the template of the record's timeline wants it."""
        version = self.compiled.version
        drawn = drawings([self.choices[code] for code in self.services], version, told)
        return {"drawings": drawn, "page": {"version": version}, "known_until": said_instant(version.as_of)}

    def _expected(self) -> dict[str, Any]:
        told = self._told()
        try:
            quote = quote_claim(incident=self.incident, now=timezone.now(), **told)
        except Refusal as refusal:
            return {"refusal": refusal}
        return {"quote": shown_quote(quote), **self._drawn(told["losses"])}

    def _told(self) -> dict[str, Any]:
        """Of the earlier steps, as a quote and a claim take it."""
        spans, about = self._again("times"), self._again("about")
        return {
            "losses": spans.told() if spans else [], "facts": about.told_facts() if about else (),
            "asks_for": self.said["asks_for"],
        }  # fmt: skip

    def _again(self, step: str) -> Any:
        """The valid form of an earlier step, or None where it is not asked, or not answered."""
        if step not in self.get_form_list():
            return None
        form = self.get_form(step=step, data=self.storage.get_step_data(step))
        return form if form.is_valid() else None

    def _summary(self) -> dict[str, Any]:
        """All that is about to be sent, and where each part is changed."""
        titles = {pack.code: pack.body.title.said(in_english()) for pack in on_request(self.compiled.terms)}
        spans, about, you = self._again("times"), self._again("about"), self._again("you")
        return {
            "losses": [
                (self.choices[told.service].name, (told.start_at, told.end_at), answers(form))
                for form in (spans.forms if spans else ())
                if (told := form.told()) is not None
            ],
            "asked": [titles[code] for code in self.said["asks_for"]], "about": answers(about) if about else [],
            "you": [(one.label, one.value()) for one in you if one.value()] if you else [],
            "form_key": self.storage.extra_data.get("key", ""),
        }  # fmt: skip

    def render_done(self, form: Any, **kwargs: Any) -> HttpResponseBase:
        """File it, where the last page was sent; who only comes by is led there."""
        if self.request.method != "POST":
            return HttpResponseRedirect(self.get_step_url("check"))
        you = self._again("you")
        if you is None:
            return HttpResponseRedirect(self.get_step_url("you"))
        who = {name: you.cleaned_data[name] for name in ("name", "email", "phone")}
        try:
            with transaction.atomic(durable=True):
                entry = file_claim(
                    key=UUID(self.storage.extra_data["key"]), claimant=Claimant(**who, locale=("ko", "en")[in_english()]),
                    consents=form.consents(), incident=self.incident, now=timezone.now(), message=you.cleaned_data["message"],
                    **self._told(),
                )  # fmt: skip
                open_for(self.request, entry.claim, by="filed", now=timezone.now())
        except Refusal as refusal:
            form.add_error(None, say("not_filed").format(REFUSED.get(refusal.code, ("", refusal.message))[in_english()]))
            return cast(HttpResponseBase, self.render(form))
        self._remember(entry.claim, who["email"])
        self.storage.reset()
        return self._received()

    def _filed(self) -> dict[str, Any]:
        return cast(dict[str, Any], self.request.session.get(FILED, {}))

    def _remember(self, claim: Claim, email: str) -> None:
        self.request.session[FILED] = {**self._filed(), self.incident.key: {"reference": claim.reference, "email": email}}

    def _filed_before(self) -> bool:
        """Whether the form was filed, though this session does not know it. Filing gives the browser another session, and what
        it sent meanwhile, or sends again because the answer was lost, comes with the old one. Only who filled the form in has
        its key.
        """
        try:
            key = UUID(self.request.POST.get("key", ""))
        except ValueError:
            return False
        now = timezone.now()
        recent = ClaimEntry.objects.filter(key=key, channel=Channel.WEB, received_at__gt=now - OPEN_FOR)
        entry = recent.filter(claim__incident=self.incident).select_related("claim__person__personal_data").first()
        if entry is None:
            return False
        with transaction.atomic(durable=True):
            open_for(self.request, entry.claim, by="filed", now=now)
        kept = getattr(entry.claim.person, "personal_data", None)
        self._remember(entry.claim, kept.email if kept else "")
        return True

    def _received(self) -> HttpResponse:
        return HttpResponseRedirect(reverse("claim:received", args=[self.incident.key]))


def received(request: HttpRequest, key: str) -> HttpResponse:
    """What was filed in this browser: the number, and what happens next."""
    incident = Incident.objects.filter(key=key).first()
    filed = request.session.get(FILED, {}).get(key)
    if incident is None or filed is None:
        return HttpResponseRedirect(reverse("claim:start"))
    status = ClaimStatus.objects.get(claim__reference=filed["reference"])
    context = page(
        request, say("received"), incident=incident, incident_title=title_of(incident), filed=filed,
        next_steps=say("next_steps").format(said_day(status.answer_due_date), filed["email"]),
    )  # fmt: skip
    return render(request, "claims/web/received.html", context)


def answers(form: FactsForm) -> list[tuple[str, str]]:
    """What somebody said to what policies ask, in the words of the form."""
    chosen = {field.name: dict(getattr(field.field, "choices", ())) for field in form.fact_fields()}
    return [
        (str(field.label), str(chosen[field.name].get(field.value(), field.value())).replace("T", " "))
        for field in form.fact_fields()
        if field.value()
    ]


def _boxes(form: Any, product: Product) -> tuple[Product, list[tuple[Choice, bool]], bool]:
    """The product, what can be chosen of it and whether it is, and whether anything is."""
    chosen = set(form["services"].value() or [])
    boxes = [(choice, choice.code in chosen) for choice in product.choices]
    return product, boxes, any(ticked for _, ticked in boxes)
