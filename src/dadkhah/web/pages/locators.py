"""Where in a source a passage stands, in the words of the page: places are written in English, most in few patterns.

In: the text of `dk:locator`, and a language. Out: HTML. Pieces parted by commas are written by the patterns of
`words/<language>.places.json`, quoted headings as they are; where one piece is of none, the whole stands as it was
written, marked as what it is. It must not guess.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import Final

import orjson
from markupsafe import Markup, escape

from dadkhah.web.pages.markup import Words, is_prose, plain, written_here

# a comma in a quoted heading parts nothing
_PIECES: Final = re.compile(r"(?:«[^»]*»|“[^”]*”|„[^“]*“|[^,;«“„])+")


@lru_cache
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """A piece as it is written, and the same in a language; what the pattern captures goes in the place of `{}`."""
    file = files("dadkhah.web.pages") / "words" / f"{language}.places.json"
    held: dict[str, str] = orjson.loads(file.read_bytes()) if file.is_file() else {}
    return tuple((re.compile(pattern, re.IGNORECASE), written) for pattern, written in held.items())


def place_in_words(text: str, words: Words) -> Markup:
    """A place in a source as a reader of this language takes it up."""
    pieces = [_written(piece.strip(), words) for piece in _PIECES.findall(text)]
    if not pieces or not all(pieces):
        return plain(text)
    return written_here(words.texts["comma"]).join(pieces)


def _written(piece: str, words: Words) -> Markup:
    for pattern, written in _patterns(words.language):
        if found := pattern.fullmatch(piece):
            return escape(written).format(*(_held(group, words) for group in found.groups()))
    return Markup("")


def _held(group: str, words: Words) -> Markup:
    if group.isdecimal():
        # digit by digit: it is no amount, so thousands are not set apart
        return Markup("").join(words.number(int(each)) for each in group)
    # a heading of a source in Latin letters is read with the voice for them
    return plain(group) if is_prose(group) else Markup('<bdi dir="auto">{}</bdi>').format(group)
