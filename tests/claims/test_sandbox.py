"""A sandbox is an installation of its own: it begins without claims, and says on each page and letter that it is one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import OperationalError, transaction
from django.test import Client
from django.urls import reverse

from claims import hints
from claims.models import Claim, Hint, UsageImport
from claims.operations import NoSandbox, SandboxInUse, begin_sandbox, call_importers, let_time_pass, plan_runs, sweep
from claims.queries.letter_pdf import pdf_of_letter
from config import start
from config.start import check_database
from config.supervisor import command
from services import clock
from services.models import ClockMove, Incident
from services.operations import begin_clock
from tests.builders import (
    BIKE,
    MESSAGES,
    NOW,
    a_partner,
    a_person,
    a_policy,
    a_user,
    claim_of,
    follow_up,
    told,
    usage,
    work_off,
)
from tests.claims.import_cast import as_csv, ride, send

ROOT = Path(__file__).parents[2]
KOREAN, ENGLISH = "모의 환경입니다", "This is a sandbox"


@pytest.fixture
def sandbox(db: None, settings: Any) -> None:
    settings.SANDBOX = True
    begin_sandbox(now=clock.real())


def refused(database: str = "default") -> list[str]:
    """What `manage.py check` says of the database."""
    return [str(one.id) for one in run_checks(tags=[Tags.database], databases=[database])]


# --- where it begins ------------------------------------------------------------------------------------


def test_it_is_begun_in_an_empty_database_once(db: None, settings: Any):
    settings.SANDBOX = True
    call_command("begin_sandbox")
    call_command("begin_sandbox")
    assert ClockMove.objects.count() == 1
    assert clock.ahead().total_seconds() == 0


def test_it_is_not_begun_where_there_is_none(db: None):
    with pytest.raises(CommandError, match="no_sandbox"):
        call_command("begin_sandbox")
    with pytest.raises(NoSandbox):
        let_time_pass(seconds=60, moved_by="x", now=NOW)
    assert not ClockMove.objects.exists()


@pytest.mark.parametrize("what", ["claims", "usage"])
def test_it_is_not_begun_where_something_real_is(incident: Incident, settings: Any, what: str):
    if what == "claims":
        claim_of(a_person(), incident, told(MESSAGES))
    else:
        usage(a_person(), BIKE, "ride", "15 15:20", "15 21:15")
    settings.SANDBOX = True
    with pytest.raises(SandboxInUse):
        begin_sandbox(now=NOW)
    with pytest.raises(ImproperlyConfigured):
        clock.now()
    assert not ClockMove.objects.exists()


def test_a_database_of_the_other_sort_is_refused_by_its_code(incident: Incident, settings: Any):
    assert refused() == []
    settings.SANDBOX = True
    assert refused() == [], "it may be begun yet"
    claim_of(a_person(), incident, told(MESSAGES))
    assert refused() == ["claims.E002"]
    begin_clock(now=NOW)
    assert refused() == []
    settings.SANDBOX = False
    assert refused() == ["claims.E001"]


@pytest.mark.django_db(transaction=True)
def test_while_the_database_does_not_answer_a_worker_waits_and_a_web_process_does_not(
    incident: Incident, settings: Any, monkeypatch: pytest.MonkeyPatch
):
    claim_of(a_person(), incident, told(MESSAGES))
    settings.SANDBOX = True
    away = [True]

    def answers(seconds: float) -> None:
        assert seconds == start.PAUSE
        away.clear()

    def unless_away(*arguments: Any, **more: Any) -> Any:
        if away:
            raise OperationalError("it is away")
        return call_command(*arguments, **more)

    monkeypatch.setattr(start, "call_command", unless_away)
    monkeypatch.setattr("config.start.time.sleep", answers)
    check_database(waits=False)
    assert away
    with pytest.raises(SystemCheckError, match=r"claims\.E002"):
        check_database(waits=True)
    assert not away


@pytest.mark.parametrize("name", ["web", "worker"])
@pytest.mark.parametrize("sandbox", ["0", "1"])
@pytest.mark.django_db(transaction=True)
def test_no_process_begins_work_on_a_database_of_the_other_sort(
    process_environment: dict[str, str], incident: Incident, name: str, sandbox: str
):
    claim_of(a_person(), incident, told(MESSAGES))
    if sandbox == "0":
        with transaction.atomic():
            begin_clock(now=NOW)
    line = command(name, stack=process_environment["CLAIMS_STACK"], address="127.0.0.1:0")
    own = {**os.environ, **process_environment, "SANDBOX": sandbox}
    ended = subprocess.run(line, cwd=ROOT, env=own, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode != 0
    assert ("claims.E001" if sandbox == "0" else "claims.E002") in ended.stdout + ended.stderr
    assert " ready." not in ended.stdout + ended.stderr


@pytest.mark.django_db(transaction=True)
def test_a_process_begins_where_the_database_is_its_own(incident: Incident):
    claim_of(a_person(), incident, told(MESSAGES))
    check_database(waits=False)
    assert Claim.objects.exists()


def test_the_setting_is_read_of_the_environment():
    code = "from config import settings; print(settings.SANDBOX, settings.SPECTACULAR_SETTINGS['TITLE'])"
    for given, said in (("1", "True Outage claims (sandbox)"), ("", "False Outage claims")):
        own = {**os.environ, "SANDBOX": given}
        ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=own, capture_output=True, text=True, check=True)
        assert ran.stdout.strip() == said


# --- what it says ---------------------------------------------------------------------------------------

PAGES = (
    "/incidents/",
    "/incidents/kakao-2022-10-15/",
    "/claim/",
    "/my/",
    "/account/login/",
    "/nothing",
    "/staff/password/x/y/",
)
OF_STAFF = ("", "claims/claimstatus/", "services/clockmove/", "accounts/partner/", "claims/tally/", "password_change/")


def both(page: str) -> bool:
    return KOREAN in page and ENGLISH in page


@pytest.mark.parametrize("language", ["ko", "en"])
def test_each_page_says_so_in_both_languages(sandbox: None, incident: Incident, client: Client, language: str, settings: Any):
    staff = Client()
    staff.force_login(a_user("caseworker"))
    asked = [(client, address) for address in (*PAGES, reverse("admin:login"))]
    asked += [(staff, f"/admin/{address}") for address in OF_STAFF]
    for who, address in asked:
        answer = who.get(address, headers={"accept-language": language}, follow=True)
        assert both(answer.content.decode()), address
        assert answer["Sandbox"] == "true", address
    settings.SANDBOX = False
    for who, address in asked:
        answer = who.get(address, headers={"accept-language": language}, follow=True)
        assert not both(answer.content.decode()), address
        assert "Sandbox" not in answer.headers, address


def test_there_is_no_page_without_it():
    """Each template that is a whole page says so; those of staff are all framed by one, and others by these."""
    whole = [path for app in ("accounts", "claims", "services") for path in (ROOT / app).rglob("templates/**/*.html")]
    whole = [path for path in whole if re.search(r"<!doctype", path.read_text(encoding="utf-8"), re.IGNORECASE)]
    assert len(whole) == 5
    for path in [*whole, ROOT / "services/templates/admin/base_site.html"]:
        assert "{% sandbox %}" in path.read_text(encoding="utf-8"), path


def test_letters_and_their_pdf_say_so(sandbox: None, incident: Incident):
    a_policy()
    claim = claim_of(a_person(), incident, told())
    work_off()
    follow_up()
    letter = claim.letters.get()
    content = bytes(letter.content)
    assert both(content.decode())
    assert pdf_of_letter(content, reference=claim.reference, made_at=NOW).startswith(b"%PDF")


def test_what_is_moved_is_written_with_its_hints(sandbox: None):
    let_time_pass(seconds=3600, moved_by="rides.1", now=clock.real())
    assert clock.ahead().total_seconds() == 3600
    assert Hint.objects.filter(created_at__gt=clock.real()).count() == 2, "at the instant that it shows"


# --- work that lost its call ----------------------------------------------------------------------------


def test_a_run_that_nobody_is_called_to_is_seen_though_its_instants_lie_ahead(sandbox: None, incident: Incident):
    a_policy()
    claim_of(a_person(), incident, told())
    ahead = clock.real() + timedelta(days=300)
    (run,) = plan_runs(now=ahead)
    Hint.objects.all().delete()
    sweep(worker="one", now=ahead + timedelta(seconds=1))
    assert not Hint.objects.exists(), "it was planned a second ago"
    sweep(worker="one", now=ahead + timedelta(minutes=1))
    assert set(Hint.objects.values_list("task", "ref_id")) == {(hints.WORK_ON_RUN, run.pk)}


def test_a_file_that_nobody_is_called_to_is_seen_though_its_instants_lie_ahead(sandbox: None, incident: Incident):
    sent, ahead = send(a_partner(), as_csv([ride(1)])), clock.real() + timedelta(days=300)
    UsageImport.objects.filter(pk=sent.pk).update(sent_at=ahead, touched_at=ahead)
    Hint.objects.all().delete()
    assert call_importers(now=ahead + timedelta(seconds=1)) == 0
    assert call_importers(now=ahead + timedelta(minutes=1)) == 1
