"""Blocking keys: two names are compared if they share one, so that 13,000 names do not meet 13,000 others.

In: names with their link type. Out: (name, key) rows of 64-bit numbers, which any engine can join without knowing
anything of Persian. The keys are those of the index of names (`index.keys`): coarse consonants, which are the same for
all spellings in both scripts. A key is made of two words of a name, one of which may lack a consonant, or of one word
for bodies and for names of one word. What two names share only a given name is not compared.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from typing import Final

import numpy as np

from dadkhah.linking.batch.organisations import words_of_body
from dadkhah.linking.edit import Ints
from dadkhah.linking.index.keys import checksum, key, shortened
from dadkhah.linking.normalise import tokens_of
from dadkhah.linking.prepared import words_of
from dadkhah.linking.symbols import phones

MOST_PAIRS: Final = 4_000_000  # a key that would bring more pairs together than this says nothing
_LONG: Final = 4  # of a longer name only whole words go together: its other keys would be hundreds
Parts = tuple[int, ...]


def keys_of(names: Sequence[str], types: Sequence[str]) -> tuple[Ints, np.ndarray]:
    """The keys of all names: numbers of names and keys, row by row, each once; about 30 µs a name."""
    rows: list[int] = []
    found: list[int] = []
    for number, (name, kind) in enumerate(zip(names, types, strict=True)):
        own = sorted(_keys(name, kind))
        rows += [number] * len(own)
        found += own
    return np.array(rows, np.int32), np.array(found, np.int64)


def _keys(name: str, kind: str) -> set[int]:
    salt = zlib.crc32(kind.encode())
    if kind == "organization":
        return {_alone(_parts(word)[0], salt) for word in words_of_body(name)}
    person = kind == "person"
    words = words_of(tokens_of(name, "person" if person else "place"))
    found = {_alone(_parts("".join(words))[0], salt)} if words else set()  # everything written as one word
    if len(words) == 1 or not person:
        found |= {_alone(part, salt) for word in words for part in _parts(word)}
    spans = [(place, place + 1, word) for place, word in enumerate(words)]
    if len(words) <= _LONG:
        spans += [(place, place + 2, words[place] + words[place + 1]) for place in range(len(words) - 1)]
    for (start, end, one), (begin, stop, other) in combinations(spans, 2):
        if end <= begin or stop <= start:
            found |= _together(_parts(one), _parts(other), salt)
    return found


def _together(one: Parts, other: Parts, salt: int) -> set[int]:
    """Both whole, or one of them with a consonant less."""
    found = {_number(part, other[0], salt) for part in one}
    found |= {_number(one[0], part, salt) for part in other}
    return found


@lru_cache(maxsize=1 << 17)
def _parts(word: str) -> Parts:
    """Checksums of the key of a word, then of the keys with one letter less."""
    return tuple(checksum(each) for each in shortened(key(phones(word))))


def _alone(part: int, salt: int) -> int:
    return _number(part, 0, salt)


def _number(one: int, other: int, salt: int) -> int:
    """A key of two parts in any order, as a signed 64-bit number."""
    low, high = (one, other) if one <= other else (other, one)
    return ((low ^ salt) << 32 | high) - (1 << 63)
