"""Words, names and instants in the templates of the public pages."""

from datetime import datetime

from django import template

from services import marks, words
from services.changes import Change
from services.record_page import kind_of

register = template.Library()

register.simple_tag(words.say, name="say")
register.simple_tag(words.said_sandbox, name="sandbox")
register.filter("named", words.name_of)
register.filter("operator", words.said_operator)
register.filter("version_name", words.said_version)
register.filter("kind", kind_of)
register.filter("share_of_users", words.said_share)
register.filter("axis_above", marks.axis_above)
register.filter("lanes", marks.lanes)
register.filter("looks", marks.looks)
register.filter("axis_below", marks.axis_below)


@register.filter
def instant(at: datetime, approx: bool = False) -> str:
    return words.time_element(at, approx=approx)


@register.filter
def moves(change: Change) -> str:
    return words.said_moves(change)
