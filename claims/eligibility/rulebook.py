"""The rules of a policy in words, Korean or English, as people read them: all of it is said of the pack, none of it here."""

from __future__ import annotations

from collections.abc import Iterator

from . import shapes as p
from .labels import INSTRUMENTS, SEVERITIES
from .pack import Deadline
from .reading import Pair, Reading
from .rules import Hours, Minimum, Remedy, Rule, WindowScope

SCOPES: dict[str, Pair] = {
    "all": ("모두", "everybody"), "some_users": ("일부 이용자", "some users"),
    "some_functions": ("일부 기능", "some functions"),
}  # fmt: skip
PLANNED: dict[str, Pair] = {
    "never": ("계획된 점검은 세지 않음", "planned maintenance does not count"),
    "always": ("계획된 점검도 셈", "planned maintenance counts too"),
    "unannounced": ("예고가 없거나 {0}시간 전보다 늦게 예고한 점검은 셈",
        "planned maintenance counts unless it was announced {0} hours before"),
}  # fmt: skip
WEEKDAYS: dict[str, Pair] = {
    "mon": ("월", "Mon"), "tue": ("화", "Tue"), "wed": ("수", "Wed"), "thu": ("목", "Thu"), "fri": ("금", "Fri"),
    "sat": ("토", "Sat"), "sun": ("일", "Sun"), "all": ("날마다", "every day"), "working": ("근무일", "working days"),
}  # fmt: skip
AFTER: dict[str, Pair] = {
    "claim": ("청구한 뒤", "after the claim"), "decision": ("결정한 뒤", "after the decision"),
    "recovery": ("복구된 뒤", "after the recovery"),
}  # fmt: skip


