"""Templates of answers and their versions, in pages."""

from __future__ import annotations

from claims.models import ReplyVersion

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
