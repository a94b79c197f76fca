"""The policy language for those who write it: a JSON Schema for editors and a reference in Markdown.

Both are made of the models and their docstrings; `make docs` writes them, and a test holds the files equal to them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from . import pack, rules, shapes
from .shapes import Part

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DAY = r"^\d{4}-\d{2}-\d{2}$"
SHORTHAND = ("amount", "remedy")  # of a rule, instead of `choices`: `Rule.single_choice`

# --- examples ----------------------------------------------------------------------------------------

AMOUNT_EXAMPLES: Mapping[str, str] = {
    "number": '"12.5"',
    "figure": "{figure: rate_of_a_day, on: {day_of: {at: start, of: losses}}}",
    "fact": "{fact: fee}",
    "amount": "{amount: lost_share}",
    "counted": "{counted: minutes}",
    "days_touched": "{days_touched: extent, source: operator}",
    "piece": "{total: {figure: rate_of_a_day, on: {piece: day}}, each: day}",
    "at": "{at: start, of: losses}",
    "day_of": "{day_of: {fact: filed_at}}",
    "later": "{later: {fact: reported_on}, by: 2, in: working_days, calendar: KR}",
    "last_day": "{last_day: month, of: {fact: reported_on}}",
    "first_day": "{first_day: quarter, of: {fact: reported_on}}",
    "days_in": "{days_in: month, of: {day_of: {at: start, of: losses}}}",
    "weekday": "{weekday: {fact: reported_on}}",
    "working_days": "{working_days: [{fact: reported_on}, {day_of: {at: end, of: losses}}], calendar: KR}",
    "between": "{between: [filed_at, {at: end, of: losses}], in: hours}",
    "add": "{add: [200, {fact: fee}]}",
    "subtract": "{subtract: [{fact: fare}, {fact: fee}]}",
    "multiply": "{multiply: [10, {fact: fee}, {amount: lost_share}]}",
    "divide": "{divide: [{fact: fee}, {days_in: month, of: {fact: reported_on}}]}",
    "quotient": "{quotient: [{fact: fare}, {fact: trips}], to: 1, mode: half_up}",
    "percent": "{percent: 25, of: {fact: fare}}",
    "completed": "{completed: {counted: minutes}, per: 30}",
    "started": "{started: {counted: hours}, per: {figure: hours_of_a_unit}}",
    "rounded": "{rounded: {divide: [{fact: fee}, 30]}, to: 10, mode: down}",
    "lesser_of": "{lesser_of: [{counted: hours}, 48]}",
    "greater_of": "{greater_of: [0, {subtract: [{counted: hours}, 48]}]}",
    "first_known": "{first_known: [{fact: verified_loss}, {fact: declared_loss}]}",
    "tiers": "of: {fact: trips}\ntiers:\n  - {below: 3, pays: 0}\n  - {up_to: 9, pays: 3000}\n  - {above: 9, pays: 5000}",
    "cases": "cases:\n  - {when: [{fact: announced, is: true}], pays: 0}\notherwise: {fact: fee}",
    "match": "{match: kind, values: {consumer: 3000}, otherwise: 10000}",
    "needs_review": "{needs_review: too_much}",
    "total": "total: {counted: minutes}\neach: run\nwhere:\n  - {that: {counted: minutes}, at_least: 120}",
    "greatest": "{greatest: {counted: hours}, each: day}",
}
CONDITION_EXAMPLES: Sequence[str] = (
    "{fact: announced, is: true}",
    "{fact: kind, in: [consumer, business]}",
    "{fact: reported_on, known: true}",
    "{fact: filed_at, until: 2022-11-30}",
    "{fact: filed_at, before: {at: end, of: losses}}",
    "{fact: reported_on, from: {later: {day_of: {at: start, of: losses}}, by: 1, in: days}}",
    "{that: {counted: minutes}, at_least: 120}",
    "{that: {counted: minutes}, above: 0}",
    "{fact: trips, at_most: 3}",
    "{that: {weekday: {fact: reported_on}}, below: 6}",
    "{any: [{fact: kind, is: business}, {fact: fee, above: 100000}]}",
    "{all: [{fact: kind, is: consumer}, {fact: fee, above: 0}]}",
    "{not: {fact: kind, in: [driver]}}",
    "{fact: announced, is: false, reason: announced_in_time}",
)

# --- the schema --------------------------------------------------------------------------------------


class _Defaults(GenerateJsonSchema):
    def encode_default(self, dft: Any) -> Any:
        """Of a part only what differs from its own defaults."""
        return dft.model_dump(mode="json", by_alias=True, exclude_defaults=True) if isinstance(dft, Part) else dft


def pack_schema() -> dict[str, Any]:
    """The JSON Schema of a pack. It refuses nothing that `load_pack` takes; that one also knows names, kinds, bounds."""
    schema: dict[str, Any] = _tidy(pack.PackBody.model_json_schema(by_alias=True, schema_generator=_Defaults))
    _add_shorthand(schema["$defs"]["Rule"], schema["$defs"]["Choice"])
    return {"$schema": DIALECT, **schema}


def _tidy(value: Any) -> Any:
    """The schema without what only Python means: titles, empty defaults, line breaks of docstrings."""
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {name: _tidy(item) for name, item in value.items() if not (name == "title" and isinstance(item, str))}
    if found.get("default", True) in (None, [], {}):
        del found["default"]
    if isinstance(found.get("description"), str):
        found["description"] = "\n\n".join(" ".join(part.split()) for part in found["description"].split("\n\n"))
    if "oneOf" in found:  # the kinds exclude each other; an editor says more about the one that is meant
        found["anyOf"] = found.pop("oneOf")
    if "patternProperties" in found:
        found["additionalProperties"] = False
    if found.get("format") == "date":  # else any text would be a day
        found = {name: item for name, item in found.items() if name not in ("ge", "lt")} | {"pattern": DAY}
    return found


def _add_shorthand(rule: dict[str, Any], choice: Mapping[str, Any]) -> None:
    """`Rule.single_choice`: `amount` and `remedy` beside each other are one choice."""
    told = " ".join((rules.Rule.single_choice.__doc__ or "").split())
    rule["properties"] |= {name: {**choice["properties"][name], "description": told} for name in SHORTHAND}
    rule["required"].remove("choices")
    rule["oneOf"] = [
        {"required": ["choices"], "properties": dict.fromkeys(SHORTHAND, False)},
        {"required": list(SHORTHAND), "properties": {"choices": False}},
    ]


# --- the reference -----------------------------------------------------------------------------------

WORDS: Sequence[tuple[str, Any, str]] = (
    ("name", shapes.Code, "lower-case letters, digits and `_`, a letter first, at most 60: `monthly_fee`"),
    ("service code", shapes.ServiceCode, "names joined by dots; `kakao_t.taxi_call` is below `kakao_t`"),
    ("number", shapes.Number, 'a whole number, or an exact one in quotes: `12`, `"12.5"`, `"1/3"`; no floats'),
    ("constant", shapes.Constant, "a number, or a figure by its name: `{figure: cap}`"),
    ("day", shapes.Day, "`2022-10-15`, from 2000 to 2099"),
    ("time", rules.Instant, "`2022-10-15T15:30:00+09:00`, with its offset"),
    ("day or amount", shapes.DayOrAmount, "a day as it is written, or an amount that gives a day or an instant"),
    ("clock", rules.Clock, '`"09:00"`, in quotes, to `"24:00"`'),
    ("calendar", shapes.Calendar, "a country or region with public holidays: `KR`, `GB-ENG`"),
)
MODELS: Sequence[tuple[str, str, Mapping[str, str]]] = (  # title, introduction, and by model what it is called
    (
        "The pack", "One YAML file. The order of its keys is free.",
        {"PackBody": "pack", "Text": "text in two languages", "Source": "source", "Validity": "span of days",
         "Limit": "limit", "Deadlines": "deadlines", "Deadline": "deadline",
         "Automatic": "what a rule decides"},
    ),
    ("Facts", "What is asked of a claim, a loss or the incident.", {"FactSpec": "fact", "AttestedBy": "attestation"}),
    ("Figures", "Every number of the scheme stands here, once.", {"Figure": "figure", "DatedValue": "dated value"}),
    (
        "Rules", "What is given for which loss.",
        {"Rule": "rule", "Choice": "choice", "LossScope": "losses", "Minimum": "minimum", "Rounding": "rounding"},
    ),
    ("Remedies", "What a person gets.", {"Remedy": "remedy"}),
    (
        "Windows", "Which time of the official record counts.",
        {"WindowScope": "counted windows", "Planned": "planned windows", "Hours": "daily hours",
         "StatedWindow": "stated window"},
    ),
    (
        "Amounts",
        "An amount is a number, or a mapping with exactly one of the keys that head the sections below. It gives a "
        "number, an instant or a day. One calculates with numbers only; of two days `subtract` gives the days between "
        "them, and the shapes that choose among amounts choose among numbers, days or instants alike. An amount that "
        "needs a fact nobody has told is not known, and neither is what is calculated with it.",
        {},
    ),
    ("Conditions", "A condition whose fact is not known is neither true nor false.", {"Condition": "condition"}),
    (
        "Examples", "A pack with an example that differs is not published.",
        {"Example": "example", "ExampleSetting": "setting", "ExampleFact": "told fact", "ExampleLoss": "loss",
         "ExampleWindow": "window", "ExampleExtent": "extent",
         "Expected": "expected line"},
    ),
)  # fmt: skip
GROUPS: Mapping[str, Sequence[str]] = {  # as in `shapes.py`
    "What is known": ("figure", "fact", "amount", "counted", "days_touched", "piece"),
    "Instants and days": (
        "at", "day_of", "later", "last_day", "first_day", "days_in", "weekday", "working_days", "between",
    ),
    "Arithmetic": (
        "add", "subtract", "multiply", "divide", "quotient", "percent", "completed", "started", "rounded", "lesser_of",
        "greater_of",
    ),
    "Choosing": ("first_known", "tiers", "cases", "match", "needs_review"),
    "Piece by piece": ("total", "greatest"),
}  # fmt: skip
INSIDE: Mapping[str, Mapping[str, str]] = {"tiers": {"Tier": "tier"}, "cases": {"Case": "case"}}  # parts of one kind only


def reference() -> str:
    """All shapes in Markdown."""
    return "\n".join(_Reference().lines()) + "\n"


class _Reference:
    def __init__(self) -> None:
        self.models: dict[str, Any] = {"PackBody": (schema := pack_schema()), **schema["$defs"]}
        self.words = [(word, self._of(alias)) for word, alias, _ in WORDS]
        called = [of for _, _, of in MODELS] + list(INSIDE.values())
        self.nouns = {model: noun for of in called for model, noun in of.items()} | {"Amount": "amount"}

    @staticmethod
    def _of(alias: Any) -> Any:
        schema = TypeAdapter(alias).json_schema(by_alias=True)
        schema.pop("$defs", None)
        return _tidy(schema)

    def lines(self) -> Iterator[str]:
        yield "# Policy packs: reference"
        yield ""
        yield "Every shape of the policy language. `make docs` writes this page from the models in `claims/eligibility`"
        yield "(`pack.py`, `rules.py`, `shapes.py`). How to write a pack, step by step: [policies.md](policies.md)."
        yield ""
        yield "| word | what is written |"
        yield "|---|---|"
        yield from (f"| {word} | {told} |" for word, _, told in WORDS)
        for title, introduction, called in MODELS:
            yield from ("", f"## {title}", "", introduction)
            for model, noun in called.items():
                yield from self._model(f"### {_heading(noun)}", model)
            if title == "Amounts":
                yield from self._amounts()
            if title == "Conditions":
                yield from ("", "```yaml", *(f"- {example}" for example in CONDITION_EXAMPLES), "```")

    def _amounts(self) -> Iterator[str]:
        yield from ("", "```yaml", AMOUNT_EXAMPLES["number"], "```")
        for title, kinds in GROUPS.items():
            yield from ("", f"### {title}")
            for kind in kinds:
                yield from self._model(f"#### `{kind}`", shapes.NODES[kind].__name__)
                yield from ("", "```yaml", AMOUNT_EXAMPLES[kind], "```")
                for model, noun in INSIDE.get(kind, {}).items():
                    yield from self._model(f"##### {_heading(noun)}", model)

    def _model(self, heading: str, model: str) -> Iterator[str]:
        schema = self.models[model]
        yield from ("", heading, "", schema["description"], "", "| key | type | needed | meaning |", "|---|---|---|---|")
        of_itself = heading.strip("# `")  # an amount is named by this key
        for name, of in sorted(schema["properties"].items(), key=lambda item: item[0] != of_itself):
            yield f"| `{name}` | {self._type(of)} | {self._presence(name, of, schema)} | {of.get('description', '')} |"

    def _presence(self, name: str, of: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
        if name in schema.get("required", ()):
            return "required"
        ways = [way["required"] for way in schema.get("oneOf", ())]
        if any(name in way for way in ways):
            others = [" and ".join(f"`{key}`" for key in way) for way in ways if name not in way]
            return f"required, or {' or '.join(others)}"
        return f"default {_written(of['default'])}" if "default" in of else "optional"

    def _type(self, of: Mapping[str, Any], *, many: bool = False) -> str:
        """In words, with links to what has a section of its own; `many`: in the plural."""
        bare = {key: value for key, value in of.items() if key not in ("description", "default")}
        if "anyOf" in bare:
            bare = {"anyOf": [one for one in bare["anyOf"] if one != {"type": "null"}]}
            bare = bare["anyOf"][0] if len(bare["anyOf"]) == 1 else bare
        word = next((word for word, schema in self.words if schema == bare), None)
        if word is not None:
            return _plural(word) if many else word
        if "$ref" in bare:
            model = bare["$ref"].removeprefix("#/$defs/")
            noun = self.nouns[model]
            return f"[{_plural(noun) if many else noun}](#{self._anchor(model)})"
        if "anyOf" in bare:
            return _listed([self._type(one, many=many) for one in bare["anyOf"]])
        return self._several(bare) if bare.get("type") in ("array", "object") else _plain(bare, many=many)

    def _several(self, bare: Mapping[str, Any]) -> str:
        if "prefixItems" in bare:
            return f"two {self._type(bare['prefixItems'][0], many=True)}"
        if bare["type"] == "array":
            return f"list of {self._type(bare['items'], many=True)}" + _at_least(bare.get("minItems"))
        if "patternProperties" in bare:
            (of,), by = bare["patternProperties"].values(), "name"
        else:
            names = bare.get("propertyNames", {}).get("enum")
            of, by = bare["additionalProperties"], _listed([_written(name) for name in names]) if names else "text"
        return f"{self._type(of, many=True)} by {by}" + _at_least(bare.get("minProperties"))

    def _anchor(self, model: str) -> str:
        return "amounts" if model == "Amount" else _heading(self.nouns[model]).lower().replace(" ", "-")


def _heading(noun: str) -> str:
    article = "" if noun.endswith("s") else "An " if noun[0] in "aeiou" else "A "
    return (article + noun)[0].upper() + (article + noun)[1:]


def _plural(noun: str) -> str:
    return noun if noun.endswith("s") else f"{noun}s"


def _listed(alternatives: Sequence[str]) -> str:
    *first, last = alternatives
    return f"{', '.join(first)} or {last}" if first else last


def _at_least(least: int | None) -> str:
    return f", {least} or more" if least else ""


def _plain(bare: Mapping[str, Any], *, many: bool) -> str:
    if "enum" in bare or "const" in bare:
        return _listed([_written(value) for value in bare.get("enum", [bare.get("const")])])
    words = {"integer": "whole number", "boolean": "true or false", "string": "text", None: "any value"}
    word = words[bare.get("type")]
    ends = [f"{'from' if key == 'minimum' else 'to'} {bare[key]}" for key in ("minimum", "maximum") if key in bare]
    return " ".join([_plural(word) if many and " or " not in word else word, *ends])


def _written(value: Any) -> str:
    """As a pack writes it."""
    if isinstance(value, list):
        return f"`[{', '.join(map(str, value))}]`"
    if isinstance(value, dict):
        return "`{" + ", ".join(f"{key}: {one}" for key, one in value.items()) + "}`"
    return f"`{value if isinstance(value, str) else json.dumps(value)}`"
