"""From evidence to a probability: an additive model whose every term can be shown.

In: rows of `features`. Out: log-odds, and what each feature added to them. A term is a piecewise linear function of one
feature, or the product of two. Learned in `training.heads`; the probability is logistic(log-odds).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dadkhah.linking.edit import Floats, Ints
from dadkhah.linking.features import FEATURES


@dataclass(frozen=True, slots=True)
class Head:
    """The weights for one kind of comparison.

    Attributes:
        scale: (F,) by which each feature is divided.
        feature: (T,) the feature that a term bends.
        knot: (T,) where the term begins to rise, in scaled units; -inf for the plain feature.
        weight: (T,) log-odds per scaled unit.
        first, second: (C,) features whose clipped product is a term.
        product: (C,) its weight.
        intercept: log-odds before any evidence.
    """

    scale: Floats
    feature: Ints
    knot: Floats
    weight: Floats
    first: Ints
    second: Ints
    product: Floats
    intercept: float


def terms(head: Head, rows: Floats) -> Floats:
    """The value of every term: (N, T + C)."""
    scaled = rows / head.scale
    plain = np.isinf(head.knot)
    # of a plain feature nothing is cut off
    bent = np.maximum(
        scaled[:, head.feature] - np.where(plain, 0, head.knot).astype(np.float32),
        np.where(plain, -np.inf, 0).astype(np.float32),
    )
    clipped = np.clip(scaled, -_CLIP, _CLIP)
    return np.concatenate([bent, clipped[:, head.first] * clipped[:, head.second]], axis=1).astype(np.float32)


_CLIP = 4.0
_PASS = 512  # rows whose terms fit the cache


def log_odds(head: Head, rows: Floats) -> Floats:
    """Log-odds that the names of each row are one; the sum of `contributions` and the intercept."""
    # no matrix product: it sums in another order for another number of rows, and a pair is to have one score
    weights = np.concatenate([head.weight, head.product])
    total = np.full(len(rows), head.intercept, np.float64)
    for start in range(0, len(rows), _PASS):
        passed = terms(head, rows[start : start + _PASS])
        total[start : start + _PASS] += np.einsum("nt,t->n", passed, weights, dtype=np.float64)
    bounded: Floats = np.where(_is_beyond(rows), np.minimum(total, _BOUND), total).astype(np.float32)
    return bounded


_BOUND = -2.0  # log-odds of a pair outside what was learned, at most
_LONG = 4  # words of the longer name
_OPEN = 0.5  # share of its letters that nothing stands for


def _is_beyond(rows: Floats) -> npt.NDArray[np.bool_]:
    """Whether a long name is mostly without a counterpart.

    Organisations and events have such names, the labelled pairs of people and places hardly any: there a head knows
    nothing, and its terms point anywhere.
    """
    longer = rows[:, FEATURES.index("words_less")] + rows[:, FEATURES.index("words_difference")]
    return (longer >= _LONG) & (rows[:, FEATURES.index("open_more")] >= _OPEN)


def contributions(head: Head, row: Floats) -> dict[int, float]:
    """What each feature added to the log-odds of one row; a product counts half for either of its features."""
    values = terms(head, row[None, :])[0].astype(float) * np.concatenate([head.weight, head.product])
    found: dict[int, float] = {}
    for feature, value in zip(head.feature.tolist(), values, strict=False):
        found[feature] = found.get(feature, 0.0) + value
    for one, other, value in zip(head.first.tolist(), head.second.tolist(), values[len(head.feature) :], strict=True):
        found[one] = found.get(one, 0.0) + value / 2
        found[other] = found.get(other, 0.0) + value / 2
    if _is_beyond(row[None, :])[0]:
        opened = FEATURES.index("open_more")
        over = head.intercept + sum(found.values()) - _BOUND
        found[opened] = found.get(opened, 0.0) - max(0.0, over)
    return found
