"""An explanation in words, Korean or English: every number in it is one of the explanation's."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision

from .formula import WORDS, Formula, clock, written
from .instants import day_of
from .pack import Pack
from .record import Notice
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
        "이 정책이 세지 않는 장애 구간이나 시간에만 걸립니다.",
        "It lies only in windows or hours that this policy does not count.",
    ),
    "planned_maintenance": (
        "이 정책이 세지 않는 계획된 점검 시간입니다.",
        "The time lies in planned maintenance that this policy does not count.",
    ),
    "partly_outside_official_windows": (
        "일부 시간은 공식 장애 구간 밖입니다.",
        "Part of the time lies outside the official windows.",
    ),
    "partly_in_window_not_counted": (
        "일부 시간은 이 정책이 세지 않는 구간이나 시간입니다.",
        "Part of the time lies in windows or hours that this policy does not count.",
    ),
    "partly_in_planned_maintenance": (
        "일부 시간은 이 정책이 세지 않는 계획된 점검 시간입니다.",
        "Part of the time lies in planned maintenance that this policy does not count.",
    ),
    "no_policy_pays": (
        "이 피해를 보상하는 정책이 없습니다. 피해는 기록되었습니다.",
        "No policy pays for this loss. The loss is recorded.",
    ),
    "function_not_named": ("어떤 기능을 쓰지 못했는지 알려 주세요.", "Please name the function of the service that was lost."),
    "nothing_owed": ("계산한 금액이 0입니다.", "The amount comes to nothing."),
    "below_minimum": ("최소 지급액에 미치지 못해 지급하지 않습니다.", "It is below the smallest amount that is paid."),
    "carried_forward": (
        "최소 지급액에 미치지 못해 다음 건과 합산할 때까지 보관합니다.",
        "It is below the smallest amount that is paid, and kept until it can be paid together with others.",
    ),
    "figure_not_known": (
        "그 날짜에 적용되는 수치가 알려지지 않아 담당자가 확인합니다.",
        "The figure in force on that day is not known, so a caseworker decides.",
    ),
    "loss_not_confirmed": (
        "손실이 시작하거나 끝난 때로 금액이 정해지는데 일부가 공식 장애 구간 밖이라 담당자가 확인합니다.",
        "The amount goes by when the loss began or ended, and part of it lies outside the official windows, "
        "so a caseworker decides.",
    ),
    "amount_too_large": ("금액이 너무 커서 담당자가 확인합니다.", "The amount is too large, so a caseworker decides."),
    "amount_unknown": (
        "금액을 정하는 시각이나 값이 없어 아직 알 수 없습니다.",
        "A time or value that the amount goes by is not there, so it is not known.",
    ),
    "limit_unknown": ("합계 상한을 아직 알 수 없습니다.", "What may be given in all is not known yet."),
    "outside_calendar": (
        "근무일 달력의 범위를 벗어나 담당자가 확인합니다.",
        "It lies outside the calendar of working days, so a caseworker decides.",
    ),
    "no_extent": ("장애 전체 기간이 아직 기록되지 않았습니다.", "Start and end of the whole incident are not on record yet."),
    "divisor_not_positive": (
        "나누는 수가 0 이하라 담당자가 확인합니다.",
        "It would be divided by 0 or less, so a caseworker decides.",
    ),
    "too_many_pieces": ("구간이 너무 많아 담당자가 확인합니다.", "There are too many pieces, so a caseworker decides."),
}
OF_A_FACT = ("missing_fact", "needs_proof", "proof_before_payment")  # before a colon and the fact
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
INSTRUMENTS: dict[str, tuple[str, str]] = {
    "cash": ("현금", "cash"), "credit": ("요금 차감", "credit"), "points": ("포인트", "points"), "days": ("기간 연장", "days"),
    "hours": ("시간 연장", "time"), "data": ("데이터", "data"), "coupon": ("쿠폰", "coupon"), "waiver": ("면제", "waiver"),
    "item": ("물품·이용권", "item"),
}  # fmt: skip
ROUNDING = {
    "half_up": ("반올림", "rounded half up"), "half_even": ("짝수 반올림", "rounded half even"),
    "half_down": ("오사육입", "rounded half down"), "down": ("버림", "rounded down"), "up": ("올림", "rounded up"),
}  # fmt: skip


UNITS = {
    "KRW": ("원", " won"), "point": ("포인트", " points"), "day": ("일", " days"), "hour": ("시간", " hours"),
    "minute": ("분", " minutes"), "gigabyte": (" GB", " GB"), "megabyte": (" MB", " MB"), "month": ("개월", " months"),
    "emoticon": ("개 (이모티콘)", " emoticons"),
    "talk_drawer_month": ("개 (톡서랍 플러스 1개월)", " months of Talk Drawer Plus"),
}  # fmt: skip
# Of figures, beside these.
MORE_UNITS = {
    "percent": ("%", "%"), "times": ("배", " times"), "cent": ("센트", " cents"), "pence": ("펜스", " pence"),
    "year": ("년", " years"), "km": (" km", " km"), "item": ("개", " items"), "working day": ("근무일", " working days"),
}  # fmt: skip
CURRENCY = re.compile(r"[A-Z]{3}")
ZONES = {"Asia/Seoul": ("한국 시각", "Korean time")}


@dataclass(frozen=True)
class Cited:
    """What claimants read where staff read codes: sources, by their codes, and channels of notices, in Korean and English."""

    sources: Names = field(default_factory=dict)
    channels: Names = field(default_factory=dict)


class Wording:
    """Words of one language for one set of terms; with `cited` for claimants, without codes."""

    def __init__(self, terms: Terms, language: str, names: Names | None = None, cited: Cited | None = None) -> None:
        if language not in ("ko", "en"):
            raise ValueError(f"language {language!r}: use ko or en")
        self.terms = terms
        self.pick = 0 if language == "ko" else 1
        self.names = names or {}
        self.cited = cited

    def say(self, korean: str, english: str) -> str:
        return (korean, english)[self.pick]

    def service(self, code: str) -> str:
        return self.names[code][self.pick] if code in self.names else code

    def source(self, code: str) -> str:
        """Of the record."""
        return code if self.cited is None or code not in self.cited.sources else self.cited.sources[code][self.pick]

    def length(self, seconds: int) -> str:
        """Hours, minutes and seconds, without those that are none; days have hours, as policies count them."""
        counts = (seconds // 3600, seconds // 60 % 60, seconds % 60)
        units = self.say("시간 분 초", " h, min, s").split(" " if self.pick == 0 else ",")
        return " ".join(f"{count:,}{unit}" for count, unit in zip(counts, units, strict=True) if count) or f"0{units[1]}"

    def amount(self, quantity: int | None, unit: str | None) -> str:
        """A quantity with its unit; money in units of its currency, not in minor ones."""
        if quantity is None:
            return self.say("금액 미정", "no figure yet")
        if unit in UNITS:
            return f"{quantity:,}{UNITS[unit][self.pick]}"
        if unit is not None and CURRENCY.fullmatch(unit):
            places = get_currency_precision(unit)
            return f"{Decimal(quantity).scaleb(-places):,.{places}f} {unit}"
        return f"{quantity:,} {(unit or '').replace('_', ' ')}".rstrip()

    def number(self, value: int | str, unit: str) -> str:
        """A figure's value with its unit: money as people write it."""
        if unit in MORE_UNITS or not isinstance(value, int):
            known = {**MORE_UNITS, **UNITS}.get(unit, (f" {unit}", f" {unit}"))[self.pick]
            return f"{value:,}{known}" if isinstance(value, int) else f"{value}{known}"
        return self.amount(value, unit)

    def reason(self, code: str, pack: Pack | None) -> str:
        base, _, fact = code.partition(":")
        if fact and pack is not None:
            label = pack.body.facts[fact].label
            named = label.said(self.pick)
            if base == "missing_fact":
                return self.say(f"필요한 사실이 없습니다: {named}", f"A fact is missing: {named}")
            if base == "proof_before_payment":
                return self.say(f"지급 전에 증빙이 필요합니다: {named}", f"Proof is needed before payment: {named}")
            return self.say(f"증빙이 필요합니다: {named}", f"Proof is needed of: {named}")
        if pack is not None and code in pack.body.reasons:
            return pack.body.reasons[code].said(self.pick)
        return REASONS[code][self.pick]

    def explanation(self, explained: dict[str, Any], zone: ZoneInfo) -> list[str]:
        """One string per line of text for one claim of `explain`."""
        incident, number = explained["incident"], explained["record_version"]
        as_of, of, where = clock(explained["as_of"], zone), f" {incident}", zone.key
        if self.cited is not None:
            of, where = "", ZONES.get(zone.key, (zone.key, zone.key))[self.pick]
        told = [
            self.say(
                f"공식 기록{of} 제{number}판 ({as_of} {where} 기준)",
                f"Official record{of} version {number} (as of {as_of}, {where})",
            )
        ]
        for line in explained["lines"]:
            told += self._line(line, zone)
        return told

    def _line(self, line: dict[str, Any], zone: ZoneInfo) -> list[str]:
        compiled = self.terms.rule_of(line["policy"], line["rule"])
        pack = compiled.pack if compiled else None
        title = self.say("정책 없음", "no policy")
        if compiled is not None:
            texts = (compiled.pack.body.title, compiled.rule.title)
            title = " / ".join(text.said(self.pick) for text in texts)
        told = [f"- {title}: {OUTCOMES[line['outcome']][self.pick]}, {self.amount(line['quantity'], line['unit'])}"]
        told += [f"    {self.reason(code, pack)}" for code in line["reasons"]]
        told += [f"    {self._span(span, line, zone)}" for span in line["spans"]]
        if compiled is None:
            return told
        return told + [f"    {text}" for text in self._reckoning(line, compiled, zone)]

    def _reckoning(self, line: dict[str, Any], compiled: CompiledRule, zone: ZoneInfo) -> Iterator[str]:
        """What a rule took for the line, what it made of it, and what would change the answer."""
        pack = compiled.pack
        known = [fact for fact in line["facts"] if fact["value"] is not None]
        yield from (self.fact(fact, pack) for fact in known if fact["name"] != compiled.rule.chosen_by)
        yield from self._choice(line, compiled)
        yield from (self._figure(figure, pack, zone) for figure in line["figures"])
        yield from (self._extent(extent, zone) for extent in line["extents"])
        for name, spans in line["measures"].items():
            of = f" ({name})" if self.cited is None else ""
            yield self.say(f"다르게 센 시간{of}:", f"time counted another way{of}:")
            yield from (f"  {self._span(span, line, zone)}" for span in spans)
        yield from (f"{'  ' * depth}{self._piece(piece, pack.zone)}" for depth, piece in in_order(line["pieces"]))
        formula = self._formula(line, pack)
        if line["quantity"] or self._comes_to_nothing(line, compiled):
            yield self._calculation(line, compiled, formula)
        yield from self.given(line, pack)
        yield from (f"→ {self._change(change, compiled, formula)}" for change in line["changes"])

    def _figure(self, figure: dict[str, Any], pack: Pack, zone: ZoneInfo) -> str:
        number, unit = figure["value"], figure["unit"]
        since = "" if figure["from"] is None else self.say(f"{figure['from']}부터, ", f"from {figure['from']}, ")
        source = f"{since}{self.say('출처', 'source')}: "
        if self.cited is None:
            value = written(str(number), "number", zone) if isinstance(number, int) else number
            return f"{figure['name']} = {value} {unit} ({source}{figure['source_text']})"
        label, cited = pack.body.figures[figure["name"]].label, pack.body.sources[figure["source"]].label
        name = self.say("정책에 정해진 값", "Figure of the scheme") if label is None else label.said(self.pick)
        value = self.number(number, unit)
        value = value.removesuffix("s") if number == 1 else value
        return f"{name}: {value} ({source}{figure['source_text'] if cited is None else cited.said(self.pick)})"

    def _choice(self, line: dict[str, Any], compiled: CompiledRule) -> Iterator[str]:
        """Which option was chosen and by whose word, or that none was and what is given then."""
        fact = next((fact for fact in line["facts"] if fact["name"] == compiled.rule.chosen_by), None)
        if fact is None:
            return
        holds = line["choice"] is not None and line["choice"] >= 0
        if fact["value"] is not None:
            yield self.say("고른 것: ", "Chosen: ") + self.fact(fact, compiled.pack)
            if line["choice"] == -1:
                yield self.say("고른 것의 조건이 맞지 않습니다.", "The conditions of what was chosen do not hold.")
        elif holds and line["outcome"] in ("eligible", "needs_review"):
            option = compiled.rule.choices[line["choice"]].option or ""
            given = compiled.pack.body.facts[fact["name"]].said_value(option, self.pick)
            yield self.say(
                f"고른 것이 없어, 조건이 맞는 첫 번째 것으로 정했습니다: {given}",
                f"Nothing was chosen, so the first whose conditions hold is given: {given}",
            )

    def _formula(self, line: dict[str, Any], pack: Pack) -> Formula:
        values = {fact["name"]: fact for fact in line["facts"]}

        def named(name: str) -> str:
            label = pack.body.facts[name].label
            fact = values.get(name)
            told = label.said(self.pick)
            return told if fact is None or fact["value"] is None else f"{told} ({self._value(fact, pack)})"

        def said(name: str, value: str) -> str:
            return pack.body.facts[name].said_value(value, self.pick)

        return Formula(
            {step["path"]: step for step in line["steps"]}, pack.body.amounts, self.pick, pack.zone, named, said=said
        )

    def _piece(self, piece: dict[str, Any], zone: ZoneInfo) -> str:
        period = f"{clock(piece['start_at'], zone)} ~ {clock(piece['end_at'], zone)}"
        value = "?" if piece["value"] is None else written(piece["value"], "number", zone)
        left = "" if piece["holds"] else self.say(", 세지 않음", ", not counted")
        return f"{WORDS[piece['each']][self.pick]} {piece['ordinal']}: {period}: {value}{left}"

    def _change(self, change: dict[str, Any], compiled: CompiledRule, formula: Formula) -> str:
        """What would change the answer."""
        told: str = getattr(self, f"_by_{change['kind']}")(change, compiled, formula)
        return told

    def _by_fact(self, change: dict[str, Any], compiled: CompiledRule, formula: Formula) -> str:
        label = compiled.pack.body.facts[change["fact"]].label.said(self.pick)
        return self.say(f"알려 주시면 다시 산정합니다: {label}", f"It is assessed again once this is told: {label}")

    def _by_proof(self, change: dict[str, Any], compiled: CompiledRule, formula: Formula) -> str:
        spec = compiled.pack.body.facts[change["fact"]]
        by = PROVENANCES[change["by"]][self.pick] + (f", {spec.evidence}" if spec.evidence else "")
        label = spec.label.said(self.pick)
        return self.say(f"필요한 증빙: {label} ({by})", f"Proof that is enough: {label} ({by})")

    def _by_window(self, change: dict[str, Any], compiled: CompiledRule, formula: Formula) -> str:
        start, end = (clock(change[key], compiled.pack.zone) for key in ("start_at", "end_at"))
        return self.say("인정되는 시간", "Time that counts") + f": {self.service(change['service'])} {start} ~ {end}"

    def _by_minimum(self, change: dict[str, Any], compiled: CompiledRule, formula: Formula) -> str:
        least = written(change["value"], "number", compiled.pack.zone)
        over = change["path"].endswith("above")
        return self.say(f"지급 기준: {least} {'초과' if over else '이상'}", f"Paid {'above' if over else 'from'} {least}")

    def _by_tier(self, change: dict[str, Any], compiled: CompiledRule, formula: Formula) -> str:
        border, included = written(change["border"], "number", compiled.pack.zone), change["included"]
        korean = f"다음 구간: {border} {'이상' if included else '초과'}"
        return self.say(korean, f"The next tier begins {'at' if included else 'above'} {border}")

    def _by_condition(self, change: dict[str, Any], compiled: CompiledRule, formula: Formula) -> str:
        field, place = change["path"].removesuffix("]").split("[")
        told = formula.condition(getattr(compiled.rule, field)[int(place)], change["path"])
        if field == "require":
            return self.say(f"조건: {told}", f"What is asked: {told}")
        return self.say(f"담당자 확인 사유: {told}", f"Why a person decides: {told}")

    def _extent(self, extent: dict[str, Any], zone: ZoneInfo) -> str:
        start, end = (clock(extent[key], zone) for key in ("start_at", "end_at"))
        still, source = self.say(", 진행 중", ", still open") if extent["open"] else "", self.source(extent["source"])
        return self.say(
            f"장애 전체 기간({source}) {start} ~ {end}{still}: 걸친 날 {extent['days']}일",
            f"whole incident by {source} {start} ~ {end}{still}: {extent['days']} days touched",
        )

    def _calculation(self, line: dict[str, Any], compiled: CompiledRule, formula: Formula) -> str:
        """The chosen amount written out, then what the rule does with it, in its order."""
        path = f"choices[{line['choice']}].amount"
        amount = compiled.rule.choices[line["choice"]].amount
        told = f"{self.say('계산', 'calculation')}: {formula.amount(amount, path)}"
        value = formula.value(path)
        if value is not None:
            told += f" = {value}"
        for name, words in (("at_least", ("하한", "at least")), ("at_most", ("상한", "at most"))):
            if formula.value(name) is not None:
                told += f", {words[self.pick]} {formula.value(name)}"
        given = [formula.value(f"deduct[{i}]") or "?" for i in range(len(compiled.rule.deduct))]
        told += "".join(self.say(f", {one} 공제", f", less {one}") for one in given)
        for name, words in (("at_least", ("최소", "paid from")), ("above", ("초과", "paid above"))):
            if formula.value(f"minimum.{name}") is not None:
                told += f", {words[self.pick]} {formula.value(f'minimum.{name}')}"
        to, mode = line["rounding"]["to"], ROUNDING[line["rounding"]["mode"]][self.pick]
        told += self.say(f", {to:,} 단위 {mode}", f", {mode} to {to:,}")
        for place, limit in enumerate(compiled.pack.body.limits):
            if limit.reason in line["reasons"] and formula.value(f"limits[{place}].at_most") is not None:
                most, before = formula.value(f"limits[{place}].at_most"), f"{line['given_before']:,}"
                told += self.say(f", 모두 합쳐 {most}까지 (앞선 {before})", f", together at most {most} ({before} before it)")
        return f"{told} → {self.amount(line['quantity'], line['unit'])}"

    def _comes_to_nothing(self, line: dict[str, Any], compiled: CompiledRule) -> bool:
        """Whether a calculation ended at 0, which a reader wants to follow too."""
        ends = {"nothing_owed", "below_minimum", "carried_forward", *(limit.reason for limit in compiled.pack.body.limits)}
        return line["quantity"] == 0 and (line["choice"] or 0) >= 0 and not ends.isdisjoint(line["reasons"])

    def given(self, line: dict[str, Any], pack: Pack) -> Iterator[str]:
        """What the remedy of a line promises beside its quantity."""
        given = line["given"]
        if not line["quantity"]:
            return
        if given["until"] is not None:
            label, day = pack.body.facts[given["extends"]].label.said(self.pick), day_of(given["until"])
            yield self.say(f"{label}: {day}까지 연장", f"{label}: extended to {day}")
        if given["lasts_days"] is not None:
            yield self.say(f"받은 날부터 {given['lasts_days']:,}일 동안 사용", f"can be used for {given['lasts_days']:,} days")
        if given["redeem_by"] is not None:
            day = day_of(given["redeem_by"])
            yield self.say(f"{day}까지 받을 수 있음", f"can be taken until {day}")

    def _span(self, span: dict[str, Any], line: dict[str, Any], zone: ZoneInfo) -> str:
        period = f"{clock(span['start_at'], zone)} ~ {clock(span['end_at'], zone)}"
        weight = f" × {span['weight']}" if span["weight"] not in ("0", "1") else ""
        told = (
            f"{self.service(span['service'])} {period} {self.length(span['seconds'])} {KINDS[span['kind']][self.pick]}{weight}"
        )
        if span["window"] is None:
            return told
        window = line["windows"][span["window"]]
        told += f": {SEVERITIES[window['severity']][self.pick]}, {self._window(window, zone)}"
        if span["via"]:
            told += self.say(f", {self.service(span['via'])}에 의존", f", through {self.service(span['via'])}")
        return told

    def _window(self, window: dict[str, Any], zone: ZoneInfo) -> str:
        end = self.say("진행 중", "open") if window["end_at"] is None else clock(window["end_at"], zone)
        named = ("계획된 점검", "planned maintenance") if window["planned"] else ("공식 구간", "official window")
        told = f"{self.say(*named)} {clock(window['start_at'], zone)} ~ {end}"
        if window["source"]:
            told += f" ({window['source']})" if self.cited is None else f", {self.source(window['source'])}"
        told += f", {self._announcement(window['announced_at'], zone)}" if window["planned"] else ""
        notice = window["notice"]
        if notice is None:
            return told
        if self.cited is not None:
            return f"{told}, {self._cited(Notice(source=window['source'], **notice), zone)}"
        published = None if notice["published_at"] is None else clock(notice["published_at"], zone)
        where = ", ".join(filter(None, [notice["channel"], published]))
        return f"{told} [{notice['key']}: {where}]" if where else f"{told} [{notice['key']}]"

    def _cited(self, notice: Notice, zone: ZoneInfo) -> str:
        """Where and when it was published: by that claimants find it."""
        assert self.cited is not None, "staff read its key"
        where = self.cited.channels.get(notice.channel, (notice.channel, notice.channel))[self.pick]
        published = None if notice.published_at is None else clock(notice.published_at, zone)
        return f"{self.say('공지', 'notice')}: {', '.join(filter(None, [where or self.source(notice.source), published]))}"

    def _announcement(self, announced_at: int | None, zone: ZoneInfo) -> str:
        if announced_at is None:
            return self.say("예고 기록 없음", "no announcement on record")
        return self.say(f"{clock(announced_at, zone)} 예고", f"announced {clock(announced_at, zone)}")

    def fact(self, fact: dict[str, Any], pack: Pack) -> str:
        """What it says and by whose word, of a fact of an explanation's line."""
        label = pack.body.facts[fact["name"]].label
        word = self.say("정책의 가정", "assumed by the policy")
        if not fact["assumed"]:
            word = PROVENANCES[fact["provenance"]][self.pick]
        notice = f", {fact['notice']}" if fact["notice"] else ""
        if self.cited is not None:
            known = next((one for one in self.terms.record.notices if one.key == fact["notice"]), None)
            notice = "" if known is None else f", {self._cited(known, pack.zone)}"
        return f"{label.said(self.pick)} = {self._value(fact, pack)} ({word}{notice})"

    def _value(self, fact: dict[str, Any], pack: Pack) -> str:
        value = fact["value"]
        if fact["type"] == "instant":
            return clock(value, pack.zone)
        if fact["type"] == "date":
            return str(day_of(value))
        if fact["type"] == "boolean":
            return self.say("예", "yes") if value else self.say("아니오", "no")
        if fact["type"] == "text":
            return pack.body.facts[fact["name"]].said_value(value, self.pick)
        return f"{value:,}"


def in_order(pieces: Sequence[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each piece with how deep it lies, and right after it those that it was cut into; `pieces` by path and start."""
    by_path: dict[str, list[dict[str, Any]]] = {}
    for piece in pieces:
        by_path.setdefault(piece["path"], []).append(piece)
    around = {path: max((o for o in by_path if path.startswith(f"{o}.")), key=len, default=None) for path in by_path}

    def below(outer: str | None, start_at: int, end_at: int, depth: int) -> Iterator[tuple[int, dict[str, Any]]]:
        for path in (path for path, cut_from in around.items() if cut_from == outer):
            found = by_path[path]
            first, last = (bisect_left(found, at, key=itemgetter("start_at")) for at in (start_at, end_at))
            for piece in found[first:last]:
                yield depth, piece
                yield from below(path, piece["start_at"], piece["end_at"], depth + 1)

    yield from below(None, 0, 2**63, 0)
