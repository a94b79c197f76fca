"""Policies are published; the terms that govern an incident follow from what is published."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.db import connection

from accounts.models import User
from claims import hints
from claims.eligibility import (
    ENGINE_VERSION,
    EngineRefusal,
    FactSpec,
    Pack,
    Terms,
    Text,
    check_examples,
    compile_terms,
    fact_specs,
    instant_of,
    load_pack,
)
from claims.facts import record_of
from claims.models import CompiledTerms, DraftRevision, Event, Policy, PolicyRule, PolicyVersion, TermsMadeOf
from services.instants import check_instant
from services.models import Incident, RecordVersion
from services.names import UNLISTED
from services.refusals import Refusal


class PackRefused(Refusal):
    """A pack that cannot be read; `problems` says where and why, as far as it could be read."""

    code = "pack_invalid"

    def __init__(self, refusal: EngineRefusal) -> None:
        super().__init__(f"The pack cannot be read: {refusal}", field="pack_yaml")
        self.problems = refusal.problems


class ExamplesDiffer(Refusal):
    """A pack whose own examples do not come out as it says; `failures` has one line for each."""

    code = "examples_differ"

    def __init__(self, code: str, failures: Sequence[str]) -> None:
        super().__init__(f"{len(failures)} examples of {code} differ, the first: {failures[0]}", field="pack_yaml")
        self.failures = tuple(failures)


class VersionMovedOn(Refusal):
    code = "version_moved_on"


def publish_policy(
    *,
    pack_yaml: str,
    now: datetime,
    published_by: User | None = None,
    revision: DraftRevision | None = None,
    after: int | None = None,
    name: str = "pack",
) -> PolicyVersion:
    """Publish a pack as the next version of its policy; the content of the newest version again returns that one.

    By a command; people publish a draft (`publish_draft`). `after`: the number of the version that was the newest when
    somebody looked (0: none); `name` says in a refusal which text was meant. Raises PackRefused, also for a fact that
    another policy asks for as another type and for a rule about what is in no list, ExamplesDiffer when the pack's own
    examples do not come out as it says, and VersionMovedOn.
    """
    now = check_instant(now, "now")
    try:
        read = load_pack(pack_yaml, name)
        _check_listed(read)
        code = read.code
        policy = _locked_policy(code)
        newest = policy.versions.order_by("-number").first()
        pack = Pack(read.body, read.document, newest.number + 1 if newest else 1)
        fact_specs([*(_pack(version) for version in _newest_versions() if version.policy_id != policy.pk), pack])
    except EngineRefusal as refusal:
        raise PackRefused(refusal) from refusal
    number = newest.number if newest else 0
    if after is not None and number != after:
        raise VersionMovedOn(f"Version {number} of {code} was published meanwhile; compare with it first.")
    if newest is not None and newest.content_hash == pack.content_hash:
        return newest
    failures = check_examples(pack)
    if failures:
        raise ExamplesDiffer(code, failures)
    if policy.demonstration != pack.demonstration:
        Policy.objects.filter(pk=policy.pk).update(demonstration=pack.demonstration)
    version = PolicyVersion.objects.create(
        policy=policy,
        number=pack.number,
        pack_yaml=pack_yaml,
        content_hash=pack.content_hash,
        incidents_from=instant_of(pack.incidents_from),
        incidents_before=None if pack.incidents_before is None else instant_of(pack.incidents_before),
        published_at=now,
        published_by=published_by,
        revision=revision,
    )
    PolicyRule.objects.bulk_create(
        PolicyRule(version=version, code=rule.code, position=position) for position, rule in enumerate(pack.rules)
    )
    data = {"policy": code, "number": version.number, "content_hash": version.content_hash}
    Event.objects.create(at=now, kind="policy_published", actor=published_by, data=data)
    hints.write_hint(hints.SWEEP, now=now)
    return version


def _check_listed(pack: Pack) -> None:
    """Raises EngineRefusal. Whatever somebody calls a loss that is in no list, a rule would give the same for it."""
    for position, rule in enumerate(pack.rules):
        if rule.losses and UNLISTED in rule.losses.services:
            told = f"no rule can speak of {UNLISTED!r}: only who reads what it is can say what is owed for it"
            raise EngineRefusal("unknown_service", told, f"rules[{position}].losses.services")


def _locked_policy(code: str) -> Policy:
    Policy.objects.bulk_create([Policy(code=code)], ignore_conflicts=True)
    return Policy.objects.select_for_update(no_key=True).get(code=code)


def _newest_versions() -> list[PolicyVersion]:
    """Of each policy the version that was published last, the text of its pack left in the database."""
    versions = PolicyVersion.objects.order_by("policy_id", "-number").distinct("policy_id")
    return list(versions.select_related("policy").defer("pack_yaml"))


def published_packs() -> list[Pack]:
    """The newest version of every policy. One query."""
    return [_pack(version) for version in _newest_versions()]


def published_facts() -> Mapping[str, FactSpec]:
    """What the newest version of every policy asks for, by name: what a claim can be told. One query while nothing is new."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST)
        ((newest,),) = cursor.fetchall()
    return _facts_of(newest)


