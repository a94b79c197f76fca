"""Form fields for the facts that policies ask for: a new pack gives a new form. Times are entered in Korean time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms

from claims.eligibility import EngineRefusal, FactSpec, check_consistent, fact_value, microseconds
from claims.operations import ToldFact
from services import clock
from services.instants import OutOfRange, check_instant
from services.language import in_english
from services.resident_numbers import ResidentNumber, check_no_resident_number
from services.seoul import SEOUL

FACT = "fact-"
MINUTES = "%Y-%m-%dT%H:%M"
YES_OR_NO = {"예": True, "네": True, "yes": True, "true": True, "아니오": False, "아니요": False, "no": False, "false": False}
NOT_SAID = ("말하지 않음", "not said")
YES, NO = ("예", "yes"), ("아니오", "no")
NUMBER = ("주민등록번호처럼 보입니다. 적지 마세요.",
          "This looks like a resident registration number. Please do not write one.")  # fmt: skip
# By the code of the engine's refusal.
REFUSED: dict[str, tuple[str, str]] = {
    "integer_expected": ("수로 적으세요.", "Write a whole number."),
    "boolean_expected": ("예나 아니오로 적으세요.", "Say yes or no."),
    "date_format": ("날짜를 2022-10-15처럼 적으세요.", "Write the day like 2022-10-15."),
    "datetime_format": ("날짜와 시각을 2022-10-15 15:30처럼 적으세요.", "Write day and time like 2022-10-15 15:30."),
    "out_of_range": ("너무 이르거나 늦은 때입니다.", "This is too early or too late."),
    "in_the_future": ("아직 오지 않은 때입니다. 날짜와 시각을 확인하세요.",
                      "This has not come yet. Please check day and time."),
    "value_unknown": ("고를 수 없는 것입니다. 다시 고르세요.", "This cannot be chosen. Please choose again."),
    "invalid_character": ("읽을 수 없는 글자가 있습니다. 지우고 다시 적으세요.",
                          "There are characters that cannot be read. Please take them out."),
    "too_long": ("너무 깁니다. 줄여서 적으세요.", "It is too long. Please make it shorter."),
}  # fmt: skip
BEYOND = (("{:,} 이상의 수로 적으세요.", "Write at least {:,}."), ("많아도 {:,}까지 적을 수 있습니다.", "Write at most {:,}."))
BEFORE = ("‘{}’보다 이릅니다. 둘 중 틀린 것을 고치세요.", "This is before “{}”. Correct whichever is wrong.")
FAR = ("쓰지 못한 시간에서 {}시간 넘게 떨어져 있습니다. 날짜를 확인하세요.",
       "This is more than {} hours from the time that you could not use it. Please check the day.")  # fmt: skip
OTHERWISE = ("다시 적으세요.", "Please fill this in again.")
Value = int | bool | str | datetime


class FactsForm(forms.Form):
    """With a field for each fact of `asked`, checked as its policy takes it; `told_facts` of a valid one."""

    def __init__(self, *args: Any, asked: Mapping[str, FactSpec], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        for name, spec in asked.items():
            self.fields[FACT + name] = _fact_field(spec)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name, spec in self.asked.items():
            if said.get(FACT + name):
                value = typed(said[FACT + name], spec.type)
                try:
                    for text in (said[FACT + name], str(value)):
                        check_no_resident_number(text, name)
                    fact_value(value, spec, name)
                except EngineRefusal as refusal:
                    self.add_error(FACT + name, said_of_fact(refusal.code, spec, self.asked, value))
                except ResidentNumber:
                    self.add_error(FACT + name, NUMBER[in_english()])
        if "start_at" not in self.fields:
            _check_together(self, said)
        return said

    def told_facts(self) -> tuple[ToldFact, ...]:
        said = {name: self.cleaned_data.get(FACT + name) for name in self.asked}
        return tuple(ToldFact(name, typed(text, self.asked[name].type)) for name, text in said.items() if text)

    def has_said_facts(self) -> bool:
        return any(field.value() for field in self.fact_fields())

    def fact_fields(self) -> list[forms.BoundField]:
        return [self[FACT + name] for name in self.asked]


def _beyond(value: Value, spec: FactSpec) -> str:
    """Between which numbers it has to lie, if it is one that does not."""
    low, high = spec.bounds
    if spec.type not in ("money", "integer") or not isinstance(value, int) or low <= value <= high:
        return ""
    above = value > high
    return BEYOND[above][in_english()].format(high if above else low)


def _fact_field(spec: FactSpec) -> forms.Field:
    """Its text is read by `typed`. A day and an instant are picked, of known values and of yes and no one is chosen."""
    pick = in_english()
    known = [("yes", YES[pick]), ("no", NO[pick])] if spec.type == "boolean" else [
        (one, spec.said_value(one, pick)) for one in spec.values or ()
    ]  # fmt: skip
    about: dict[str, Any] = {
        "label": spec.label.said(pick), "required": False, "help_text": spec.help.said(pick) if spec.help else "",
    }  # fmt: skip
    if known:
        return forms.ChoiceField(choices=[("", NOT_SAID[pick]), *known], **about)
    shape = {"date": {"type": "date"}, "instant": {"type": "datetime-local"}}.get(spec.type, {"type": "text"})
    if spec.type in ("money", "integer"):
        shape |= {"inputmode": "numeric"}
    return forms.CharField(max_length=200, widget=forms.TextInput(attrs=shape), **about)


def instant_field(**more: Any) -> forms.DateTimeField:
    return forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTES), **more)


def check_span(form: FactsForm, said: dict[str, Any], ends_before: str) -> None:
    """Adds what is wrong with `start_at` and `end_at`, as far as they are said, and with the facts of the loss beside them;
    `ends_before`: in the words of the page.
    """
    for name in ("start_at", "end_at"):
        if said.get(name):
            try:
                ahead = check_instant(said[name], name) > clock.now()
            except OutOfRange:
                form.add_error(name, REFUSED["out_of_range"][in_english()])
            else:
                if ahead:
                    form.add_error(name, REFUSED["in_the_future"][in_english()])
    if said.get("start_at") and said.get("end_at") and said["end_at"] <= said["start_at"]:
        form.add_error("end_at", ends_before)
    _check_together(form, said)


def _check_together(form: FactsForm, said: dict[str, Any]) -> None:
    """What facts that are right by themselves say of each other, and of the loss, as far as its times are right."""
    right = {name: text for name in form.asked if FACT + name not in form.errors and (text := said.get(FACT + name))}
    values = {name: fact_value(typed(text, form.asked[name].type), form.asked[name], name)[0] for name, text in right.items()}
    start_at, end_at = said.get("start_at"), None if said.get("still") else said.get("end_at")
    loss = (microseconds(start_at), end_at and microseconds(end_at)) if start_at and not form.errors else None
    try:
        check_consistent(values, form.asked, now=microseconds(clock.now()), loss=loss)
    except EngineRefusal as refusal:
        form.add_error(FACT + refusal.where, said_of_fact(refusal.code, form.asked[refusal.where], form.asked))


def said_of_fact(code: str, spec: FactSpec, asked: Mapping[str, FactSpec], value: Value | None = None) -> str:
    """What is wrong with it, by the code of the engine's refusal; `asked`: what facts beside it are called."""
    pick = in_english()
    if value is not None and (beyond := _beyond(value, spec)):
        return beyond
    if code == "out_of_order" and spec.not_before is not None:
        return BEFORE[pick].format(asked[spec.not_before].label.said(pick))
    if code == "far_from_loss" and spec.days_from_loss is not None:
        return FAR[pick].format(24 * spec.days_from_loss)
    return REFUSED.get(code, OTHERWISE)[pick]


def typed(text: str, kind: str) -> Value:
    """As its type is written here: digits of either width, with or without commas and, of money, 원; yes or no; Korean time
    without a zone.
    """
    if kind in ("money", "integer"):
        plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
        plain = plain.removesuffix("원").rstrip() if kind == "money" else plain
        if re.fullmatch(r"-?[0-9]{1,200}", plain):
            return int(plain)
    if kind == "boolean" and text.strip().lower() in YES_OR_NO:
        return YES_OR_NO[text.strip().lower()]
    if kind == "instant":
        try:
            at = datetime.fromisoformat(text.strip())
        except ValueError:
            return text
        return at if at.tzinfo else at.replace(tzinfo=SEOUL)
    return text.strip()
