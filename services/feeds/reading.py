"""Reading a feed: bytes of a status page in, proposals for outage windows out.

No database, no network, no clock: the same bytes give the same items, so importing a feed
again can be compared with what was read before. A file is read whole or refused.
"""

from services.feeds.cachet import read_cachet
from services.feeds.instatus import read_instatus
from services.feeds.items import ReadItem, ReadNotice, ReadWindow
from services.feeds.refused import FeedKindUnknown, FeedRecoveryUnknown, FeedRefused, FeedTooLarge, shown_value
from services.feeds.rows import read_csv
from services.feeds.shapes import json_document
from services.feeds.statuspage import read_statuspage
from services.feeds.story import Recovery
from services.feeds.times import zone_of
from services.feeds.wording import QUESTIONS, REMARKS

__all__ = [
    "KINDS",
    "MOST_BYTES",
    "QUESTIONS",
    "RECOVERIES",
    "REMARKS",
    "FeedRefused",
    "ReadItem",
    "ReadNotice",
    "ReadWindow",
    "read_feed",
]

MOST_BYTES = 10_000_000
KINDS = ("statuspage", "cachet", "instatus", "csv")
RECOVERIES = tuple(recovery.value for recovery in Recovery)


def read_feed(kind: str, body: bytes, *, zone: str | None = None, recovery: str = "component") -> tuple[ReadItem, ...]:
    """The items of `body`, in its order.

    `zone` (IANA) is for times without offset, which only cachet and csv may have. `recovery`
    says what ends a component's window: "component", when upstream calls it operational
    again; "monitoring", the incident's first update of that status; "resolved". A csv says
    its ends itself. Raises FeedRefused or a kind of it, with the place in the file.
    """
    chosen = _recovery(recovery)
    clock = zone_of(zone)
    if kind not in KINDS:
        raise FeedKindUnknown(f"{shown_value(kind)} is no kind of feed. Give one of {', '.join(KINDS)}.", field="kind")
    if len(body) > MOST_BYTES:
        raise FeedTooLarge(f"The file has {len(body):,} bytes. Send at most {MOST_BYTES:,}, in several files if need be.")
    if not body.strip():
        raise FeedRefused("The file is empty. Send what the status page itself serves.")
    match kind:
        case "csv":
            return read_csv(body, clock)
        case "cachet":
            return read_cachet(json_document(body), clock, chosen)
        case "instatus":
            return read_instatus(json_document(body), chosen)
    return read_statuspage(json_document(body), chosen)


def _recovery(name: str) -> Recovery:
    try:
        return Recovery(name)
    except ValueError as error:
        raise FeedRecoveryUnknown(
            f"{shown_value(name)} is no end of a window. Give one of {', '.join(RECOVERIES)}.", field="recovery"
        ) from error
