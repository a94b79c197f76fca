"""What a visitor asks in an address, read or refused by name; and how long the answer may be kept."""

from datetime import datetime

from django.http import QueryDict

from services.instants import parse_rfc3339
from services.models import RecordVersion
from services.queries import record_version, record_version_at
from services.refusals import Refusal

LANGUAGES = ("ko", "en")

# A version never changes; the names of its services and the titles beside it may be corrected.
NAMED_VERSION_SECONDS = 24 * 3600
NEWEST_SECONDS = 60


class VersionMalformed(Refusal):
    code = "version_malformed"


class VersionAmbiguous(Refusal):
    code = "version_ambiguous"


class UnknownLanguage(Refusal):
    code = "unknown_language"


def asked_version(given: QueryDict) -> int | None:
    """`version`, from 1; None if it is not given. Raises VersionMalformed."""
    text = given.get("version")
    if text is None:
        return None
    # Nine digits: more would not fit the column and be a database error instead of an answer.
    if not (text.isascii() and text.isdigit() and len(text) <= 9) or int(text) < 1:
        raise VersionMalformed(f"version is {text!r}. Give a whole number from 1.", field="version")
    return int(text)


def asked_instant(given: QueryDict) -> datetime | None:
    """`as_of`, in UTC; None if it is not given. Raises what `parse_rfc3339` raises."""
    text = given.get("as_of")
    return None if text is None else parse_rfc3339(text, "as_of")


def asked_record(given: QueryDict, *, incident: str) -> RecordVersion:
    """The version that `version` or `as_of` names, else the newest. One query.

    Raises VersionAmbiguous when both are given, UnknownVersion, and what reading them raises.
    """
    number, instant = asked_version(given), asked_instant(given)
    if number is not None and instant is not None:
        raise VersionAmbiguous("version and as_of both choose a version. Give one of them.", field="as_of")
    if instant is not None:
        return record_version_at(incident=incident, instant=instant)
    return record_version(incident=incident, number=number)


def asked_language(given: QueryDict, *, otherwise: str) -> str:
    """`lang`; `otherwise` if it is not given. Raises UnknownLanguage."""
    language = given.get("lang", otherwise)
    if language not in LANGUAGES:
        raise UnknownLanguage(f"lang is {language!r}. Give one of {', '.join(LANGUAGES)}.", field="lang")
    return language


def kept_seconds(given: QueryDict) -> int:
    """How long an answer may be kept: long if the address names a version, briefly if the newest may be another by then.

    Briefly also with `as_of`: a version published at that instant may still be on its way to the database.
    """
    return NAMED_VERSION_SECONDS if "version" in given else NEWEST_SECONDS
