"""When one component was down in one episode of an incident, by the word that is chosen to end it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.feeds import wording
from services.feeds.story import Change, Phase, Recovery, Story, Update

LONG_SILENCE = timedelta(hours=24)


@dataclass(frozen=True)
class Ending:
    """Why a run ends. `inferred`: nobody says that this component recovered then."""

    rule: str = ""
    inferred: bool = False


RECOVERED = Ending()
UNRECOVERED = Ending(wording.UNRECOVERED, inferred=True)
UNMONITORED = Ending(wording.UNMONITORED, inferred=True)
MONITORED = Ending(wording.MONITORED)
RESOLVED = Ending(wording.RESOLVED)


@dataclass(frozen=True)
class Step:
    """From `at` on the component has this severity, by the word of `notice`."""

    at: datetime
    severity: str
    notice: str


@dataclass(kw_only=True)
class Run:
    """The time in which a component is down without a break."""

    steps: list[Step]
    notice: str  # the last that speaks of it
    inferred: bool  # its start
    remarks: set[str]  # on its start
    end_at: datetime | None = None
    ending: Ending = RECOVERED
    long_silence: bool = False


class Track:
    """Follows one component through one episode."""

    def __init__(
        self, component: Change, said: dict[int, Change], episode: list[Update], story: Story, *, first: bool, known: bool
    ) -> None:
        """`said`: its changes by the place of their update in the episode; none, if it is assumed.

        `first`: of the incident's episodes; `known`: the component was down in an earlier one.
        """
        self._component = component
        self._episode = episode
        self._said = said
        self._assumed = not self._said
        self._known = known
        self._start_unsaid = first and story.started_at is None
        self._began = min(episode[0].at, story.started_at) if first and story.started_at else episode[0].at
        self._runs: list[Run] = []
        self._down = False
        self._true: str | None = None  # the last severity said, which a choice of recovery may leave without effect
        self._notice = ""
        self._last = self._began  # the last instant before this update at which upstream said anything

    def runs(self, recovery: Recovery) -> list[Run]:
        for place, update in enumerate(self._episode):
            self._notice = update.notice.foreign_id if update.notice else self._notice
            change = self._said.get(place)
            if place and self._episode[place - 1].at < update.at:
                self._last = self._episode[place - 1].at
            if place == 0:
                self._open()
            broke = change is not None and not change.severity_before and not self._true
            if change is not None:
                self._true = change.severity
            if self._down and (change is not None or self._assumed):
                self._runs[-1].notice = self._notice
            if recovery is Recovery.COMPONENT:
                self._by_component(update, change)
            else:
                self._by_incident(update, recovery, broke=broke)
        return self._runs

    def _open(self) -> None:
        """Down from the start: called so by the first update, or by its first mention to have been so."""
        component = self._component
        if component.severity and (self._assumed or self._said.get(0) is component):
            self._begin(self._began, component.severity)
        if not self._down and not component.severity and component.severity_before and not self._known:
            self._begin(self._began, component.severity_before)
            self._runs[-1].inferred = True

    def _by_component(self, update: Update, change: Change | None) -> None:
        if change is not None and change.severity:
            self._begin(update.at, change.severity)
        elif change is not None:
            self._end(update, RECOVERED)
        if update.phase is Phase.RESOLVED:
            self._end(update, UNRECOVERED)

    def _by_incident(self, update: Update, recovery: Recovery, *, broke: bool) -> None:
        """That the component is operational has no effect here."""
        if update.phase is Phase.RESOLVED:
            self._end(update, RESOLVED if recovery is Recovery.RESOLVED else UNMONITORED)
        elif update.phase is Phase.MONITORING and recovery is Recovery.MONITORING:
            if self._down:
                self._end(update, MONITORED)
            elif broke and self._true:
                self._begin(update.at, self._true)
        elif self._true:
            self._begin(update.at, self._true)

    def _begin(self, at: datetime, severity: str) -> None:
        """Down from `at`, or down otherwise than before."""
        step = Step(at, severity, self._notice)
        if self._down:
            self._runs[-1].steps.append(step)
            return
        fresh = not self._known and not self._runs
        remarks = {wording.DOWN_BEFORE} if fresh and self._component.severity_before else set()
        remarks |= {wording.START_UNSAID} if fresh and self._start_unsaid else set()
        self._runs.append(Run(steps=[step], notice=self._notice, inferred=fresh and self._start_unsaid, remarks=remarks))
        self._down = True
        self._true = severity

    def _end(self, update: Update, ending: Ending) -> None:
        if not self._down:
            return
        run = self._runs[-1]
        run.end_at, run.ending, run.notice = update.at, ending, self._notice
        run.long_silence = update.at - self._last > LONG_SILENCE
        self._down = False
