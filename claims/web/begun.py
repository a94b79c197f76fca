"""Where telling begins; and what this browser began and did not send: it can be gone on with, or forgotten."""

from __future__ import annotations

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from claims.web.page import page
from claims.web.words import say
from services.queries import incidents_with_versions
from services.web import title_of


def prefix_of(key: str) -> str:
    """Of the wizard's forms for the incident `key`."""
    return f"tell-{key}"


def has_begun(session: SessionBase, key: str) -> bool:
    """Whether a page of it was answered."""
    return any((session.get(_kept(key)) or {}).get("step_data", {}).values())


def start(request: HttpRequest) -> HttpResponse:
    """Which outage it is about; what was begun in this browser can be gone on with."""
    rows = [
        {"key": one.key, "title": title_of(one), "at": one, "begun": has_begun(request.session, one.key)}
        for one in reversed(incidents_with_versions())
        if one.versions.all()
    ]
    context = page(request, say("title"), incidents=rows, begun=[one for one in rows if one["begun"]])
    return render(request, "claims/web/start.html", context)


@require_POST
def begin_anew(request: HttpRequest, key: str) -> HttpResponse:
    """All that was typed in about the incident is forgotten; what was filed is not."""
    request.session.pop(_kept(key), None)
    return HttpResponseRedirect(reverse("claim:begin", args=[key]))


def _kept(key: str) -> str:
    """Where the wizard keeps it: see BaseStorage of django-formtools."""
    return f"wizard_{prefix_of(key)}"
