"""Somebody's claim is found by its reference and a code that is sent to where they are reached."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from claims.web.my.words import WORDS, say
from claims.web.page import page


def find(request: HttpRequest) -> HttpResponse:
    return render(request, "claims/my/find.html", page(request, say("find"), WORDS))
