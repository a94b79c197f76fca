"""Which of our two languages is active: Korean where nothing else is."""

from django.utils.translation import get_language


def in_english() -> bool:
    return (get_language() or "ko").startswith("en")
