"""Which word of one name stands for which word of the other.

Words may be in another order and may be written together or apart. In: prepared names, index pairs, costs. Out: for
each pair the chosen units with their edit cost, best gain first. A gain is what pairing two units saves against
leaving both out; pairs are taken greedily by gain, which for names of two to six words finds the best assignment but
for rare ties.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from dadkhah.linking.edit import Costs, Floats, Ints, distances
from dadkhah.linking.prepared import MOST_WORDS, UNITS, Prepared

GAIN_PER_SYMBOL: Final = 0.45  # leaving out a symbol on each side costs about this much in a learned table

# words whose skeletons agree less are not compared letter by letter: on the gold pairs no two words that fit (under a
# quarter per symbol) agree less, and more than half of all unit pairs do
LEAST_ALIKE: Final = 0.34
_DENSE: Final = 16  # numbers of unit pairs there are for each that occurs, up to which a table costs less than sorting


@dataclass(frozen=True, slots=True)
class Alignment:
    """Chosen units of N pairs; up to MOST_WORDS steps each, -1 where a pair has fewer.

    Attributes:
        left: (N, MOST_WORDS) unit positions (below MOST_WORDS a word, else two words together).
        right: the same for the right names.
        cost: (N, MOST_WORDS) edit cost, 0 where no unit.
        size: (N, MOST_WORDS) symbols of the longer of the two units, 0 where no unit.
        left_open: (N, MOST_WORDS) symbols of left words that nothing stands for, 0 where matched or absent.
        right_open: the same for the right names.
    """

    left: Ints
    right: Ints
    cost: Floats
    size: Ints
    left_open: Ints
    right_open: Ints


def align(a: Prepared, b: Prepared, lefts: Ints, rights: Ints, costs: Costs) -> Alignment:
    """Align `a[lefts[k]]` with `b[rights[k]]` for every k."""
    n = len(lefts)
    steps = (n, MOST_WORDS)
    found = Alignment(
        np.full(steps, -1, np.int32),
        np.full(steps, -1, np.int32),
        np.zeros(steps, np.float32),
        np.zeros(steps, np.int32),
        np.zeros(steps, np.int32),
        np.zeros(steps, np.int32),
    )
    shape = a.counts[lefts] * (MOST_WORDS + 1) + b.counts[rights]
    order = np.argsort(shape, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(shape[order])) + 1) if n else []
    cells = [_cells(a, b, lefts[group], rights[group], group) for group in groups]
    keys = np.concatenate([part.keys.ravel() for part in cells]) if cells else np.zeros(0, np.int64)
    distinct, where = _distinct(keys, len(a.words.phones) * len(b.words.phones))
    cost = _edit_costs(a, b, distinct, costs)[where]
    at = 0
    for part in cells:
        _align_group(a, b, part, cost[at : at + part.keys.size].reshape(part.keys.shape), found)
        at += part.keys.size
    return found


def _distinct(keys: npt.NDArray[np.int64], bound: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.intp]]:
    """`np.unique` with the inverse, of numbers below a bound; without sorting where the bound is small."""
    if bound > _DENSE * len(keys):
        return np.unique(keys, return_inverse=True)
    there = np.zeros(bound, bool)
    there[keys] = True
    distinct = np.flatnonzero(there)
    number = np.empty(bound, np.intp)
    number[distinct] = np.arange(len(distinct))
    return distinct, number[keys]


def _unit_positions(words: int) -> Ints:
    """Positions in a row of units that a name of so many words fills."""
    return np.array([*range(words), *range(MOST_WORDS, MOST_WORDS + words - 1)], np.int32)


_OVERLAP: Final = np.zeros((UNITS, UNITS), bool)
_SPAN: Final = [
    {position} if position < MOST_WORDS else {position - MOST_WORDS, position - MOST_WORDS + 1}
    for position in range(UNITS)
]
for _one in range(UNITS):
    for _other in range(UNITS):
        _OVERLAP[_one, _other] = bool(_SPAN[_one] & _SPAN[_other])
_COVERS: Final = np.array([[word in _SPAN[unit] for word in range(MOST_WORDS)] for unit in range(UNITS)])


@dataclass(frozen=True, slots=True)
class _Cells:
    """The unit pairs that compete, for pairs of names that agree in the number of words on each side.

    `p`, `q` are the unit positions of the two sides; cell c pairs `p[i[c]]` with `q[j[c]]`; `x`, `y` are the vocabulary
    numbers, (names, units); `keys` one number per unit pair, (names, cells).
    """

    group: npt.NDArray[np.intp]
    p: Ints
    q: Ints
    i: npt.NDArray[np.intp]
    j: npt.NDArray[np.intp]
    x: Ints
    y: Ints
    keys: npt.NDArray[np.int64]


def _cells(a: Prepared, b: Prepared, lefts: Ints, rights: Ints, group: npt.NDArray[np.intp]) -> _Cells:
    p, q = _unit_positions(int(a.counts[lefts[0]])), _unit_positions(int(b.counts[rights[0]]))
    x, y = a.units[lefts][:, p], b.units[rights][:, q]
    allowed = ~((p >= MOST_WORDS)[:, None] & (q >= MOST_WORDS)[None, :])
    cells = np.flatnonzero(allowed.ravel())
    i, j = cells // max(1, len(q)), cells % max(1, len(q))
    keys = x[:, i].astype(np.int64) * len(b.words.phones) + y[:, j]
    return _Cells(group, p, q, i, j, x, y, keys)


def _edit_costs(a: Prepared, b: Prepared, keys: npt.NDArray[np.int64], costs: Costs) -> Floats:
    """Edit costs of distinct unit pairs; those whose skeletons have too little in common are not computed."""
    size = max(1, len(b.words.phones))
    x, y = (keys // size).astype(np.int32), (keys % size).astype(np.int32)
    alike = process.cpdist(
        a.skeletons[x].tolist(), b.skeletons[y].tolist(), scorer=Levenshtein.normalized_similarity, dtype=np.float32
    )
    near = np.flatnonzero(alike >= LEAST_ALIKE)
    result = np.full(len(keys), np.inf, np.float32)
    result[near] = distances(a.words, b.words, x[near], y[near], costs)
    return result


def _align_group(a: Prepared, b: Prepared, cells: _Cells, cost: Floats, found: Alignment) -> None:
    """Choose units for pairs that agree in the number of words on each side; `cost` is (names, cells)."""
    group, p, q, i, j = cells.group, cells.p, cells.q, cells.i, cells.j
    left_words, right_words = int((p < MOST_WORDS).sum()), int((q < MOST_WORDS).sum())
    x_size, y_size = a.words.lengths[cells.x], b.words.lengths[cells.y]
    gain = GAIN_PER_SYMBOL * (x_size[:, i] + y_size[:, j]) - cost
    rows = np.arange(len(group))
    left_used = np.zeros((len(group), MOST_WORDS), bool)
    right_used = np.zeros((len(group), MOST_WORDS), bool)
    left_blocks, right_blocks = _OVERLAP[p][:, p[i]], _OVERLAP[q][:, q[j]]
    for step in range(min(left_words, right_words) if len(i) else 0):
        best = np.argmax(gain, axis=1)
        live = gain[rows, best] > 0
        if not live.any():
            break
        r, cell = rows[live], best[live]
        target = group[live]
        found.left[target, step], found.right[target, step] = p[i[cell]], q[j[cell]]
        found.cost[target, step] = cost[r, cell]
        found.size[target, step] = np.maximum(x_size[r, i[cell]], y_size[r, j[cell]])
        left_used[r] |= _COVERS[p[i[cell]]]
        right_used[r] |= _COVERS[q[j[cell]]]
        gain[r] = np.where(left_blocks[i[cell]] | right_blocks[j[cell]], -np.inf, gain[r])
    found.left_open[group[:, None], np.arange(left_words)] = np.where(
        left_used[:, :left_words], 0, x_size[:, :left_words]
    )
    found.right_open[group[:, None], np.arange(right_words)] = np.where(
        right_used[:, :right_words], 0, y_size[:, :right_words]
    )
