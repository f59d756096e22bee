"""The alphabet of comparison: a word becomes a short row of numbered symbols, one per letter or digraph.

A symbol is a letter (Persian) or a phone (Latin: `kh`, `sh`, `oo` are one) together with its place in the word: first,
middle or last. The place matters: a final `ه` is mostly silent, a first `ا` stands for any vowel. Beside each symbol
goes the number of the pair that it forms with the one before, where that pair is known to stand for one symbol on the
other side (`ou` for `و`). In: a token of `normalise`. Out: small integers. Costs live in the model, not here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

PERSIAN: Final = "ءآابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیئؤ"
# capital letters stand for digraphs: S sh, C ch, J zh, x kh, q gh
LATIN: Final = "abcdefghijklmnopqrstuvwxyz'SCJ0123456789"
LETTERS: Final = " " + PERSIAN + LATIN  # number 0 is padding
BASE: Final = {letter: number for number, letter in enumerate(LETTERS)}
PLACES: Final = 3
SYMBOLS: Final = len(LETTERS) * PLACES

_PERSIAN_PAIR_LETTERS = "اآویئعهحءخ"
_LATIN_PAIR_LETTERS = "aeiouywvh'"
PAIRS: Final = (
    "",
    *(a + b for a in _PERSIAN_PAIR_LETTERS for b in _PERSIAN_PAIR_LETTERS),
    *(a + b for a in _LATIN_PAIR_LETTERS for b in _LATIN_PAIR_LETTERS),
    *("ks", "ts", "th", "dh", "zz", "rr", "ng", "nk", "sh", "kh", "gh", "dz", "bb", "pp", "nb", "mb"),
)

_DIGRAPHS = re.compile("tch|kh|gh|sh|ch|zh|ph|ck|dj|ee|oo|ou|ii|aa|uu|x|c|ç")
_PHONES: Final = {
    "tch": "C", "kh": "x", "gh": "q", "sh": "S", "ch": "C", "zh": "J", "ph": "f", "ck": "k", "dj": "j", "ee": "i",
    "oo": "u", "ou": "u", "ii": "i", "aa": "a", "uu": "u", "x": "ks", "c": "k", "ç": "C",
}  # fmt: skip
_DOUBLED = re.compile(r"([^aeiou'])\1+")


@lru_cache(maxsize=1 << 18)
def phones(token: str) -> str:
    """The letters or phones of a token: digraphs as one, doubled consonants once; Persian tokens as they are."""
    if token and token[0] >= "\u0600":
        return token
    token = token.strip("'") + ("'" if token.endswith("'") else "")
    return _DOUBLED.sub(r"\1", _DIGRAPHS.sub(lambda match: _PHONES[match.group()], _DOUBLED.sub(r"\1", token)))


def _base_table() -> npt.NDArray[np.int32]:
    table = np.zeros(_CODES, np.int32)
    for letter, number in BASE.items():
        table[ord(letter)] = number
    return table


def _pair_table() -> npt.NDArray[np.int32]:
    table = np.zeros((len(LETTERS), len(LETTERS)), np.int32)
    for number, pair in enumerate(PAIRS[1:], 1):
        table[BASE[pair[0]], BASE[pair[1]]] = number
    return table


_CODES: Final = 0x700  # every letter of both alphabets is below; anything else has number 0
_BASE_TABLE: Final = _base_table()
_PAIR_TABLE: Final = _pair_table()


def numbered(words: Sequence[str]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Symbol numbers, pair numbers and lengths of phone strings; rows are padded with 0 to the longest word.

    A symbol number is the letter's number times three plus its place; a pair number stands where the pair ends.
    """
    lengths = np.fromiter(map(len, words), np.int32, len(words))
    width = max(1, int(lengths.max(initial=1)))
    column = np.arange(width, dtype=np.int32)
    filled = column < lengths[:, None]
    codes = np.frombuffer("".join(words).encode("utf-32-le"), np.uint32)
    base = np.zeros((len(words), width), np.int32)
    base[filled] = _BASE_TABLE[np.where(codes < _CODES, codes, 0)]
    place = np.ones_like(base)
    place[column == lengths[:, None] - 1] = 2
    place[:, 0] = 0
    pair = np.zeros_like(base)
    pair[:, 1:] = _PAIR_TABLE[base[:, :-1], base[:, 1:]]
    return np.where(base > 0, base * PLACES + place, 0).astype(np.int32), pair, lengths
