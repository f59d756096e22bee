"""Evidence for and against two names being one, as a table of numbers.

In: aligned names. Out: one row per pair, columns of `FEATURES`. Every number can be said in words (`explain`); nothing
here depends on which names they are, only on how they differ.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from dadkhah.linking.alignment import Alignment
from dadkhah.linking.edit import Floats, Ints
from dadkhah.linking.lexicon import Lexicon, agreement, look_up
from dadkhah.linking.prepared import MOST_WORDS, Prepared

FEATURES: Final = (
    "worst_word",  # cost per symbol of the aligned word that fits worst
    "worst_cost",  # its whole cost
    "second_word",  # cost per symbol of the next worst
    "mean_cost",  # cost of all aligned words per symbol
    "best_word",  # cost per symbol of the word that fits best
    "open_less",  # share of symbols without a counterpart, in the name where it is smaller
    "open_more",  # the same in the other name
    "open_less_symbols",  # the same as numbers of symbols
    "open_more_symbols",
    "aligned_symbols",  # symbols of all aligned words
    "aligned_share",  # share of the shorter name that is aligned
    "aligned_words",
    "words_less",  # words of the name with fewer words
    "words_difference",
    "last_cost",  # cost per symbol of the unit that holds the last word, the mean of both sides
    "last_open",  # how many of the two last words have no counterpart
    "first_open",  # how many of the two first words have no counterpart
    "first_cost",
    "order",  # whether aligned words stand in another order
    "joined",  # how many units are two words written as one
    "titles",  # whether exactly one of the names carries a title
    "generic",  # whether exactly one says what kind of place it is
    "exact_words",  # aligned words with cost below a hundredth per symbol
    "known_words",  # aligned words of which both spellings are known
    "known_least",  # the least share of names on which two known spellings agree; 1 where none is known
    "known_apart",  # aligned known words that were never seen to stand for one name
    "shared_rarity",  # rarity of the rarest word that both names have
    "worst_rarity",  # rarity of the aligned word that fits worst
    "total",  # all costs and open symbols, per symbol
)


def features(a: Prepared, b: Prepared, lefts: Ints, rights: Ints, found: Alignment, lexicon: Lexicon) -> Floats:
    """Describe N aligned pairs; shape (N, len(FEATURES))."""
    n = len(lefts)
    rows = np.arange(n)
    on = found.left >= 0
    size = np.maximum(found.size, 1)
    rate = np.where(on, found.cost / size, 0.0).astype(np.float32)
    ranked = -np.sort(-rate, axis=1)
    aligned = found.size.sum(axis=1)
    cost = found.cost.sum(axis=1)
    left_open, right_open = found.left_open.sum(axis=1), found.right_open.sum(axis=1)
    left_size = _symbols(a, lefts)
    right_size = _symbols(b, rights)
    left_share = left_open / np.maximum(left_size, 1)
    right_share = right_open / np.maximum(right_size, 1)
    words = on.sum(axis=1)
    a_words, b_words = a.counts[lefts], b.counts[rights]
    left_last, left_last_open = _at(found.left, found.left_open, rate, np.maximum(a_words - 1, 0), rows)
    right_last, right_last_open = _at(found.right, found.right_open, rate, np.maximum(b_words - 1, 0), rows)
    zero = np.zeros(n, np.int32)
    left_first, left_first_open = _at(found.left, found.left_open, rate, zero, rows)
    right_first, right_first_open = _at(found.right, found.right_open, rate, zero, rows)
    open_cost = 0.45 * (left_open + right_open)
    known = _known(a, b, lefts, rights, found, rate, lexicon)
    columns = [
        ranked[:, 0], (found.cost * (rate == ranked[:, :1])).max(axis=1), ranked[:, 1],
        cost / np.maximum(aligned, 1), np.where(on, rate, 9).min(axis=1).clip(0, 1),
        np.minimum(left_share, right_share), np.maximum(left_share, right_share),
        np.minimum(left_open, right_open), np.maximum(left_open, right_open),
        aligned, 1 - np.minimum(left_share, right_share), words,
        np.minimum(a_words, b_words), np.abs(a_words - b_words),
        (left_last + right_last) / 2, left_last_open + right_last_open,
        left_first_open + right_first_open, (left_first + right_first) / 2,
        _crossed(found), ((found.left >= MOST_WORDS) | (found.right >= MOST_WORDS)).sum(axis=1),
        *(a.marks[lefts] != b.marks[rights]).T,
        (on & (rate < 0.01)).sum(axis=1), *known, (cost + open_cost) / (aligned + open_cost + 1),
    ]  # fmt: skip
    return np.stack(columns, axis=1).astype(np.float32)


def _known(
    a: Prepared, b: Prepared, lefts: Ints, rights: Ints, found: Alignment, rate: Floats, lexicon: Lexicon
) -> tuple[np.ndarray, ...]:
    """The columns that rest on the lexicon."""
    on = found.left >= 0
    # only of the words that met: two steps of six
    row, step = np.nonzero(on)
    x, y = a.units[lefts[row], found.left[row, step]], b.units[rights[row], found.right[row, step]]
    left, right = look_up(lexicon, a.keys), look_up(lexicon, b.keys)
    both, same, rarity = np.zeros(on.shape, bool), np.zeros(on.shape, np.float32), np.zeros(on.shape, np.float32)
    both[row, step], same[row, step] = agreement(left, right, x, y)
    rarity[row, step] = np.minimum(left.rarity[x], right.rarity[y])
    worst = np.argmax(np.where(on, rate, -1), axis=1)
    return (
        both.sum(axis=1),
        np.where(both, same, 1).min(axis=1),
        (both & (same < 0.02)).sum(axis=1),
        np.where(on & (rate < 0.1), rarity, 0).max(axis=1),
        np.where(on, rarity, 0)[np.arange(len(lefts)), worst],
    )


def _symbols(names: Prepared, chosen: Ints) -> Ints:
    words = names.units[chosen][:, :MOST_WORDS]
    sizes: Ints = np.where(words >= 0, names.words.lengths[words], 0).sum(axis=1)
    return sizes


def _at(units: Ints, opened: Ints, rate: Floats, word: Ints, rows: np.ndarray) -> tuple[Floats, Ints]:
    """Cost per symbol of the unit that covers a word, and whether nothing covers it."""
    covers = (
        (units == word[:, None]) | (units == MOST_WORDS + word[:, None]) | (units == MOST_WORDS + word[:, None] - 1)
    )
    covers &= units >= 0
    covers &= ~((units == MOST_WORDS + word[:, None] - 1) & (word[:, None] == 0))
    return np.where(covers, rate, 0).sum(axis=1), (opened[rows, word] > 0).astype(np.int32)


def _start(units: Ints) -> Ints:
    return np.where(units >= MOST_WORDS, units - MOST_WORDS, units)


def _crossed(found: Alignment) -> np.ndarray:
    """Whether any two aligned units stand in another order on the two sides."""
    left, right, on = _start(found.left), _start(found.right), found.left >= 0
    turned = (left[:, _ONE] - left[:, _OTHER]) * (right[:, _ONE] - right[:, _OTHER]) < 0
    crossed: np.ndarray = np.logical_or.reduce(turned & on[:, _ONE] & on[:, _OTHER], axis=1)
    return crossed


_ONE, _OTHER = np.triu_indices(MOST_WORDS, 1)
