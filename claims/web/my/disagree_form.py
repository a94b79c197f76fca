"""What a claimant fills in who disagrees with a decision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django import forms

from claims.models import AppealKind, PointKind
from claims.operations import ToldPoint
from claims.operations.moves import LONGEST_NOTE
from claims.web.my.act_words import REFUSED
from claims.web.my.appeal_words import lazily, say
from claims.web.my.decided import Decided, Line
from claims.web.our_form import OurForm, OwnWords
from services.language import in_english
from services.resident_numbers import without_resident_numbers
from services.texts import normalised


def _in_words(label: Any, rows: int) -> OwnWords:
    about = {"label": label, "help_text": lazily("no_numbers"), "max_length": LONGEST_NOTE, "required": False}
    return OwnWords(widget=forms.Textarea(attrs={"rows": rows}), **about)


class DisagreeForm(OurForm):
    """`by_rule`: a person may be asked for. Which reasons are wrong; of each line what is pointed at, and words; and other
    words.
    """

    reasons = forms.MultipleChoiceField(required=False)
    points = forms.MultipleChoiceField(required=False)
    other = _in_words(lazily("other"), 4)

    def __init__(self, *args: Any, decided: Decided, by_rule: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decided, self.by_rule = decided, by_rule
        if by_rule:
            self.fields["kind"] = forms.ChoiceField(
                label=lazily("kind"), choices=[(kind, say(kind)) for kind in (AppealKind.PERSON_REVIEW, AppealKind.APPEAL)],
                widget=forms.RadioSelect, error_messages={"required": say("kind_needed")},
            )  # fmt: skip
        for line in decided.lines:
            self.fields[_words(line)] = _in_words(lazily("in_words"), 2)
        for name, keys in (("points", decided.told), ("reasons", decided.reasons)):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [(key, key) for key in keys]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and self.kind == AppealKind.APPEAL and not self.told():
            self.add_error("points", REFUSED["points_missing"][in_english()])
        return said

    @property
    def kind(self) -> str:
        return str(self.cleaned_data["kind"]) if self.by_rule else AppealKind.APPEAL

    def told(self) -> list[ToldPoint]:
        """Words about a line point at the line, beside what else of it is chosen. A reason, in no trace, is put in words."""
        chosen = {key: self.decided.told[key] for key in self.cleaned_data["points"]}
        for line in self.decided.lines:
            if words := self._said(_words(line)):
                key = f"{PointKind.LINE}|{line.position}"
                chosen[key] = replace(self.decided.told[key], words=words)
        others = [say("reason_said").format(self.decided.reasons[code]) for code in self.cleaned_data["reasons"]]
        others += [other] if (other := self._said("other")) else []
        return [*chosen.values(), *(ToldPoint(PointKind.OTHER, words=words) for words in others)]

    def _said(self, name: str) -> str:
        """As it is kept."""
        return normalised(self.cleaned_data[name].replace("\r\n", "\n"), name)

    def shown(self) -> Iterator[tuple[Line, list[tuple[str, str, bool]], forms.BoundField, bool]]:
        """Each line with its boxes (key, name, ticked), the field for words, and whether it is unfolded: something is said of
        it, or has still to be.
        """
        ticked, wrong = set(self["points"].value() or ()), self.is_bound and bool(self.errors)
        for line in self.decided.lines:
            boxes = [(key, name, key in ticked) for key, name in line.points.items()]
            field = self[_words(line)]
            yield line, boxes, field, wrong or bool(field.value()) or any(on for _, _, on in boxes)

    def shown_reasons(self) -> list[tuple[str, str, bool]]:
        """Code, words, and whether it is ticked."""
        ticked = set(self["reasons"].value() or ())
        return [(code, text, code in ticked) for code, text in self.decided.reasons.items()]

    def again(self) -> Iterator[tuple[str, str]]:
        """All that was filled in, to be sent once more; no resident registration number is written into the page."""
        for field in self:
            value = field.value()
            for one in value if isinstance(value, list) else [value]:
                if one:
                    yield field.html_name, without_resident_numbers(one)


def _words(line: Line) -> str:
    return f"words-{line.position}"
