"""The ways in which a text may be read: what a reader, a browser or a decoder makes of the same characters.

In: text. Out: texts in which letters that readers do not tell apart are the same: case, marks and Unicode forms, Arabic
letters for Persian ones, half-spaces; escapes taken out; what stands in base64 or hexadecimal digits. It must not
transliterate: a name in another script is another name.
"""

from __future__ import annotations

import base64
import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\ufe00-\ufe0f]"
)
_UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LETTERS = str.maketrans(
    "\u064a\u0649\u06d0\u0643\u0629\u06c1\u06be\u06d5" + "۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩",
    "\u06cc\u06cc\u06cc\u06a9\u0647\u0647\u0647\u0647" + "0123456789" * 2,
)
_ESCAPE = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|[tnrfb])")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}")
_ALPHANUMERIC = re.compile(r"[A-Za-z0-9]{8,}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){5,}")
_ESCAPED_AGAIN = 3


def folded(text: str) -> str:
    """A text without what readers do not tell apart: case, marks, forms and kinds of letters."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold().translate(_LETTERS)


def unescaped(text: str) -> str:
    """A text with its escapes taken out, also where they were escaped again: backslashes, `%D8`, `&#x639;`."""
    for _ in range(_ESCAPED_AGAIN):
        before = text
        text = _ESCAPE.sub(_character, text) if "\\" in text else text
        text = unquote(text) if "%" in text else text
        text = html.unescape(text) if "&" in text else text
        if text == before:
            break
    return text


def _character(match: re.Match[str]) -> str:
    number = int(match[1] or match[2] or match[3] or "20", 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else " "


def readings(text: str) -> Iterator[str]:
    """What a text may be read as, folded; unseen characters part words in one reading and not in another."""
    plain = unescaped(text)
    for each in dict.fromkeys((text, plain)):
        yield folded(_UNSEEN.sub("", each))
        if _UNSEEN.search(each):
            yield folded(_UNSEEN.sub(" ", each))


def decoded(text: str) -> str:
    """Whatever stands in a text in base64 or hexadecimal digits, a line each; mostly noise."""
    found = []
    for run in dict.fromkeys(_ALPHANUMERIC.findall(text)):
        found.append(_of_base64(run))
        if _HEX.fullmatch(run):
            found.append(bytes.fromhex(run).decode("utf-8", "ignore"))
    for run in dict.fromkeys(_BASE64.findall(text)):
        # it may begin after a part of an address
        found += [_of_base64(run[start:]) for start in range(4)]
    return "\n".join(found)


def _of_base64(run: str) -> str:
    standard = run.replace("-", "+").replace("_", "/")
    # one letter more than a multiple of four says nothing
    standard = standard[: len(standard) - (len(standard) % 4 == 1)]
    return base64.b64decode(standard + "=" * (-len(standard) % 4)).decode("utf-8", "ignore")
