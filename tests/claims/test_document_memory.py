"""What a process of the web holds while documents are sent: little more than the one that is looked at."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import User
from claims.document_words import REFUSED_FILES
from claims.documents import LARGEST, SafeDocument
from claims.models import Claim, EvidenceContent, EvidenceFile
from claims.operations import evidence_files, receive_evidence, uploads
from claims.web.my import documents as page_module
from tests.builders import NOW
from tests.claims.mine_cast import mine
from tests.claims.test_evidence import ask, claim, worker
from tests.claims.test_evidence_files import items_of
from tests.claims.test_my_documents import guest, said, upload
from tests.documents import EXE, PDF

__all__ = ["claim", "guest", "worker"]  # fixtures
STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
TOLD = REFUSED_FILES["file_not_checked"][0]


def megabytes(name: str) -> float:
    found = re.search(rf"{name}:\s+(\d+) kB", STATUS.read_text())
    assert found is not None
    return int(found[1]) / 1024


@contextmanager
def peak() -> Iterator[list[float]]:
    """How many megabytes more than before were resident at once."""
    CLEAR.write_text("5")  # the highest so far is forgotten
    before, found = megabytes("VmRSS"), []  # type: float, list[float]
    yield found
    found.append(megabytes("VmHWM") - before)


def test_what_is_kept_is_not_copied_again_and_again_to_be_written(claim: Claim, worker: User, monkeypatch: pytest.MonkeyPatch):
    """As text in a statement ten megabytes took eighty, of which half stayed with the connection."""
    item = items_of(ask(claim, worker))[0]
    content = random.Random(1).randbytes(LARGEST)
    monkeypatch.setattr(evidence_files, "make_safe", lambda sent: SafeDocument("image/jpeg", content))
    with transaction.atomic(), peak() as more:
        file = receive_evidence(
            claim_id=claim.pk, item_ids=[item.pk], content=b"sent", received_by=worker, note="x", name="영수증.jpg", now=NOW
        )
    kept = EvidenceContent.objects.get(pk=file.pk)
    assert (sha256(kept.content).hexdigest(), kept.name) == (file.kept_sha256, "영수증.jpg")
    assert more[0] < 2 * LARGEST / 2**20


def test_one_document_is_looked_at_at_a_time(client: Client, guest: User, claim: Claim, monkeypatch: pytest.MonkeyPatch):
    """Whoever comes while another is looked at waits, and is told to send it again when that takes too long."""
    monkeypatch.setattr(uploads, "PATIENCE", 0.05)
    with uploads.TURN:
        answer = upload(client, claim)
        assert TOLD in said(answer)
        assert not EvidenceFile.objects.exists()
    assert upload(client, claim).status_code == 302


def test_saving_one_takes_no_more_than_a_piece_of_it(
    client: Client, guest: User, claim: Claim, monkeypatch: pytest.MonkeyPatch
):
    content = random.Random(2).randbytes(LARGEST)
    monkeypatch.setattr(evidence_files, "make_safe", lambda sent: SafeDocument("image/jpeg", content))
    assert upload(client, claim, PDF).status_code == 302
    digest, size = sha256(), 0
    with peak() as more:
        answer = client.get(mine("document_file", claim, EvidenceFile.objects.get().pk))
        for piece in answer:
            digest.update(piece)
            size += len(piece)
    assert (digest.digest(), size) == (sha256(content).digest(), LARGEST)
    assert answer["Content-Length"] == str(LARGEST)
    assert more[0] < LARGEST / 2**20 / 2


@pytest.mark.parametrize("fails", ["refused", "broken"])
def test_the_turn_is_given_back(fails: str, client: Client, guest: User, claim: Claim, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uploads, "PATIENCE", 0.05)
    if fails == "refused":
        assert REFUSED_FILES["pdf_unreadable"][0] in said(upload(client, claim, EXE))
    else:
        with monkeypatch.context() as once:
            once.setattr(page_module, "receive_evidence", lambda **named: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                upload(client, claim)
    assert upload(client, claim, PDF).status_code == 302
