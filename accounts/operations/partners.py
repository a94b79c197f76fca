"""The only doors to partners, their contacts and credentials. Each expects a transaction, opened by the face around it."""

import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from oauth2_provider.models import Application

from accounts.models import MOST_LIVE, AccountEventKind, Credential, Partner, PartnerContact, RevocationReason, Scope, User
from accounts.operations.checks import MANAGERS, checked_email
from accounts.operations.log import log_event
from services.instants import check_instant
from services.refusals import Refusal, Unknown
from services.staff import require
from services.texts import one_line
from services.values import check_values

LONGEST_LIFE = timedelta(days=366)


class PartnerCodeInvalid(Refusal):
    code = "partner_code_invalid"


class PartnerDiffers(Refusal):
    code = "partner_differs"


class UnknownPartner(Unknown):
    code = "unknown_partner"


class UnknownContact(Unknown):
    code = "unknown_contact"


class UnknownScope(Refusal):
    code = "unknown_scope"


class ScopeNotAllowed(Refusal):
    code = "scope_not_allowed"


class ExpiryInvalid(Refusal):
    code = "expiry_invalid"


class TooManyCredentials(Refusal):
    code = "too_many_credentials"


class UnknownCredential(Unknown):
    code = "unknown_credential"


class CredentialRevoked(Refusal):
    code = "credential_revoked"


class ReasonUnknown(Refusal):
    code = "reason_unknown"


def register_partner(
    *, code: str, name_ko: str, name_en: str, now: datetime, registered_by: User | None = None
) -> Partner:  # fmt: skip
    """A company that sends usage; nobody named: by a command. Registering the same again returns it.

    Raises RoleMissing, PartnerCodeInvalid, PartnerDiffers for other names.
    """
    now = check_instant(now, "now")
    if registered_by is not None:
        require(registered_by, MANAGERS, "register a partner")
    if not re.fullmatch(r"[a-z][a-z0-9_-]{1,49}", code):
        raise PartnerCodeInvalid(
            f"The partner code {code!r} must be 2 to 50 of a-z, 0-9, _ and -, beginning with a letter.", field="code"
        )
    names = {"name_ko": one_line(name_ko, "name_ko"), "name_en": one_line(name_en, "name_en")}
    check_values(Partner(code=code, **names))
    partner, created = Partner.objects.get_or_create(code=code, defaults=names)
    if (partner.name_ko, partner.name_en) != (names["name_ko"], names["name_en"]):
        raise PartnerDiffers(f"The partner {code} is registered as {partner.name_en} ({partner.name_ko}).", field="code")
    if created:
        log_event(AccountEventKind.PARTNER_REGISTERED, actor=registered_by, partner=partner, now=now)
    return partner


def add_contact(
    *, partner_id: int, name: str, added_by: User, now: datetime, email: str = "", phone: str = ""
) -> PartnerContact:
    """Somebody whom we ask at a partner. Raises RoleMissing, UnknownPartner, EmailInvalid, InvalidValue."""
    partner, now = _managed(partner_id, added_by, now, "add a contact")
    contact = PartnerContact(
        partner=partner,
        name=one_line(name, "name"),
        email=checked_email(email) if email else "",
        phone=one_line(phone, "phone"),
    )
    check_values(contact)
    contact.save(force_insert=True)
    log_event(AccountEventKind.CONTACT_ADDED, actor=added_by, partner=partner, now=now, contact=contact.pk)
    return contact


def erase_contact(*, contact_id: int, erased_by: User, now: datetime) -> None:
    """The row is gone; the log has its id. Raises RoleMissing, UnknownContact."""
    now = check_instant(now, "now")
    require(erased_by, MANAGERS, "erase a contact")
    contact = PartnerContact.objects.select_for_update().select_related("partner").filter(pk=contact_id).first()
    if contact is None:
        raise UnknownContact(f"There is no contact {contact_id}.", field="contact")
    log_event(AccountEventKind.CONTACT_ERASED, actor=erased_by, partner=contact.partner, now=now, contact=contact.pk)
    contact.delete()


def set_scopes(*, partner_id: int, scopes: Iterable[str], set_by: User, now: datetime) -> Partner:
    """What the partner's credentials may do at most; what is taken away here holds for those that were issued as well.

    Raises RoleMissing, UnknownPartner, UnknownScope.
    """
    partner, now = _managed(partner_id, set_by, now, "set a partner's scopes")
    kept = _checked_scopes(scopes)
    if kept != partner.scopes:
        partner.scopes = kept
        partner.save(update_fields=["scopes"])
        log_event(AccountEventKind.SCOPES_SET, actor=set_by, partner=partner, now=now, scopes=kept)
    return partner


