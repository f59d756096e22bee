"""Scores of name pairs of any link type; the same numbers whichever engine asks, and in whatever portions.

In: two lists of names with their types, index pairs. Out: scores in [0, 1] as float64. A name is prepared once for each
portion; no sum depends on which other pairs are in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dadkhah.linking.batch.linktypes import domain_of
from dadkhah.linking.batch.organisations import compare_bodies
from dadkhah.linking.edit import Ints
from dadkhah.linking.names import score
from dadkhah.linking.prepared import prepare

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scorer:
    """What scoring needs of both sides; picklable, so that it can go to other machines.

    Attributes:
        ours, theirs: names by number.
        types: the link type of each of our names; a pair is of one type by its key.
        rarity: what words of bodies tell.
    """

    ours: Sequence[str]
    theirs: Sequence[str]
    types: Sequence[str]
    rarity: Mapping[str, float]

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
            x, left = np.unique(lefts, return_inverse=True)
            y, right = np.unique(rights, return_inverse=True)
            a = prepare([self.ours[number] for number in x.tolist()], domain)
            b = prepare([self.theirs[number] for number in y.tolist()], domain)
            return score(a, b, left.astype(np.int32), right.astype(np.int32), domain).scores.astype(np.float64)

        return judge
