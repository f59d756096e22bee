"""Learn the edit costs: logistic regression over the operations of the cheapest way.

In: word pairs with labels, base costs. Out: costs by symbol (letter and place). The probability that two words stand
for one name is logistic(bias + slope × size − cost); the cheapest way is found anew before every step (as in a latent
perceptron), and its operations are the features. A letter's cost is shared by its places; each place adds its own part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from dadkhah.linking.edit import Costs, Floats, Ints, Operations, Words, encode, operations
from dadkhah.linking.symbols import LETTERS, PLACES, SYMBOLS
from dadkhah.linking.training.corpus import WordPairs
from dadkhah.linking.training.start import BaseCosts

_RATE: Final = 0.08
_HIGHEST: Final = 3.0
_PULL: Final = 2e-4  # towards the starting cost, so that unseen letters keep it


@dataclass(slots=True)
class Weights:
    """What is learned: letter costs, place costs, and bias and slope for cross-script (0) and Latin (1) pairs."""

    base: BaseCosts
    swap: Floats
    gap: Floats
    head: Floats

    def costs(self) -> Costs:
        """The cost tables over symbols."""
        letter = np.arange(SYMBOLS) // PLACES
        swap = np.clip(self.base.swap[letter][:, letter] + self.swap, 0.0, _HIGHEST).astype(np.float32)
        swap[letter[:, None] == letter[None, :]] = 0.0
        gap = np.clip(self.base.gap[letter] + self.gap, 0.02, _HIGHEST).astype(np.float32)
        pair = np.maximum(self.base.pair[letter], 0.0).astype(np.float32)
        return Costs(swap, gap, pair)


def start(base: BaseCosts) -> Weights:
    """Weights before learning."""
    return Weights(
        BaseCosts(base.swap.copy(), base.gap.copy(), base.pair.copy()),
        np.zeros((SYMBOLS, SYMBOLS), np.float32),
        np.zeros(SYMBOLS, np.float32),
        np.array([[0.5, 0.25], [0.5, 0.15]], np.float32),
    )


def learn(pairs: WordPairs, base: BaseCosts, *, epochs: int, seed: int, batch: int = 4096) -> Weights:
    """Fit the costs by AdaGrad; deterministic for one seed. Cost about a second per epoch and 100,000 word pairs."""
    weights = start(base)
    left, left_rows = _encode_unique(pairs.left)
    right, right_rows = _encode_unique(pairs.right)
    size = np.maximum(left.lengths[left_rows], right.lengths[right_rows]).astype(np.float32)
    latin = pairs.latin.astype(np.int32)
    share = pairs.same.mean()
    importance = np.where(pairs.same > 0, 0.5 / share, 0.5 / (1 - share)).astype(np.float32)
    squares = [np.full_like(table, 1e-6) for table in _tables(weights)]
    random = np.random.default_rng(seed)
    for _ in range(epochs):
        order = random.permutation(len(size))
        for at in range(0, len(order), batch):
            k = np.sort(order[at : at + batch])
            costs = weights.costs()
            total, done = operations(left, right, left_rows[k], right_rows[k], costs)
            z = weights.head[latin[k], 0] + weights.head[latin[k], 1] * size[k] - total
            error = ((1 / (1 + np.exp(-z)) - pairs.same[k]) * importance[k]).astype(np.float32)
            gradients = _gradients(weights, left, right, left_rows[k], right_rows[k], done, error)
            head = [np.bincount(latin[k], error * factor, 2) for factor in (1, size[k])]
            _step(weights, base, squares, gradients, np.stack(head, axis=1))
    return weights


def _encode_unique(words: tuple[str, ...]) -> tuple[Words, Ints]:
    number = {word: n for n, word in enumerate(dict.fromkeys(words))}
    return encode(list(number)), np.array([number[word] for word in words], np.int32)


def _tables(weights: Weights) -> list[Floats]:
    return [weights.base.swap, weights.base.gap, weights.base.pair, weights.swap, weights.gap, weights.head]


def _gradients(
    weights: Weights, left: Words, right: Words, lefts: Ints, rights: Ints, done: Operations, error: Floats
) -> list[Floats]:
    """Sum the error over every operation used, per cost."""
    i, j = done.left - 1, done.right - 1
    x = left.symbols[lefts[done.owner], i]
    y = right.symbols[rights[done.owner], j]
    pull = -error[done.owner]
    base_swap, base_gap, base_pair = (np.zeros_like(table) for table in _tables(weights)[:3])
    swap, gap = np.zeros_like(weights.swap), np.zeros_like(weights.gap)
    for kind, table, symbol in ((1, gap, x), (2, gap, y)):
        on = done.kind == kind
        np.add.at(table, symbol[on], pull[on])
    base_gap += gap.reshape(len(LETTERS), PLACES).sum(axis=1)
    on = done.kind == 0
    np.add.at(swap, (x[on], y[on]), pull[on])
    swap += swap.T
    base_swap += swap.reshape(len(LETTERS), PLACES, len(LETTERS), PLACES).sum(axis=(1, 3))
    on = done.kind == 3
    np.add.at(base_pair, (x[on] // PLACES, right.pairs[rights[done.owner[on]], j[on]]), pull[on])
    on = done.kind == 4
    np.add.at(base_pair, (y[on] // PLACES, left.pairs[lefts[done.owner[on]], i[on]]), pull[on])
    return [base_swap, base_gap, base_pair, swap, gap]


def _step(weights: Weights, start_at: BaseCosts, squares: list[Floats], found: list[Floats], head: Floats) -> None:
    """One AdaGrad step, with a pull of every cost towards where it began."""
    begun: list[Floats] = [start_at.swap, start_at.gap, start_at.pair, *(np.zeros(1, np.float32),) * 2]
    for n, (table, gradient) in enumerate(zip(_tables(weights), [*found, head], strict=True)):
        step = gradient
        if n < len(begun):
            with np.errstate(invalid="ignore"):
                step = gradient + _PULL * len(LETTERS) * np.nan_to_num(table - begun[n])
        squares[n] += step * step
        table[...] -= _RATE * (0.5 if n in {3, 4} else 1.0) * step / np.sqrt(squares[n] + 1e-4)
    np.clip(weights.base.swap, 0.0, _HIGHEST, out=weights.base.swap)
    np.clip(weights.base.gap, 0.02, _HIGHEST, out=weights.base.gap)
    weights.base.pair[:] = np.maximum(weights.base.pair, 0.0)
