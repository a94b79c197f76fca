"""Addresses of the claimant's pages."""

from django.urls import path
from django.views.decorators.cache import never_cache

from claims.web.begun import begin_anew, start
from claims.web.filed import received
from claims.web.language import in_their_language
from claims.web.tell import Tell

app_name = "claim"

tell = in_their_language(Tell.as_view(url_name="claim:step"))  # which says of each page whether it may be kept

urlpatterns = [
    path("", never_cache(in_their_language(start)), name="start"),
    path("<slug:key>/", tell, name="begin"),
    path("<slug:key>/anew/", never_cache(begin_anew), name="anew"),
    path("<slug:key>/received/", never_cache(in_their_language(received)), name="received"),
    path("<slug:key>/<slug:step>/", tell, name="step"),
]
