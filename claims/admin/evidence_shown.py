"""What pages say of documents: those of a claim, and of one file what it is, what it should prove and which comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

from django.urls import reverse

from claims.admin.case_words import readable
from claims.admin.choice_words import worded
from claims.admin.evidence_words import LETTERS, REASONS, STATES, WORDS, picked, say
from claims.admin.facts_said import counting, said_fact
from claims.eligibility import FactSpec
from claims.models import Claim, EvidenceFile, EvidenceItem, Fact, MediaType
from claims.queries.evidence import requests_of, shown_facts, shown_files
from services.language import in_english
from services.seoul import shown

HEAD = 12  # digits of a hash that are shown: enough to tell two files apart
KINDS = {MediaType.PDF: "PDF", MediaType.PNG: "PNG", MediaType.JPEG: "JPEG", MediaType.WEBP: "WebP", MediaType.CSV: "CSV"}
PICTURES = (MediaType.PNG, MediaType.JPEG, MediaType.WEBP)


def evidence_of(
    claim: Claim, specs: Mapping[str, FactSpec], *, may_ask: bool, decides: bool, reads: bool, has: Set[str]
) -> dict[str, Any]:
    """What was asked for and what came in. As many queries however much there is; none for what it has not (`parts_of`)."""
    english = in_english()
    files = shown_files().filter(claim=claim).order_by("-pk") if "files" in has else []
    return {
        "words": {key: said[english] for key, said in WORDS.items()},
        "requests": [
            {
                "address": reverse("admin:claims_evidencerequest_change", args=[one.pk]) if decides else "",
                "state": picked(STATES[one.state]), "due": one.due_date,
                "items": [said_item(item, specs, reads=reads) for item in one.items.all()],
                "letters": [
                    (reverse("admin:claims_evidence_letter", args=[letter.pk]), picked(LETTERS[letter.kind]))
                    for letter in one.letters.all()
                    if reads
                ],
            }
            for one in (requests_of(claim) if "requests" in has else ())
        ],
        "files": [said_file(one, specs, reads=reads) for one in files],
        "ask": reverse("admin:claims_evidence_ask", args=[claim.pk]) if may_ask else "",
    }  # fmt: skip


def said_item(item: EvidenceItem, specs: Mapping[str, FactSpec], *, reads: bool = True) -> Sequence[str]:
    """What is asked for, for which fact, and whether it came."""
    state = picked(STATES[item.state])
    if not item.document:
        words = readable(item.words.text, reads=reads) if hasattr(item, "words") else say("erased_words")
        return words or "", "", state
    spec, pick = specs.get(item.fact), in_english()
    label = spec.documents[item.document].said(pick) if spec and item.document in spec.documents else item.document
    fact = (spec.label.said(pick) if spec else item.fact) + (f" · {item.loss.service.code}" if item.loss else "")
    return label, fact, state


def said_review(file: EvidenceFile) -> str:
    if not hasattr(file, "review"):
        return ""
    return f"{say('accept' if file.review.accepted else 'reject')}: {picked(REASONS[file.review.reason])}"


def said_file(file: EvidenceFile, specs: Mapping[str, FactSpec], *, reads: bool = True) -> dict[str, Any]:
    """Of one of `shown_files`. Its picture is at `content`, empty where nobody is to load it: each load is logged as a look."""
    items = [said_item(one.item, specs, reads=reads) for one in file.answers.all()]
    kept = reads and file.is_kept  # type: ignore[attr-defined]
    return {
        "pk": file.pk, "address": reverse("admin:claims_evidence_file", args=[file.pk]) if reads else "",
        "content": reverse("admin:claims_evidence_content", args=[file.pk]) if kept else "",
        "picture": file.media_type in PICTURES, "paper": file.media_type == MediaType.PDF,
        "name": readable(file.name, reads=reads),  # type: ignore[attr-defined]
        "kind": KINDS[MediaType(file.media_type)],
        "for": [*(" · ".join(filter(None, (document, fact))) for document, fact, _ in items), *_subjects(file, specs)]
        or [say("unasked")],
        "size": f"{-(-file.size // 1024):,} KB", "at": shown(file.received_at), "by": file.received_by,
        "hash": file.sha256, "head": file.sha256[:HEAD], "found": said_review(file) or say("nobody"),
    }  # fmt: skip


def _subjects(file: EvidenceFile, specs: Mapping[str, FactSpec]) -> list[str]:
    """What it shows by the word of who sent it."""
    return [say("their_word").format(label) for label in shown_facts(file, specs, in_english())]


def said_proofs(file: EvidenceFile, specs: Mapping[str, FactSpec]) -> list[dict[str, str]]:
    """What the file was sent for: the document, the fact, and what is said of that fact so far and by whom."""
    said = counting(Fact.objects.filter(claim=file.claim_id).order_by("pk"))
    proofs = []
    for answer in file.answers.all():
        item = answer.item
        document, name, _ = said_item(item, specs)
        fact = said.get((item.loss_id, item.fact))
        value = "" if fact is None else said_fact(fact, specs.get(item.fact), reads=True)
        by = "" if fact is None else worded("provenance", fact.provenance)
        proofs.append({"document": document, "fact": name, "value": value or "-", "by": by})
    return [*proofs, *({"document": one, "fact": "", "value": "", "by": ""} for one in _subjects(file, specs))]


def turn_of(file: EvidenceFile) -> dict[str, Any]:
    """The files of its claim in the order in which they came: where this one stands, and the addresses beside it."""
    files = list(EvidenceFile.objects.filter(claim=file.claim_id).order_by("pk").values_list("pk", flat=True))
    place = files.index(file.pk)

    def address(at: int) -> str:
        return reverse("admin:claims_evidence_file", args=[files[at]]) if 0 <= at < len(files) else ""

    return {"place": place + 1, "of": len(files), "before": address(place - 1), "after": address(place + 1)}
