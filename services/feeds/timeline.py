"""From the updates of one incident to the outage windows they tell of, whatever status page wrote them.

An incident is read in episodes: from an update that calls it open to the one that calls it
resolved. Within an episode each component has a severity, which its updates change.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from operator import attrgetter

from services.feeds import wording
from services.feeds.items import ReadWindow, check_length, worst
from services.feeds.refused import FeedTooLarge
from services.feeds.story import Change, Phase, Recovery, Story, Update
from services.feeds.tracking import UNRECOVERED, Run, Step, Track
from services.feeds.wording import sorted_codes
from services.instants import LATEST

MOST_STEPS = 100_000  # components times updates of one incident; the largest pages have a few hundred components
POSTED_AT_ONCE = timedelta(minutes=1)  # nobody finds, tells and mends a fault in less: the times are in the prose


def windows_of(story: Story, recovery: Recovery) -> tuple[ReadWindow, ...]:
    """In time order. Raises FeedOutageTooLong, FeedTooLarge."""
    pieces: dict[str | None, list[tuple[datetime, ReadWindow]]] = {}
    for number, episode in enumerate(_episodes(_complete(story, recovery))):
        for component, said in _components(episode, story):
            known = pieces.setdefault(component.component_id, [])
            track = Track(component, said, episode, story, first=number == 0, known=bool(known))
            for run in track.runs(recovery):
                known.extend((run.steps[0].at, piece) for piece in _pieces(component, run, story, reopened=number > 0))
    numbered = [
        (start, component or "", ordinal, replace(window, key=f"{component or ''}#{ordinal}"))
        for component, windows in pieces.items()
        for ordinal, (start, window) in enumerate(windows, start=1)
    ]
    return tuple(window for *_, window in sorted(numbered, key=lambda one: one[:3]))


def _complete(story: Story, recovery: Recovery) -> list[Update]:
    """The updates in order, with those added that upstream keeps only as a time."""
    updates = sorted((update for update in story.updates if update.phase is not Phase.COMMENT), key=attrgetter("order"))
    if not updates:  # only words from afterwards
        told = min(story.updates, key=attrgetter("order"))
        updates = [replace(told, at=story.started_at or told.at, phase=Phase.OPEN)]
    if story.closed and updates[-1].phase is not Phase.RESOLVED:
        updates.extend(_kept_only_as_time(story.resolved_at, Phase.RESOLVED, updates[-1].at))
    if recovery is Recovery.MONITORING and not any(update.phase is Phase.MONITORING for update in updates):
        updates.extend(_kept_only_as_time(story.monitoring_at, Phase.MONITORING, updates[0].at, _first_resolved(updates)))
    return sorted(updates, key=attrgetter("order"))


def _kept_only_as_time(
    at: datetime | None, phase: Phase, earliest: datetime, latest: datetime | None = None
) -> Iterator[Update]:
    if at is not None and earliest <= at and (latest is None or at < latest):
        yield Update(at=at, written_at=LATEST, phase=phase, notice=None)  # after what is displayed at the same instant


def _first_resolved(updates: list[Update]) -> datetime | None:
    return next((update.at for update in updates if update.phase is Phase.RESOLVED), None)


def _episodes(updates: list[Update]) -> Iterator[list[Update]]:
    """From opened to resolved; a further word on what is resolved opens nothing."""
    episode: list[Update] = []
    before = False
    for update in updates:
        if episode or update.phase is not Phase.RESOLVED or not before:
            episode.append(update)
        if episode and update.phase is Phase.RESOLVED:
            yield episode
            episode, before = [], True
    if episode:
        yield episode


def _components(episode: list[Update], story: Story) -> list[tuple[Change, dict[int, Change]]]:
    """Each component's first change and all of them by the place of their update; none for what is assumed."""
    said: dict[str | None, dict[int, Change]] = {}
    for place, update in enumerate(episode):
        for change in update.changes:
            said.setdefault(change.component_id, {})[place] = change
    assumed = story.assumed if not said or any(update.vague for update in episode) else ()
    if (len(said) + len(assumed)) * len(episode) > MOST_STEPS:
        raise FeedTooLarge(
            f"{story.place} has {len(said) + len(assumed):,} components in {len(episode):,} updates. At most {MOST_STEPS:,} "
            "statuses are followed; leave it out, or divide it.",
            field=story.place,
        )
    return [(next(iter(changes.values())), changes) for changes in said.values()] + [(change, {}) for change in assumed]


def _pieces(component: Change, run: Run, story: Story, *, reopened: bool) -> list[ReadWindow]:
    """One window per severity of the run; the first bears what is to be said of its start, the last of its end."""
    steps = _lasting(run)
    check_length(steps[0].at, run.end_at, story.place)
    ends = [step.at for step in steps[1:]] + [run.end_at]
    notices = [step.notice for step in steps[1:]] + [run.notice]
    windows = [
        ReadWindow(
            key="",
            component_id=component.component_id,
            component_name=component.name,
            severity=step.severity,
            start_at=step.at,
            end_at=end,
            inferred=run.inferred and place == 0,
            questions=sorted_codes(component.questions),
            remarks=sorted_codes(
                component.remarks
                | story.remarks
                | (run.remarks if place == 0 else set())
                | ({wording.REOPENED} if reopened else set())
            ),
            notice=notice,
        )
        for place, (step, end, notice) in enumerate(zip(steps, ends, notices, strict=True))
    ]
    return [*windows[:-1], _ended(windows[-1], run, story)]


def _lasting(run: Run) -> list[Step]:
    """Without steps of no length; posted at once, it is one step of the worst severity."""
    if _posted_at_once(run):
        return [replace(run.steps[0], severity=worst([step.severity for step in run.steps]))]
    ends = [step.at for step in run.steps[1:]] + [run.end_at]
    lasting: list[Step] = []
    for step, end in zip(run.steps, ends, strict=True):
        if step.at != end and not (lasting and lasting[-1].severity == step.severity):
            lasting.append(step)
    return lasting


def _posted_at_once(run: Run) -> bool:
    return run.end_at is not None and run.end_at - run.steps[0].at < POSTED_AT_ONCE


def _ended(window: ReadWindow, run: Run, story: Story) -> ReadWindow:
    if run.end_at is None:
        questions = {wording.END_UNSAID} if story.closed else set()
        return replace(window, questions=sorted_codes({*window.questions, *questions}))
    questions = {wording.TAIL_OF_DAYS} if run.long_silence else set()
    remarks = {wording.NO_RECOVERY_LINE} if run.ending is UNRECOVERED else set()
    window = replace(
        window,
        inferred=window.inferred or run.ending.inferred,
        closing_rule=run.ending.rule,
        questions=sorted_codes({*window.questions, *questions}),
        remarks=sorted_codes({*window.remarks, *remarks}),
    )
    return _without_times(window) if _posted_at_once(run) else window


def _without_times(window: ReadWindow) -> ReadWindow:
    questions = sorted_codes({*window.questions, wording.TIMES_IN_PROSE})
    return replace(window, start_at=None, end_at=None, inferred=False, closing_rule="", questions=questions)
