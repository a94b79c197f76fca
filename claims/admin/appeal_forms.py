"""What staff fill in about an appeal: what a claimant told them, and the answer."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Channel
from claims.admin.appeal_words import lazily, say
from claims.admin.choice_words import worded
from claims.admin.reasons_said import reason_in, reasons_said
from claims.amounts import said_of_line
from claims.models import AppealKind, Assessment, Decision, PointKind, RejectionReason
from claims.operations import ToldPoint, published_words
from claims.operations.appeals import NAMES
from claims.operations.moves import LONGEST_NOTE
from claims.queries import pointable
from services.models import Service


class NoteForm(forms.Form):
    note = forms.CharField(label=lazily("note"), max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 2}))


class AnswerForm(NoteForm):
    """`moves` and `assessment`: what was looked at."""

    moves = forms.IntegerField(widget=forms.HiddenInput, required=False)
    assessment = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reasons = forms.MultipleChoiceField(
        label=lazily("reasons"), help_text=lazily("reasons_help"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, of: Assessment | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = [] if of is None else of.lines.all()
        in_words = reasons_said(rejected=True)
        codes = [*RejectionReason.values, *(code for line in lines for code in line.reasons)]
        field = self.fields["reasons"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(code, in_words(code)) for code in dict.fromkeys(codes)]


class AppealForm(NoteForm):
    """`decision`: the one that stands. A person's review is only asked of what a rule decided."""

    kind = forms.ChoiceField(label=lazily("kind"))
    channel = forms.ChoiceField(label=lazily("channel"))
    points = forms.MultipleChoiceField(
        label=lazily("points"), help_text=lazily("points_help"), required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=lazily("words"), max_length=LONGEST_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_order = ("kind", "channel", "points", "words", "note")

    def __init__(self, *args: Any, decision: Decision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = _offered(decision.assessment)
        kinds = [kind for kind in AppealKind.values if decision.decided_by_id is None or kind != AppealKind.PERSON_REVIEW]
        self._choose("kind", [(kind, worded("kind", kind)) for kind in kinds])
        self._choose("channel", [(channel, worded("channel", channel)) for channel in Channel.values])
        self._choose("points", [(key, label) for key, (_, label) in self.offered.items()])
        self.fields["note"].label = lazily("told_note")
        self.initial.setdefault("channel", Channel.PHONE)

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def told(self) -> list[ToldPoint]:
        """What was chosen, and what was written as a point of its own."""
        told = [self.offered[key][0] for key in self.cleaned_data["points"]]
        if self.cleaned_data["words"].strip():
            told.append(ToldPoint(PointKind.OTHER, words=self.cleaned_data["words"]))
        return told


def _offered(assessment: Assessment) -> dict[str, tuple[ToldPoint, str]]:
    """By a key that stays the same while the assessment does; as many queries whatever there is to point at."""
    lines = {line.position: line for line in assessment.lines.select_related("loss__service")}
    losses = {line.loss_id: line.loss.service for line in lines.values() if line.loss}
    services = dict(Service.objects.values_list("code", "name_ko"))
    words = published_words()
    offered: dict[str, tuple[ToldPoint, str]] = {}
    for kind, *named in pointable(assessment):
        point = ToldPoint(kind, **dict(zip(NAMES[kind], named, strict=True)))
        if kind == PointKind.FACT:
            said = reason_in(words, point.fact)
            of = losses.get(point.loss_id)
            said += f" ({of.name})" if of else ""
        elif kind == PointKind.LINE:
            line = lines[named[0]]
            paid = said_of_line(line)
            parts = (
                str(line.position + 1),
                worded("outcome", line.outcome),
                *(reason_in(words, code) for code in line.reasons),
                paid,
            )
            said = " · ".join(filter(None, parts))
        else:
            said = services.get(point.service) or f"{reason_in(words, point.policy)} {point.rule}"
        offered["|".join(map(str, (kind, *named)))] = (point, f"{worded('kind', kind)}: {said}")
    return offered


def left_said(left: dict[str, int]) -> list[tuple[str, int]]:
    """Of a second look why claims are not moved, in words."""
    own = ("asked_already", "next_call")
    return [(say(why) if why in own else worded("review", why), count) for why, count in left.items()]
