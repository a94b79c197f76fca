"""Who runs the service stands where people are asked for trust."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Claim, Letter
from claims.queries.letter import render_letter
from tests.builders import NOW, a_person, a_policy, claim_of, follow_up, outage, told, work_off

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "name"), [("ko", "카카오 <주>"), ("en", "Kakao Corp.")])
def test_each_page_and_letter_names_who_runs_the_service(client: Client, settings: Any, language: str, name: str):
    settings.OPERATOR, settings.OPERATOR_CONTACT = ("카카오 <주>", "Kakao Corp."), "02-1234-5678"
    foot = f"{name} · 02-1234-5678".replace("<", "&lt;").replace(">", "&gt;")
    a_policy()
    claim: Claim = claim_of(a_person(), outage(), told())
    for address in (reverse("claim:start"), reverse("my:find"), reverse("account_login"), "/incidents/"):
        assert foot in client.get(address, {"lang": language}).content.decode(), address
    work_off()
    follow_up()
    letter = Letter.objects.get(claim=claim)
    assert letter.decision is not None
    text = render_letter(letter.decision, language=language, now=NOW).decode()
    assert foot in text
    by_number = {"ko": "고객센터에 접수번호로 물어 주십시오", "en": "ask customer service with your reference"}[language]
    assert by_number in text, "whoever claimed by telephone and has no address cannot open its page"