def issue_credential(
    *, partner_id: int, scopes: Iterable[str], expires_at: datetime, issued_by: User, now: datetime
) -> tuple[Credential, str]:
    """The credential and its secret, which is nowhere stored and never seen again. It holds until before `expires_at`.

    Raises RoleMissing, UnknownPartner, UnknownScope, ScopeNotAllowed, ExpiryInvalid, TooManyCredentials.
    """
    partner, now = _managed(partner_id, issued_by, now, "issue a credential")
    kept = _checked_scopes(scopes)
    if not kept:
        raise UnknownScope("A credential that may do nothing is of no use. Name a scope.", field="scopes")
    if beyond := sorted(set(kept) - set(partner.scopes)):
        told = f"{partner.code} may not {', '.join(beyond)}. Set the partner's scopes first."
        raise ScopeNotAllowed(told, field="scopes")
    expires_at = check_instant(expires_at, "expires_at")
    if not now < expires_at <= now + LONGEST_LIFE:
        told = f"A credential ends after now and within {LONGEST_LIFE.days} days; this would be {expires_at.isoformat()}."
        raise ExpiryInvalid(told, field="expires_at")
    secret = secrets.token_urlsafe(32)
    credential = Credential.objects.create(
        partner=partner, place=_free_place(partner, issued_by, now), client_id=f"{partner.code}.{secrets.token_hex(8)}",
        secret_hash=make_password(secret, hasher="argon2"), secret_prefix=secret[:6], scopes=kept, issued_by=issued_by,
        issued_at=now, expires_at=expires_at,
    )  # fmt: skip
    Application.objects.create(  # what its tokens hang on; nobody logs in by a secret of this (accounts/oauth.py)
        client_id=credential.client_id, client_type=Application.CLIENT_CONFIDENTIAL, hash_client_secret=False,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS, client_secret=make_password(None),
    )  # fmt: skip
    log_event(
        AccountEventKind.CREDENTIAL_ISSUED, actor=issued_by, partner=partner, now=now, credential=credential.pk, scopes=kept
    )
    return credential, secret


def revoke_credential(*, credential_id: int, reason: str, revoked_by: User, now: datetime) -> Credential:
    """For ever. Raises RoleMissing, UnknownCredential, CredentialRevoked, ReasonUnknown."""
    now = check_instant(now, "now")
    require(revoked_by, MANAGERS, "revoke a credential")
    if reason not in RevocationReason.values:
        raise ReasonUnknown(f"{reason!r} is no reason; known: {', '.join(RevocationReason.values)}.", field="reason")
    credential = Credential.objects.select_for_update(no_key=True).filter(pk=credential_id).first()
    if credential is None:
        raise UnknownCredential(f"There is no credential {credential_id}.", field="credential")
    if credential.revoked_at is not None:
        raise CredentialRevoked(f"{credential.client_id} was revoked already.", field="credential")
    _revoke(credential, reason, revoked_by, now)
    return credential


def _managed(partner_id: int, user: User, now: datetime, what: str) -> tuple[Partner, datetime]:
    """The partner, locked: whatever else is done to it waits. Raises RoleMissing, UnknownPartner."""
    at = check_instant(now, "now")
    require(user, MANAGERS, what)
    partner = Partner.objects.select_for_update(no_key=True).filter(pk=partner_id).first()
    if partner is None:
        raise UnknownPartner(f"There is no partner {partner_id}.", field="partner")
    return partner, at


def _checked_scopes(scopes: Iterable[str]) -> list[str]:
    kept = sorted(set(scopes))
    for scope in kept:
        if scope not in Scope.values:
            raise UnknownScope(f"There is no scope {scope!r}; known: {', '.join(Scope.values)}.", field="scopes")
    return kept


def _free_place(partner: Partner, user: User, now: datetime) -> int:
    """Raises TooManyCredentials. One that has expired gives up its place."""
    standing = {credential.place: credential for credential in partner.credentials.filter(revoked_at__isnull=True)}
    for place in range(1, MOST_LIVE + 1):
        credential = standing.get(place)
        if credential is None:
            return place
        if credential.expires_at <= now:
            _revoke(credential, RevocationReason.EXPIRED, user, now)
            return place
    told = f"{partner.code} has {MOST_LIVE} live credentials already. Revoke one of them first."
    raise TooManyCredentials(told, field="partner")


def _revoke(credential: Credential, reason: str, user: User, now: datetime) -> None:
    credential.revoked_at, credential.revoked_by, credential.revoked_for = now, user, reason
    credential.save(update_fields=["revoked_at", "revoked_by", "revoked_for"])
    log_event(
        AccountEventKind.CREDENTIAL_REVOKED, actor=user, partner=credential.partner, now=now, credential=credential.pk,
        reason=reason,
    )  # fmt: skip