NEWEST = """
SELECT string_agg(p.code || ':' || n.number || ':' || n.content_hash, ',' ORDER BY p.code)
  FROM (SELECT DISTINCT ON (policy_id) policy_id, number, content_hash FROM claims_policyversion
         ORDER BY policy_id, number DESC) n
  JOIN claims_policy p ON p.id = n.policy_id
"""


@lru_cache(maxsize=4)
def _facts_of(newest: str | None) -> Mapping[str, FactSpec]:
    """Numbers only grow: what is published between the two queries is kept under a name that is never asked for again."""
    return fact_specs(published_packs())


def published_units() -> list[str]:
    """What some version of a policy gives, in order: currencies of money, and units of what is none. One query."""
    packs = [_pack(version) for version in PolicyVersion.objects.select_related("policy")]
    return sorted({choice.remedy.unit for pack in packs for rule in pack.body.rules for choice in rule.choices})


class PublishedWords(NamedTuple):
    """What policies call what they ask for, why they decide, by the codes of both, and themselves."""

    facts: Mapping[str, FactSpec]
    reasons: Mapping[str, Text]
    titles: Mapping[str, Text]


def published_words() -> PublishedWords:
    """Of the newest version of every policy; where two have a reason of one name, as the first of them says it. One query."""
    packs = published_packs()
    reasons = {code: text for pack in reversed(packs) for code, text in pack.body.reasons.items()}
    return PublishedWords(fact_specs(packs), reasons, {pack.code: pack.body.title for pack in packs})


def packs_in_force(incident: Incident) -> list[Pack]:
    """Of each policy the newest published version that is valid for the incident's start."""
    versions = PolicyVersion.objects.filter(incidents_from__lte=incident.started_at)
    versions = versions.exclude(incidents_before__lte=incident.started_at).select_related("policy").defer("pack_yaml")
    newest = {version.policy.code: version for version in versions.order_by("policy__code", "number")}
    return [_pack(version) for version in newest.values()]


def facts_that_choose(incident: Incident) -> set[str]:
    """By which claimants choose what they are given. One query."""
    rules = [rule for pack in packs_in_force(incident) for rule in pack.rules]
    return {rule.chosen_by for rule in rules if rule.chosen_by is not None}


@dataclass(frozen=True, eq=False)
class CompiledNow:
    """`made_of`: the fingerprint of everything the terms were compiled of. The same object as long as that is the same, so
    that what else follows from it can be kept by it.
    """

    version: RecordVersion
    terms: Terms
    made_of: str


def compile_terms_now(incident: Incident) -> CompiledNow | None:
    """The record in force and the packs in force, compiled; None while the incident has no record version.

    Kept in memory as long as nothing it is made of changes. One query then.
    """
    newest = _newest_records(incident)  # before anything is read: what changes meanwhile is seen at the next look
    if not newest:
        return None
    ((_, made_of, version_id),) = newest
    key = (version_id, made_of)  # ids alone repeat in another database of the same process (tests), and so do contents
    found = _compiled.get(key)
    if found is None:
        version = RecordVersion.objects.get(pk=version_id)
        found = CompiledNow(version, compile_terms(record_of(version), packs_in_force(incident)), made_of)
        _compiled[key] = found
        while len(_compiled) > 16:
            _compiled.popitem(last=False)
    return found


