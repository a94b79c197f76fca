"""Texts that people agree to are published in versions, and what people say to them is kept. Expects a transaction."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from accounts.models import AccountEventKind, Channel, Consent, ConsentText, Person, Role, User
from accounts.operations.log import log_event
from services.instants import check_instant
from services.refusals import InvalidValue, Refusal
from services.staff import require
from services.texts import normalised
from services.values import check_values

PUBLISHERS = (Role.CHECKER,)
LOCK = 0x636F6E73  # "cons"


class ConsentRequired(Refusal):
    """Without it no claim is taken."""

    code = "consent_required"


class ConsentOutdated(Refusal):
    """Another version was published since the page was shown, or nothing was said to a text."""

    code = "consent_outdated"


def publish_consent_text(
    *,
    code: str,
    required: bool,
    title_ko: str,
    title_en: str,
    text_ko: str,
    text_en: str,
    published_by: User | None,
    now: datetime,
) -> ConsentText:
    """The next version, which is asked for from now on; what the newest says again returns that one. By a checker or a command.

    What somebody agreed to before stays: it names the version. Raises RoleMissing, InvalidValue.
    """
    now = check_instant(now, "now")
    if published_by is not None:
        require(published_by, PUBLISHERS, "publish a text to agree to")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", code):
        raise InvalidValue("A code has small letters, digits and _, a letter first: `privacy`.", field="code")
    texts = {"title_ko": title_ko, "title_en": title_en, "text_ko": text_ko, "text_en": text_en}
    said = {field: normalised(text, field) for field, text in texts.items()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK])
    newest = ConsentText.objects.filter(code=code).order_by("-number").first()
    if newest is not None and newest.required == required and all(getattr(newest, name) == text for name, text in said.items()):
        return newest
    number = 1 if newest is None else newest.number + 1
    row = ConsentText(code=code, number=number, required=required, **said, published_by=published_by, published_at=now)
    check_values(row)
    row.save(force_insert=True)
    log_event(AccountEventKind.CONSENT_PUBLISHED, actor=published_by, now=now, code=code, number=number)
    return row


def texts_to_agree_to() -> list[ConsentText]:
    """The newest of each code, what is required first. One query."""
    newest = ConsentText.objects.order_by("code", "-number").distinct("code")
    return sorted(newest, key=lambda text: (not text.required, text.code))


def record_consents(
    *, person: Person, said: Mapping[int, bool], channel: str, now: datetime, given_by: User | None = None
) -> list[Consent]:
    """What the person says to each text that is asked for now, by its number, yes or no. `given_by`: their log-in, if any.

    Raises ConsentOutdated, ConsentRequired, InvalidValue.
    """
    now = check_instant(now, "now")
    if channel not in Channel.values:
        raise InvalidValue(f"channel is {channel!r}. Use one of {', '.join(Channel.values)}.", field="channel")
    texts = _checked(said)
    event = log_event(
        AccountEventKind.CONSENTS_SAID, actor=given_by, now=now, person=person, channel=channel,
        said={text.code: [text.number, said[text.pk]] for text in texts},
    )  # fmt: skip
    return Consent.objects.bulk_create(
        Consent(event=event, person=person, text=text, given=said[text.pk], channel=channel, said_at=now) for text in texts
    )


def _checked(said: Mapping[int, bool]) -> list[ConsentText]:
    """The texts that are asked for now. Raises ConsentOutdated, ConsentRequired."""
    texts = texts_to_agree_to()
    if not any(text.required for text in texts):
        raise ConsentRequired("No text that has to be agreed to is published, so nothing may be kept.", field="consents")
    if {text.pk for text in texts} != {*said}:
        raise ConsentOutdated("What you are asked to agree to has changed meanwhile. Read it again.", field="consents")
    if missing := [text for text in texts if text.required and not said[text.pk]]:
        raise ConsentRequired(f"Without {missing[0].title_en!r} no claim can be taken.", field="consents")
    return texts
