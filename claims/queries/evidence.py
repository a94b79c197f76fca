"""What a claimant may be asked to send, and what was asked and came in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BinaryField, Exists, F, OuterRef, Prefetch, QuerySet
from django.db.models.functions import Length, Substr

from claims.eligibility import PROVENANCES, FactSpec, Pack, Text
from claims.models import (
    Assessment,
    Claim,
    EvidenceAnswer,
    EvidenceContent,
    EvidenceFile,
    EvidenceItem,
    EvidenceRequest,
    EvidenceSubject,
    Fact,
    Loss,
)
from claims.queries.intake import losses_told

Key = tuple[str, str, str, int | None]  # policy, document, fact, loss
PIECE = 512 * 1024  # bytes


@dataclass(frozen=True)
class Listed:
    """A document that a policy lists for a fact of the claim. `gives`: minor units that the policy would give, None where they
    are not known; it is asked for `above` so many. `proved`: the fact has a word that is enough for money already.
    """

    policy: str
    scheme: Text
    document: str
    label: Text
    fact: str
    fact_label: Text
    loss: Loss | None
    gives: int | None
    above: int
    proved: bool

    @property
    def key(self) -> Key:
        return self.policy, self.document, self.fact, None if self.loss is None else self.loss.pk

    @property
    def asked_for(self) -> bool:
        """Whether the policy asks for it, at this amount."""
        return not self.proved and (self.gives is None or self.gives > self.above)


def listed_documents(claim: Claim, assessment: Assessment | None, packs: Iterable[Pack]) -> dict[Key, Listed]:
    """Of the policies that the newest assessment has lines of; of all where there is none. As many queries for each claim."""
    losses = list(losses_told().filter(claim=claim, withdrawn="").select_related("service").order_by("pk"))
    said = _strongest(claim)
    gives = None if assessment is None else _gives(assessment)
    found: dict[Key, Listed] = {}
    for pack in packs:
        if gives is not None and pack.code not in gives:
            continue
        for name, spec in pack.body.facts.items():
            enough = PROVENANCES.index(spec.pay or spec.decide)
            for loss in losses if spec.of == "loss" else [None]:
                by = said.get((name, None if loss is None else loss.pk))
                proved = by is not None and PROVENANCES.index(by) >= enough
                for document, label in spec.documents.items():
                    one = Listed(
                        pack.code, pack.body.title, document, label, name, spec.label, loss,
                        None if gives is None else gives[pack.code], pack.documents_above(name), proved,
                    )  # fmt: skip
                    found[one.key] = one
    return found


def _strongest(claim: Claim) -> dict[tuple[str, int | None], str]:
    strongest: dict[tuple[str, int | None], str] = {}
    for name, loss, by in Fact.objects.filter(claim=claim).values_list("name", "loss", "provenance"):
        strongest[name, loss] = max(by, strongest.get((name, loss), by), key=PROVENANCES.index)
    return strongest


def _gives(assessment: Assessment) -> Mapping[str, int | None]:
    """By policy, what its lines would give, quotes too; None where a line is not decided and has no quantity."""
    unknown: set[str] = set()
    sums: Counter[str] = Counter()
    for line in assessment.lines.filter(rule__isnull=False).select_related("rule__version__policy"):
        assert line.rule is not None, "filtered"
        code = line.rule.version.policy.code
        sums[code] += line.quantity or 0
        if line.quantity is None and line.outcome != "not_eligible":
            unknown.add(code)
    return {code: None if code in unknown else total for code, total in sums.items()}


def requests_of(claim: Claim) -> list[EvidenceRequest]:
    """The newest first, with their items and letters."""
    items = EvidenceItem.objects.select_related("words", "loss__service").prefetch_related("answers")
    related: Any = (Prefetch("items", items), "letters")
    return list(EvidenceRequest.objects.filter(claim=claim).prefetch_related(*related).order_by("-pk"))


def waiting_files(claim: Claim) -> Counter[tuple[str, str]]:
    """By policy and fact, how many files were sent for it that nobody has looked at yet, asked for or not. Two queries."""
    said = EvidenceSubject.objects.filter(file__claim=claim, file__review__isnull=True).values_list("policy", "fact", "file")
    asked = EvidenceAnswer.objects.filter(file__claim=claim, file__review__isnull=True).exclude(item__fact="")
    found = {*said, *asked.values_list("item__policy", "item__fact", "file")}
    return Counter((policy, fact) for policy, fact, _ in found)


def kept_content(file_id: int) -> tuple[int, Iterator[bytes]] | None:
    """How many bytes are kept of a file, and they, in pieces: whole they stand in memory three times over while they are read.
    None where they were erased.
    """
    size = EvidenceContent.objects.filter(pk=file_id).values_list(Length("content"), flat=True).first()
    return None if size is None else (size, _pieces(file_id, size))


def _pieces(file_id: int, size: int) -> Iterator[bytes]:
    for start in range(0, size, PIECE):
        piece = Substr("content", start + 1, PIECE, output_field=BinaryField())
        yield bytes(EvidenceContent.objects.values_list(piece, flat=True).get(pk=file_id))


def shown_facts(file: EvidenceFile, specs: Mapping[str, FactSpec], pick: int) -> list[str]:
    """What one of `shown_files` shows by the word of who sent it, in one language (0 Korean, 1 English), each once; of what no
    policy asks any more its code.
    """
    facts = [one.fact for one in file.subjects.all()]
    return list(dict.fromkeys(specs[fact].label.said(pick) if fact in specs else fact for fact in facts))


def shown_files() -> QuerySet[EvidenceFile]:
    """Files with what they were sent for and what was found in them, without their bytes; `is_kept`: those are not erased;
    `name`: as the claimant called it.
    """
    items = EvidenceItem.objects.select_related("words", "loss__service")
    answers = EvidenceAnswer.objects.order_by("pk").prefetch_related(Prefetch("item", items))
    kept = Exists(EvidenceContent.objects.filter(pk=OuterRef("pk")))
    files = EvidenceFile.objects.select_related("received_by", "review__reviewed_by").annotate(
        is_kept=kept, name=F("kept__name")
    )
    return files.prefetch_related(Prefetch("answers", answers), "subjects")
