"""Costs to start learning from: which letters sound alike, by hand; everything else is learned.

In: nothing. Out: base costs over letters (no place in the word), as `fit` refines them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from dadkhah.linking.edit import Floats
from dadkhah.linking.symbols import BASE, LATIN, LETTERS, PAIRS, PERSIAN

_SOUNDS: Final = {
    "ا": "aeoui", "آ": "a", "ب": "b", "پ": "p", "ت": "t", "ث": "s", "ج": "j", "چ": "C", "ح": "h", "خ": "x", "د": "d",
    "ذ": "z", "ر": "r", "ز": "z", "ژ": "J", "س": "s", "ش": "S", "ص": "s", "ض": "z", "ط": "t", "ظ": "z", "ع": "'aeo",
    "غ": "q", "ف": "f", "ق": "qg", "ک": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "و": "vouw", "ه": "he", "ی": "iye",
    "ئ": "iye'", "ؤ": "ou'", "ء": "'",
}  # fmt: skip
_ALIKE: Final = {
    frozenset(pair): cost
    for pairs, cost in (
        ("ae ei ou eo ao ai iy ey uv ow uw vw", 0.35),
        ("qg qk xh zd sz td bp vf qx kx jJ Cj SC jy yj cs", 0.7),
        ("اآ یئ وؤ", 0.05),
        ("ثس صس ثص ذز ضز ظز ذض ظض ذظ تط حه قغ عا ئع ءئ ءع", 0.5),
    )
    for pair in pairs.split()
}
WEAK: Final = "aeiouyw'hاویهعئءآؤ"


@dataclass(slots=True)
class BaseCosts:
    """Costs over letters; shapes as in `edit.Costs` without the place in the word."""

    swap: Floats
    gap: Floats
    pair: Floats


def base_costs() -> BaseCosts:
    """The starting costs."""
    count = len(LETTERS)
    swap = np.full((count, count), 1.2, np.float32)
    np.fill_diagonal(swap, 0.0)
    for letter, sounds in _SOUNDS.items():
        for rank, sound in enumerate(sounds):
            _set(swap, letter, sound, 0.0 if rank == 0 else 0.1)
    for pair, cost in _ALIKE.items():
        one, *other = sorted(pair)
        if other:
            _set(swap, one, other[0], cost)
    gap = np.array([0.35 if letter in WEAK else 0.9 for letter in LETTERS], np.float32)
    gap[0] = 0.0
    pair_costs = np.full((count, len(PAIRS)), 1.5, np.float32)
    pair_costs[:, 0] = np.inf
    pair_costs[0, :] = np.inf
    for number, pair_text in enumerate(PAIRS[1:], 1):
        for letter in LETTERS[1:]:
            if _same_script(letter, pair_text[0]) and letter in PERSIAN:
                pair_costs[BASE[letter], number] = np.inf
            elif any(swap[BASE[letter], BASE[part]] < 0.2 for part in pair_text if part in BASE):
                pair_costs[BASE[letter], number] = 0.4
    return BaseCosts(swap, gap, pair_costs)


def _same_script(one: str, other: str) -> bool:
    return (one in LATIN) == (other in LATIN)


def _set(table: Floats, one: str, other: str, cost: float) -> None:
    table[BASE[one], BASE[other]] = table[BASE[other], BASE[one]] = cost
