"""Templates of answers and their versions, in pages."""

from __future__ import annotations

from collections import Counter

from django.db.models import OuterRef, Subquery

from accounts.models import User
from claims.models import BulkItemState, BulkRun, ReplyVersion
from claims.queries.reply import LANGUAGES

PAGE = 50


def newest_replies(*, after: str = "", most: int = PAGE) -> list[ReplyVersion]:
    """Of each template the version in use, by code, behind the code `after`. One query."""
    newest = ReplyVersion.objects.filter(template__code__gt=after).order_by("template__code", "-number")
    return list(newest.distinct("template__code").select_related("template", "published_by")[:most])


def newest_reply(template_id: int) -> ReplyVersion | None:
    """The version in use; None for an unknown template."""
    return next(iter(reply_versions(template_id, most=1)), None)


def reply_versions(template_id: int, *, before: int = 0, most: int = PAGE) -> list[ReplyVersion]:
    """The newest first. `before`: only with a lower number; 0: from the newest."""
    versions = ReplyVersion.objects.filter(template=template_id).select_related("template", "published_by")
    return list((versions.filter(number__lt=before) if before else versions).order_by("-number")[:most])


def languages_of(run: BulkRun) -> list[tuple[str, int]]:
    """How many letters of a bulk answer are to be sent in each language, as `language_of` says. One query, of its rows."""
    locale = User.objects.filter(person=OuterRef("claim__person"), is_active=True).values("locale")[:1]
    counts = Counter(run.rows.filter(state=BulkItemState.TODO).values_list(Subquery(locale), flat=True))
    return [(code, sum(count for locale, count in counts.items() if (locale or "ko") == code)) for code in LANGUAGES]
