"""Feeds in the admin: register one, look at what a file would bring and import it, poll, say what its names mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from services import clock
from services.admin_forms import FeedForm, UploadForm
from services.admin_pages import AddableAdmin, may_send, staff_of, told
from services.admin_words import language, recoveries, say
from services.choice_words import head
from services.import_report import newest_mappings, shown_import
from services.models import Feed, FeedKind, Incident, Service, WindowProposal
from services.names import UNLISTED
from services.operations import (
    Imported,
    attach_item,
    due_at,
    import_upload,
    look_at_upload,
    map_component,
    poll_feed_now,
    register_feed,
)
from services.proposals import open_proposals
from services.refusals import Refusal
from services.seoul import shown
from services.staff import WRITERS, Staff

NONE_OF_OURS = "-"  # no code of a service
SHOWN_ITEMS = 50  # those that belong to no incident yet first
ATTACHED = ExpressionWrapper(Q(incident__isnull=False), output_field=BooleanField())


@admin.register(Feed)
class FeedAdmin(AddableAdmin):
    list_display = ("code", "name", "kind", "source", "poll_minutes", "polled", "failures", "last_error")
    list_filter = ("kind", "source")
    search_fields = ("code", "name", "url")
    list_select_related = ("source",)
    add_form = FeedForm
    add_words = "add_feed"

    class Media:
        js = ("services/feed.js",)

    @admin.display(description=head("polled"), ordering="polled_at")
    def polled(self, feed: Feed) -> str:
        return shown(feed.polled_at)

    def add_by(self, form: Any, user: Staff) -> Feed:
        said = {**form.cleaned_data, "source": form.cleaned_data["source"].code}
        return register_feed(**said, registered_by=user, now=clock.now())

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.feed_page)
        return [path("<int:feed_id>/change/", page, name="services_feed_change"), *super().get_urls()]

    def feed_page(self, request: HttpRequest, feed_id: int) -> HttpResponse:
        """Everything about one feed; each button is one operation."""
        feed = Feed.objects.select_related("source").filter(pk=feed_id).first()
        if feed is None:
            raise Http404
        writes = may_send(request, *WRITERS)
        act = request.POST.get("act", "")
        form = UploadForm(*((request.POST, request.FILES) if act in ("look", "import") else ()), feed=feed)
        looked: dict[str, Any] = {}
        if request.method == "POST":
            answer = _uploaded(request, feed, form) if form.is_bound else _acted(request, feed)
            if isinstance(answer, HttpResponse):
                return answer
            looked = answer
        context = {"title": feed.name, "feed": feed, "form": form, "may_write": writes, "looked": looked, **_about(feed)}
        return self.page(request, "feed/page", context)


# --- what a button does: one operation each ---------------------------------------------------------


def _uploaded(request: HttpRequest, feed: Feed, form: UploadForm) -> HttpResponse | dict[str, Any]:
    """Look at a file, or import it; nothing of it is kept between the two.

    The browser sends the same file again, and a mark of what was looked at tells whether it is the same. So no temporary
    file has to be found again by another web process, signed, or swept when nobody comes back.
    """
    if not form.is_valid():
        return {"refusal": " ".join(str(said) for errors in form.errors.values() for said in errors)}
    try:
        given = {"feed": feed.code, **form.given()}
        if request.POST["act"] == "look":
            imported, mark = look_at_upload(**given)
            return {
                "mark": mark,
                "rows": shown_import(imported, feed, language()),
                "imported": imported,
                "counts": _counts(imported),
            }
        with transaction.atomic(durable=True):
            looked = request.POST.get("looked", "")
            imported = import_upload(**given, looked=looked, read_by=staff_of(request), now=clock.now())
    except Refusal as refusal:
        return {"refusal": told(refusal)}
    messages.success(request, _imported(imported))
    return _to(feed)


def _acted(request: HttpRequest, feed: Feed) -> HttpResponse | dict[str, Any]:
    act = ACTIONS.get(request.POST.get("act", ""))
    if act is None:
        return {}
    try:
        level, said = act(request, feed)
    except Refusal as refusal:
        level, said = messages.ERROR, told(refusal)
    messages.add_message(request, level, said)
    return _to(feed)


def _poll(request: HttpRequest, feed: Feed) -> tuple[int, str]:
    """Opens its transactions itself: none is open while the server is asked."""
    polled = poll_feed_now(feed_id=feed.pk, asked_by=staff_of(request), now=clock.now())
    if polled.error:
        return messages.ERROR, f"{say('error')}: {polled.error}"
    return messages.SUCCESS, say("unchanged") if polled.imported is None else _imported(polled.imported)


def _map(request: HttpRequest, feed: Feed) -> tuple[int, str]:
    code = request.POST.get("service", "")
    said = {name: request.POST.get(name, "") for name in ("component", "name")}
    with transaction.atomic(durable=True):
        service = None if code == NONE_OF_OURS else code
        map_component(feed=feed.code, service=service, **said, mapped_by=staff_of(request), now=clock.now())
    return messages.SUCCESS, say("done")


def _attach(request: HttpRequest, feed: Feed) -> tuple[int, str]:
    item = request.POST.get("item", "")
    number = int(item) if item.isascii() and item.isdigit() and len(item) < 16 else 0
    with transaction.atomic(durable=True):
        incident = request.POST.get("incident", "")
        attach_item(item_id=number, incident=incident, attached_by=staff_of(request), now=clock.now())
    return messages.SUCCESS, say("done")


ACTIONS: dict[str, Callable[[HttpRequest, Feed], tuple[int, str]]] = {"poll": _poll, "map": _map, "attach": _attach}


# --- what the page shows ----------------------------------------------------------------------------


def _about(feed: Feed) -> dict[str, Any]:
    due = due_at(feed)
    items = feed.items.select_related("incident")
    return {
        "polls": bool(feed.url) and feed.kind != FeedKind.OBSERVATIONS,
        "polled": shown(feed.polled_at), "due": say("never") if due is None else shown(due),
        "recovery": dict(recoveries())[feed.recovery], "waiting": open_proposals().filter(item__feed=feed).count(),
        "components": _components(feed), "none_of_ours": NONE_OF_OURS,
        "services": list(Service.objects.exclude(code=UNLISTED).order_by("code")),
        "items": list(items.annotate(attached=ATTACHED).order_by("attached", "-pk")[:SHOWN_ITEMS]),
        "item_count": items.count(), "incidents": list(Incident.objects.order_by("-started_at")),
    }  # fmt: skip


def _components(feed: Feed) -> list[dict[str, Any]]:
    """Every component that proposals of the feed name, with the mapping that counts; the unmapped first."""
    named = WindowProposal.objects.filter(item__feed=feed).exclude(component="")
    # A withdrawal has no name of its own, so it comes last.
    rows = named.order_by("component", "withdrawn", "-pk").distinct("component").values_list("component", "component_name")
    mapped = newest_mappings(feed)
    found = [{"component": code, "name": name or code, "mapping": mapped.get(code)} for code, name in rows]
    return sorted(found, key=lambda one: (one["mapping"] is not None, one["name"], one["component"]))


def _counts(imported: Imported) -> str:
    return say("counts").format(items=imported.items, same=imported.same, notices=imported.notices)


def _imported(imported: Imported) -> str:
    if not imported.changed:
        return say("unchanged")
    return say("imported").format(proposed=len(imported.proposed), notices=imported.notices)


def _to(feed: Feed) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:services_feed_change", args=[feed.pk]))