def outdated_incidents() -> list[Incident]:
    """Incidents with a record of which something has changed since `remember_terms`, by id. Two queries, however many.

    No lock is taken; who brings one up to date locks it and looks again.
    """
    known = dict(TermsMadeOf.objects.values_list("incident", "made_of"))
    changed = [incident for incident, made_of in fingerprints() if known.get(incident) != made_of]
    return list(Incident.objects.filter(pk__in=changed).order_by("pk"))


def remember_terms(incident: Incident, made_of: str) -> None:
    """The terms in force are those that are made of this, so that looking whether anything changed compiles nothing."""
    TermsMadeOf.objects.update_or_create(incident=incident, defaults={"made_of": made_of})


_compiled: OrderedDict[tuple[int, str], CompiledNow] = OrderedDict()
_packs: dict[tuple[str, int], Pack] = {}


def _pack(version: PolicyVersion) -> Pack:
    key = (version.content_hash, version.number)
    if key not in _packs:
        _packs[key] = load_pack(version.pack_yaml, version.policy.code, number=version.number)
    return _packs[key]


def fingerprints() -> list[tuple[int, str]]:
    """(incident, hash of all that its terms are compiled of) of all that have a record."""
    return [(incident, made_of) for incident, made_of, _ in _newest_records()]


def _newest_records(incident: Incident | None = None) -> list[tuple[int, str, int]]:
    """(incident, hash of all that its terms are compiled of, newest version of the record); of this one, or of all."""
    with connection.cursor() as cursor:
        cursor.execute(FINGERPRINTS, {"incident": None if incident is None else incident.pk, "engine": ENGINE_VERSION})
        return list(cursor.fetchall())


# The record by the content of its newest version, policies by that of the version that is valid for the incident, the service
# tree by all its codes, the ranks of sources, and the reports of unofficial sources by their number.
FINGERPRINTS = """
WITH beside AS (
    SELECT (SELECT string_agg(id || code, ',' ORDER BY code) FROM services_service) AS tree,
           (SELECT string_agg(service_id || '>' || depends_on_id, ',' ORDER BY service_id, depends_on_id)
              FROM services_servicedependency) AS needs,
           (SELECT string_agg(code || rank, ',' ORDER BY rank) FROM services_source WHERE official) AS ranks
), reported AS (
    SELECT n.incident_id, count(*) AS observations
      FROM services_observation o JOIN services_notice n ON n.id = o.notice_id
      JOIN services_source s ON s.id = n.source_id AND NOT s.official
     GROUP BY n.incident_id
)
SELECT i.id,
       md5(ROW(%(engine)s::text, i.key, i.started_at AT TIME ZONE 'UTC', v.number, v.content_hash, p.packs, r.observations,
               b.tree, b.needs, b.ranks)::text), v.id
  FROM services_incident i CROSS JOIN beside b
 CROSS JOIN LATERAL (SELECT id, number, content_hash FROM services_recordversion v
                      WHERE v.incident_id = i.id ORDER BY number DESC LIMIT 1) v
  LEFT JOIN reported r ON r.incident_id = i.id
 CROSS JOIN LATERAL (
    SELECT string_agg(n.policy_id || ':' || n.number || ':' || n.content_hash, ',' ORDER BY n.policy_id) AS packs
      FROM (SELECT DISTINCT ON (policy_id) policy_id, number, content_hash FROM claims_policyversion
             WHERE incidents_from <= i.started_at AND (incidents_before IS NULL OR incidents_before > i.started_at)
             ORDER BY policy_id, number DESC) n
 ) p
 WHERE %(incident)s::bigint IS NULL OR i.id = %(incident)s
 ORDER BY i.id
"""


def store_terms(*, incident: Incident, version: RecordVersion, terms: Terms, now: datetime) -> CompiledTerms:
    """The row of these terms, made once per content."""
    row = CompiledTerms(
        content_hash=terms.content_hash,
        document=terms.document(),
        incident=incident,
        record_version=version,
        engine_version=ENGINE_VERSION,
        created_at=now,
    )
    CompiledTerms.objects.bulk_create([row], ignore_conflicts=True)
    return CompiledTerms.objects.get(content_hash=terms.content_hash)
