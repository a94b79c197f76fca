"""Policies are published; the terms that govern an incident follow from what is published."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import OuterRef, Subquery

from accounts.models import User
from claims import hints
from claims.eligibility import (
    ENGINE_VERSION,
    EngineRefusal,
    FactSpec,
    Pack,
    Terms,
    check_examples,
    compile_terms,
    fact_specs,
    instant_of,
    load_pack,
)
from claims.facts import record_of
from claims.models import CompiledTerms, DraftRevision, Event, Policy, PolicyRule, PolicyVersion, TermsInForce
from services.instants import check_instant
from services.models import Incident, RecordVersion
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
    another policy asks for as another type, ExamplesDiffer when the pack's own examples do not come out as it says,
    and VersionMovedOn.
    """
    now = check_instant(now, "now")
    try:
        read = load_pack(pack_yaml, name)
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


def _locked_policy(code: str) -> Policy:
    Policy.objects.bulk_create([Policy(code=code)], ignore_conflicts=True)
    return Policy.objects.select_for_update(no_key=True).get(code=code)


def _newest_versions() -> list[PolicyVersion]:
    """Of each policy the version that was published last, the text of its pack left in the database."""
    versions = PolicyVersion.objects.order_by("policy_id", "-number").distinct("policy_id")
    return list(versions.select_related("policy").defer("pack_yaml"))


def published_facts() -> dict[str, FactSpec]:
    """What the newest version of every policy asks for, by name: what a claim can be told. One query."""
    return fact_specs(_pack(version) for version in _newest_versions())


def packs_in_force(incident: Incident) -> list[Pack]:
    """Of each policy the newest published version that is valid for the incident's start."""
    versions = PolicyVersion.objects.filter(incidents_from__lte=incident.started_at)
    versions = versions.exclude(incidents_before__lte=incident.started_at).select_related("policy")
    newest = {version.policy.code: version for version in versions.order_by("policy__code", "number")}
    return [_pack(version) for version in newest.values()]


def compile_terms_now(incident: Incident) -> tuple[RecordVersion, Terms] | None:
    """The record in force and the packs in force, compiled; None while the incident has no record version.

    Kept in memory as long as nothing it is made of changes, because the sweep asks every few seconds.
    """
    version = incident.versions.order_by("-number").first()
    if version is None:
        return None
    key = _fingerprint(incident, version.number, version.content_hash, _made_of_beside_the_record())
    if key not in _compiled:
        _compiled[key] = compile_terms(record_of(version), packs_in_force(incident))
        while len(_compiled) > 16:
            _compiled.popitem(last=False)
    _made[incident.key] = (key, _compiled[key].content_hash)
    return version, _compiled[key]


def outdated_incidents() -> Iterator[Incident]:
    """Incidents with a record of which other terms are in force than would be compiled now, by id.

    Compiling takes tens of milliseconds, so what came out is remembered of each incident: those that nothing happened to
    cost one query together. No lock is taken; who brings one up to date locks it and looks again.
    """
    newest = RecordVersion.objects.filter(incident=OuterRef("pk")).order_by("-number")
    in_force = TermsInForce.objects.filter(incident=OuterRef("pk")).order_by("-pk")
    incidents = Incident.objects.annotate(
        newest_number=Subquery(newest.values("number")[:1]),
        newest_hash=Subquery(newest.values("content_hash")[:1]),
        in_force=Subquery(in_force.values("terms__content_hash")[:1]),
    )
    beside = _made_of_beside_the_record()
    for incident in incidents.filter(newest_number__isnull=False).order_by("pk"):
        made = (_fingerprint(incident, incident.newest_number, incident.newest_hash, beside), incident.in_force)
        if _made.get(incident.key) != made:
            compile_terms_now(incident)
        if _made.get(incident.key) != made:
            yield incident


_compiled: OrderedDict[tuple[object, ...], Terms] = OrderedDict()
_made: dict[str, tuple[tuple[object, ...], str]] = {}  # by incident: what its terms were last made of, and their hash
_packs: dict[tuple[str, int], Pack] = {}


def _pack(version: PolicyVersion) -> Pack:
    key = (version.content_hash, version.number)
    if key not in _packs:
        _packs[key] = load_pack(version.pack_yaml, version.policy.code, number=version.number)
    return _packs[key]


def _fingerprint(incident: Incident, number: int, content_hash: str, beside: str) -> tuple[object, ...]:
    """Everything that compiled terms are made of; versions by their content, `beside` as below."""
    return (content_hash, number, incident.key, str(incident.started_at), beside)


def _made_of_beside_the_record() -> str:
    """All policies by their content, the service tree by all its codes, the ranks of sources, observations by number."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT md5(ROW(
                 (SELECT string_agg(content_hash, ',' ORDER BY id) FROM claims_policyversion),
                 (SELECT string_agg(id || code, ',' ORDER BY code) FROM services_service),
                 (SELECT string_agg(service_id || '>' || depends_on_id, ',' ORDER BY service_id, depends_on_id)
                    FROM services_servicedependency),
                 (SELECT string_agg(code || rank, ',' ORDER BY rank) FROM services_source WHERE official),
                 (SELECT count(*) FROM services_observation))::text)"""
        )
        return str(cursor.fetchone()[0])


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
