"""Words of the staff's pages in templates."""

from django import template

from services import words
from services.choice_words import worded

register = template.Library()


@register.filter
def choice(value: str, column: str) -> str:
    return worded(column, value)


@register.filter
def closing_rule(text: str) -> str:
    return words.said_english(text)[0]
