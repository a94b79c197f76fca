"""Why a feed cannot be read. Each refusal says where: a JSON path, or the line and column of a CSV file."""

from reprlib import Repr
from typing import ClassVar

from services.refusals import Refusal

_SHORT = Repr()
_SHORT.maxlevel, _SHORT.maxlist, _SHORT.maxdict, _SHORT.maxstring, _SHORT.maxother = 2, 3, 3, 60, 60


class FeedRefused(Refusal):
    """The file is not what its kind should be. Nothing of it was read."""

    code: ClassVar[str] = "feed_malformed"


class FeedKindUnknown(FeedRefused):
    code = "feed_kind_unknown"


class FeedRecoveryUnknown(FeedRefused):
    code = "feed_recovery_unknown"


class FeedTooLarge(FeedRefused):
    code = "feed_too_large"


class FeedDuplicate(FeedRefused):
    """A name, id or row that may stand once stands twice: no telling which one counts."""

    code = "feed_duplicate"


class FeedTextInvalid(FeedRefused):
    code = "feed_text_invalid"


class FeedWordUnknown(FeedRefused):
    """A status outside the documented ones. To guess would move an end, and so pay a wrong sum."""

    code = "feed_word_unknown"


class FeedTimeMalformed(FeedRefused):
    code = "feed_time_malformed"


class FeedTimeOutOfRange(FeedRefused):
    code = "feed_time_out_of_range"


class FeedOffsetMissing(FeedRefused):
    """A time without offset where the format has one: a zone given by hand would only hide the fault."""

    code = "feed_offset_missing"


class FeedZoneRequired(FeedRefused):
    code = "feed_zone_required"


class FeedZoneUnknown(FeedRefused):
    code = "feed_zone_unknown"


class FeedZoneAmbiguous(FeedRefused):
    """A local time that the clocks of its zone showed twice, or never."""

    code = "feed_zone_ambiguous"


class FeedIntervalInvalid(FeedRefused):
    code = "feed_interval_invalid"


class FeedOutageTooLong(FeedRefused):
    code = "feed_outage_too_long"


def shown_value(value: object) -> str:
    """A value of the file as a message quotes it: cut, and only its upper levels, however deep it is nested."""
    return _SHORT.repr(value)
