"""What is known about single words: how common they are, and which spellings were seen to stand for one name.

The table holds no word: a word is its 32-bit checksum, a name that several spellings share is a number. In: phone
strings. Out: per word up to three names with their shares, and its rarity. A word that is not in the table is unknown,
which is evidence of nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dadkhah.linking.edit import Floats, Ints

MEANINGS: Final = 3


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words seen in at least two labelled records.

    Attributes:
        keys: (W,) checksums, ascending.
        names: (W, MEANINGS) numbers of names, -1 where fewer.
        shares: (W, MEANINGS) how often the word stood for that name, of all times it was seen; sums to at most 1.
        rarity: (W,) 0 for the most common word up to 1 for one seen twice.
    """

    keys: npt.NDArray[np.uint32]
    names: Ints
    shares: Floats
    rarity: Floats


@dataclass(frozen=True, slots=True)
class Known:
    """The rows of a lexicon for the words of a vocabulary; unknown words have no names and rarity 1."""

    names: Ints
    shares: Floats
    rarity: Floats


def checksums(words: Sequence[str]) -> npt.NDArray[np.uint32]:
    """The checksum of every word."""
    return np.fromiter((zlib.crc32(word.encode()) for word in words), np.uint32, len(words))


def look_up(lexicon: Lexicon, keys: npt.NDArray[np.uint32]) -> Known:
    """Find words by checksum."""
    if not len(lexicon.keys):
        none = np.full((len(keys), MEANINGS), -1, np.int32)
        return Known(none, np.zeros(none.shape, np.float32), np.ones(len(keys), np.float32))
    at = np.minimum(np.searchsorted(lexicon.keys, keys), len(lexicon.keys) - 1)
    hit = lexicon.keys[at] == keys
    return Known(
        np.where(hit[:, None], lexicon.names[at], -1),
        np.where(hit[:, None], lexicon.shares[at], 0).astype(np.float32),
        np.where(hit, lexicon.rarity[at], 1).astype(np.float32),
    )


def agreement(left: Known, right: Known, x: Ints, y: Ints) -> tuple[npt.NDArray[np.bool_], Floats]:
    """Whether both words of each pair are known, and the share of names on which they agree (0 to 1)."""
    one, other = left.names[x], right.names[y]
    ones, others = left.shares[x], right.shares[y]
    known = (one[..., 0] >= 0) & (other[..., 0] >= 0)
    same = np.zeros(x.shape, np.float32)
    for i in range(MEANINGS):
        for j in range(MEANINGS):
            meet = (one[..., i] == other[..., j]) & (one[..., i] >= 0)
            same += np.where(meet, np.minimum(ones[..., i], others[..., j]), 0)
    return known, same
