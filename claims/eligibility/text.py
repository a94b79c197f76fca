"""An explanation in words, Korean or English: every number in it is one of the explanation's."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from .instants import day_of, instant_of
from .pack import Pack
from .record import Window
from .shapes import Add, Amount, Completed, Divide, FirstKnown, GreaterOf, LesserOf, Multiply, Part, Started, Subtract, Tiers
from .terms import CompiledRule, Terms

Names = Mapping[str, tuple[str, str]]  # service code -> (Korean, English)

REASONS = {
    "no_official_window": (
        "이 서비스에는 아직 공식 장애 구간이 없어 보류합니다.",
        "There is no official outage window of this service yet, so it is parked.",
    ),
    "citizen_report_only": ("이용자 제보만 있습니다.", "Only citizens reported it."),
    "outside_official_windows": ("공식 장애 구간 밖의 시간입니다.", "The time lies outside every official window."),
    "window_not_counted": (
        "이 정책이 세지 않는 장애 구간(부분 장애 등)에만 걸립니다.",
        "It lies only in windows that this policy does not count (partial or intermittent).",
    ),
    "partly_outside_official_windows": (
        "일부 시간은 공식 장애 구간 밖입니다.",
        "Part of the time lies outside the official windows.",
    ),
    "partly_in_window_not_counted": (
        "일부 시간은 이 정책이 세지 않는 구간입니다.",
        "Part of the time lies in a window that this policy does not count.",
    ),
    "no_policy_pays": (
        "이 피해를 보상하는 정책이 없습니다. 피해는 기록되었습니다.",
        "No policy pays for this loss. The loss is recorded.",
    ),
    "function_not_named": ("어떤 기능을 쓰지 못했는지 알려 주세요.", "Please name the function of the service that was lost."),
    "nothing_owed": ("계산한 금액이 0입니다.", "The amount comes to nothing."),
    "above_last_tier": ("정해진 구간을 넘어 담당자가 개별 심사합니다.", "It is above the last tier, so a caseworker decides."),
}
OUTCOMES = {
    "eligible": ("보상", "eligible"), "not_eligible": ("대상 아님", "not eligible"), "unknown": ("사실 부족", "unknown"),
    "needs_review": ("담당자 확인", "needs review"), "parked": ("보류", "parked"),
}  # fmt: skip
KINDS = {
    "counted": ("인정", "counted"), "already_counted": ("이미 센 시간", "already counted"),
    "not_counted": ("세지 않는 구간", "window not counted"), "outside": ("구간 밖", "outside"),
}  # fmt: skip
SEVERITIES = {
    "full": ("완전 장애", "full"), "partial": ("부분 장애", "partial"), "intermittent": ("간헐 장애", "intermittent"),
}  # fmt: skip
PROVENANCES = {
    "claimant": ("청구인 진술", "the claimant's word"), "partner": ("제휴사 기록", "a partner's record"),
    "staff": ("담당자 확인", "verified by staff"),
}  # fmt: skip
ROUNDING = {
    "half_up": ("반올림", "rounded half up"), "half_even": ("짝수 반올림", "rounded half even"),
    "down": ("버림", "rounded down"), "up": ("올림", "rounded up"),
}  # fmt: skip


class Wording:
    """Words of one language for one set of terms."""

    def __init__(self, terms: Terms, language: str, names: Names | None = None) -> None:
        if language not in ("ko", "en"):
            raise ValueError(f"language {language!r}: use ko or en")
        self.terms = terms
        self.pick = 0 if language == "ko" else 1
        self.names = names or {}
        self.windows = {window.key: window for window in terms.record.windows}
        self.notices = {notice.key: notice for notice in terms.record.notices}

    def say(self, korean: str, english: str) -> str:
        return (korean, english)[self.pick]

    def service(self, code: str) -> str:
        return self.names[code][self.pick] if code in self.names else code

    def instant(self, value: int, zone: ZoneInfo) -> str:
        return instant_of(value).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")

    def amount(self, quantity: int | None, unit: str | None) -> str:
        if quantity is None:
            return self.say("금액 미정", "no figure yet")
        units = {"KRW": ("원", " won"), "point": ("포인트", " points"), "day": ("일", " days")}
        return f"{quantity:,}" + (units[unit][self.pick] if unit in units else f" {unit or ''}".rstrip())

    def reason(self, code: str, pack: Pack | None) -> str:
        base, _, fact = code.partition(":")
        if fact and pack is not None:
            label = pack.body.facts[fact].label
            named = self.say(label.ko, label.en)
            if base == "missing_fact":
                return self.say(f"필요한 사실이 없습니다: {named}", f"A fact is missing: {named}")
            return self.say(f"증빙이 필요합니다: {named}", f"Proof is needed of: {named}")
        if pack is not None and code in pack.body.reasons:
            text = pack.body.reasons[code]
            return self.say(text.ko, text.en)
        return REASONS[code][self.pick]

    def explanation(self, explained: dict[str, Any], zone: ZoneInfo) -> list[str]:
        """One string per line of text for one claim of `explain`."""
        incident, number = explained["incident"], explained["record_version"]
        as_of = self.instant(explained["as_of"], zone)
        told = [
            self.say(
                f"공식 기록 {incident} 제{number}판 ({as_of} 기준)",
                f"Official record {incident} version {number} (as of {as_of})",
            )
        ]
        for line in explained["lines"]:
            told += self._line(line, zone)
        return told

    def _line(self, line: dict[str, Any], zone: ZoneInfo) -> list[str]:
        compiled = next((c for c in self.terms.compiled if (c.pack.code, c.rule.code) == (line["policy"], line["rule"])), None)
        pack = compiled.pack if compiled else None
        title = self.say("정책 없음", "no policy")
        if compiled is not None:
            texts = (compiled.pack.body.title, compiled.rule.title)
            title = " / ".join(self.say(text.ko, text.en) for text in texts)
        told = [f"- {title}: {OUTCOMES[line['outcome']][self.pick]}, {self.amount(line['quantity'], line['unit'])}"]
        told += [f"    {self.reason(code, pack)}" for code in line["reasons"]]
        told += [f"    {self._span(span, zone)}" for span in line["spans"]]
        if pack is None:
            return told
        told += [f"    {self._fact(fact, pack)}" for fact in line["facts"] if fact["value"] is not None]
        for figure in line["figures"]:
            source = self.say("출처", "source")
            told.append(f"    {figure['name']} = {figure['value']:,} {figure['unit']} ({source}: {figure['source_text']})")
        told += [f"    {self._extent(extent, zone)}" for extent in line["extents"]]
        if line["quantity"] and compiled is not None:
            told.append(f"    {self._calculation(line, compiled)}")
        return told

    def _extent(self, extent: dict[str, Any], zone: ZoneInfo) -> str:
        start, end = (self.instant(extent[key], zone) for key in ("start_at", "end_at"))
        still = self.say(", 진행 중", ", still open") if extent["open"] else ""
        return self.say(
            f"장애 전체 기간({extent['source']}) {start} ~ {end}{still}: 걸친 날 {extent['days']}일",
            f"whole incident by {extent['source']} {start} ~ {end}{still}: {extent['days']} days touched",
        )

    def _calculation(self, line: dict[str, Any], compiled: CompiledRule) -> str:
        values = {step["path"]: step["value"] for step in line["steps"]}
        path = f"choices[{line['choice']}].amount"
        amount = compiled.rule.choices[line["choice"]].amount
        told = f"{self.say('계산', 'calculation')}: {formula(amount, path, values)}"
        if path in values:
            told += f" = {_number(values[path])}"
        if "at_most" in values:
            told += self.say(f", 상한 {_number(values['at_most'])}", f", at most {_number(values['at_most'])}")
        to, mode = line["rounding"]["to"], ROUNDING[line["rounding"]["mode"]][self.pick]
        return (
            told
            + self.say(f", {to:,} 단위 {mode}", f", {mode} to {to:,}")
            + f" → {self.amount(line['quantity'], line['unit'])}"
        )

    def _span(self, span: dict[str, Any], zone: ZoneInfo) -> str:
        period = f"{self.instant(span['start_at'], zone)} ~ {self.instant(span['end_at'], zone)}"
        told = f"{self.service(span['service'])} {period} {span['seconds']:,}s {KINDS[span['kind']][self.pick]}"
        if span["window"] is None:
            return told
        window = self.windows[span["window"]]
        told += f": {SEVERITIES[window.severity][self.pick]}, {self._window(window, zone)}"
        if span["via"]:
            told += self.say(f", {self.service(span['via'])}에 의존", f", through {self.service(span['via'])}")
        return told

    def _window(self, window: Window, zone: ZoneInfo) -> str:
        end = self.say("진행 중", "open") if window.end_at is None else self.instant(window.end_at, zone)
        told = self.say("공식 구간 ", "official window ") + f"{self.instant(window.start_at, zone)} ~ {end}"
        notice = self.notices.get(window.notice)
        if notice is None:
            return told
        published = "" if notice.published_at is None else f", {self.instant(notice.published_at, zone)}"
        return told + f" [{notice.key}: {notice.channel}{published}]"

    def _fact(self, fact: dict[str, Any], pack: Pack) -> str:
        label = pack.body.facts[fact["name"]].label
        value = fact["value"]
        if fact["type"] == "instant":
            value = self.instant(value, pack.zone)
        elif fact["type"] == "date":
            value = str(day_of(value))
        elif fact["type"] == "money":
            value = f"{value:,}"
        return f"{self.say(label.ko, label.en)} = {value} ({PROVENANCES[fact['provenance']][self.pick]})"


SIGNS: list[tuple[type[Part], str, str]] = [
    (Add, "add", " + "), (Subtract, "subtract", " - "), (Multiply, "multiply", " × "), (Divide, "divide", " ÷ "),
]  # fmt: skip
CHOOSING: list[tuple[type[Part], str, str]] = [
    (LesserOf, "lesser_of", "min"), (GreaterOf, "greater_of", "max"), (FirstKnown, "first_known", "first known of"),
]  # fmt: skip


def formula(amount: Amount, path: str, values: Mapping[str, str | None]) -> str:
    """The amount written out with the values of its parts, as the steps of an explanation name them."""
    if isinstance(amount, int):
        return f"{amount:,}"
    for kind, field, sign in SIGNS:
        if isinstance(amount, kind):
            inner = [formula(part, f"{path}[{i}]", values) for i, part in enumerate(getattr(amount, field))]
            return sign.join(f"({part})" if " " in part else part for part in inner)
    for kind, field, name in CHOOSING:
        if isinstance(amount, kind):
            inner = [formula(part, f"{path}[{i}]", values) for i, part in enumerate(getattr(amount, field))]
            return f"{name} ({'; '.join(inner)})"
    if isinstance(amount, Completed):
        return f"⌊{formula(amount.completed, path + '.of', values)} ÷ {amount.per:,}⌋"
    if isinstance(amount, Started):
        return f"⌈{formula(amount.started, path + '.of', values)} ÷ {amount.per:,}⌉"
    value = values.get(path)
    told = "?" if value is None else _number(value)
    return f"tier of ({formula(amount.on, path + '.on', values)})" if isinstance(amount, Tiers) else told


def _number(value: str) -> str:
    number = Fraction(value)
    return f"{number.numerator:,}" if number.denominator == 1 else f"{number.numerator:,}/{number.denominator:,}"
