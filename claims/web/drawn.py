"""Official outages and what was told, drawn as on the pages of the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from claims.operations import ToldLoss
from claims.web.choices import Choice
from claims.web.words import say
from services.models import OutageWindow, RecordVersion
from services.record_page import LAYOUTS, kind_of
from services.timeline import Bar, Drawing, Group, Lane, draw
from services.words import said_day, said_instant, said_span
from services.words import say as said


def drawings(services: Sequence[Choice], version: RecordVersion, told: Sequence[ToldLoss] = ()) -> list[Drawing]:
    """One for each width of screen; none where there is nothing to draw. A group for each service."""
    by_service: dict[str, list[ToldLoss]] = {}
    for loss in told:
        by_service.setdefault(loss.service, []).append(loss)
    groups = [Group(choice.name, lanes) for choice in services if (lanes := _lanes(choice, by_service))]
    return [draw(groups, as_of=version.as_of, layout=layout, say_day=said_day) for layout in LAYOUTS] if groups else []


def _lanes(choice: Choice, told: Mapping[str, Sequence[ToldLoss]]) -> list[Lane]:
    lanes = [Lane(say("drawn"), [_official(window) for window in choice.windows])] if choice.windows else []
    mine = told.get(choice.code, ())
    return [*lanes, Lane(say("you_said"), [_told(loss) for loss in mine])] if mine else lanes


def _official(window: OutageWindow) -> Bar:
    kind = kind_of(window)
    about = f"{said(kind)}, {said_span(window)}"
    return Bar(kind, window.start_at, window.end_at, window.start_approx, window.end_approx, window.inferred, about)


def _told(loss: ToldLoss) -> Bar:
    until = say("ongoing") if loss.end_at is None else said_instant(loss.end_at)
    return Bar("extent", loss.start_at, loss.end_at, said=f"{say('you_said')}: {said_instant(loss.start_at)} ~ {until}")
