"""Instants as staff read them: Korean time, whatever the server's or the browser's zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")


def shown(instant: datetime | None, *, approx: bool = False) -> str:
    """To the minute, or to the second if it has seconds; "~" marks an approximate one, "-" none."""
    if instant is None:
        return "-"
    local = instant.astimezone(SEOUL)
    text = f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"
    return f"~{text}" if approx else text


def shown_span(start_at: datetime, end_at: datetime | None, *, start_approx: bool = False, end_approx: bool = False) -> str:
    """Half-open, as in mathematics: [start, end). An open end is "..."."""
    end = "..." if end_at is None else shown(end_at, approx=end_approx)
    return f"[{shown(start_at, approx=start_approx)}, {end})"
