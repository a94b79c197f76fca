"""Spans in the templates of the claimant's pages."""

from datetime import datetime
from typing import Any

from django import template

from claims.models import Loss
from claims.web import page
from claims.web.account import words as account_words
from claims.web.words import say
from services.seoul import SEOUL
from services.words import said_day, said_instant

register = template.Library()


@register.filter
def span(of: tuple[datetime, datetime | None]) -> str:
    start_at, end_at = of
    return f"{said_instant(start_at)} ~ {say('ongoing') if end_at is None else said_instant(end_at)}"


@register.filter
def errors_of(form: Any) -> list[tuple[str, str]]:
    """As the list at the top of a page has them; of no form none."""
    return page.errors_of(form) if form else []


@register.filter
def day_added(at: datetime) -> str:
    return account_words.say("added").format(said_day(at.astimezone(SEOUL).date()))


@register.filter
def told_span(loss: Loss) -> str:
    return span((loss.start_at, loss.end_at))
