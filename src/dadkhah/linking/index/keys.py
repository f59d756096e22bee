"""Coarse keys under which the spellings of a word meet.

In: a phone string (`symbols.phones`). Out: its key, the consonant skeleton with sounds that romanisations mix up as one
letter, and the keys that differ from it by one letter left out. Keys propose; costs of letters decide.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import Final

from dadkhah.linking.skeleton import skeleton

_COARSE: Final = str.maketrans(
    {"q": "k", "g": "k", "x": "k", "J": "j", "C": "j", "S": "s", "z": "s", "d": "t", "p": "b"}
)
SHORTEST: Final = 3  # a key that is to lose a letter has as many; of two letters nothing would be left to go by


@lru_cache(maxsize=1 << 18)
def key(phones: str) -> str:
    """The coarse key of a word."""
    found = skeleton(phones).translate(_COARSE)
    return "".join(letter for place, letter in enumerate(found) if not place or found[place - 1] != letter)


def shortened(whole: str) -> list[str]:
    """The key itself and, where it is long enough, each key with one letter less."""
    if len(whole) < SHORTEST:
        return [whole]
    return list(dict.fromkeys([whole, *(whole[:place] + whole[place + 1 :] for place in range(len(whole)))]))


def checksum(text: str) -> int:
    """32 bits of a key; a collision proposes a word too many."""
    return zlib.crc32(text.encode())
