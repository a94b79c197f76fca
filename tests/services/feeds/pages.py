"""Made-up status pages: what a test does not say is as plain as can be."""

import json
from datetime import UTC, datetime, timedelta

from services.feeds import read_feed

DAY = datetime(2024, 3, 5, tzinfo=UTC)


def at(clock, days=0):
    """ "10:30" on the day of the tests, or some days later, as an instant."""
    hours, minutes = map(int, clock.split(":"))
    return DAY + timedelta(days=days, hours=hours, minutes=minutes)


def written(clock, days=0):
    """As `at`, as the page writes it: in an offset of its own."""
    return at(clock, days).isoformat().replace("+00:00", "Z")


def affects(code, new, old="operational", **rest):
    return {"code": code, "name": code.upper(), "old_status": old, "new_status": new, **rest}


def update(identifier, status, clock, *affected, days=0, **rest):
    return {
        "id": identifier,
        "status": status,
        "body": f"It is {status}.",
        "created_at": written(clock, days),
        "display_at": written(clock, days),
        "affected_components": list(affected) or None,
        **rest,
    }


def incident(*updates, status="resolved", **rest):
    """Upstream serves the newest update first."""
    return {
        "id": "i1",
        "name": "API errors",
        "status": status,
        "created_at": updates[0]["created_at"] if updates else written("10:00"),
        "started_at": updates[0]["display_at"] if updates else written("10:00"),
        "resolved_at": None,
        "impact": "major",
        "shortlink": "https://stspg.example/i1",
        "incident_updates": list(reversed(updates)),
        "components": None,
        **rest,
    }


def maintenance(*updates, status="completed", **rest):
    return {
        "id": "m1",
        "name": "Database upgrade",
        "status": status,
        "created_at": written("09:00", -7),
        "started_at": written("09:00", -7),
        "resolved_at": None,
        "scheduled_for": written("10:00"),
        "scheduled_until": written("12:00"),
        "incident_updates": list(reversed(updates)),
        "components": [{"id": "db", "name": "Database"}],
        **rest,
    }


def body(**lists):
    return json.dumps({"page": {"id": "p"}, **lists}).encode()


def read_incident(given, **options):
    (item,) = read_feed("statuspage", body(incidents=[given]), **options)
    return item


def read_maintenance(given, **options):
    (item,) = read_feed("statuspage", body(scheduled_maintenances=[given]), **options)
    return item


def spans(item):
    """Each window as (key, severity, start, end)."""
    return [(window.key, window.severity, window.start_at, window.end_at) for window in item.windows]
