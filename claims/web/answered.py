"""What somebody has said so far: the answers to the pages that they have been on, and what follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from formtools.wizard.views import NamedUrlSessionWizardView

from claims.operations import ToldLoss
from claims.operations.policy import CompiledNow
from claims.web.choices import Choice, Product, Wanted, products, wanted
from claims.web.forms import Row
from claims.web.unlisted import unlisted_choice
from services.names import UNLISTED, Names, service_names

NOTHING_SAID: dict[str, Any] = {"services": [], "asks_for": [], "unlisted": ""}


class Answered(NamedUrlSessionWizardView):
    """Each answer is read as it is asked now, once for a request."""

    compiled: CompiledNow
    _forms: dict[str, Any]
    _wanted: Wanted | None

    def forget(self) -> None:
        """What was made of the answers: they may have changed."""
        self._forms, self._wanted = {}, None

    def answered(self, step: str) -> Any:
        """The valid form of an earlier page, or None where it is not asked, or not answered."""
        if step not in self.get_form_list():
            return None
        if step not in self._forms:
            self._forms[step] = self.get_form(step=step, data=self.storage.get_step_data(step))
        return self._forms[step] if self._forms[step].is_valid() else None

    def get_cleaned_data_for_step(self, step: str) -> Any:
        form = self.answered(step)
        return None if form is None else form.cleaned_data

    @property
    def said(self) -> dict[str, Any]:
        """The services and requests that were chosen; nothing where that was not yet answered, or not as it is asked now."""
        return self.get_cleaned_data_for_step("services") or NOTHING_SAID

    @property
    def services(self) -> list[str]:
        return list(self.said["services"])

    @property
    def lost(self) -> list[str]:
        """The services that were chosen, and what is in no list."""
        return [*self.services, UNLISTED] if self.said["unlisted"] else self.services

    @cached_property
    def names(self) -> Names:
        return service_names()

    @cached_property
    def products(self) -> Sequence[Product]:
        return products(self.compiled, self.names)

    @cached_property
    def choices(self) -> dict[str, Choice]:
        return {choice.code: choice for product in self.products for choice in product.choices}

    def choice(self, code: str) -> Choice:
        return unlisted_choice(self.said["unlisted"]) if code == UNLISTED else self.choices[code]

    @property
    def wanted(self) -> Wanted:
        if self._wanted is None:
            self._wanted = wanted(self.compiled.terms, self.services, self.said["asks_for"])
        return self._wanted

    @property
    def rows(self) -> list[Row]:
        """Each that was lost once, and again as often as another time of it was wanted."""
        again, asked = self.storage.extra_data.get("again", []), self.wanted.of_losses
        return [Row(code, number == 0, asked.get(code, {})) for code in self.lost for number in range(1 + again.count(code))]

    def told(self) -> dict[str, Any]:
        """Of the earlier steps, as a quote takes it."""
        about, picked = self.answered("about"), self.answered("expected")
        losses, facts = self.listed(), about.told_facts() if about else ()
        if picked:
            losses, facts = picked.told_losses(losses), (*facts, *picked.told())
        return {"losses": losses, "facts": facts, "asks_for": self.said["asks_for"]}

    def filed(self) -> dict[str, Any]:
        """The same with what is in no list, as a claim takes it."""
        told = self.told()
        return {**told, "losses": [*told["losses"], *self.unlisted()[1]]}

    def listed(self) -> list[ToldLoss]:
        return [told for told in self._spans() if told.service != UNLISTED]

    def unlisted(self) -> tuple[str, list[ToldLoss]]:
        """What is in no list, in their words, and its losses."""
        words = self.said["unlisted"]
        return words, [replace(told, words=words) for told in self._spans() if told.service == UNLISTED]

    def _spans(self) -> list[ToldLoss]:
        spans = self.answered("times")
        return spans.told() if spans else []
