"""Scores of name pairs of any link type; the same numbers whichever engine asks, and in whatever portions.

In: two lists of names with their types, index pairs. Out: scores in [0, 1] as float64. A name is prepared once for each
portion; no sum depends on which other pairs are in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import Indel

from dadkhah.linking.batch.linktypes import domain_of
from dadkhah.linking.batch.organisations import compare_bodies
from dadkhah.linking.edit import Ints
from dadkhah.linking.names import score
from dadkhah.linking.normalise import tokens_of
from dadkhah.linking.prepared import prepare, words_of
from dadkhah.linking.skeleton import skeleton
from dadkhah.linking.symbols import phones

Scores = npt.NDArray[np.float64]


# of labelled pairs that are one and score 0.35 or more, 99.4 % are this near in their consonants; of pairs that share a
# key, three in five are not
_NEAR: Final = 0.55


@dataclass(frozen=True, slots=True)
class Scorer:
    """What scoring needs of both sides; picklable, so that it can go to other machines.

    Attributes:
        ours, theirs: names by number.
        types: the link type of each of our names; a pair is of one type by its key.
        rarity: what words of bodies tell.
        bones: the consonants of each name, words in ascending order, so that far pairs need no letter by letter look.
    """

    ours: Sequence[str]
    theirs: Sequence[str]
    types: Sequence[str]
    rarity: Mapping[str, float]
    bones: tuple[Sequence[str], Sequence[str]]

    def scores(self, lefts: Ints, rights: Ints) -> Scores:
        """The scores of pairs, in order."""
        found = np.zeros(len(lefts), np.float64)
        kinds = np.array([self.types[left] for left in lefts.tolist()], object)
        for kind in sorted(set(kinds.tolist())):
            on = np.flatnonzero(kinds == kind)
            judge = self._bodies if kind == "organization" else self._names(domain_of(kind))
            found[on] = judge(lefts[on], rights[on])
        return found

    def _bodies(self, lefts: Ints, rights: Ints) -> Scores:
        pairs = zip(lefts.tolist(), rights.tolist(), strict=True)
        return np.array([compare_bodies(self.ours[x], self.theirs[y], self.rarity).score for x, y in pairs])

    def _names(self, domain: str) -> Callable[[Ints, Ints], Scores]:
        def judge(lefts: Ints, rights: Ints) -> Scores:
            found = np.zeros(len(lefts), np.float64)
            near = _near([self.bones[0][x] for x in lefts.tolist()], [self.bones[1][y] for y in rights.tolist()])
            found[near] = compared(lefts[near], rights[near])
            return found

        def compared(lefts: Ints, rights: Ints) -> Scores:
            x, left = np.unique(lefts, return_inverse=True)
            y, right = np.unique(rights, return_inverse=True)
            a = prepare([self.ours[number] for number in x.tolist()], domain)
            b = prepare([self.theirs[number] for number in y.tolist()], domain)
            return score(a, b, left.astype(np.int32), right.astype(np.int32), domain).scores.astype(np.float64)

        return judge


def bones_of(names: Sequence[str], types: Sequence[str]) -> list[str]:
    """The consonants of each name, words in ascending order; empty for bodies, which are compared in another way."""
    return [
        ""
        if kind == "organization"
        else "".join(sorted(skeleton(phones(word)) for word in words_of(tokens_of(name, domain_of(kind)))))
        for name, kind in zip(names, types, strict=True)
    ]


def _near(lefts: Sequence[str], rights: Sequence[str]) -> np.ndarray:
    alike = process.cpdist(lefts, rights, scorer=Indel.normalized_similarity, dtype=np.float32)
    return np.flatnonzero(alike >= _NEAR)
