"""Names made ready for comparison once, so that a pair costs only the comparison.

In: names as strings and their domain. Out: arrays: per name its units, which are its words and each two neighbouring
words written together (`علی رضا` is also `علیرضا`), numbered in one vocabulary of phone strings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dadkhah.linking.edit import Ints, Words, encode
from dadkhah.linking.lexicon import checksums
from dadkhah.linking.normalise import NameTokens, tokens_of
from dadkhah.linking.skeleton import skeleton
from dadkhah.linking.symbols import phones

MOST_WORDS: Final = 6  # the longest name of the gold pairs has 6; what follows is joined to the last
UNITS: Final = 2 * MOST_WORDS - 1


@dataclass(frozen=True, slots=True)
class Prepared:
    """Names as units.

    Attributes:
        names: the strings as given.
        tokens: each name taken apart.
        words: the vocabulary of units.
        skeletons: the consonant skeleton of each word of the vocabulary.
        units: (names, UNITS): vocabulary numbers, words first, then neighbours written together; -1 where none.
        counts: how many words each name has.
        keys: checksums of the vocabulary, for `lexicon.look_up`.
        persian: which names are in Persian script.
        marks: (names, 2) which carry titles, and which say what kind of place they are.
    """

    names: Sequence[str]
    tokens: Sequence[NameTokens]
    words: Words
    skeletons: npt.NDArray[np.object_]
    units: Ints
    counts: Ints
    keys: npt.NDArray[np.uint32]
    persian: npt.NDArray[np.bool_]
    marks: npt.NDArray[np.bool_]


def prepare(names: Sequence[str], domain: str = "person") -> Prepared:
    """Prepare names for `alignment.align`; cost about 10 µs a name."""
    vocabulary: dict[str, int] = {}
    units = np.full((len(names), UNITS), -1, np.int32)
    counts = np.zeros(len(names), np.int32)
    apart = tuple(tokens_of(name, domain) for name in names)
    for number, taken in enumerate(apart):
        words = words_of(taken)
        counts[number] = len(words)
        for place, word in enumerate(words):
            units[number, place] = vocabulary.setdefault(phones(word), len(vocabulary))
        for place in range(len(words) - 1):
            joined = phones(words[place] + words[place + 1])
            units[number, MOST_WORDS + place] = vocabulary.setdefault(joined, len(vocabulary))
    spelled = list(vocabulary) or [""]  # units of names without letters point somewhere
    persian = np.array([taken.persian for taken in apart], bool)
    marks = np.array([(bool(taken.titles), bool(taken.generic)) for taken in apart], bool).reshape(-1, 2)
    skeletons = np.array([skeleton(word) for word in spelled], object)
    return Prepared(tuple(names), apart, encode(spelled), skeletons, units, counts, checksums(spelled), persian, marks)


def words_of(taken: NameTokens) -> list[str]:
    """The words of a name, at most MOST_WORDS; the surplus is joined to the last."""
    words = list(taken.tokens)
    return [*words[: MOST_WORDS - 1], "".join(words[MOST_WORDS - 1 :])] if len(words) > MOST_WORDS else words
