"""What is there before a button is pressed, and what the pages themselves say of their buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.models import Person, Role, User
from accounts.operations import create_person
from claims.models import Claim, ClaimStatus, Event
from claims.operations import decide_claim
from services.models import Incident
from tests.builders import NOW, a_policy, a_user, authority, claim_of, follow_up, outage, told, work_off

DECIDERS = (Role.CASEWORKER, Role.CHECKER)


@dataclass(frozen=True)
class Sent:
    """What is sent to a page: the values of its address, the body, and what follows its address."""

    args: list[Any] = field(default_factory=list)
    body: dict[str, Any] = field(default_factory=dict)
    query: str = ""
    before: dict[str, Any] | None = None  # what is sent first, so that the button is shown


@dataclass(frozen=True)
class World:
    """Two claims that wait for somebody, and people who are not asked themselves."""

    incident: Incident
    person: Person
    claim: Claim
    other_claim: Claim
    worker: User
    second: User
    checker: User
    finance: User
    manager: User

    def decider(self, user: User) -> User:
        """Who presses the button where he may decide, else somebody who may: his role is all that he lacks."""
        return user if user.holds(*DECIDERS) else self.worker


@dataclass(frozen=True)
class Button:
    """A button of a page: what `act` is then, or how the button is called; empty: the only one of its form.

    `done`: a table that has been written to when somebody did what it says, or, behind a `+`, a button that is shown then.
    `begin`: what everybody needs who presses it; `sent`: what each sends. `shown_to`: who is shown it and yet refused.
    """

    page: str
    name: str
    done: str
    sent: Callable[..., Sent]
    begin: Callable[[World], Any] | None = None
    shown_to: tuple[str, ...] = ()


def a_world() -> World:
    incident = outage()
    a_policy(automatic="{}")
    authority("checker", per_decision=1_000_000, per_day=10_000_000)
    authority("caseworker")
    with transaction.atomic():
        people = [create_person(now=NOW, name="홍길동", phone=f"010-1234-567{last}") for last in (8, 9)]
    first, second = (claim_of(person, incident, told()) for person in people)
    work_off()
    follow_up()
    users = [a_user(role) for role in ("caseworker", "caseworker", "checker", "finance", "manager")]
    return World(incident, people[0], first, second, *users)


def hand(claim: Claim, user: User) -> None:
    """As if this user had taken it, whoever he is."""
    moves = ClaimStatus.objects.get(pk=claim.pk).moves + 1
    Event.objects.create(at=NOW, kind="claim_taken", claim=claim, actor=user, move=moves)
    ClaimStatus.objects.filter(pk=claim.pk).update(review="in_review", assignee=user, moves=F("moves") + 1)


def decide(claim: Claim, by: User, *, approved: bool = True) -> None:
    """Above his limit it is a proposal."""
    hand(claim, by)
    with transaction.atomic():
        decide_claim(
            claim_id=claim.pk, assessment_id=claim.assessments.latest("run").pk, approved=approved, decided_by=by,
            reasons=() if approved else ("no_loss",), now=NOW,
        )  # fmt: skip


class Buttons(HTMLParser):
    """The buttons of a page that are sent by POST; without the one that logs out.

    `outside`: also those in no form, of a template: the form may be in another one, around it.
    """

    def __init__(self, page: str, *, outside: bool = False) -> None:
        super().__init__()
        self.names: set[str] = set()
        self._own = self._outside = outside
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self._own = said.get("method") == "post" and said.get("id") != "logout-form"
        pressed = tag == "button" and said.get("type", "submit") == "submit"
        if (self._own or "form" in said) and (pressed or (tag == "input" and said.get("type") == "submit")):
            self.names.add(name_of(said))

    def handle_endtag(self, tag: str) -> None:
        self._own = self._outside if tag == "form" else self._own


def name_of(said: dict[str, str | None]) -> str:
    return (said.get("value") if said.get("name") == "act" else said.get("name")) or ""
