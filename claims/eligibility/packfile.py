"""A pack as YAML text: read without surprises, refused with the line of every fault."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from .inputs import fact_value, instant
from .pack import Example, ExampleExtent, ExampleFact, ExampleLoss, ExampleWindow, Expected, Pack, Told
from .plans import check_plans
from .reasons import OF_A_FACT, REASONS
from .refusals import EngineRefusal, PackRefusal, Path, Problem, shown
from .validate import pack_of

LONGEST_PACK = 200_000  # characters; the longest of the shipped ones has 12,000


def load_pack(text: str, name: str, number: int = 1) -> Pack:
    """Read a YAML pack and hold it to all that can be known without a record or a claim.

    Raises PackRefusal with every problem found, each with its line; `pack_too_large`, `yaml_invalid` or `pack_invalid`
    for what is no pack at all.
    """
    if len(text) > LONGEST_PACK:
        told = f"found {len(text):,} characters, expected at most {LONGEST_PACK:,}; make several packs of it"
        raise PackRefusal(name, [Problem("pack_too_large", (), told)])
    try:
        loader = PackLoader(text)
        root = loader.get_single_node()
        surprises = list(_surprises(root, ()))
        data = None if surprises or root is None else loader.construct_document(root)
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: an escape that is no character
        raise PackRefusal(name, [_unreadable(error, text)]) from error
    if surprises:
        raise PackRefusal(name, surprises)
    if not isinstance(data, dict):
        raise PackRefusal(name, [Problem("pack_invalid", (), f"found {shown(data)}, expected a mapping: pack, code, ...")])
    try:
        pack = pack_of(data, number, name)
        problems = [*check_plans(pack), *_examples(pack)]
        if problems:
            raise PackRefusal(name, problems)
    except PackRefusal as refusal:
        raise PackRefusal(name, _with_lines(refusal.problems, root)) from refusal
    return pack


# --- examples --------------------------------------------------------------------------------------


def _examples(pack: Pack) -> Iterator[Problem]:
    """Facts that are no value of their type, and times that are none."""
    yield from _holder(pack.body.setting, ("setting",), pack)
    for place, example in enumerate(pack.body.examples):
        yield from _holder(example, ("examples", place), pack)
        yield from _expected(example, ("examples", place), pack)


def _holder(holder: Any, path: Path, pack: Pack) -> Iterator[Problem]:
    yield from _values(holder.facts, (*path, "facts"), pack)
    for field in ("windows", "extents", "losses"):
        for place, span in enumerate(getattr(holder, field) or ()):
            yield from _span(span, (*path, field, place))
            if isinstance(span, ExampleLoss):
                yield from _values(span.facts, (*path, field, place, "facts"), pack)


def _values(facts: Mapping[str, Told | None], path: Path, pack: Pack) -> Iterator[Problem]:
    for name, told in facts.items():
        by = isinstance(told, ExampleFact)
        value = told.value if isinstance(told, ExampleFact) else told
        try:
            if value is not None:  # null takes a fact of the setting away
                fact_value(value, pack.body.facts[name], "")
        except EngineRefusal as refusal:
            yield Problem(refusal.code, (*path, name, *(["value"] if by else [])), refusal.message)


def _expected(example: Example, path: Path, pack: Pack) -> Iterator[Problem]:
    """An example that expects nothing is always green, and a reason that nothing gives is a slip of the pen."""
    if not example.expect and not example.never:
        told = "nothing is expected; add `expect`, by rule a quantity, an outcome, or more of the line"
        yield Problem("pack_invalid", path, told)
    for code, expected in example.expect.items():
        for place, reason in enumerate((expected.reasons or []) if isinstance(expected, Expected) else []):
            base, _, fact = reason.partition(":")
            known = fact in pack.body.facts if base in OF_A_FACT else reason in REASONS or reason in pack.body.reasons
            if not known:
                told = f"nothing gives the reason {reason!r}; it is one of the pack's `reasons`, or one of {_LISTED}"
                yield Problem("pack_reference", (*path, "expect", code, "reasons", place), told)


_LISTED = ", ".join([*sorted(REASONS), *(f"{base}:<fact>" for base in OF_A_FACT)])


def _span(span: ExampleWindow | ExampleLoss | ExampleExtent, path: Path) -> Iterator[Problem]:
    times = {"from": span.from_, "before": span.before}
    if isinstance(span, ExampleWindow) and span.announced_at is not None:
        times["announced_at"] = span.announced_at
    ends = {}
    for key, value in times.items():
        try:
            ends[key] = instant(value, "")
        except EngineRefusal as refusal:
            yield Problem(refusal.code, (*path, key), refusal.message)
    if {"from", "before"} <= ends.keys() and ends["before"] <= ends["from"]:
        told = f"found {span.before.isoformat()}, expected a time after {span.from_.isoformat()}"
        yield Problem("interval_invalid", (*path, "before"), told)


# --- names ----------------------------------------------------------------------------------------


# --- lines -----------------------------------------------------------------------------------------


def _with_lines(problems: tuple[Problem, ...], root: Any) -> list[Problem]:
    """The problems with the lines and paths of the text, in its order, each once."""
    placed = dict.fromkeys(_placed(problem, root) for problem in problems)
    return sorted(placed, key=lambda problem: problem.line or 0)


def _placed(problem: Problem, root: Any) -> Problem:
    """What the text does not have is skipped, such as `choices` in the path of a rule that has one."""
    node, kept = root, []
    line = root.start_mark.line + 1
    for step in problem.path:
        found = _below(node, step)
        if found is not None:
            key, node = found
            kept.append(step)
            line = key.start_mark.line + 1
    return Problem(problem.code, tuple(kept), problem.message, line)


def _below(node: Any, step: str | int) -> tuple[Any, Any] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if str(key.value) == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


# --- YAML ------------------------------------------------------------------------------------------


class PackLoader(yaml.SafeLoader):
    """YAML without surprises: aliases and tags are refused; days, times, on, no, = and << stay text."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag.split(":")[-1] not in ("bool", "merge", "value")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Aliases of aliases make gigabytes out of a few lines; and a figure is written where it counts."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        told = None
        if isinstance(event, yaml.AliasEvent):
            told = f"*{event.anchor} is an alias; write out what it stands for"
        elif getattr(event, "tag", None) is not None:
            told = f"{event.tag.replace('tag:yaml.org,2002:', '!!')} is a tag; take it out and write the value in plain"
        elif isinstance(event, yaml.ScalarEvent) and _HALF_CHARACTER.search(event.value):
            told = "found half a surrogate pair; write the character itself"
        if told is not None:
            raise yaml.composer.ComposerError(None, None, told, event.start_mark)
        return super().compose_node(parent, index)


