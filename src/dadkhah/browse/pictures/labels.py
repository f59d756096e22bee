"""Names in pictures: written in one or two lines, with the room that they take.

In: a name. Out: a `Label`. A picture that a server draws knows no font: widths are estimated, on the wide side. It must
not know where anything stands.
"""

from __future__ import annotations

import math
import textwrap
import unicodedata
from dataclasses import dataclass

# units of a picture whose letters are 12 high: from a node's middle to its first line, and from line to line
TOP, LINE = 21, 14
_CHARACTERS, _LEAST = 24, 12
# of a letter on average, Latin or Arabic; of one that is as wide as high; of capitals
_LETTER, _SQUARE, _CAPITAL = 6.6, 12.5, 8.4
_DESCENT = 5


@dataclass(frozen=True, slots=True)
class Label:
    """A name in lines; `short` where it is not all of it. Its width, and how far below its node it reaches."""

    lines: tuple[str, ...]
    short: bool
    width: float
    depth: float


def label(name: str) -> Label:
    """Write a name in at most two lines of about the same length."""
    name = " ".join(name.split()) or "–"  # noqa: RUF001 - an en dash for what has no name
    most = min(_CHARACTERS, max(_LEAST, math.ceil(len(name) / 2) + 3))
    lines = textwrap.wrap(name, most, max_lines=2, placeholder="…")
    if len(lines) == 2 and len(name) <= _CHARACTERS and lines[1].endswith("…"):
        lines = [name]
    short = lines[-1].endswith("…") and not name.endswith("…")
    return Label(tuple(lines), short, max(map(room, lines)), TOP + LINE * (len(lines) - 1) + _DESCENT)


def room(text: str) -> float:
    """About how wide a text is in letters 12 high."""
    return sum(_of(character) for character in text)


def direction(text: str) -> dict[str, str]:
    """The attribute of a text that runs from right to left, where pictures run from left to right.

    By its first letter, as rule P2 of the Unicode bidirectional algorithm has it: numbers and dots stand where they
    belong.
    """
    strong = (unicodedata.bidirectional(character) for character in text)
    first = next((each for each in strong if each in {"L", "R", "AL"}), "L")
    return {} if first == "L" else {"direction": "rtl"}


def _of(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return _SQUARE
    return _CAPITAL if character.isupper() else _LETTER
