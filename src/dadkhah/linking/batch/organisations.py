"""Names of bodies, compared by their words.

The comparison of people's names (`names.score`) has learned from names of two to four words, and knows nothing of
"Branch 26 of the Revolutionary Court". Bodies are compared by how much of what their words tell is shared: a word tells
the more, the fewer names have it; different numbers mean different bodies. In: names. Out: scores in [0, 1], with the
words that met. Set by hand, and measured on the aliases of bodies that one list gives (see docs/linking.md).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import Levenshtein

from dadkhah.linking.index.keys import key
from dadkhah.linking.normalise import fold, is_persian
from dadkhah.linking.symbols import phones

_EMPTY: Final = frozenset(
    (  # noqa: SIM905 a list of words reads best as text
        "the of for and in on at to a an de la le der die und y e va و از در به برای 's s "
        "ltd llc inc co company corporation corp limited plc gmbh sa pjsc"
    ).split()
)
_ORDINAL: Final = re.compile(r"^(\d+)(?:st|nd|rd|th)$")
_WORDS: Final = {"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "اول": "1", "دوم": "2"}
_ALIKE: Final = 0.8  # similarity of two words of one key that are one word in two spellings


@dataclass(frozen=True, slots=True)
class BodyMatch:
    """A score with the words that met and those that did not."""

    score: float
    met: tuple[tuple[str, str], ...]
    alone: tuple[str, ...]


@lru_cache(maxsize=1 << 17)
def words_of_body(name: str) -> tuple[str, ...]:
    """The words that tell something, as phones, in order, each once; a name of empty words only keeps them."""
    words = [_plain(word) for word in fold(name.replace("&", " and ").replace(".", " ")).split()]
    kept = [word for word in words if word not in _EMPTY] or words
    return tuple(dict.fromkeys(phones(word) for word in kept if word))


def _plain(word: str) -> str:
    word = word.removesuffix("'s").replace("'", "")
    ordinal = _ORDINAL.match(word)
    return ordinal[1] if ordinal else _WORDS.get(word, word)


def rarities(names: Iterable[str]) -> Mapping[str, float]:
    """How much a word tells, by its key: the logarithm of how few names have it."""
    counts: Counter[str] = Counter()
    total = 0
    for name in names:
        total += 1
        counts.update({key(word) for word in words_of_body(name)})
    return {word: math.log(1 + total / count) for word, count in counts.items()}


def compare_bodies(one: str, other: str, rarity: Mapping[str, float]) -> BodyMatch:
    """Compare two names: twice what is shared, by what all words of both tell."""
    left, right = words_of_body(one), words_of_body(other)
    if _numbers(left) != _numbers(right):
        return BodyMatch(0.0, (), (*left, *right))
    free = list(right)
    met: list[tuple[str, str]] = []
    shared = 0.0
    for word in left:
        found = _counterpart(word, free)
        if found is not None:
            free.remove(found)
            met.append((word, found))
            shared += _tells(word, rarity) + _tells(found, rarity)
    total = sum(_tells(word, rarity) for word in (*left, *right))
    matched = {word for word, _ in met}
    alone = (*(word for word in left if word not in matched), *free)
    return BodyMatch(shared / total if total else 0.0, tuple(met), alone)


def _counterpart(word: str, free: Sequence[str]) -> str | None:
    if word in free:
        return word
    own = key(word)
    near = [other for other in free if key(other) == own and _one_word(word, other)]
    return max(near, key=lambda other: (Levenshtein.normalized_similarity(word, other), other), default=None)


def _one_word(word: str, other: str) -> bool:
    # across scripts letters cannot be compared one by one; the consonants agree, which is what there is
    if is_persian(word) != is_persian(other):
        return True
    return Levenshtein.normalized_similarity(word, other) >= _ALIKE


def _tells(word: str, rarity: Mapping[str, float]) -> float:
    return rarity.get(key(word), 1.0)


def _numbers(words: Sequence[str]) -> frozenset[str]:
    return frozenset(word for word in words if word.isdigit())
