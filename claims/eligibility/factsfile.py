"""FACTS.json: the record, and claims with their losses and facts, for the command line.

{
  "record": {
    "incident": "kakao-2022-10-15", "number": 2, "as_of": "2022-10-20T23:00:00+09:00",
    "sources": ["operator", "press"],                        best rank first
    "services": [{"code": "kakao_t_taxi_driver", "depends_on": ["kakao_t.taxi_call"]}],
    "windows": [{"service": "kakao_t.taxi_call", "source": "operator", "severity": "full", "scope": "all",
                 "start_at": "2022-10-15T15:30:00+09:00", "end_at": "2022-10-17T18:00:00+09:00",
                 "key": "w1", "notice": "operator-final"}],
    "extents": [{"source": "operator", "start_at": "2022-10-15T15:30:00+09:00", "end_at": null}],
    "notices": [{"key": "operator-final", "source": "operator", "channel": "official account",
                 "published_at": "2022-10-20T23:00:00+09:00"}],
    "reported": ["unnamed_bank.banking"],                    services of which only citizens spoke
    "facts": [{"name": "gross_negligence", "value": true, "notice": "ruling"}]   findings about the incident
  },
  "claims": [{
    "claim": 1, "asks_for": [],
    "losses": [{"loss": 1, "service": "kakao_t.taxi_call",
                "start_at": "2022-10-16T06:00:00+09:00", "end_at": "2022-10-16T14:00:00+09:00"}],
    "facts": [{"name": "subscription_charge", "value": 39000, "provenance": "partner"}]
  }]
}

`end_at` is exclusive; null: still open, counted up to `as_of`. `services` need not name what windows, `reported` or
the policy name; parents follow from the dots. Where it is given, a loss of any other service is refused; where it
is not, such a loss is parked. A window of planned maintenance has `"planned": true` and, where it was announced,
`announced_at`. A fact of one loss has `loss`. Money is in minor units.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from .inputs import ClaimInput, FactInput, LossInput, checked_text, fact_specs, fact_value, instant, required
from .pack import FactSpec, Pack
from .record import SCOPES, SEVERITIES, Extent, IncidentFact, Notice, Record, ServiceNode, Window
from .refusals import EngineRefusal, shown
from .segments import STATED
from .shapes import SERVICE_CODE_LENGTH, SERVICE_CODE_PATTERN

RECORD = {"incident": True, "number": True, "as_of": True, "sources": False, "services": False, "windows": True,
          "extents": False, "notices": False, "reported": False, "facts": False}  # fmt: skip
NOTICE = {"key": True, "source": True, "channel": False, "published_at": False}
WINDOW = {"service": True, "start_at": True, "end_at": True, "severity": False, "scope": False, "source": False,
          "key": False, "notice": False, "users_permille": False, "planned": False, "announced_at": False}  # fmt: skip
CLAIM = {"claim": True, "losses": False, "facts": False, "asks_for": False}
LOSS = {"loss": True, "service": True, "start_at": True, "end_at": True}
MOST_LOSSES = 1_000  # of one claim
FACT = {"name": True, "value": True, "provenance": True, "loss": False}


def read_facts(text: str, packs: Iterable[Pack]) -> tuple[Record, list[ClaimInput]]:
    """Raises EngineRefusal with a code and the JSON path of what was refused."""
    try:
        document = json.loads(text, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:  # ValueError also: a number too long for int()
        raise EngineRefusal("malformed_json", str(error)) from error
    required(document, {"record": True, "claims": True}, "$")
    claims = [_claim(claim, f"$.claims[{i}]") for i, claim in enumerate(_list(document["claims"], "$.claims"))]
    if len({claim.claim for claim in claims}) != len(claims):
        raise EngineRefusal("duplicate_claim", "a claim appears twice", "$.claims")
    repeated = _repeated(loss.loss for claim in claims for loss in claim.losses)
    if repeated is not None:
        message = f"the loss number {repeated} appears twice; number the losses of all claims through"
        raise EngineRefusal("duplicate_loss", message, "$.claims")
    packs = list(packs)
    mentioned = [s for pack in packs for rule in pack.rules if rule.losses for s in rule.losses.services]
    record = _record(document["record"], mentioned, fact_specs(packs))
    lost = [loss.service for claim in claims for loss in claim.losses]
    return record if "services" in document["record"] else record.with_services(lost), claims


def _record(data: Any, mentioned: list[str], specs: Mapping[str, FactSpec]) -> Record:
    where = "$.record"
    required(data, RECORD, where)
    windows = tuple(_window(w, f"{where}.windows[{i}]", i) for i, w in enumerate(_list(data["windows"], where)))
    repeated = _repeated(window.key for window in windows)
    if repeated is not None:
        message = f"the key {repeated!r} is another window's too; give each its own"
        raise EngineRefusal("duplicate_window", message, f"{where}.windows")
    extents = []
    for i, extent in enumerate(_list(data.get("extents", []), f"{where}.extents")):
        place = f"{where}.extents[{i}]"
        required(extent, {"source": True, "start_at": True, "end_at": True}, place)
        extents.append(Extent(_text(extent["source"], place), *_span(extent, place)))
    notices = [_notice(n, f"{where}.notices[{i}]") for i, n in enumerate(_list(data.get("notices", []), f"{where}.notices"))]
    told = {notice.key for notice in notices}
    notices += [Notice(w.notice, w.source) for w in windows if w.notice and w.notice not in told]  # of which no more is said
    needs: dict[str, tuple[str, ...]] = {}
    for i, service in enumerate(_list(data.get("services", []), f"{where}.services")):
        required(service, {"code": True, "depends_on": False}, f"{where}.services[{i}]")
        needed = _list(service.get("depends_on", []), f"{where}.services[{i}].depends_on")
        needs[_service(service["code"], where)] = tuple(_service(code, where) for code in needed)
    reported = tuple(_service(code, where) for code in _list(data.get("reported", []), f"{where}.reported"))
    sources = tuple(_text(source, f"{where}.sources") for source in _list(data.get("sources", []), f"{where}.sources"))
    facts = tuple(
        _finding(fact, specs, f"{where}.facts[{i}]") for i, fact in enumerate(_list(data.get("facts", []), f"{where}.facts"))
    )
    repeated = _repeated(fact.name for fact in facts)
    if repeated is not None:
        raise EngineRefusal("duplicate_fact", f"{repeated!r} is said twice; keep the one that holds", f"{where}.facts")
    named = (*needs, *(n for d in needs.values() for n in d), *(w.service for w in windows), *reported, *mentioned)
    record = Record(
        incident=_text(data["incident"], where), number=_whole(data["number"], where),
        as_of=instant(data["as_of"], f"{where}.as_of"),
        services=tuple(ServiceNode(code, depends_on) for code, depends_on in needs.items()), windows=windows,
        extents=tuple(extents), sources=sources, notices=tuple(dict.fromkeys(notices)), reported=reported, facts=facts,
    )  # fmt: skip
    return record.with_services(named)


def _window(data: Any, where: str, index: int) -> Window:
    required(data, WINDOW, where)
    severity, scope = data.get("severity", "full"), data.get("scope", "all")
    if severity not in SEVERITIES or scope not in SCOPES:
        raise EngineRefusal("value_unknown", f"severity is one of {SEVERITIES}, scope one of {SCOPES}", where)
    start_at, end_at = _span(data, where)
    key = _text(data.get("key", f"window-{index}"), where)
    if key.startswith(STATED):
        raise EngineRefusal("value_unknown", f"keys beginning {STATED!r} are of windows that a policy states", f"{where}.key")
    source, notice = _text(data.get("source", ""), where), _text(data.get("notice", ""), where)
    share = data.get("users_permille")
    if share is not None and not 0 <= _whole(share, f"{where}.users_permille") <= 1000:
        raise EngineRefusal("out_of_range", f"found {share}; thousandths of the users, 0 to 1000", f"{where}.users_permille")
    planned, announced_at = _planned(data, where)
    return Window(
        key, _service(data["service"], where), source, severity, scope, start_at, end_at, notice, users_permille=share,
        planned=planned, announced_at=announced_at,
    )  # fmt: skip


def _planned(data: Mapping[str, Any], where: str) -> tuple[bool, int | None]:
    planned, announced_at = data.get("planned", False), data.get("announced_at")
    if not isinstance(planned, bool):
        raise EngineRefusal("boolean_expected", f"found {shown(planned)}, expected true or false", f"{where}.planned")
    if announced_at is None:
        return planned, None
    if not planned:
        raise EngineRefusal(
            "required", "only planned maintenance is announced; say true here, or take it out", f"{where}.planned"
        )
    return True, instant(announced_at, f"{where}.announced_at")


def _notice(data: Any, where: str) -> Notice:
    required(data, NOTICE, where)
    key, source, channel = (_text(data.get(name, ""), where) for name in ("key", "source", "channel"))
    published_at = data.get("published_at")
    return Notice(key, source, channel, None if published_at is None else instant(published_at, f"{where}.published_at"))


def _finding(data: Any, specs: Mapping[str, FactSpec], where: str) -> IncidentFact:
    required(data, {"name": True, "value": True, "notice": False}, where)
    name = _text(data["name"], where)
    if name not in specs or specs[name].of != "incident":
        known = ", ".join(sorted(known for known, spec in specs.items() if spec.of == "incident")) or "none"
        raise EngineRefusal("unknown_fact", f"no policy asks for {name!r} of the incident; those asked for are {known}", where)
    number, text = fact_value(data["value"], specs[name], where)
    return IncidentFact(name, number if number is not None else text or "", _text(data.get("notice", ""), where))


def _claim(data: Any, where: str) -> ClaimInput:
    required(data, CLAIM, where)
    losses = []
    told = _list(data.get("losses", []), f"{where}.losses")
    if len(told) > MOST_LOSSES:
        raise EngineRefusal("too_many_losses", f"found {len(told)}; a claim has at most {MOST_LOSSES}", f"{where}.losses")
    for i, loss in enumerate(told):
        place = f"{where}.losses[{i}]"
        required(loss, LOSS, place)
        start_at, end_at = _span(loss, place)
        if end_at is None:
            raise EngineRefusal("required", "a loss has an end", f"{place}.end_at")
        losses.append(LossInput(_whole(loss["loss"], place), _service(loss["service"], place), start_at, end_at))
    facts = []
    for i, fact in enumerate(_list(data.get("facts", []), f"{where}.facts")):
        place = f"{where}.facts[{i}]"
        required(fact, FACT, place)
        loss_number = fact.get("loss")
        if loss_number is not None and _whole(loss_number, f"{place}.loss") not in {loss.loss for loss in losses}:
            raise EngineRefusal("unknown_loss", f"the claim has no loss {loss_number!r}", f"{place}.loss")
        facts.append(FactInput(_text(fact["name"], place), fact["value"], _text(fact["provenance"], place), loss_number))
    asks_for = tuple(_text(code, f"{where}.asks_for") for code in _list(data.get("asks_for", []), f"{where}.asks_for"))
    return ClaimInput(_whole(data["claim"], where), tuple(losses), tuple(facts), asks_for, where)


def _span(data: Mapping[str, Any], where: str) -> tuple[int, int | None]:
    start_at = instant(data["start_at"], f"{where}.start_at")
    end_at = None if data["end_at"] is None else instant(data["end_at"], f"{where}.end_at")
    if end_at is not None and end_at <= start_at:
        raise EngineRefusal("interval_invalid", f"{data['end_at']} is not after {data['start_at']}", where)
    return start_at, end_at


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise EngineRefusal("array_expected", f"found {type(value).__name__}", where)
    return value


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise EngineRefusal("text_expected", f"found {value!r}", where)
    return checked_text(value, where)


def _service(value: Any, where: str) -> str:
    code = _text(value, where)
    if len(code) > SERVICE_CODE_LENGTH or not re.fullmatch(SERVICE_CODE_PATTERN, code):
        raise EngineRefusal("service_code_invalid", f"found {code!r}; write it like kakao_t.taxi_call", where)
    return code


def _whole(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise EngineRefusal("integer_expected", f"found {value!r}", where)
    return value


def _repeated(values: Iterable[Any]) -> Any:
    """The first value that is there more than once, or None."""
    return next((value for value, times in Counter(values).items() if times > 1), None)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise EngineRefusal("duplicate_key", f"the key {_repeated(key for key, _ in pairs)!r} appears twice")
    return found
