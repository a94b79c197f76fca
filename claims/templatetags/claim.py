"""Spans in the templates of the claimant's pages."""

from datetime import datetime

from django import template

from claims.models import Loss
from claims.web.words import say
from services.words import said_instant

register = template.Library()


@register.filter
def span(of: tuple[datetime, datetime | None]) -> str:
    start_at, end_at = of
    return f"{said_instant(start_at)} ~ {say('ongoing') if end_at is None else said_instant(end_at)}"


@register.filter
def told_span(loss: Loss) -> str:
    return span((loss.start_at, loss.end_at))
