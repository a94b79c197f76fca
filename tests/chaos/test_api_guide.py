"""The quick start of docs/api.md, as it stands there, against a real web process, worker, dispatcher and beat of a sandbox."""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from claims.demonstration.steps import give_authority, give_credential, load_policies, load_record
from claims.models import Claim, Decision, Usage
from config import supervisor
from services import clock
from services.operations import begin_clock
from tests.builders import a_partner, a_user
from tests.chaos.living import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600 + 2 * PATIENCE)]
GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture
def environment(process_environment: dict[str, str]) -> dict[str, str]:
    """What the reader of the guide has: a sandbox with the demonstration's record and policies, and a credential."""
    with transaction.atomic():
        begin_clock(now=clock.real())
    load_record(up_to=None)
    load_policies()
    give_authority()
    call_command("publish_consents", verbosity=0)
    client_id, secret = give_credential(a_partner("demo-mobility").code, issued_by=str(a_user("manager").email))
    own = {"SANDBOX": "1", "DEBUG": "1", "FETCH_ALLOWED_NETWORKS": "127.0.0.0/8"}
    return {**process_environment, **own, "CLIENT_ID": client_id, "CLIENT_SECRET": secret}


def test_the_quick_start_works_as_it_is_written(environment: dict[str, str], tmp_path: Path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    names, stack = ["web", "worker", "dispatcher", "beat"], environment["CLAIMS_STACK"]
    told = {**os.environ, **environment, "SITE": f"http://{address}"}
    with supervisor.running(names, stack=stack, environment=environment, embedded_servers=False, address=address) as processes:
        processes.wait_until_ready(timeout=PATIENCE)
        shown = "".join(blocks("console")).splitlines()
        lines = [line.removeprefix("$ ") for line in shown if not line.startswith(("$ SITE=", "$ DEBUG=1"))]
        shell = subprocess.run(
            ["bash", "-euc", "\n".join(lines)], env=told, capture_output=True, text=True, check=True, cwd=tmp_path
        )
        assert '"quantity":49950' in shell.stdout, shlex.quote(shell.stdout)
        assert '"external_id":"ride-1"' in shell.stdout
        assert '"lock_state":"counts"' in shell.stdout
        assert '"ahead_seconds":18000' in shell.stdout
        assert '"state":"open"' in shell.stdout
        said, hooked = (_run(code, told) for code in blocks("python"))
    assert said[0] == "rides: {'stored': 1000, 'repeated': 0}"
    assert "49950" in said[1]
    assert said[-1] == "decided: True 49950"
    assert re.sub("C-[0-9A-Z]{4}-[0-9A-Z]{4}", "C", " ".join(hooked)) == "told: claim.filed C 1 told: claim.decided C 2"
    assert (Usage.objects.count(), Claim.objects.count()) == (1_004, 1_002)
    assert Decision.objects.filter(claim__as_partner_knows_it__external_id="quick-claim-0").exists()


def _run(code: str, environment: dict[str, str]) -> list[str]:
    """What a program of the guide prints."""
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout.splitlines()
