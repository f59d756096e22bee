"""Learn a head: penalised logistic regression by Newton steps.

In: rows of `features` with labels. Out: a `Head`. Knots are quantiles of the training rows; terms that never vary get
no weight. Deterministic.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from dadkhah.linking.edit import Floats
from dadkhah.linking.features import FEATURES
from dadkhah.linking.head import Head, terms

_STEPS: Final = 25


@dataclass(frozen=True, slots=True)
class Plan:
    """What a head may use: features, products of some of them, and how strongly weights are held near 0.

    `strength` is the inverse variance of a weight's prior, for terms and for products.
    """

    features: tuple[str, ...]
    products: tuple[str, ...]
    knots: int
    strength: float
    product_strength: float


_PRODUCTS: Final = (
    "worst_word", "worst_cost", "open_more", "open_less", "aligned_symbols", "words_less", "last_cost", "last_open",
    "first_open", "total", "titles", "order", "known_least", "shared_rarity", "worst_rarity",
)  # fmt: skip
_FEW: Final = ("total", "worst_word", "open_more", "exact_words")
_NO_LEXICON: Final = tuple(
    name for name in FEATURES if not name.startswith("known") and name not in {"shared_rarity", "worst_rarity"}
)
PLANS: Final = {
    ("PL", "person"): Plan(FEATURES, _PRODUCTS, 4, 20, 50),
    ("LL", "person"): Plan(FEATURES, _PRODUCTS, 4, 20, 50),
    ("PP", "person"): Plan(_FEW, (), 2, 50, 0),
    ("PP", "place"): Plan(_FEW, (), 2, 50, 0),
    ("PL", "place"): Plan(_NO_LEXICON, (), 4, 200, 0),
    ("LL", "place"): Plan(_NO_LEXICON, (), 4, 100, 0),
}


def learn_head(plan: Plan, rows: Floats, same: npt.NDArray[np.bool_]) -> Head:
    """Fit one head; rows (N, F) as `features.features` gives them."""
    head = _unfitted(plan, rows)
    x = np.column_stack([terms(head, rows).astype(np.float64), np.ones(len(rows))])
    y = same.astype(np.float64)
    penalty = np.array([plan.strength] * len(head.feature) + [plan.product_strength] * len(head.first) + [1e-6])
    weights = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        gradient = x.T @ (p - y) + penalty * weights
        curvature = (x * (p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(curvature, gradient)
        weights -= step
        if np.abs(step).max() < 1e-6:
            break
    cut = len(head.feature)
    rounded = np.round(weights, 4).astype(np.float32)
    return replace(head, weight=rounded[:cut], product=rounded[cut:-1], intercept=float(rounded[-1]))


def _unfitted(plan: Plan, rows: Floats) -> Head:
    """Terms without weights: for each feature the plain one and one per distinct quantile."""
    scale = np.round(np.maximum(rows.std(axis=0), 1e-3), 4).astype(np.float32)
    feature: list[int] = []
    knot: list[float] = []
    for name in plan.features:
        number = FEATURES.index(name)
        values = rows[:, number] / scale[number]
        bends = np.unique(np.round(np.quantile(values, np.linspace(0, 1, plan.knots + 2)[1:-1]), 3))
        for bend in (-np.inf, *bends):
            feature.append(number)
            knot.append(float(bend))
    numbers = [FEATURES.index(name) for name in plan.products]
    couples = [(one, other) for place, one in enumerate(numbers) for other in numbers[place + 1 :]]
    first = np.array([one for one, _ in couples], np.int32)
    second = np.array([other for _, other in couples], np.int32)
    empty = np.zeros(0, np.float32)
    return Head(scale, np.array(feature, np.int32), np.array(knot, np.float32), empty, first, second, empty, 0.0)
