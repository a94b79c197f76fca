"""The names that hold a pack together: whether each is declared, and may be spoken of where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .calendars import public_holidays
from .pack import (
    DatedValue,
    Deadline,
    Example,
    ExampleFact,
    ExampleLoss,
    ExampleWindow,
    Expected,
    FactSpec,
    Figure,
    Limit,
    PackBody,
)
from .pack_shapes import kinds_of
from .record import is_below
from .refusals import EngineRefusal, Path, Problem, shown
from .rules import Minimum, Remedy, Rule, StatedWindow, WindowScope
from .shapes import (
    At,
    Between,
    Condition,
    Counted,
    FactRef,
    FigureRef,
    Greatest,
    Match,
    NamedAmount,
    NeedsReview,
    Part,
    PieceOf,
    Tiers,
    Total,
    fraction_of,
    parts,
)


def located(value: Any, path: Path = ()) -> Iterator[tuple[Part, Path]]:
    """The part itself and every part below it, each with its path in the document."""
    if isinstance(value, Part):
        yield value, path
        for name, info in type(value).model_fields.items():
            yield from located(getattr(value, name), (*path, info.alias or name))
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            yield from located(item, (*path, place))
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from located(item, (*path, name))


_OF_THE_CLAIM = "a scope, `applies` or a limit is about the claim"
_OUTCOMES = get_args(next(kinds_of(Expected.model_fields["outcome"].annotation)))


@dataclass(frozen=True)
class _Place:
    """Where an amount stands, and so what it may speak of."""

    rule: Rule | None = None  # None: a scope, a limit
    piece: Total | Greatest | None = None
    measure: str | None = None


class PackNames:
    """The checks of one pack; each method gives the problems of one kind."""

    def __init__(self, body: PackBody) -> None:
        self.body = body

    def problems(self) -> Iterator[Problem]:
        yield from self._of_the_whole()
        yield from self._sources()
        yield from self._amounts()
        yield from self._scope()
        for place, rule in enumerate(self.body.rules):
            yield from self._rule(rule, ("rules", place))
        for place, limit in enumerate(self.body.limits):
            yield from self._limit(limit, ("limits", place))
        for place, example in enumerate(self.body.examples):
            yield from self._example(example, ("examples", place))
        yield from self._told(self.body.setting, ("setting",))

    # --- the whole ---

    def _of_the_whole(self) -> Iterator[Problem]:
        try:
            ZoneInfo(self.body.zone)
        except (ZoneInfoNotFoundError, OSError, ValueError):  # OSError: a folder of zones
            yield _wrong(("zone",), f"found {self.body.zone!r}, expected a time zone, like Asia/Seoul")
        codes = [rule.code for rule in self.body.rules]
        for place, code in enumerate(codes):
            if code in codes[:place]:
                yield _wrong(("rules", place, "code"), f"another rule has the code {code!r}; give each its own")
        names = [example.name for example in self.body.examples]
        for place, name in enumerate(names):
            if name in names[:place]:
                yield _wrong(("examples", place, "name"), f"another example has the name {name!r}; give each its own")
        yield from self._whole_figure(self.body.recovery_floor, ("recovery_floor",))
        yield from self._whole_figure(self.body.automatic.approve_up_to, ("automatic", "approve_up_to"))
        for name, spec in self.body.facts.items():
            yield from self._whole_figure(spec.documents_above, ("facts", name, "documents_above"))
            yield from self._not_before(name, spec)
        for node, path in located(self.body):
            calendar = getattr(node, "calendar", None)
            if calendar is not None:
                yield from _refusal(lambda code=calendar: public_holidays(code, [2022]), (*path, "calendar"))  # type: ignore[misc]

    def _not_before(self, name: str, spec: FactSpec) -> Iterator[Problem]:
        other, path = spec.not_before, ("facts", name, "not_before")
        if other is None:
            return
        yield from self._declared(other, self.body.facts, "fact", path)
        known = self.body.facts.get(other)
        if other == name:
            yield _wrong(path, f"{name} is never before itself; name another fact, or take it out")
        elif known is not None and (known.type, known.of) != (spec.type, spec.of):
            told = f"{other} is a fact of `type: {known.type}` and `of: {known.of}`, {name} of {spec.type} and {spec.of}"
            yield _wrong(path, f"{told}; name one that is told like it")

    def _whole_figure(self, name: str | None, path: Path) -> Iterator[Problem]:
        if name is None:
            return
        yield from self._declared(name, self.body.figures, "figure", path)
        if name in self.body.figures and not isinstance(self.body.figures[name].value, int):
            yield _wrong(path, f"{name} is dated or not whole; name a figure with one whole `value`")

    def _sources(self) -> Iterator[Problem]:
        for node, path in located(self.body):
            if isinstance(node, StatedWindow | Deadline | Figure | DatedValue):
                source = getattr(node, "source", None)
                if source is not None:
                    yield from self._declared(source, self.body.sources, "source", (*path, "source"))
            if isinstance(node, Deadline) and node.late is not None:
                yield from self._declared(node.late, self.body.figures, "figure", (*path, "late"))

    def _amounts(self) -> Iterator[Problem]:
        for name in self.body.amounts:
            circle = self._circle(name)
            if circle and name == next(one for one in self.body.amounts if one in circle):  # told once, at its first
                told = f"the amount needs itself, {' -> '.join(circle)}; write one of them without the next"
                yield _wrong(("amounts", name), told)

    def _circle(self, name: str) -> list[str]:
        """The way from an amount back to itself; empty if there is none."""
        ways = [[name]]
        seen: set[str] = set()
        while ways:
            way = ways.pop()
            for node in parts(self.body.amounts.get(way[-1])):
                if not isinstance(node, NamedAmount):
                    continue
                if node.amount == name:
                    return [*way, name]
                if node.amount not in seen:
                    seen.add(node.amount)
                    ways.append([*way, node.amount])
        return []

    def _scope(self) -> Iterator[Problem]:
        for place, condition in enumerate(self.body.scope):
            yield from self._within(condition, ("scope", place), _Place())

    # --- rules ---

    def _rule(self, rule: Rule, path: Path) -> Iterator[Problem]:
        for place, condition in enumerate(rule.applies):
            yield from self._within(condition, (*path, "applies", place), _Place())
        for name in type(rule).model_fields:
            if name not in ("applies", "title", "losses", "windows", "measures"):
                yield from self._within(getattr(rule, name), (*path, name), _Place(rule))
        for node, where in located(rule, path):
            if isinstance(node, Condition) and node.reason is not None:
                yield from self._declared(node.reason, self.body.reasons, "reason", (*where, "reason"))
            if isinstance(node, StatedWindow) and node.before.date() < self.body.incidents.from_:
                told = f"the window ends before the first of the `incidents`, {self.body.incidents.from_}"
                yield _wrong((*where, "before"), told)
            if isinstance(node, Remedy) and node.redeem_by is not None and node.redeem_by < self.body.incidents.from_:
                told = f"found {node.redeem_by}, a day before the first of the `incidents`, {self.body.incidents.from_}"
                yield _wrong((*where, "redeem_by"), told)
            if isinstance(node, Remedy) and node.extends is not None:
                yield from self._of_a_day(node.extends, (*where, "extends"))
                yield from self._fact(node.extends, (*where, "extends"), _Place(rule))
        yield from self._options(rule, path)
        yield from self._services(rule, path)
        for name in ("at_least", "at_most"):
            yield from self._negative(getattr(rule, name), (*path, name))
        for place, amount in enumerate(rule.deduct):
            yield from self._negative(amount, (*path, "deduct", place))
        yield from self._minimum(rule.minimum, path)
        ends = [self._fixed(end) for end in (rule.at_least, rule.at_most)]
        if None not in ends and ends[0] > ends[1]:
            yield _wrong((*path, "at_most"), f"the cap {ends[1]} is below the floor {ends[0]}; raise it, or lower `at_least`")
        yield from self._out_of_reach(rule.minimum, rule.at_most, path)

    def _minimum(self, minimum: Minimum | None, path: Path) -> Iterator[Problem]:
        for name in ("at_least", "above"):
            yield from self._negative(getattr(minimum, name, None), (*path, "minimum", name))

    def _out_of_reach(self, minimum: Minimum | None, at_most: Any, path: Path) -> Iterator[Problem]:
        least, most = (self._fixed(end) for end in (minimum and (minimum.at_least or minimum.above), at_most))
        if least is not None and most is not None and least > most:
            yield _wrong((*path, "minimum"), f"the minimum {least} is above the cap {most}, so nothing is ever given; lower it")

    def _negative(self, amount: Any, path: Path) -> Iterator[Problem]:
        fixed = self._fixed(amount)
        if fixed is not None and fixed < 0:
            yield _wrong(path, f"found {fixed}, expected 0 or more: nothing is given or taken below 0")

    def _fixed(self, amount: Any) -> Any:
        if isinstance(amount, FigureRef):
            figure = self.body.figures.get(amount.figure)
            amount = figure.value if figure else None
        return fraction_of(amount) if isinstance(amount, int | str) else None

    def _services(self, rule: Rule, path: Path) -> Iterator[Problem]:
        """Windows speak of services that the rule answers, or of what is above or below them."""
        answered = rule.losses.services if rule.losses else []
        for node, where in located([rule.windows, rule.measures]):
            if isinstance(node, WindowScope | StatedWindow):
                for place, code in enumerate(node.services or ()):
                    if not any(is_below(code, one) or is_below(one, code) for one in answered):
                        told = f"the rule answers no loss of {code!r}; name one of {', '.join(answered)}, or a service below it"
                        yield Problem("unknown_service", (*path, *_of_windows(where), "services", place), told)

    def _options(self, rule: Rule, path: Path) -> Iterator[Problem]:
        if rule.chosen_by is None:
            return
        if not self._is(rule.chosen_by, "text"):
            yield from self._of_type(rule.chosen_by, "text", (*path, "chosen_by"))
            return
        yield from self._fact(rule.chosen_by, (*path, "chosen_by"), _Place(rule))
        known = self.body.facts[rule.chosen_by].values
        if known is None:
            told = f"{rule.chosen_by} has no `values`; give it one for each `option` of the choices"
            yield _wrong((*path, "chosen_by"), told)
        for place, choice in enumerate(rule.choices):
            if known is not None and choice.option is not None and choice.option not in known:
                told = f"found {choice.option!r}, expected one of the values of {rule.chosen_by}: {', '.join(known)}"
                yield _wrong((*path, "choices", place, "option"), told)

    def _limit(self, limit: Limit, path: Path) -> Iterator[Problem]:
        codes = [rule.code for rule in self.body.rules]
        for place, code in enumerate(limit.rules):
            yield from self._declared(code, codes, "rule", (*path, "rules", place))
            others = [other for other in self.body.limits if code in other.rules]
            if len(others) > 1 and others[0] is not limit:
                yield _wrong(
                    (*path, "rules", place),
                    f"{code} is in another limit too, and a line is cut by one; take it out of one of them",
                )
        limited = [rule for rule in self.body.rules if rule.code in limit.rules]
        if len(limited) == len(limit.rules) and [rule.code for rule in limited] != limit.rules:
            order = ", ".join(rule.code for rule in limited)
            yield _wrong((*path, "rules"), f"lines are filled in the order of the rules, which is {order}; list them so")
        units = sorted({choice.remedy.unit for rule in limited for choice in rule.choices})
        if len(units) > 1:
            yield _wrong((*path, "rules"), f"lines in {' and '.join(units)} cannot be added up; name rules of one unit")
        if limit.reason is not None:
            yield from self._declared(limit.reason, self.body.reasons, "reason", (*path, "reason"))
        yield from self._negative(limit.at_most, (*path, "at_most"))
        yield from self._minimum(limit.minimum, path)
        yield from self._out_of_reach(limit.minimum, limit.at_most, path)
        for field in ("at_most", "minimum"):
            yield from self._within(getattr(limit, field), (*path, field), _Place())

    # --- amounts and conditions ---

    def _within(self, value: Any, path: Path, place: _Place) -> Iterator[Problem]:
        """Every name below `value`, and whether what it names can be spoken of there."""
        if isinstance(value, list | tuple):
            for index, item in enumerate(value):
                yield from self._within(item, (*path, index), place)
            return
        if isinstance(value, Mapping):
            for name, item in value.items():
                yield from self._within(item, (*path, name), place)
            return
        if not isinstance(value, Part):
            return
        yield from self._node(value, path, place)
        if isinstance(value, Total | Greatest):
            measure = place.measure if place.piece is not None else value.measure or ""
            place = _Place(place.rule, value, measure)
        if isinstance(value, NamedAmount) and value.amount in self.body.amounts:
            if not self._circle(value.amount):
                yield from self._within(self.body.amounts[value.amount], ("amounts", value.amount), place)
            return
        for name, info in type(value).model_fields.items():
            yield from self._within(getattr(value, name), (*path, info.alias or name), place)

    def _node(self, node: Part, path: Path, place: _Place) -> Iterator[Problem]:
        for kind, check in self._checks().items():
            if isinstance(node, kind):
                yield from check(node, path, place)

    def _checks(self) -> dict[type[Part], Callable[[Any, Path, _Place], Iterator[Problem]]]:
        return {
            FigureRef: self._figure, FactRef: self._fact_ref, Condition: self._condition, Match: self._match,
            Between: self._between, NamedAmount: self._named, NeedsReview: self._needs_review, Counted: self._counted,
            At: self._at, PieceOf: self._piece, Total: self._by_piece, Greatest: self._by_piece, Tiers: self._tiers,
        }  # fmt: skip

    def _figure(self, node: FigureRef, path: Path, place: _Place) -> Iterator[Problem]:
        yield from self._declared(node.figure, self.body.figures, "figure", (*path, "figure"))
        border = path[-3:-2] == ("tiers",) and path[-1] != "pays"  # `_tiers` says what it may be
        if (
            not border
            and node.figure in self.body.figures
            and (self.body.figures[node.figure].dated is None) != (node.on is None)
        ):
            if node.on is None:
                yield _wrong(path, f"{node.figure} is dated; add the day whose value is meant, like `on: {{day_of: ...}}`")
            else:
                yield _wrong(path, f"{node.figure} has one value on all days; take `on` out")

    def _fact_ref(self, node: FactRef, path: Path, place: _Place) -> Iterator[Problem]:
        yield from self._fact(node.fact, (*path, "fact"), place)

    def _condition(self, node: Condition, path: Path, place: _Place) -> Iterator[Problem]:
        if node.fact is not None:
            yield from self._fact(node.fact, (*path, "fact"), place)
            asked_about = node.known is not None and node.fact in self.body.facts
            if asked_about and self.body.facts[node.fact].default is not None:
                yield _wrong(path, f"{node.fact} has a default, so it is always known; compare its value")
        for name in ("from", "before", "until"):
            wanted = node.comparisons.get(name)
            if isinstance(wanted, int | str):
                told = f"found {shown(wanted)}, expected a day like 2022-10-15, or an amount that is one"
                yield _wrong((*path, name), told)

    def _tiers(self, node: Tiers, path: Path, place: _Place) -> Iterator[Problem]:
        """Tiers that end at figures are in order too."""
        figures = {name: figure.value for name, figure in self.body.figures.items() if name in node.figures}
        dated = [name for name, value in figures.items() if value is None]
        if dated:
            yield _wrong(path, f"{dated[0]} is dated, and a tier ends at the same value on all days; write one pack for each")
        elif figures and len(figures) == len(set(node.figures)):
            try:
                node.hold_order({name: fraction_of(value) for name, value in figures.items() if value is not None})
            except ValueError as error:
                message, *below = error.args
                yield _wrong((*path, *below), message)

    def _match(self, node: Match, path: Path, place: _Place) -> Iterator[Problem]:
        yield from self._fact(node.match, (*path, "match"), place)
        if not self._is(node.match, "text"):
            yield from self._of_type(node.match, "text", (*path, "match"))
            return
        values = self.body.facts[node.match].values
        if values is None:
            if node.otherwise is None:
                yield _wrong(path, f"{node.match} can have any value; say what holds `otherwise`, or give the fact `values`")
            return
        for value in node.values:
            if value not in values:
                told = f"found {value!r}, expected one of the values of {node.match}: {', '.join(values)}"
                yield _wrong((*path, "values", value), told)
        left = [value for value in values if value not in node.values]
        if left and node.otherwise is None:
            yield _wrong(path, f"nothing is said for {', '.join(left)}; add it under `values`, or say `otherwise`")

    def _between(self, node: Between, path: Path, place: _Place) -> Iterator[Problem]:
        for index, end in enumerate(node.between):
            if isinstance(end, str):
                yield from self._fact(end, (*path, "between", index), place)

    def _named(self, node: NamedAmount, path: Path, place: _Place) -> Iterator[Problem]:
        yield from self._declared(node.amount, self.body.amounts, "amount", (*path, "amount"))

    def _needs_review(self, node: NeedsReview, path: Path, place: _Place) -> Iterator[Problem]:
        yield from self._declared(node.needs_review, self.body.reasons, "reason", (*path, "needs_review"))
        if place.rule is None:
            yield _wrong(path, f"{_OF_THE_CLAIM} and is not left to a person; say `needs_review` in a rule")
        if place.piece is not None:
            yield _wrong(path, "a person decides the whole, not a piece; say it under `review` or outside of the `total`")

    def _counted(self, node: Counted, path: Path, place: _Place) -> Iterator[Problem]:
        yield from self._of_losses("counted time", path, place)
        yield from self._measure(node.measure, path, place)

    def _of_losses(self, what: str, path: Path, place: _Place) -> Iterator[Problem]:
        if place.rule is None:
            yield _wrong(path, f"{_OF_THE_CLAIM} and knows no {what}; say it in a rule with `losses`")
        elif place.rule.losses is None:
            yield _wrong(path, f"the rule {place.rule.code} answers no losses and so has no {what}; give it `losses`")

    def _measure(self, name: str | None, path: Path, place: _Place) -> Iterator[Problem]:
        if name is None or place.rule is None:
            return
        if place.piece is not None and name != place.measure:
            yield _wrong((*path, "measure"), "a piece is cut from one measure; say `measure` at the outermost `total` only")
        else:
            yield from self._declared(name, place.rule.measures, "measure", (*path, "measure"))

    def _at(self, node: At, path: Path, place: _Place) -> Iterator[Problem]:
        if node.of == "piece":
            yield from self._piece(node, path, place)
        elif node.of != "extent":
            yield from self._of_losses(f"{node.at} of {'counted time' if node.of == 'counted' else 'losses'}", path, place)

    def _piece(self, node: Part, path: Path, place: _Place) -> Iterator[Problem]:
        if place.piece is None:
            yield _wrong(path, "there is no piece here; `piece` stands inside of `total` or `greatest`")

    def _by_piece(self, node: Total | Greatest, path: Path, place: _Place) -> Iterator[Problem]:
        yield from self._of_losses("pieces of counted time", path, place)
        yield from self._measure(node.measure, path, place)

    def _fact(self, name: str, path: Path, place: _Place) -> Iterator[Problem]:
        yield from self._declared(name, self.body.facts, "fact", path)
        if name not in self.body.facts or self.body.facts[name].of != "loss":
            return
        if place.rule is None:
            yield _wrong(path, f"{_OF_THE_CLAIM}, and {name} is told of each loss; say it in a rule with `each: true`")
        elif not (place.rule.losses and place.rule.losses.each):
            told = f"{name} is told of each loss, and the rule {place.rule.code} does not answer them one by one"
            yield _wrong(path, f"{told}; give it `losses` with `each: true`, or ask for {name} of the claim")

    # --- examples ---

    def _example(self, example: Example, path: Path) -> Iterator[Problem]:
        codes = [rule.code for rule in self.body.rules]
        for field in ("expect", "never", "paid"):
            for code in getattr(example, field):
                yield from self._declared(code, codes, "rule", (*path, field, code))
        for code, wanted in example.expect.items():
            if isinstance(wanted, str) and wanted not in _OUTCOMES:
                told = f"found {wanted!r}, expected a quantity or one of {', '.join(_OUTCOMES)}"
                yield _wrong((*path, "expect", code), told)
        yield from self._told(example, path)

    def _told(self, holder: Any, path: Path) -> Iterator[Problem]:
        """What an example and the setting of all tell alike."""
        for name, told in holder.facts.items():
            yield from self._declared(name, self.body.facts, "fact", (*path, "facts", name))
            of_incident = name in self.body.facts and self.body.facts[name].of == "incident"
            if isinstance(told, ExampleFact) and of_incident:
                yield _wrong((*path, "facts", name), f"{name} is of the incident, verified by staff; write its value alone")
        for place, loss in enumerate(holder.losses or ()):
            for name in loss.facts:
                where = (*path, "losses", place, "facts", name)
                yield from self._declared(name, self.body.facts, "fact", where)
                if name in self.body.facts and self.body.facts[name].of != "loss":
                    yield _wrong(where, f"{name} is no fact `of: loss`; tell it under the `facts` of the example")
        yield from self._spans(holder, path)

    def _spans(self, holder: Any, path: Path) -> Iterator[Problem]:
        """A loss or window of a service of which no rule speaks is a slip of the pen."""
        spoken = [code for rule in self.body.rules if rule.losses for code in rule.losses.services]
        for field in ("windows", "losses"):
            spans: Sequence[ExampleLoss | ExampleWindow] = getattr(holder, field) or ()
            for place, span in enumerate(spans):
                if not any(is_below(span.service, code) or is_below(code, span.service) for code in spoken):
                    listed = (
                        f"name one of {', '.join(sorted(set(spoken)))}, or a service below it"
                        if spoken
                        else "none has `losses`"
                    )
                    told = f"no rule speaks of {span.service!r}; {listed}"
                    yield Problem("unknown_service", (*path, field, place, "service"), told)

    # --- names ---

    def _declared(self, name: str, known: Any, kind: str, path: Path) -> Iterator[Problem]:
        if name not in known:
            listed = f"name one of {', '.join(sorted(set(known)))}, or " if known else ""
            yield _wrong(path, f"no {kind} {name!r}; {listed}declare it under `{kind}s`")

    def _of_type(self, fact: str, wanted: str, path: Path) -> Iterator[Problem]:
        if fact not in self.body.facts:
            yield from self._declared(fact, self.body.facts, "fact", path)
        elif not self._is(fact, wanted):
            fitting = ", ".join(sorted(name for name in self.body.facts if self._is(name, wanted))) or "none"
            yield _wrong(
                path, f"{fact} is of `type: {self.body.facts[fact].type}`, expected {wanted}; of that type are {fitting}"
            )

    def _of_a_day(self, fact: str, path: Path) -> Iterator[Problem]:
        """A date, or an instant, which lies on one."""
        if not self._is(fact, "instant"):
            yield from self._of_type(fact, "date", path)

    def _is(self, fact: str, wanted: str) -> bool:
        return fact in self.body.facts and self.body.facts[fact].type == wanted


def _of_windows(path: Path) -> Path:
    """From a path into [windows, measures] to one into a rule."""
    return (("windows", "measures")[int(path[0])], *path[1:])


def _wrong(path: Path, message: str) -> Problem:
    return Problem("pack_reference", path, message)


def _refusal(call: Callable[[], Any], path: Path) -> Iterator[Problem]:
    try:
        call()
    except EngineRefusal as refusal:
        yield Problem(refusal.code, path, refusal.message)
