"""Characters that no data file may hold, raw or written as an escape.

Control characters, those that turn the direction of writing (they make a text look like another one), private use
and noncharacters. Zero-width joiner and non-joiner are letters' business in Persian and allowed.
"""

from __future__ import annotations

import re
import unicodedata

_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f"
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = "\u200b\u2060-\u2064\ufeff\u00ad\u180e\U000e0000-\U000e007f"
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_NOT_CHARACTERS = "\ufdd0-\ufdef\ufff9-\uffff" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)
)
FORBIDDEN = re.compile(f"[{_CONTROL}{_BIDI}{_INVISIBLE}{_PRIVATE}{_NOT_CHARACTERS}\ud800-\udfff\u2028\u2029]")


def describe(character: str) -> str:
    """What kind of forbidden character this is, with its number."""
    number = f"U+{ord(character):04X}"
    if re.match(f"[{_BIDI}]", character):
        return f"{number}, a character that turns the direction of writing"
    if re.match(f"[{_PRIVATE}]", character):
        return f"{number}, a private-use character"
    if re.match(f"[{_NOT_CHARACTERS}]", character):
        return f"{number}, not a character"
    name = unicodedata.name(character, "a control character")
    return f"{number}, {name.lower()}"
