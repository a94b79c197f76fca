"""What the people whom a partner knows have lost, also where no policy pays for it."""

from __future__ import annotations

from pydantic import BaseModel
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.callers import partner_of
from accounts.models import PartnerPerson, Scope
from claims.api.claims import LossSaid, losses_said
from claims.api.views import ApiView, said
from claims.queries import losses_of_person, people_of
from services.refusals import Unknown
from services.texts import UNSEEN


class UnknownPerson(Unknown):
    code = "unknown_person"


class LossOfPerson(LossSaid):
    incident: str
    claim: str


class LossesSaid(BaseModel):
    """By claim and time."""

    person: str
    losses: list[LossOfPerson]


class PersonLosses(ApiView):
    """What a person has lost, by incident, measured against the official record in force."""

    scopes = {"GET": (Scope.READ_USAGE,), "HEAD": (Scope.READ_USAGE,)}
    answers = {"GET": (200, LossesSaid)}

    def get(self, request: Request, number: str) -> Response:
        known = person_asked(request, number)
        found = losses_of_person(known.person)
        losses = [
            LossOfPerson(incident=loss.incident_key, claim=loss.reference, **told.model_dump())
            for loss, told in zip(found, losses_said(found), strict=True)
        ]
        return said(LossesSaid(person=known.external_id, losses=losses))


def person_asked(request: Request, number: str) -> PartnerPerson:
    """Of those whom the caller knows. Raises UnknownPerson, also for one whom others know."""
    found = None if UNSEEN.search(number) else people_of(partner_of(request)).filter(external_id=number).first()
    if found is None:
        raise UnknownPerson("There is no such person.")
    return found
