"""Who claims and who answers: people, log-ins, roles, partners, and what was done to them.

A `Person` is only a number that never goes away; everything that names somebody is in
`PersonalData`, where they are paid in `Payee`, and both can be erased while the figures of past claims still add up.
"""

from accounts.models.apps import App, AppAudience
from accounts.models.audit import AccountEvent, AccountEventKind, DataView, SearchedKey, ViewNote, ViewReason
from accounts.models.channel import Channel
from accounts.models.consents import Consent, ConsentText
from accounts.models.kept import KeptPerson
from accounts.models.partners import (
    MOST_LIVE,
    AppScope,
    Credential,
    Partner,
    PartnerContact,
    PartnerPerson,
    RevocationReason,
    Scope,
)
from accounts.models.payees import Payee
from accounts.models.people import Person, PersonalData
from accounts.models.rates import RequestCount
from accounts.models.staff import CHANGES_OF_STAFF, Role, RoleChange, RoleChangeState, RoleGrant, User

__all__ = [
    "CHANGES_OF_STAFF",
    "MOST_LIVE",
    "AccountEvent",
    "AccountEventKind",
    "App",
    "AppAudience",
    "AppScope",
    "Channel",
    "Consent",
    "ConsentText",
    "Credential",
    "DataView",
    "KeptPerson",
    "Partner",
    "PartnerContact",
    "PartnerPerson",
    "Payee",
    "Person",
    "PersonalData",
    "RequestCount",
    "RevocationReason",
    "Role",
    "RoleChange",
    "RoleChangeState",
    "RoleGrant",
    "Scope",
    "SearchedKey",
    "User",
    "ViewNote",
    "ViewReason",
]
