"""Where a claim stands: what happens next and until when, what is missing, what happened, and what can be done."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from claims.models import Claim
from claims.web.my.words import WORDS, say
from claims.web.page import page


def status(request: HttpRequest, claim: Claim, user: User) -> HttpResponse:
    return render(request, "claims/my/status.html", page(request, say("status"), WORDS, claim=claim))
