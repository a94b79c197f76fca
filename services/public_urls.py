"""Addresses of the public pages."""

from django.urls import path

from services.statuspage import StatuspageIncidents
from services.statuspage_maintenances import StatuspageMaintenances
from services.syndication import AtomNews, RssNews, calendar
from services.web import Icon, incident_list, incident_page, public

app_name = "public"

urlpatterns = [
    path("favicon.ico", Icon.as_view(), name="icon"),
    path("incidents/", incident_list, name="incidents"),
    path("incidents/feed.rss", public()(RssNews()), name="rss"),
    path("incidents/feed.atom", public()(AtomNews()), name="atom"),
    path("incidents/<slug:key>.ics", calendar, name="calendar"),
    path("incidents/<slug:key>/", incident_page, name="incident"),
    path("status/api/v2/incidents.json", StatuspageIncidents.as_view(), name="statuspage"),
    path("status/api/v2/scheduled-maintenances.json", StatuspageMaintenances.as_view(), name="statuspage_maintenances"),
]
