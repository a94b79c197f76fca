"""Numbers that stand in what leaves the house, by which anybody can ask whether it came from us: `M-7K2P-0QXA-93TB`.

Three groups of base32 by Crockford: 60 bits of chance, so that holding a number proves that one has seen what it stands in.
"""

from __future__ import annotations

import secrets
from typing import Literal

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
READ_AS = str.maketrans("OIL", "011")  # as people write letters and digits
Kind = Literal["M", "A"]  # a mail, a proof of an outage; the page on which they are checked names each


def new_number(kind: Kind) -> str:
    return "-".join([kind, *("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))])


def typed_number(text: str) -> str:
    """As it is kept, in whatever case and with whatever between its groups; empty where it is none."""
    plain = "".join(one for one in text.upper() if one.isascii() and one.isalnum())
    rest = plain[1:].translate(READ_AS)
    if len(plain) != 13 or any(one not in LETTERS for one in rest):
        return ""
    return f"{plain[0]}-{rest[:4]}-{rest[4:8]}-{rest[8:]}"
