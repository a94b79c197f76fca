"""The public pages: the list of incidents, and one incident with a version of its record. For everybody, reading only."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page, require_safe
from django.views.generic import RedirectView

from services.language import in_english
from services.models import Incident
from services.problems import refuse_unknown_parameters
from services.queries import incidents_with_versions
from services.questions import LANGUAGES, NEWEST_SECONDS, asked_language, asked_version
from services.record_page import record_page
from services.refusals import Refusal, Unknown
from services.words import REFUSED, said_instant, say

View = Callable[..., HttpResponse]


def public(*known: str) -> Callable[[View], View]:
    """A view that anybody may read: with the parameters `known` and `lang`, a page for a refusal, an ETag, a minute's life."""

    def decorate(view: View) -> View:
        @require_safe
        @conditional_page
        @wraps(view)
        def answer(request: HttpRequest, **named: str) -> HttpResponse:
            language = translation.get_language() or "ko"  # as the browser prefers it
            try:
                refuse_unknown_parameters(request, "lang", *known)
                language = asked_language(request.GET, otherwise=language)
                with translation.override(language):
                    response = view(request, **named)
                patch_cache_control(response, public=True, max_age=NEWEST_SECONDS)
            except Refusal as refusal:
                with translation.override(language):
                    response = _refused(request, refusal)
            response.headers["Content-Language"] = language
            return response

        return answer

    return decorate


@public()
def incident_list(request: HttpRequest) -> HttpResponse:
    """All incidents, newest first, each with when it began and ended by the best ranked source."""
    rows = [_row(request, incident) for incident in reversed(incidents_with_versions())]
    return _page(request, "list", {"title": say("site"), "is_home": True, "rows": rows})


@public("version")
def incident_page(request: HttpRequest, key: str) -> HttpResponse:
    page = record_page(key, asked_version(request.GET))
    number = page.version.number
    newest = page.versions[-1].number
    links = {
        "json": f"{reverse('api:windows', args=[key])}?version={number}",
        "json_incident": reverse("api:incident", args=[key]),
        "ics": address(request, "public:calendar", key, version=number),
    }
    context = {
        "title": title_of(page.incident), "page": page, "links": links, "is_newest": number == newest,
        "known_until": said_instant(page.version.as_of),
        "to_newest": address(request, "public:incident", key), "claim": address(request, settings.CLAIM_VIEW, key),
    }  # fmt: skip
    return _page(request, "incident", context)


class Icon(RedirectView):
    """Where browsers look for it of what names none: of a PDF, of JSON."""

    http_method_names = ("get", "head")

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        return static("services/favicon.ico")


def address(request: HttpRequest, name: str, *args: str, version: int | None = None, language: str | None = None) -> str:
    """The path of a public page with the version, and with the language if this request's address names one."""
    query = QueryDict(mutable=True)
    if version is not None:
        query["version"] = str(version)
    chosen = language or request.GET.get("lang")
    if chosen in LANGUAGES:
        query["lang"] = chosen
    path = reverse(name, args=args)
    return f"{path}?{query.urlencode()}" if query else path


def language_links(request: HttpRequest) -> list[tuple[str, str, str]]:
    """Code, name and address of the same page in each language."""
    links = []
    for code, called in (("ko", "한국어"), ("en", "English")):
        query = request.GET.copy()
        query["lang"] = code
        links.append((code, called, f"{request.path}?{query.urlencode()}"))
    return links


def _row(request: HttpRequest, incident: Incident) -> dict[str, Any]:
    versions = list(incident.versions.all())
    extents = list(versions[-1].listed_extents.all()) if versions else []
    return {
        "incident": incident, "title": title_of(incident), "version": versions[-1] if versions else None,
        "extent": extents[0].extent if extents else None,
        "address": address(request, "public:incident", incident.key),
        "claim": address(request, settings.CLAIM_VIEW, incident.key),
    }  # fmt: skip


def title_of(incident: Incident) -> str:
    return incident.title_en if in_english() else incident.title_ko


def _page(request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """With what every page has: the language, and links to the same page in each language."""
    whole = {
        "language": translation.get_language(), "languages": language_links(request),
        "home": address(request, "public:incidents"), "rss": address(request, "public:rss"),
        "atom": address(request, "public:atom"), **context,
    }  # fmt: skip
    return render(request, f"services/{name}.html", whole, status=status)


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The code and a sentence, nothing of the record."""
    status = 404 if isinstance(refusal, Unknown) else 400
    sentence = REFUSED[refusal.code][in_english()]
    return _page(request, "refused", {"title": say("refused"), "sentence": sentence, "code": refusal.code}, status=status)
