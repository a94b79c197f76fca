"""Readers of foreign status pages: a feed's bytes in, proposals for outage windows out. See reading.py."""

from services.feeds.items import ReadItem, ReadNotice, ReadWindow
from services.feeds.reading import KINDS, MOST_BYTES, QUESTIONS, RECOVERIES, REMARKS, read_feed
from services.feeds.refused import FeedRefused

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
