"""Look before you leave anything: what was lost, when, what policies ask, and what may be expected; then who claims. Until it
is filed nothing is stored but in the visitor's own session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_cache_control

from accounts.operations import texts_to_agree_to
from claims.operations import Quote, ToldLoss, quote_claim
from claims.operations.policy import compile_terms_now
from claims.web.answered import Answered
from claims.web.begun import prefix_of
from claims.web.checked import summary
from claims.web.choices import Choice, Product, known_of, on_request
from claims.web.drawn import drawings
from claims.web.filing import file_here, has_filed, was_filed
from claims.web.forms import AboutForm, CheckForm, Row, ServicesForm, SpanForms, YouForm
from claims.web.my.access import owner_of
from claims.web.page import errors_of, numbered, page
from claims.web.pick_words import WORDS as PICK_WORDS
from claims.web.picking import PickForm, choosings, picks_of_telling
from claims.web.quoted import said_expected, shown_document, wording_of
from claims.web.words import REFUSED, say
from services import clock
from services.language import in_english
from services.models import Incident
from services.names import UNLISTED
from services.refusals import Refusal
from services.resident_numbers import has_resident_number
from services.seoul import SEOUL
from services.timeline import marks_of
from services.web import title_of
from services.words import said_instant

MOST_ROWS = 20
# Pages that say nothing of who it is. The browser may keep them for whoever goes back: of what may not be kept, and answers to
# something that was sent, it asks whether to send that once more.
NAMELESS = ("services", "times", "about", "expected")


class Tell(Answered):
    """One question a page. Steps back keep what was said; what depends on it is asked again."""

    form_list = (
        ("services", ServicesForm), ("times", SpanForms), ("about", AboutForm), ("expected", PickForm), ("you", YouForm),
        ("check", CheckForm),
    )  # fmt: skip
    storage_name = "claims.web.kept.Kept"
    condition_dict = {"times": lambda tell: bool(tell.lost), "about": lambda tell: bool(tell.wanted.of_claim)}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        incident = Incident.objects.filter(key=kwargs["key"]).first()
        compiled = None if incident is None else compile_terms_now(incident)
        if incident is None or compiled is None:
            raise Http404
        self.incident, self.compiled = incident, compiled
        self.forget()
        response = cast(HttpResponseBase, super().dispatch(request, *args, **kwargs))
        if kwargs.get("step") in NAMELESS and not any(map(has_resident_number, _texts(request.POST))):
            patch_cache_control(response, private=True, no_cache=True)
        else:
            add_never_cache_headers(response)
        return response

    def get_prefix(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        return prefix_of(kwargs["key"])

    def get_step_url(self, step: str) -> str:
        return reverse("claim:step", args=[self.incident.key, step])

    def get_template_names(self) -> list[str]:
        return [f"claims/web/{self.steps.current}.html"]

    def get_form_kwargs(self, step: str | None = None) -> dict[str, Any]:
        if step == "services":
            policies = [(pack.code, pack.body.title.said(in_english())) for pack in on_request(self.compiled.terms)]
            return {"services": [(code, choice.name) for code, choice in self.choices.items()], "policies": policies}
        if step == "times":
            return {"rows": self.rows, "known": known_of(self.compiled.terms)}
        if step == "check":
            return {"texts": texts_to_agree_to()}
        if step == "expected":
            picks = picks_of_telling(self.compiled.terms, self.wanted.picks, self.listed(), self.choices)
            return {"picks": picks}
        return {"asked": self.wanted.of_claim} if step == "about" else {}

    def get_form_initial(self, step: str) -> Any:
        """Who is logged in is reached at the account's address, unless they say another."""
        if step == "you" and (owner := owner_of(self.request)) is not None:
            return {"email": owner.email}
        return [self._prefilled(row) for row in self.rows] if step == "times" else {}

    def _prefilled(self, row: Row) -> dict[str, Any]:
        span = self.choice(row.service).span if row.first else None
        if span is None:
            return {}
        start_at, end_at = span
        return {"start_at": start_at.astimezone(SEOUL), "end_at": end_at and end_at.astimezone(SEOUL), "still": end_at is None}

    def get(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Of an earlier page that was not answered, or not as it is asked now, that page."""
        wanted_step = kwargs.get("step")
        if wanted_step == self.steps.first and self.storage.current_step is None and has_filed(self.request, self.incident):
            self.storage.current_step = wanted_step  # another claim is begun: what is sent next is of that one
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
        begun = self.storage.current_step is not None
        if was_filed(self.request, self.incident) or (not begun and has_filed(self.request, self.incident)):
            return self._received()
        more = self.request.POST.get("more")
        if more in self.lost and self.steps.current == "times":
            if len(self.rows) < MOST_ROWS:
                self._keep(again=[*self.storage.extra_data.get("again", []), more])
            self.storage.set_step_data("times", self.request.POST)
            return HttpResponseRedirect(f"{self.get_step_url('times')}#{more}")
        sent = self.request.POST.get(f"{self.prefix}-current_step")
        if sent is not None and sent not in self.get_form_list():  # another tab has chosen what it does not follow from
            return HttpResponseRedirect(self.get_step_url("check"))
        return cast(HttpResponseBase, super().post(*args, **kwargs))

    def process_step(self, form: Any) -> Any:
        """Times are of the services that were chosen then."""
        said = form.cleaned_data
        if self.steps.current == "services" and (said["services"], bool(said["unlisted"])) != (
            self.services, bool(self.said["unlisted"])
        ):  # fmt: skip
            self.storage.set_step_data("times", None)
            self._keep(again=[])
        if "key" not in self.storage.extra_data:  # of this form, in however many tabs it is open
            self._keep(key=str(uuid4()))
        self.forget()  # what is returned here is kept at once, and other pages and questions may follow from it
        return super().process_step(form)

    def _keep(self, **more: Any) -> None:
        self.storage.extra_data = {**self.storage.extra_data, **more}

    def get_context_data(self, form: Any, **kwargs: Any) -> dict[str, Any]:
        step = self.steps.current
        context = page(
            self.request, say(step), PICK_WORDS, incident=self.incident, incident_title=title_of(self.incident),
            place=say("step").format(self.steps.step1, self.steps.count), errors=errors_of(form, self._asked_of(form)),
        )  # fmt: skip
        if step == "services":
            context["products"] = [_boxes(form, product) for product in self.products]
        if step == "times":
            context["unlisted"] = UNLISTED
            context["rows"] = [(self.choice(one.service), one) for one in form.forms]
            context["prefilled"] = any(choice.windows for choice, _ in context["rows"])
            context |= self._drawn()
        if step == "expected":
            context |= self._expected(form)
        if step == "check":
            context |= {**summary(self), "expected": self._sums()}
        return cast(dict[str, Any], super().get_context_data(form=form, **context, **kwargs))

    def _asked_of(self, form: Any) -> Callable[[Any], str] | None:
        """Of what each of several forms asks the same."""
        if self.steps.current != "times":
            return (lambda one: "") if self.steps.current == "about" else None
        names = numbered([self.choice(one.service).name for one in form.forms])
        return dict(zip(form.forms, names, strict=True)).__getitem__

    def _drawn(self, told: Sequence[ToldLoss] = ()) -> dict[str, Any]:
        """As the template of the record's timeline wants it."""
        version = self.compiled.version
        drawn = drawings([self.choice(code) for code in self.lost], version, told)
        known = {"page": {"version": version}, "known_until": said_instant(version.as_of)}
        return {"drawings": drawn, "marks": marks_of(drawn), **known}

    def _expected(self, form: PickForm) -> dict[str, Any]:
        """What is in no list is shown, and drawn, but nothing is calculated for it."""
        told, (unlisted, times) = self.told(), self.unlisted()
        context = {"unlisted": unlisted, **self._drawn([*told["losses"], *times])}
        try:
            quote = self._quote(told)
        except Refusal as refusal:
            return {"refusal": refusal}
        if quote is None:
            return context
        wording = wording_of(quote.terms, self.names)
        choosing = choosings(quote.offers, form.picks, quote.terms, wording)
        shown = shown_document(quote.document, quote.terms, wording)
        return {**context, "quote": shown, "choosing": [(one, form[one.pick.name]) for one in choosing]}

    def _sums(self) -> list[str]:
        """What may be expected of all that was said, once more where it is sent."""
        try:
            quote = self._quote(self.told())
        except Refusal:  # the page before has said so
            return []
        return [] if quote is None else said_expected(quote.document, wording_of(quote.terms, self.names))

    def _quote(self, told: dict[str, Any]) -> Quote | None:
        """None where nothing is told that could be calculated. Raises what `quote_claim` raises."""
        if not any(told.values()):
            return None
        return quote_claim(incident=self.incident, now=clock.now(), terms=self.compiled.terms, **told)

    def render_done(self, form: Any, **kwargs: Any) -> HttpResponseBase:
        """File it, where the last page was sent; who only comes by is led there."""
        if self.request.method != "POST":
            return HttpResponseRedirect(self.get_step_url("check"))
        you = self.answered("you")
        if you is None:
            return HttpResponseRedirect(self.get_step_url("you"))
        who = {name: you.cleaned_data[name] for name in ("name", "email", "phone")}
        try:
            file_here(
                self.request, incident=self.incident, who=who, key=UUID(self.storage.extra_data["key"]),
                consents=form.consents(), message=you.cleaned_data["message"], **self.filed(),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, say("not_filed").format(REFUSED.get(refusal.code, ("", refusal.message))[in_english()]))
            return cast(HttpResponseBase, self.render(form))
        self.storage.reset()
        return self._received()

    def _received(self) -> HttpResponse:
        return HttpResponseRedirect(reverse("claim:received", args=[self.incident.key]))


def _texts(sent: QueryDict) -> Iterator[str]:
    for _, values in sent.lists():
        yield from values


def _boxes(form: Any, product: Product) -> tuple[Product, list[tuple[Choice, bool]], bool]:
    """The product, what can be chosen of it and whether it is, and whether anything is."""
    chosen = set(form["services"].value() or [])
    boxes = [(choice, choice.code in chosen) for choice in product.choices]
    return product, boxes, any(ticked for _, ticked in boxes)
