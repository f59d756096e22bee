"""Weighted edit distance for many pairs of words at once.

Five operations: one symbol for one, one left out on either side, one for a pair on either side. In: words as rows of
symbol numbers (`symbols`), and a table of costs. Out: the least total cost per pair, and on request the operations that
make it up. Vectorised over pairs of like left length; the inner loop over columns is a running minimum.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from dadkhah.linking.symbols import numbered

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

_BLOCK: Final = 1024  # pairs per pass: the working set stays in the second-level cache
_FEW: Final = 256  # pairs below which calls cost more than arithmetic: left words of several lengths share a pass
_WIDE: Final = 512  # pairs above which arithmetic costs more than calls


@dataclass(frozen=True, slots=True)
class Costs:
    """Costs of the operations, all at least 0.

    Attributes:
        swap: (symbols, symbols), symmetrical; one symbol for another.
        gap: (symbols,); a symbol that the other word leaves out.
        pair: (symbols, pairs); one symbol for a pair; infinite for pair 0.
    """

    swap: Floats
    gap: Floats
    pair: Floats


@dataclass(frozen=True, slots=True)
class Words:
    """A vocabulary as rows of numbers, padded with 0 to the longest word."""

    phones: Sequence[str]
    symbols: Ints
    pairs: Ints
    lengths: Ints


def encode(words: Sequence[str]) -> Words:
    """Number the phone strings of a vocabulary."""
    rows, doubles, lengths = numbered(words)
    return Words(tuple(words), rows, doubles, lengths)


def distances(left: Words, right: Words, lefts: Ints, rights: Ints, costs: Costs) -> Floats:
    """Least cost of turning `left[lefts[k]]` into `right[rights[k]]`, for every k."""
    result = np.zeros(len(lefts), np.float32)
    heights, widths = left.lengths[lefts], right.lengths[rights]
    order = np.lexsort((widths, heights))
    for start, end in _passes(heights[order]):
        chosen = order[start:end]
        high, wide = heights[chosen], widths[chosen]
        begun = 0
        # a pair's cost stands in the row where its left word ends
        for height, row in enumerate(_table(left, right, lefts[chosen], rights[chosen], costs)):
            if height < high[begun]:
                continue
            ended = int(np.searchsorted(high, height, "right"))
            result[chosen[begun:ended]] = row[wide[begun:ended], np.arange(begun, ended)]
            begun = ended
    return result


def beginnings(word: Words, many: Words, costs: Costs) -> Floats:
    """Least cost of turning a word into the first letters of each of the others, none to all: (letters + 1, words)."""
    count = len(many.lengths)
    numbers = np.arange(count, dtype=np.int32)
    row = np.zeros((1, count), np.float32)
    for row in _table(word, many, np.zeros(count, np.int32), numbers, costs):  # noqa: B007 - the last one is wanted
        pass
    return row


def _passes(heights: Ints) -> Iterator[tuple[int, int]]:
    """Stretches of pairs in ascending order of left length: equally long ones, few of several lengths together."""
    start = 0
    cuts = [*(np.flatnonzero(np.diff(heights)) + 1).tolist(), len(heights)]
    for cut in cuts:
        if cut - start >= _FEW or cut == len(heights):
            for begin in range(start, cut, _BLOCK):
                yield begin, min(cut, begin + _BLOCK)
            start = cut


def _table(left: Words, right: Words, lefts: Ints, rights: Ints, costs: Costs) -> Iterator[Floats]:
    """Rows of the dynamic programme, each (columns, pairs), beginning with that of no left symbol.

    Pairs run along the last axis, so that every operation is one pass over contiguous memory. Rows beyond the end of a
    shorter left word mean nothing for it.
    """
    height = int(left.lengths[lefts].max(initial=0))
    width = int(right.lengths[rights].max(initial=0))
    a, a2 = _columns(left.symbols, lefts, height), _columns(left.pairs, lefts, height)
    b, b2 = _columns(right.symbols, rights, width), _columns(right.pairs, rights, width)
    count, kinds = np.int32(costs.pair.shape[1]), np.int32(costs.swap.shape[0])
    total = np.zeros((width + 1, len(lefts)), np.float32)
    np.cumsum(costs.gap[b], axis=0, out=total[1:])
    swap, pair = costs.swap.ravel(), costs.pair.ravel()
    b_by_pair = b * count
    yield total
    above = before = total
    for i in range(height):
        letter = a[i]
        row = above + costs.gap[letter]
        if width:
            np.minimum(row[1:], above[:-1] + swap.take(b + letter * kinds), out=row[1:])
            if width > 1:
                np.minimum(row[2:], above[:-2] + pair.take(b2[1:] + letter * count), out=row[2:])
            if i:
                np.minimum(row[1:], before[:-1] + pair.take(b_by_pair + a2[i]), out=row[1:])
            row -= total
            row = _running_minimum(row)
            row += total
        before, above = above, row
        yield row


def _running_minimum(rows: Floats) -> Floats:
    """The least of each row and those before it; may change `rows`."""
    if rows.shape[1] > _WIDE:
        for above, row in pairwise(rows):
            np.minimum(above, row, out=row)
        return rows
    step = 1
    while step < len(rows):  # twice as far each time: five calls instead of twenty
        longer = rows.copy()
        np.minimum(rows[step:], rows[:-step], out=longer[step:])
        rows = longer
        step *= 2
    return rows


def _columns(table: Ints, chosen: Ints, width: int) -> Ints:
    """Rows of a table as columns, cut to a width."""
    return np.ascontiguousarray(table[chosen, :width].T)


@dataclass(frozen=True, slots=True)
class Operations:
    """The operations of the cheapest ways, of all pairs together.

    Attributes:
        owner: which pair (position in the request) an operation belongs to.
        kind: 0 one for one, 1 left symbol left out, 2 right symbol left out, 3 one for a pair, 4 a pair for one.
        left: end of the operation in the left word (symbols consumed before and with it).
        right: the same in the right word.
    """

    owner: Ints
    kind: Ints
    left: Ints
    right: Ints


def operations(left: Words, right: Words, lefts: Ints, rights: Ints, costs: Costs) -> tuple[Floats, Operations]:
    """Least costs together with the operations that reach them, last operation first within a pair."""
    total = np.zeros(len(lefts), np.float32)
    found: list[tuple[Ints, Ints, Ints, Ints]] = []
    order = np.argsort(left.lengths[lefts], kind="stable")
    cuts = np.flatnonzero(np.diff(left.lengths[lefts[order]])) + 1
    for group in np.split(order, cuts):
        for start in range(0, len(group), _BLOCK):
            chosen = group[start : start + _BLOCK].astype(np.int32)
            if len(chosen):
                total[chosen] = _trace(left, right, lefts[chosen], rights[chosen], costs, chosen, found)
    columns = [np.concatenate(column) if column else np.zeros(0, np.int32) for column in zip(*found, strict=True)]
    return total, Operations(*columns) if columns else Operations(*(np.zeros(0, np.int32),) * 4)


def _trace(
    left: Words,
    right: Words,
    lefts: Ints,
    rights: Ints,
    costs: Costs,
    owners: Ints,
    found: list[tuple[Ints, Ints, Ints, Ints]],
) -> Floats:
    """Walk back from the end of every table at once; one operation per pair and step."""
    table = np.stack(list(_table(left, right, lefts, rights, costs)))
    a, a2 = left.symbols[lefts], left.pairs[lefts]
    b, b2 = right.symbols[rights], right.pairs[rights]
    i = left.lengths[lefts].copy()
    j = right.lengths[rights].copy()
    n = np.arange(len(lefts))
    total: Floats = table[i, j, n]
    live = (i > 0) | (j > 0)
    while live.any():
        k, ik, jk = n[live], i[live], j[live]
        x, y = a[k, ik - 1], b[k, jk - 1]
        options = np.full((5, len(k)), np.inf, np.float32)
        both, up, back = (ik > 0) & (jk > 0), ik > 0, jk > 0
        options[0, both] = (table[ik - 1, jk - 1, k] + costs.swap[x, y])[both]
        options[1, up] = (table[ik - 1, jk, k] + costs.gap[x])[up]
        options[2, back] = (table[ik, jk - 1, k] + costs.gap[y])[back]
        wide, tall = up & (jk > 1), back & (ik > 1)
        options[3, wide] = (table[ik - 1, jk - 2, k] + costs.pair[x, b2[k, jk - 1]])[wide]
        options[4, tall] = (table[ik - 2, jk - 1, k] + costs.pair[y, a2[k, ik - 1]])[tall]
        kind = np.argmin(options, axis=0).astype(np.int32)
        found.append((owners[live], kind, ik, jk))
        i[live] = ik - _LEFT_STEP[kind]
        j[live] = jk - _RIGHT_STEP[kind]
        live = (i > 0) | (j > 0)
    return total


_LEFT_STEP: Final = np.array([1, 1, 0, 1, 2], np.int32)
_RIGHT_STEP: Final = np.array([1, 0, 1, 2, 1], np.int32)
