"""Why a claim is owed another sum than it was paid before. From rows that are never changed: asked later, it says the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any

from django.db import connection

from claims.models import Assessment, ClaimRevision, CompiledTerms, Decision, Fact, Loss, LossOrigin, LossStanding, Provenance
from claims.models.owing import OWED_SQL, UNDECIDED_SQL

Said = tuple[str, str]  # a sentence in Korean and in English

TOLD: Said = ("더 알려 주신 내용을 반영했습니다.", "You told us more.")
LEARNED: Said = (
    "이용 기록이나 확인을 거쳐 더 알게 된 내용을 반영했습니다.",
    "We learned more, from records of use or by checking.",
)
WITHDRAWN: Said = (
    "잘못 들어온 피해를 계산에서 뺐습니다.",
    "A loss that had come in by mistake was taken out of the calculation.",
)
PUT_BACK: Said = ("계산에서 뺐던 피해를 다시 넣었습니다.", "A loss that had been taken out counts again.")
OTHERWISE: Said = ("산정에 쓰는 그 밖의 자료가 바뀌었습니다.", "Something else that the calculation uses was changed.")


def reasons_of(assessment: Assessment, policies: Collection[str]) -> list[Said]:
    """What changed since the claim was last decided, each time that by these policies (codes) another sum was owed, in order.

    Nothing where it had not been decided before. What changed without consequence is no reason: each assessment since
    then is held against the one before it.
    """
    decided = Decision.objects.filter(claim=assessment.claim_id, assessment__run__lt=assessment.run_id)
    last = decided.order_by("-assessment__run").values_list("assessment__run", flat=True).first()
    if last is None:
        return []
    since = Assessment.objects.filter(claim=assessment.claim_id, run__gte=last, run__lte=assessment.run_id).order_by("run")
    history = list(since.select_related("run__terms__record_version__incident").defer("run__terms__document"))
    owed = _owed([one.pk for one in history], policies)
    steps = [(before, after) for before, after in pairwise(history) if owed[before.pk] != owed[after.pk]]
    return list(dict.fromkeys(said for before, after in steps for said in _changed(before, after, policies)))


def _owed(assessments: list[int], policies: Collection[str]) -> dict[int, set[tuple[Any, ...]]]:
    """By assessment, what settling goes by: the sum per rule and remedy, and whether the rule is undecided."""
    owed: dict[int, set[tuple[Any, ...]]] = {pk: set() for pk in assessments}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT e.assessment_id, p.code, r.code, e.remedy, e.unit, e.currency,
                       sum(e.quantity) FILTER (WHERE {OWED_SQL}), bool_or({UNDECIDED_SQL})
                  FROM claims_entitlementline e
                  JOIN claims_policyrule r ON r.id = e.rule_id
                  JOIN claims_policyversion v ON v.id = r.version_id
                  JOIN claims_policy p ON p.id = v.policy_id
                 WHERE e.assessment_id = ANY(%s) AND p.code = ANY(%s) AND ({OWED_SQL} OR {UNDECIDED_SQL})
                 GROUP BY 1, 2, 3, 4, 5, 6""",  # noqa: S608 - constants
            [assessments, list(policies)],
        )
        for assessment_id, *of_rule in cursor.fetchall():
            owed[assessment_id].add(tuple(of_rule))
    return owed


def _changed(before: Assessment, after: Assessment, policies: Collection[str]) -> list[Said]:
    """Between two assessments of a claim; nothing only if both had the same terms and heard the same."""
    found = [*_of_the_record(before, after), *_of_policies(before, after, policies), *_of_the_claim(before, after)]
    return found or ([OTHERWISE] if before.run.terms_id != after.run.terms_id else [])


def _of_the_record(before: Assessment, after: Assessment) -> Iterator[Said]:
    version = after.run.terms.record_version
    if before.run.terms.record_version_id != version.pk:
        yield (
            f"‘{version.incident.title_ko}’의 공식 기록이 정정되었습니다(제{version.number}판).",
            f"The official record of “{version.incident.title_en}” was corrected (version {version.number}).",
        )


def _of_policies(before: Assessment, after: Assessment, policies: Collection[str]) -> Iterator[Said]:
    """Of these policies; one that governed an incident goes on to, in some version."""
    earlier, later = _schemes(before.run.terms), _schemes(after.run.terms)
    for code in sorted(later.keys() & set(policies)):
        number, korean, english = later[code]
        if code not in earlier:
            yield f"‘{korean}’ 정책이 새로 적용됩니다(제{number}판).", f"The scheme “{english}” now applies (version {number})."
        elif earlier[code][0] != number:
            yield f"‘{korean}’ 정책이 바뀌었습니다(제{number}판).", f"The scheme “{english}” was changed (version {number})."


def _of_the_claim(before: Assessment, after: Assessment) -> Iterator[Said]:
    if before.revision == after.revision:
        return
    added: dict[str, Any] = {
        "claim": after.claim_id, "revision__gt": before.revision, "revision__lte": after.revision,
    }  # fmt: skip
    losses, facts = Loss.objects.filter(**added), Fact.objects.filter(**added)
    told, claimant = losses.filter(origin=LossOrigin.TOLD), facts.filter(provenance=Provenance.CLAIMANT)
    if told.exists() or claimant.exists() or _asks_for(before) != _asks_for(after):
        yield TOLD
    if losses.filter(origin=LossOrigin.DERIVED).exists() or facts.exclude(provenance=Provenance.CLAIMANT).exists():
        yield LEARNED
    turned = set(LossStanding.objects.filter(**added).values_list("stands", flat=True))
    if False in turned:
        yield WITHDRAWN
    if True in turned:
        yield PUT_BACK


def _asks_for(assessment: Assessment) -> list[str]:
    return ClaimRevision.objects.get(claim=assessment.claim_id, number=assessment.revision).asks_for


Scheme = tuple[int, str, str]  # number of the version, and its title in Korean and English


def _schemes(terms: CompiledTerms) -> dict[str, Scheme]:
    return _schemes_by_id(terms.pk, terms.content_hash)


@lru_cache(maxsize=16)
def _schemes_by_id(terms_id: int, content_hash: str) -> dict[str, Scheme]:
    """By code. From the stored document, which is readable whatever engine compiled it; the hash as in `terms_of`."""
    packs = CompiledTerms.objects.values_list("document__packs", flat=True).get(pk=terms_id)
    titled = [(kept["pack"]["code"], kept["number"], kept["pack"]["title"]) for kept in packs]
    return {code: (number, title["ko"] or title["en"], title["en"] or title["ko"]) for code, number, title in titled}
