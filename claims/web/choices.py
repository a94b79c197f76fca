"""What can be chosen about an incident, and what policies ask of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from claims.eligibility import FactSpec, Pack, Terms, fact_specs, instant_of
from claims.operations.policy import CompiledNow
from services.language import in_english
from services.models import OutageWindow
from services.names import UNLISTED, Names
from services.queries import windows_of
from services.record_page import governing

FAR = timedelta(days=30)


@dataclass(frozen=True)
class Known:
    """From when to when the record knows of the incident, of whatever service and by whatever source; None: it still lasts."""

    start_at: datetime
    end_at: datetime | None

    def far(self, start_at: datetime, end_at: datetime | None) -> str:
        """Of what was lost, from its start where it still lasts: which of its ends is likely one of another year, or month."""
        last = start_at if end_at is None else end_at
        if last < self.start_at - FAR or (self.end_at is not None and start_at > self.end_at + FAR):
            return "start_at"
        return "end_at" if self.end_at is not None and last > self.end_at + FAR else ""


def known_of(terms: Terms) -> Known | None:
    """None where the record has no time at all."""
    spans = [(one.start_at, one.end_at) for one in terms.record.windows if not one.planned]
    spans += [(one.start_at, one.end_at) for one in terms.record.extents]
    if not spans:
        return None
    ends = [end for _, end in spans if end is not None]
    still = len(ends) < len(spans)
    return Known(instant_of(min(start for start, _ in spans)), None if still else instant_of(max(ends)))


@dataclass(frozen=True)
class Choice:
    """A service of the tree. `windows`: what the record says of it by the source that governs, outages only, in time."""

    code: str
    name: str
    windows: Sequence[OutageWindow]

    @property
    def span(self) -> tuple[datetime, datetime | None] | None:
        """From the first window to the last; None as end while one is open."""
        if not self.windows:
            return None
        ends = [window.end_at for window in self.windows]
        return self.windows[0].start_at, None if None in ends else max(end for end in ends if end is not None)


@dataclass(frozen=True)
class Product:
    """The root of a part of the service tree, with what can be chosen of it; `affected`: the record speaks of some of it."""

    name: str
    choices: Sequence[Choice]

    @property
    def affected(self) -> bool:
        return any(choice.windows for choice in self.choices)


def products(compiled: CompiledNow, names: Names) -> Sequence[Product]:
    """All services: of what has functions these, else the product itself. What is affected comes first. One query where
    something is new, else none.
    """
    return _products(compiled, names, in_english())


@lru_cache(maxsize=32)
def _products(compiled: CompiledNow, names: Names, english: bool) -> Sequence[Product]:
    """In this language. What the terms are compiled of has all that windows and sources say."""
    version = compiled.version
    outages = [
        window
        for window in governing(list(windows_of(version).select_related(None).select_related("service", "source")), version)
        if not window.planned
    ]
    by_service: dict[str, list[OutageWindow]] = {}
    for window in sorted(outages, key=lambda one: one.start_at):
        by_service.setdefault(window.service.code, []).append(window)
    called = {code: both[english] for code, both in names.by_code.items()}
    wholes = {code.rpartition(".")[0] for code in called}  # of what has functions
    found: dict[str, list[Choice]] = {}
    for code, name in called.items():
        if code != UNLISTED and (code not in wholes or code in by_service):
            found.setdefault(code.partition(".")[0], []).append(Choice(code, name, by_service.get(code, ())))
    made = [Product(called[root], choices) for root, choices in found.items() if root in called]
    return tuple(sorted(made, key=lambda product: not product.affected))


def on_request(terms: Terms) -> list[Pack]:
    """Policies that give something only to who asks for it."""
    return [pack for pack in terms.packs if pack.body.asked_for]


@dataclass(frozen=True)
class Wanted:
    """What the policies ask: of the claim, and of each loss by its service. `picks`: what is no question but a choice of what
    is given, which is shown with what each option is worth.
    """

    of_claim: dict[str, FactSpec]
    of_losses: dict[str, dict[str, FactSpec]]
    picks: dict[str, FactSpec]


def wanted(terms: Terms, services: Sequence[str], asks_for: Sequence[str]) -> Wanted:
    """By the policies whose rules answer one of the services, or that are asked for; each as all of them together know it."""
    answered: dict[str, set[str]] = {pack.code: set() for pack in terms.packs}
    for rule in terms.compiled:
        answered[rule.pack.code].update(rule.services)
    concerned = [
        pack
        for pack in terms.packs
        if (pack.code in asks_for if pack.body.asked_for else not answered[pack.code].isdisjoint(services))
    ]
    specs = fact_specs(terms.packs)
    chosen_by = [rule.chosen_by for pack in concerned for rule in pack.rules if rule.chosen_by is not None]
    picks = {name: specs[name] for name in chosen_by if specs[name].of != "incident"}

    def asked(packs: Sequence[Pack], of: str) -> dict[str, FactSpec]:
        return {name: specs[name] for pack in packs for name in _asked(pack, of) if name not in picks}

    losses = {
        service: asked([pack for pack in concerned if service in answered[pack.code]], "loss") for service in services
    }  # fmt: skip
    return Wanted(asked(concerned, "claim"), losses, picks)


def _asked(pack: Pack, of: str) -> Iterator[str]:
    """But what the service itself attests of every claim."""
    for name, spec in pack.body.facts.items():
        if spec.of == of and (spec.attested_by is None or spec.attested_by.claim is None):
            yield name
