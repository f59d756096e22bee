"""Which labels of the index hold words that may stand for those of a query, and how much of it they cover.

In: per word of the query its likenesses. Out: label numbers with the share of the query that each covers, best first.
Nothing is compared letter by letter here, and nothing is decided: the best are scored as pairs of names.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from dadkhah.linking.edit import Floats, Ints
from dadkhah.linking.index.arrays import Lists
from dadkhah.linking.index.similar import Likeness

_POSTINGS: Final = 10_000  # labels looked at per query; the rarest words come first: twice as many find no more
_MENTIONS: Final = 60_000  # labels looked at per word of the query, those with the nearest spellings first
# of the share covered, for each word that a label has beyond those of the query: of equally covered labels those with
# fewer words are looked at first
_LONGER: Final = 0.1
# the same while a name is typed, which has words to come
TO_COME: Final = 0.03
MOST_TO_COME: Final = 3


class Proposals:
    """The labels by their words; safe to use from several threads."""

    def __init__(self, postings: Lists, counts: Ints) -> None:
        """Take the labels of each word, and the number of words of each label."""
        self._postings = postings
        self._counts = counts
        self._spare: list[Floats] = []  # one number per label, all 0; as many as searches ran at once

    def best(self, alike: list[Likeness], most: int, *, typing: bool) -> tuple[Ints, Floats]:
        """The labels that cover most of the query, with the share that they cover, best first."""
        sizes = [self._postings.sizes(part.words) for part in alike]
        # a word weighs what finding it tells: the fewer labels have it, the more
        weight = np.array(
            [
                np.log1p(len(self._counts) / (1.0 + (part.values * size).sum()))
                for part, size in zip(alike, sizes, strict=True)
            ],
            np.float32,
        )
        weight /= max(float(weight.sum()), 1e-6)
        labels = self._touched(alike, sizes)
        if not len(labels):
            return labels, np.zeros(0, np.float32)
        covered = self._covered(labels, alike, weight)
        value = covered - longer(self._counts[labels], len(alike), typing=typing)
        if len(labels) > most:
            # all of those that are as good as the last one, so that none is taken by chance
            least = np.partition(value, len(value) - most)[len(value) - most]
            near = np.flatnonzero(value >= least)
            labels, covered, value = labels[near], covered[near], value[near]
        order = np.lexsort((labels, self._counts[labels], -value))[:most]
        return labels[order], covered[order]

    def _covered(self, labels: Ints, alike: list[Likeness], weight: Floats) -> Floats:
        """The share of the query that each label has, by the weight of its words."""
        covered = np.zeros(len(labels), np.float32)
        best = self._spare.pop() if self._spare else np.zeros(len(self._counts), np.float32)
        for part, share in zip(alike, weight, strict=True):
            order = np.argsort(-part.values, kind="stable")
            sizes = self._postings.sizes(part.words[order])
            fits = max(1, int(np.searchsorted(np.cumsum(sizes), _MENTIONS, "right")))
            nearest = order[:fits][::-1]  # the nearest spelling is written last and stays
            rows = self._postings.joined(part.words[nearest])
            best[rows] = np.repeat(part.values[nearest], sizes[:fits][::-1])
            covered += share * best[labels]
            best[rows] = 0
        self._spare.append(best)
        return covered

    def _touched(self, alike: list[Likeness], sizes: list[np.ndarray]) -> Ints:
        """Labels that hold the rarest words of the query, up to a bound, nearest spellings first."""
        budget = _POSTINGS
        found: list[Ints] = []
        for place in sorted(range(len(alike)), key=lambda n: int(sizes[n].sum())):
            part, size = alike[place], sizes[place]
            order = np.argsort(-part.values, kind="stable")
            if found and int(size.sum()) > budget:
                break
            fits = max(1, int(np.searchsorted(np.cumsum(size[order]), budget, "right")))
            taken = part.words[order[:fits]]
            found.append(self._postings.joined(taken))
            budget -= len(found[-1])
            if budget <= 0:
                break
        # a mask instead of sorting: a third of the time
        mask = np.zeros(len(self._counts), bool)
        for labels in found:
            mask[labels] = True
        return np.flatnonzero(mask).astype(np.int32)


def longer(counts: Ints, asked: int, *, typing: bool) -> Floats:
    """What labels of so many words lose of their share, being longer than a query of so many words."""
    beyond = np.maximum(counts - asked, 0)
    if typing:
        beyond = np.minimum(beyond, MOST_TO_COME)
    return (beyond * (TO_COME if typing else _LONGER)).astype(np.float32)