class Rulebook(Reading):
    """Writes what a pack's rules take, count, ask and give."""

    def remedy(self, remedy: Remedy) -> str:
        told = f"{INSTRUMENTS[remedy.instrument][self.pick]} ({self.unit(remedy.unit)})"
        if remedy.extends is not None:
            told += self.say(f", 늘어나는 날: {self.fact(remedy.extends)}", f", extends: {self.fact(remedy.extends)}")
        if remedy.lasts_days is not None:
            told += self.say(
                f", 받은 날부터 {remedy.lasts_days:,}일 동안 사용", f", can be used for {remedy.lasts_days:,} days"
            )
        if remedy.redeem_by is not None:
            told += self.say(f", {remedy.redeem_by}까지 받을 수 있음", f", can be taken until {remedy.redeem_by}")
        return told

    def minimum(self, minimum: Minimum) -> str:
        least = self.amount(minimum.above if minimum.at_least is None else minimum.at_least, "")
        if minimum.at_least is None:
            told = self.say(f"{least} 초과일 때만", f"only above {least}")
        else:
            told = self.say(f"{least} 이상일 때만", f"only from {least}")
        return f"{told}. {self.reason(minimum.reason)}"

    def rule(self, rule: Rule) -> Iterator[tuple[Pair, list[str]]]:
        """Headings, each in both languages, with what the rule says under them; in the order in which it is evaluated."""
        yield ("조건", "Applies where"), [self.condition(one, "") for one in rule.applies]
        if rule.losses is not None:
            told = [self.services(rule.losses.services)]
            told += [self.say("피해마다 따로", "each loss by itself")] if rule.losses.each else []
            unneeded = self.say("장애 구간에 들지 않아도 됨", "also outside of counted windows")
            yield ("어느 서비스의 피해", "Losses of"), told + ([] if rule.losses.overlap == "required" else [unneeded])
            yield ("어떤 시간을 세나", "Time that counts"), list(self.windows(rule.windows))
        for name, scope in rule.measures.items():
            yield (f"다르게 센 시간 ({name})", f"Time counted another way ({name})"), list(self.windows(scope))
        yield ("받을 조건", "Given only where"), [self._with_reason(one) for one in rule.require]
        yield ("담당자가 보는 경우", "A person decides where"), [self._with_reason(one) for one in rule.review]
        chosen = "" if rule.chosen_by is None else self.fact(rule.chosen_by)
        yield ("고르는 것", "Chosen by"), [chosen] if chosen else []
        for choice in rule.choices:
            told = [f"{choice.option}:"] if choice.option else []
            told += [self.say(f"{when}이면", f"where {when}") for when in [self.conditions(choice.when)] if when]
            told += [*self.parted(choice.amount), f"→ {self.remedy(choice.remedy)}"]
            yield ("얼마를 무엇으로", "How much, as what"), told
        caps = [(("적어도", "at least"), rule.at_least), (("많아도", "at most"), rule.at_most)]
        told = [f"{words[self.pick]}: {self.amount(amount, '')}" for words, amount in caps if amount is not None]
        told += [self.say(f"공제: {less}", f"less: {less}") for less in [self.amount(one, "") for one in rule.deduct]]
        told += [] if rule.minimum is None else [self.minimum(rule.minimum)]
        yield ("한도와 끝수", "Caps and rounding"), [*told, self.rounding(rule.round.to, rule.round.mode)]

    def _with_reason(self, condition: p.Condition) -> str:
        told = self.condition(condition, "")
        return told if condition.reason is None else f"{told} ({self.reason(condition.reason)})"

    def windows(self, scope: WindowScope) -> Iterator[str]:
        """Which windows count, and how much."""
        if scope.services is not None:
            yield self.services(scope.services)
        yield ", ".join(
            SEVERITIES[one][self.pick] + ("" if one not in scope.weights else f" × {scope.weights[one]}")
            for one in scope.severities
        )
        if len(scope.scopes) < len(SCOPES):
            yield ", ".join(SCOPES[one][self.pick] for one in scope.scopes)
        yield PLANNED[scope.planned.counts][self.pick].format(scope.planned.hours_before or 0)
        if scope.source is not None:
            yield self.say(f"출처 {scope.source}의 구간", f"windows by {scope.source}")
        if scope.by_share_of_users:
            yield self.say("영향받은 이용자의 비율만큼", "by the share of users that were hit")
        yield from (self._hours(one) for one in scope.hours)
        for one in scope.stated:
            start, end = (f"{instant:%Y-%m-%d %H:%M}" for instant in (one.from_, one.before))
            stated = self.say("정책이 밝힌 구간", "stated by the scheme")
            yield f"{stated}: {self.services(one.services)} {start} ~ {end}"

    def _hours(self, hours: Hours) -> str:
        days = [hours.days] if isinstance(hours.days, str) else hours.days
        named = ", ".join(WEEKDAYS[day][self.pick] for day in days)
        return f"{hours.from_} ~ {hours.before} ({named})"

    def limits(self) -> Iterator[str]:
        """What several rules may give together."""
        titles = {rule.code: self.text(rule.title) for rule in self.pack.body.rules}
        for limit in self.pack.body.limits:
            told = " + ".join(titles[code] for code in limit.rules)
            if limit.at_most is not None and limit.reason is not None:
                most = self.amount(limit.at_most, "")
                told += self.say(f": 합쳐서 많아도 {most}", f": together at most {most}") + f" ({self.reason(limit.reason)})"
            yield told if limit.minimum is None else f"{told}: {self.minimum(limit.minimum)}"

    def deadline(self, deadline: Deadline) -> str:
        working = deadline.counted == "working"
        days = self.say(
            f"{deadline.days}{' 근무일' if working else '일'}", f"{deadline.days} {'working days' if working else 'days'}"
        )
        after = AFTER[deadline.after][self.pick]
        told = self.say(f"{after} {days} 안", f"within {days} {after}")
        if deadline.late is None:
            return told
        late = self.figure(self.pack.body.figures[deadline.late])
        return told + self.say(f", 늦으면 하루에 {late}", f"; {late} for each day that it is late")
