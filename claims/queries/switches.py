"""What is paused, was paused and why, how far cohorts are from their alarm, and which limits count."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Exists, OuterRef, Q

from claims.models import AuthorityLimit, AutomaticPause, Cohort, Event, Policy

PAGE = 20
PAUSED, RESUMED = "automatic_paused", "automatic_resumed"
RELATED = ("policy", "incident", "set_by", "lifted_by")


def limits_in_force() -> list[AuthorityLimit]:
    """The newest of each role and unit."""
    newest = AuthorityLimit.objects.order_by("role", "unit", "-pk").distinct("role", "unit")
    return list(newest.select_related("set_by"))


def former_limits(*, before: int = 0, most: int = PAGE) -> list[AuthorityLimit]:
    """All that were ever set, the newest first. `before`: only with a lower id; 0: from the newest."""
    limits = AuthorityLimit.objects.filter(pk__lt=before) if before else AuthorityLimit.objects.all()
    return list(limits.select_related("set_by").order_by("-pk")[:most])


def switches(*, after: str = "", most: int = PAGE) -> list[Policy]:
    """Policies by their codes, each with `everywhere`, whether it is paused for all incidents, and `partly`, for how many."""
    paused = AutomaticPause.objects.filter(policy=OuterRef("pk"), incident=None, lifted_at=None)
    open_partly = Q(pauses__lifted_at=None, pauses__incident__isnull=False)
    found = Policy.objects.filter(code__gt=after).annotate(everywhere=Exists(paused), partly=Count("pauses", open_partly))
    return list(found.order_by("code")[:most])


def open_pauses(*, after: int = 0, most: int = PAGE) -> list[AutomaticPause]:
    """The oldest first. `after`: only with a higher id."""
    return list(AutomaticPause.objects.filter(lifted_at=None, pk__gt=after).select_related(*RELATED).order_by("pk")[:most])


def lifted_pauses(*, before: int = 0, most: int = PAGE) -> list[AutomaticPause]:
    """The newest first. `before`: only with a lower id; 0: from the newest."""
    lifted = AutomaticPause.objects.filter(lifted_at__isnull=False).select_related(*RELATED)
    return list((lifted.filter(pk__lt=before) if before else lifted).order_by("-pk")[:most])


def notes_of(pauses: Sequence[AutomaticPause]) -> dict[tuple[int, str], str]:
    """Why they were set and lifted, by pause and kind of event; without those that were erased. One query.

    Events are found by their instants, which are those of the pauses, by the index over time.
    """
    at = {instant for pause in pauses for instant in (pause.set_at, pause.lifted_at) if instant is not None}
    if not at:
        return {}
    said = Event.objects.filter(at__in=at, kind__in=(PAUSED, RESUMED), note__isnull=False)
    return {(pause, kind): text for pause, kind, text in said.values_list("data__pause", "kind", "note__text")}


def cohorts(*, before: int = 0, most: int = PAGE) -> list[Cohort]:
    """The newest first. `before`: only with a lower id; 0: from the newest."""
    found = Cohort.objects.select_related("policy", "incident")
    return list((found.filter(pk__lt=before) if before else found).order_by("-pk")[:most])


def cohorts_of(pauses: Sequence[AutomaticPause]) -> dict[tuple[int, int | None], Cohort]:
    """By policy and incident. One query."""
    found = Cohort.objects.filter(
        policy__in={pause.policy_id for pause in pauses}, incident__in={pause.incident_id for pause in pauses}
    )
    return {(one.policy_id, one.incident_id): one for one in found}


def pauses_of(cohorts: Sequence[Cohort]) -> dict[tuple[int, int | None], AutomaticPause]:
    """Open ones by policy and incident; those of a policy for all incidents by None. One query."""
    found = AutomaticPause.objects.filter(
        Q(incident=None) | Q(incident__in={one.incident_id for one in cohorts}),
        policy__in={one.policy_id for one in cohorts}, lifted_at=None,
    )  # fmt: skip
    return {(one.policy_id, one.incident_id): one for one in found}
