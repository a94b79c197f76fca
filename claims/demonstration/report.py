"""The demonstration's tables, in Korean or English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from claims.demonstration.loading import personas
from claims.demonstration.results import Under, policy_code
from claims.eligibility.labels import OUTCOMES, SEVERITIES
from claims.eligibility.reasons import said_reason
from claims.eligibility.wording import Wording
from claims.facts import terms_of
from claims.models import Assessment, EntitlementLine, Loss
from claims.queries import Settled, explain_assessment
from services.models import OutageWindow, RecordVersion, Service
from services.queries import windows_of
from services.seoul import SEOUL

HOUR = timedelta(hours=1)
Key = tuple[str | None, str | None, int | None]  # policy, rule, loss
BLOCKS = {"full": "█", "partial": "▒", "intermittent": "░"}


class Report:
    def __init__(self, console: Console, language: str) -> None:
        self.console = console
        self.language = language
        self.pick = 0 if language == "ko" else 1

    def say(self, korean: str, english: str) -> str:
        return (korean, english)[self.pick]

    def heading(self, korean: str, english: str) -> None:
        self.console.print()
        self.console.rule(self.say(korean, english), align="left")

    def record(self, version: RecordVersion) -> None:
        """The windows of a version as a table, and a timeline per service."""
        windows = list(windows_of(version))
        as_of = _local(version.as_of)
        title = self.say(
            f"공식 기록 {version.incident.key} 제{version.number}판 ({as_of} 기준, 구간 {len(windows)}개)",
            f"Official record {version.incident.key} version {version.number} (as of {as_of}, {len(windows)} windows)",
        )
        table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
        for korean, english in (
            ("서비스", "service"),
            ("정도", "severity"),
            ("시작", "start"),
            ("끝", "end"),
            ("출처", "source"),
            ("공지", "notice"),
        ):
            table.add_column(self.say(korean, english), no_wrap=english != "service", overflow="fold")
        for window in windows:
            end = self.say("진행 중", "open") if window.end_at is None else _local(window.end_at, window.end_approx)
            name = self._name(window.service)
            start = _local(window.start_at, window.start_approx)
            severity = SEVERITIES[window.severity][self.pick]
            table.add_row(name, severity, start, end, window.source.code, window.notice.key)
        self.console.print(table)
        self._timeline(windows, version)

    def _timeline(self, windows: Sequence[OutageWindow], version: RecordVersion) -> None:
        first = min(window.start_at for window in windows).replace(minute=0)
        last = max([version.as_of, *(window.end_at for window in windows if window.end_at)])
        step = max(HOUR, HOUR * -(-(last - first) // (48 * HOUR)))
        title = self.say(
            f"시간선: 한 칸 {step // HOUR}시간, 왼쪽 끝 {_local(first)}",
            f"Timeline: one cell is {step // HOUR} h, left end {_local(first)}",
        )
        table = Table(title=title, title_justify="left", box=None)
        table.add_column(self.say("서비스", "service"), no_wrap=True)
        table.add_column(self.say("█ 완전 ▒ 부분 ░ 간헐", "█ full ▒ partial ░ intermittent"), no_wrap=True)
        by_service: dict[str, list[OutageWindow]] = {}
        for window in windows:
            by_service.setdefault(window.service.code, []).append(window)
        for code, mine in by_service.items():
            cells = []
            at = first
            while at < last:
                down = [w for w in mine if w.start_at < at + step and (w.end_at or version.as_of) > at]
                severities = [s for s in BLOCKS if any(w.severity == s for w in down)]
                cells.append(BLOCKS[severities[0]] if severities else "·")
                at += step
            table.add_row(code, "".join(cells))
        self.console.print(table)

    def people(self, first: Sequence[Under], second: Sequence[Under]) -> None:
        """Each line of each claim under both versions, side by side."""
        table = Table(box=SIMPLE_HEAD)
        table.add_column(self.say("사람", "person"), max_width=24, overflow="fold")
        table.add_column(self.say("피해 (한국 시각)", "lost (Korean time)"), max_width=40, overflow="fold")
        table.add_column(self.say("정책", "policy"), max_width=26, overflow="fold")
        for number in (1, 2):
            table.add_column(self.say(f"제{number}판", f"version {number}"), ratio=1, overflow="fold")
        earlier = {under.claim.pk: under for under in first}
        for under in second:
            self._claim(table, earlier.get(under.claim.pk), under)
        self.console.print(table)

    def _claim(self, table: Table, first: Under | None, second: Under) -> None:
        cells: dict[Key, list[str]] = {}
        for place, under in enumerate((first, second)):
            if under is not None:
                for line in under.lines:
                    cells.setdefault(_key(line), ["", ""])[place] = self._cell(under, line)
        name = f"{second.persona} {personas()[second.claim.person.public_id][self.language]}"
        if first is not None and first.assessment.pk == second.assessment.pk:
            unchanged = self.say("그대로 (다시 산정하지 않음)", "the same, not assessed again")
            cells = {key: [cell, unchanged] for key, (cell, _) in cells.items()}
        for key, (before, after) in cells.items():
            lost = [loss for loss in second.claim.losses.all() if self._concerns(loss, key, second)]
            table.add_row(name, "\n".join(self._loss(loss) for loss in lost), self._policy(second, key[0]), before, after)
            name = ""

    def _concerns(self, loss: Loss, key: Key, under: Under) -> bool:
        policy, rule, loss_id = key
        if loss_id is not None:
            return loss.pk == loss_id
        compiled = terms_of(under.assessment.run.terms).compiled
        return any((c.pack.code, c.rule.code) == (policy, rule) and loss.service.code in c.services for c in compiled)

    def _policy(self, under: Under, code: str | None) -> str:
        titles = {pack.code: pack.body.title for pack in terms_of(under.assessment.run.terms).packs}
        return "-" if code is None else titles[code].said(self.pick)

    def _loss(self, loss: Loss) -> str:
        through = f" ← {self._name(loss.via)}" if loss.via else ""
        end = "..." if loss.end_at is None else _local(loss.end_at)
        return f"{self._name(loss.service)} {_local(loss.start_at)} ~ {end}{through}"

    def _name(self, service: Service) -> str:
        return self.say(service.name_ko, service.name_en)

    def _cell(self, under: Under, line: EntitlementLine) -> str:
        wording = Wording(terms_of(under.assessment.run.terms), self.language)
        pack = next((p for p in wording.terms.packs if p.code == policy_code(line)), None)
        amount = wording.amount(line.quantity, line.unit) if line.unit else ""
        hours = f"{timedelta(seconds=line.counted_seconds)} ({line.counted_seconds:,} s)" if line.counted_seconds else ""
        reasons = [escape(said_reason(code, pack, wording.pick)) for code in line.reasons]
        told = [OUTCOMES[line.outcome][self.pick], f"[b]{amount}[/b]" if amount else "", hours]
        return "\n".join([" ".join(filter(None, told)), *reasons])

    def differences(
        self, changed: Sequence[tuple[Under, Sequence[Settled]]], assessed_before: set[int], untouched: int
    ) -> None:
        title = self.say(
            f"제2판이 나온 뒤 산정한 청구 {len(changed)}건 (건드리지 않은 청구 {untouched}건)",
            f"Assessed after version 2 came: {len(changed)} claims ({untouched} untouched)",
        )
        table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
        for korean, english in (
            ("사람", "person"),
            ("정책", "policy"),
            ("전", "before"),
            ("후", "after"),
            ("차액", "difference"),
            ("처리", "kind"),
        ):
            table.add_column(self.say(korean, english))
        kinds = {
            "first": self.say("첫 지급", "first"),
            "top_up": self.say("추가 지급", "top-up"), "recovery": self.say("환수", "recovery"),
            "written_off": self.say("환수하지 않음", "written off"),
        }  # fmt: skip
        for one, differences in changed:
            if not differences:
                again = one.claim.pk in assessed_before
                told = (
                    self.say("금액 변동 없음", "no change of amount")
                    if again
                    else self.say("첫 산정", "assessed for the first time")
                )
                table.add_row(one.persona, "-", "", "", told, "")
            for found in differences:
                table.add_row(
                    one.persona, found.payout.policy, f"{found.before:,}", f"{found.after:,}",
                    f"{found.payout.quantity:+,} {found.payout.unit}", kinds[found.payout.kind],
                )  # fmt: skip
        self.console.print(table)

    def explanation(self, assessment: Assessment) -> None:
        for line in explain_assessment(assessment).text(self.language):
            self.console.print(line, highlight=False, markup=False, soft_wrap=True)


def _key(line: EntitlementLine) -> Key:
    return (policy_code(line), line.rule.code if line.rule else None, line.loss_id)


def _local(instant: datetime, approx: bool = False) -> str:
    """To the minute, or to the second where it has seconds."""
    local = instant.astimezone(SEOUL)
    return local.strftime("%m-%d %H:%M:%S" if local.second else "%m-%d %H:%M") + ("~" if approx else "")
