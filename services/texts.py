"""Text as it is kept: one spelling for what looks the same."""

import hashlib
import re
import unicodedata

from services.refusals import InvalidCharacter, InvalidValue

LONGEST_EMAIL = 254  # characters of an address, as every column has it
# Controls with all ends of lines, and what turns the direction of the text that follows.
_NOT_IN_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# Of what programs send: what cannot be seen, turns the direction of what stands beside it, or stands where something was
# lost (U+FFFD): a reader would not see what is stored. Of what people type, joiners and variants of pictures are kept.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\ufff9-\ufffd\ud800-\udfff\U000e0000-\U000e0fff]"
)
NOT_IN_ONE_LINE = re.compile(rf"{UNSEEN.pattern}|[\t\n\r]")


def is_text(text: str) -> bool:
    """Whether PostgreSQL can hold it, and be asked for it: no NUL, no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def normalised(text: str, field: str) -> str:
    """NFC, non-breaking spaces as plain ones, no space around.

    Korean arrives decomposed from some systems, and copied notices are full of U+00A0;
    both would hide a text from search and change its hash. Raises InvalidValue for what
    PostgreSQL cannot store as text (NUL, half of a surrogate pair).
    """
    kept = unicodedata.normalize("NFC", text).replace("\u00a0", " ").strip()
    if not is_text(kept):
        raise InvalidValue(f"{field} has characters that are not text. Send it as plain UTF-8.", field=field)
    return kept


def one_line(text: str, field: str) -> str:
    """Normalised, of what is called something, and stands in a line among other words: in a list, a letter, a mail.

    Raises InvalidCharacter, InvalidValue.
    """
    kept = normalised(text, field)
    if _NOT_IN_A_LINE.search(kept):
        raise InvalidCharacter(f"{field} holds a control character or an end of line. Send plain text.", field=field)
    return kept


def check_line(value: str, field: str) -> str:
    """Text in one line, all of which is seen. Raises InvalidCharacter."""
    if NOT_IN_ONE_LINE.search(value):
        raise InvalidCharacter(f"{field} has a character that cannot be seen, or an end of line.", field=field)
    return value


def escaped(value: str) -> str:
    """As it is repeated to whoever sent it, also where it may not be stored: what is not seen as its number."""
    return NOT_IN_ONE_LINE.sub(lambda found: f"\\u{ord(found[0]):04x}", value)


def text_hash(text: str) -> str:
    """SHA-256 of the normalised text as UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()
