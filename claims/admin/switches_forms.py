"""What checkers fill in to pause rules, to let them go on, and to set how many approvals are alarming."""

from __future__ import annotations

from typing import Any

from django import forms

from claims.admin.limits_words import lazily, say
from claims.models import Cohort, Policy
from claims.operations.authority import MOST_APPROVED
from claims.operations.moves import LONGEST_NOTE
from services.language import in_english
from services.models import Incident


def _note() -> forms.CharField:
    return forms.CharField(
        label=lazily("note"), max_length=LONGEST_NOTE, help_text=lazily("note_help"), widget=forms.Textarea(attrs={"rows": 2})
    )


class CohortForm(forms.Form):
    policy = forms.ModelChoiceField(Policy.objects.order_by("code"), label=lazily("policy"), to_field_name="code")
    incident = forms.ModelChoiceField(Incident.objects.order_by("-started_at", "-id"), label=lazily("incident"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["incident"]
        assert isinstance(field, forms.ModelChoiceField)
        field.label_from_instance = said_incident  # type: ignore[assignment]


class PauseForm(CohortForm):
    note = _note()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["incident"]
        assert isinstance(field, forms.ModelChoiceField)
        field.required, field.empty_label = False, say("all_incidents")


class AlarmForm(CohortForm):
    alarm_above = forms.IntegerField(label=lazily("threshold"), min_value=0, max_value=MOST_APPROVED)
    note = _note()


class ResumeForm(forms.Form):
    """`cohort`: whose alarm has paused it; without one there is nothing to raise."""

    alarm_above = forms.IntegerField(label=lazily("rise_first"), required=False, min_value=0, max_value=MOST_APPROVED)
    note = _note()

    def __init__(self, *args: Any, cohort: Cohort | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if cohort is None:
            del self.fields["alarm_above"]
        else:
            told = say("rise_help").format(approved=f"{cohort.approved:,}", threshold=f"{cohort.alarm_above:,}")
            self.fields["alarm_above"].help_text = told


def said_incident(incident: Incident | None) -> str:
    if incident is None:
        return say("all_incidents")
    return incident.title_en if in_english() else incident.title_ko
