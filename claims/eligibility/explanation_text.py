"""An explanation in words, Korean or English: every number in it is one of the explanation's."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from fractions import Fraction
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from .formula import WORDS, Formula, clock, exact, result
from .labels import KINDS, OUTCOMES, PROVENANCES, ROUNDING, SEVERITIES, ZONES
from .pack import Pack
from .reasons import said_reason
from .record import Notice
from .terms import CompiledRule
from .wording import Wording


class ExplanationText(Wording):
    """Writes what `explain` found."""

    def explanation(self, explained: dict[str, Any], zone: ZoneInfo, *, refused: bool = False) -> list[str]:
        """One string per line of text for one claim of `explain`; `refused`: people decided that nothing of it is given."""
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
            told += self._line(line, zone, refused=refused)
        return told

    def _line(self, line: dict[str, Any], zone: ZoneInfo, *, refused: bool) -> list[str]:
        compiled = self.terms.rule_of(line["policy"], line["rule"])
        pack = compiled.pack if compiled else None
        title = self.say("정책 없음", "no policy")
        if compiled is not None:
            texts = (compiled.pack.body.title, compiled.rule.title)
            title = " / ".join(text.said(self.pick) for text in texts)
        amount = self.amount(line["quantity"], line["unit"])
        if not refused or line["outcome"] == "not_eligible":
            told = [f"- {title}: {OUTCOMES[line['outcome']][self.pick]}, {amount}"]
        else:
            calculated = self.say(f" (계산으로는 {amount})", f" (by calculation {amount})") if line["quantity"] else ""
            told = [f"- {title}: {self.say('주지 않음', 'not given')}{calculated}"]
        told += [f"    {said_reason(code, pack, self.pick, refused=refused)}" for code in line["reasons"]]
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
        label, cited = pack.body.figures[figure["name"]].label, pack.body.sources[figure["source"]].label
        if self.cited is None and label is None:
            value = f"{number:,}" if isinstance(number, int) else number
            return f"{figure['name']} = {value} {unit} ({source}{figure['source_text']})"
        name = self.say("정책에 정해진 값", "Figure of the scheme") if label is None else label.said(self.pick)
        value = self.number(number, unit)
        cited_as = figure["source_text"] if cited is None or self.cited is None else cited.said(self.pick)
        return f"{name}: {value} ({source}{cited_as})"

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
            return told if fact is None or fact["value"] is None else f"{told} ({self.value(fact, pack)})"

        def said(name: str, value: str) -> str:
            return pack.body.facts[name].said_value(value, self.pick)

        return Formula(
            {step["path"]: step for step in line["steps"]}, pack.body.amounts, self.pick, pack.zone, named, said=said
        )

    def _piece(self, piece: dict[str, Any], zone: ZoneInfo) -> str:
        period = f"{clock(piece['start_at'], zone)} ~ {clock(piece['end_at'], zone)}"
        value = "?" if piece["value"] is None else exact(Fraction(piece["value"]))
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
        if self.cited is None:
            by = PROVENANCES[change["by"]][self.pick] + (f", {spec.evidence}" if spec.evidence else "")
        else:
            by = ", ".join(one.said(self.pick) for one in spec.documents.values()) or PROVENANCES[change["by"]][self.pick]
        label = spec.label.said(self.pick)
        return self.say(f"필요한 증빙: {label} ({by})", f"Proof that is enough: {label} ({by})")

    def _by_window(self, change: dict[str, Any], compiled: CompiledRule, formula: Formula) -> str:
        start, end = (clock(change[key], compiled.pack.zone) for key in ("start_at", "end_at"))
        return self.say("인정되는 시간", "Time that counts") + f": {self.service(change['service'])} {start} ~ {end}"

    def _by_minimum(self, change: dict[str, Any], compiled: CompiledRule, formula: Formula) -> str:
        least = exact(Fraction(change["value"]))
        over = change["path"].endswith("above")
        return self.say(f"지급 기준: {least} {'초과' if over else '이상'}", f"Paid {'above' if over else 'from'} {least}")

    def _by_tier(self, change: dict[str, Any], compiled: CompiledRule, formula: Formula) -> str:
        border, included = exact(Fraction(change["border"])), change["included"]
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
        """The chosen amount written out, then what the rule does with it."""
        path = f"choices[{line['choice']}].amount"
        told, value = formula.amount(compiled.rule.choices[line["choice"]].amount, path), formula.number(path)
        assert value is not None, "a quantity was made of it"
        given, minor = self.amount(line["quantity"], line["unit"]), self.minor(line["unit"])
        head = self.say("계산", "calculation") + (self.say(f" ({minor} 단위)", f" (in {minor})") if minor else "")
        then = "".join(f", {one}" for one in self._then(line, compiled, formula, value))
        if not then and not minor and value == line["quantity"]:
            return f"{head}: {told} = {given}"
        if not f": {told}".rstrip(")").endswith((f": {exact(value)}", f" ({exact(value)}")):  # what is read last already
            told += f" {result(value)}"
        return f"{head}: {told}{then} → {given}"

    def _then(self, line: dict[str, Any], compiled: CompiledRule, formula: Formula, after: Fraction) -> Iterator[str]:
        """What a rule does, in its order, with an amount that has come to `after`, as far as it changes it."""
        to, mode = line["rounding"]["to"], line["rounding"]["mode"]
        least, most = formula.number("at_least"), formula.number("at_most")
        if least is not None and after < least:
            yield self.say(f"하한 {exact(least)}", f"at least {exact(least)}")
            after = least
        # What rounding would lift above it is rounded down.
        whole = None if most is None or mode == "down" else most // to * to
        if most is not None and after > (most if whole is None else whole):
            yield self.say(f"상한 {exact(most)}", f"at most {exact(most)}")
            after = min(after, most)
        for less in (formula.number(f"deduct[{i}]") for i in range(len(compiled.rule.deduct))):
            if less is not None and less > 0:
                yield self.say(f"{exact(less)} 공제", f"less {exact(less)}")
                after -= less
        if after < 0:
            yield self.say("0보다 작으면 0", "not below 0")
            after = Fraction(0)
        for border, above, said in self._least_paid("minimum", formula):
            yield said
            after = after if after > border or (after == border and not above) else Fraction(0)
        if after % to:
            done = ROUNDING["down" if whole is not None and after > whole else mode][self.pick]
            yield self.say(f"{to:,} 단위 {done}", f"{done} to {to:,}")
        yield from self._together(line, compiled, formula, after)

    def _together(self, line: dict[str, Any], compiled: CompiledRule, formula: Formula, after: Fraction) -> Iterator[str]:
        """What a limit of several rules made of the line."""
        limit, limits = compiled.limit, compiled.pack.body.limits
        if limit is None:
            return
        place = f"limits[{next(i for i, one in enumerate(limits) if one is limit)}]"
        most, before = formula.number(f"{place}.at_most"), line["given_before"]
        too_small = limit.minimum is not None and limit.minimum.reason in line["reasons"]
        if most is not None and (limit.reason in line["reasons"] or (too_small and after > most - before)):
            told = (f"{most // 1:,}", f"{before:,}")
            yield self.say("모두 합쳐 {0}까지 (앞선 {1})", "together at most {0} ({1} before it)").format(*told)
        if too_small:
            least = self._least_paid(f"{place}.minimum", formula)
            yield from (f"{self.say('모두 합쳐', 'together')} {said}" for _, _, said in least)

    def _least_paid(self, path: str, formula: Formula) -> Iterator[tuple[Fraction, bool, str]]:
        """From which sum something is paid, and whether only above it."""
        for name, words in (("at_least", ("최소", "paid from")), ("above", ("초과", "paid above"))):
            border = formula.number(f"{path}.{name}")
            if border is not None:
                yield border, name == "above", f"{self.say(*words)} {exact(border)}"

    def _comes_to_nothing(self, line: dict[str, Any], compiled: CompiledRule) -> bool:
        """Whether a calculation ended at 0, which a reader wants to follow too."""
        ends = {"nothing_owed", "below_minimum", "carried_forward", *(limit.reason for limit in compiled.pack.body.limits)}
        return line["quantity"] == 0 and (line["choice"] or 0) >= 0 and not ends.isdisjoint(line["reasons"])

    def _span(self, span: dict[str, Any], line: dict[str, Any], zone: ZoneInfo) -> str:
        period = f"{clock(span['start_at'], zone)} ~ {clock(span['end_at'], zone)}"
        weight = f" × {span['weight']}" if span["weight"] not in ("0", "1") else ""
        lost, kind = self.lost(span["service"], span["loss"]), KINDS[span["kind"]][self.pick]
        told = f"{lost} {period} {self.length(span['seconds'])} {kind}{weight}"
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
            return f"{told}, {self.notice(Notice(source=window['source'], **notice), zone)}"
        published = None if notice["published_at"] is None else clock(notice["published_at"], zone)
        where = ", ".join(filter(None, [notice["channel"], published]))
        return f"{told} [{notice['key']}: {where}]" if where else f"{told} [{notice['key']}]"

    def _announcement(self, announced_at: int | None, zone: ZoneInfo) -> str:
        if announced_at is None:
            return self.say("예고 기록 없음", "no announcement on record")
        return self.say(f"{clock(announced_at, zone)} 예고", f"announced {clock(announced_at, zone)}")


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
