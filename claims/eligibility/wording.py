"""What one set of terms speaks of, in Korean or English: services, sources and notices, facts, and what a remedy promises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from .formula import clock
from .instants import day_of
from .labels import OWN_RECORD, PROVENANCES
from .pack import Pack
from .quantities import Quantities
from .record import Notice
from .terms import Terms

Names = Mapping[str, tuple[str, str]]  # service code -> (Korean, English)


@dataclass(frozen=True)
class Cited:
    """What claimants read where staff read codes: sources, by their codes, and channels of notices, in Korean and English."""

    sources: Names = field(default_factory=dict)
    channels: Names = field(default_factory=dict)


class Wording(Quantities):
    """With `cited` for claimants, without codes. `numbers`: of losses that their service alone does not tell apart."""

    def __init__(
        self, terms: Terms, language: str, names: Names | None = None, cited: Cited | None = None,
        numbers: Mapping[int, int] | None = None,
    ) -> None:  # fmt: skip
        if language not in ("ko", "en"):
            raise ValueError(f"language {language!r}: use ko or en")
        super().__init__(0 if language == "ko" else 1)
        self.terms = terms
        self.names = names or {}
        self.cited = cited
        self.numbers = numbers or {}

    def service(self, code: str) -> str:
        return self.names[code][self.pick] if code in self.names else code

    def lost(self, code: str, loss: int) -> str:
        """What a loss is of."""
        return f"{self.service(code)} {self.numbers[loss]}" if loss in self.numbers else self.service(code)

    def source(self, code: str) -> str:
        """Of the record."""
        return code if self.cited is None or code not in self.cited.sources else self.cited.sources[code][self.pick]

    def fact(self, fact: dict[str, Any], pack: Pack) -> str:
        """What it says and by whose word, of a fact of an explanation's line."""
        spec = pack.body.facts[fact["name"]]
        word = self.say("정책의 가정", "assumed by the policy")
        if not fact["assumed"]:
            own = spec.attested_by is not None and spec.attested_by.claim is not None
            word = (OWN_RECORD if own else PROVENANCES[fact["provenance"]])[self.pick]
        notice = f", {fact['notice']}" if fact["notice"] else ""
        if self.cited is not None:
            known = next((one for one in self.terms.record.notices if one.key == fact["notice"]), None)
            notice = "" if known is None else f", {self.notice(known, pack.zone)}"
        return f"{spec.label.said(self.pick)} = {self.value(fact, pack)} ({word}{notice})"

    def value(self, fact: dict[str, Any], pack: Pack) -> str:
        """Of a fact that is known."""
        value = fact["value"]
        if fact["type"] == "instant":
            return clock(value, pack.zone)
        if fact["type"] == "date":
            return str(day_of(value))
        if fact["type"] == "boolean":
            return self.say("예", "yes") if value else self.say("아니오", "no")
        if fact["type"] == "text":
            return pack.body.facts[fact["name"]].said_value(value, self.pick)
        return f"{value:,}"

    def notice(self, notice: Notice, zone: ZoneInfo) -> str:
        """Where and when it was published: by that claimants find it."""
        assert self.cited is not None, "staff read its key"
        where = self.cited.channels.get(notice.channel, (notice.channel, notice.channel))[self.pick]
        published = None if notice.published_at is None else clock(notice.published_at, zone)
        return f"{self.say('공지', 'notice')}: {', '.join(filter(None, [where or self.source(notice.source), published]))}"

    def given(self, line: dict[str, Any], pack: Pack) -> Iterator[str]:
        """What the remedy of a line promises beside its quantity."""
        given = line["given"]
        if not line["quantity"]:
            return
        if given["until"] is not None:
            label, day = pack.body.facts[given["extends"]].label.said(self.pick), day_of(given["until"])
            yield self.say(f"{label}: {day}까지 연장", f"{label}: extended to {day}")
        if given["lasts_days"] is not None:
            yield self.say(f"받은 날부터 {given['lasts_days']:,}일 동안 사용", f"can be used for {given['lasts_days']:,} days")
        if given["redeem_by"] is not None:
            day = day_of(given["redeem_by"])
            yield self.say(f"{day}까지 받을 수 있음", f"can be taken until {day}")