_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_CLOCK = re.compile(r"\d{1,2}(:\d\d){1,2}")
_PLAIN_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9_]{0,29})")  # not 010, which is 8 to YAML, nor 22:00, which is 1320


def _surprises(node: Any, path: Path) -> Iterator[Problem]:
    """What YAML reads as something else than a person does: floats, odd numbers, and all but the last of equal keys."""
    if isinstance(node, yaml.SequenceNode):
        for place, item in enumerate(node.value):
            yield from _surprises(item, (*path, place))
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                yield Problem("yaml_invalid", path, "found a list or a mapping as a key, expected a text", line)
            elif key.value in seen:
                yield Problem("yaml_invalid", (*path, key.value), "the key appears twice; keep one of them", line)
            seen.add(str(key.value))
            yield from _surprises(value, (*path, str(key.value)))
    elif isinstance(node, yaml.ScalarNode):
        number = node.tag.removeprefix("tag:yaml.org,2002:")
        if number == "float" or (number == "int" and not _PLAIN_NUMBER.fullmatch(node.value)):
            expected = (
                'a whole number like 12 (of money the minor units), an exact number in quotes like "12.5", or a text in quotes'
            )
            if _CLOCK.fullmatch(node.value):
                expected = f'a text in quotes: "{node.value}"'
            line = node.start_mark.line + 1
            yield Problem("yaml_invalid", path, f"found {node.value[:30]}, expected {expected}", line)


def _unreadable(error: Exception, text: str) -> Problem:
    if isinstance(error, yaml.reader.ReaderError):
        told = f"the character {chr(error.character)!r} is not allowed; take it out"
        return Problem("yaml_invalid", (), told, text.count("\n", 0, error.position) + 1)
    if isinstance(error, RecursionError):
        return Problem("yaml_invalid", (), "lists and mappings are nested too deep to be read; write them flatter")
    if not isinstance(error, yaml.MarkedYAMLError):
        return Problem("yaml_invalid", (), f"a value cannot be read: {error}")
    told = ", ".join(part for part in (error.context, error.problem) if part)
    if isinstance(error, yaml.scanner.ScannerError | yaml.parser.ParserError):
        told = f"no YAML: {told}; look at the indentation, brackets and quotes of this line and those before it"
    return Problem("yaml_invalid", (), told, error.problem_mark.line + 1 if error.problem_mark else None)


def _as_text(loader: PackLoader, node: yaml.ScalarNode) -> str:
    return str(node.value)


PackLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), ["t", "f"])
PackLoader.add_constructor("tag:yaml.org,2002:timestamp", _as_text)
