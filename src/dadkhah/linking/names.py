"""Scores of name pairs in [0, 1], many at once, each of which can be opened up.

In: names (or prepared names with index pairs) and a domain. Out: probabilities that the two names are one name. The
same arithmetic serves one pair and a million; what a score rests on is kept as numbers and put into words only when
asked (`explain`), so the explanation is exact for the score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dadkhah.linking.alignment import Alignment, align
from dadkhah.linking.edit import Floats, Ints
from dadkhah.linking.features import features
from dadkhah.linking.head import log_odds
from dadkhah.linking.model import Model, default_model
from dadkhah.linking.prepared import Prepared, prepare
from dadkhah.linking.recorded import default_places

_BLOCK: Final = 16384  # pairs per pass: large enough that common words are compared once
NOTHING: Final = -30.0  # log-odds where a name has no letters: there is nothing to compare
RECORDED: Final = 3.0  # log-odds, at least, where a published list gives one place both names
TYPES: Final = ("LL", "PL", "PP")  # by how many of the two names are Persian


@dataclass(frozen=True, slots=True)
class Block:
    """What the scores of one pass rest on: alignment, features (N, F), which type each pair is, whether recorded."""

    lefts: Ints
    rights: Ints
    alignment: Alignment
    rows: Floats
    kinds: Ints
    recorded: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ScoredPairs:
    """Scores of N pairs, in order, with what they rest on; `explain.explain` opens one of them."""

    scores: Floats
    a: Prepared
    b: Prepared
    domain: str
    model: Model
    blocks: tuple[Block, ...]

    def place(self, pair: int) -> tuple[Block, int]:
        """The block of a pair and its row therein."""
        return self.blocks[pair // _BLOCK], pair % _BLOCK


def score(
    a: Prepared, b: Prepared, lefts: Ints, rights: Ints, domain: str = "person", model: Model | None = None
) -> ScoredPairs:
    """Score `a[lefts[k]]` against `b[rights[k]]` for every k; 15 to 30 µs a pair."""
    model = model or default_model()
    result = np.zeros(len(lefts), np.float32)
    one_place = _of_one_place(a, b, lefts, rights, domain, model)
    blocks = []
    for start in range(0, len(lefts), _BLOCK):
        x, y = lefts[start : start + _BLOCK], rights[start : start + _BLOCK]
        found = align(a, b, x, y, model.costs)
        rows = features(a, b, x, y, found, model.lexicon)
        kinds: Ints = a.persian[x].astype(np.int32) + b.persian[y]
        for kind, name in enumerate(TYPES):
            on = np.flatnonzero(kinds == kind)
            if len(on):
                odds = log_odds(model.head(name, domain), rows[on])
                odds = np.where(one_place[start + on], np.maximum(odds, RECORDED), odds)
                odds[(a.counts[x[on]] == 0) | (b.counts[y[on]] == 0)] = NOTHING
                result[start + on] = 1 / (1 + np.exp(-odds))
        blocks.append(Block(x, y, found, rows, kinds, one_place[start : start + _BLOCK]))
    return ScoredPairs(result, a, b, domain, model, tuple(blocks))


def _of_one_place(
    a: Prepared, b: Prepared, lefts: Ints, rights: Ints, domain: str, model: Model
) -> npt.NDArray[np.bool_]:
    """Whether a published list gives one place both names."""
    if domain != "place" or not (a.marks[:, 1].any() and b.marks[:, 1].any()):
        return np.zeros(len(lefts), bool)
    known = default_places()
    left = known.of(a, model.costs)
    right = left if a is b else known.of(b, model.costs)
    found: npt.NDArray[np.bool_] = (left[lefts] >= 0) & (left[lefts] == right[rights])
    return found


def score_pairs(pairs: Sequence[tuple[str, str]], domain: str = "person", model: Model | None = None) -> ScoredPairs:
    """Score pairs of names as they are written; each distinct name is prepared once."""
    number: dict[str, int] = {}
    rows = [[number.setdefault(name, len(number)) for name in pair] for pair in pairs]
    ready = prepare(list(number), domain)
    lefts, rights = np.array(rows, np.int32).reshape(-1, 2).T
    return score(ready, ready, np.ascontiguousarray(lefts), np.ascontiguousarray(rights), domain, model)
