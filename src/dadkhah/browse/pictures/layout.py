"""Where the nodes of a small graph are drawn: a force layout that gives the same picture every time.

In: how many nodes, which are joined, which are seeds. Out: positions in [0, 1] x [0, 1]. Fruchterman and Reingold's
method with a fixed number of rounds, from a start that is computed and not drawn by lot. Cost is rounds x n^2 in
numpy: 300 nodes take about 0.2 s. It must not know what is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]

_ROUNDS = 80
# the turn that spreads points of a spiral most evenly
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
_MARGIN = 0.05


def positions(count: int, joined: Sequence[tuple[int, int]], hops: Sequence[int]) -> list[tuple[float, float]]:
    """Lay out nodes 0 to count - 1.

    Args:
        count: number of nodes.
        joined: pairs of nodes; repeats are welcome and pull no harder.
        hops: links from the nearest seed for each node: the start puts near nodes in the middle.
    """
    if count == 0:
        return []
    if count == 1:
        return [(0.5, 0.5)]
    if all(0 in pair for pair in joined):
        return _ring(count)
    places = _start(hops)
    pairs = np.array(sorted({(min(a, b), max(a, b)) for a, b in joined if a != b}), dtype=np.int64).reshape(-1, 2)
    ideal = 1.0 / math.sqrt(count)
    for turn in range(_ROUNDS):
        heat = 0.1 * (1 - turn / _ROUNDS)
        places = places + _limited(_forces(places, pairs, ideal), heat)
    return [(float(x), float(y)) for x, y in _fit(places)]


def _ring(count: int) -> list[tuple[float, float]]:
    """The first node in the middle and all others around it, neighbours at different distances: names need room."""
    found = [(0.5, 0.5)]
    distances = (0.45,) if count < 9 else (0.45, 0.29) if count < 20 else (0.45, 0.27, 0.36, 0.18)
    for place in range(count - 1):
        angle = 2 * math.pi * (place + 0.5) / (count - 1)
        far = distances[place % len(distances)]
        found.append((round(0.5 + far * 0.95 * math.cos(angle), 4), round(0.5 + far * math.sin(angle), 4)))
    return found


def _start(hops: Sequence[int]) -> Points:
    """A spiral, seeds innermost."""
    order = sorted(range(len(hops)), key=lambda node: (hops[node], node))
    places = np.zeros((len(hops), 2))
    for rank, node in enumerate(order):
        radius = math.sqrt((rank + 0.5) / len(hops)) / 2
        places[node] = (radius * math.cos(rank * _GOLDEN_ANGLE), radius * math.sin(rank * _GOLDEN_ANGLE))
    return places


def _forces(places: Points, pairs: npt.NDArray[np.int64], ideal: float) -> Points:
    """Every two nodes push apart (ideal^2 / d), joined ones pull together (d^2 / ideal)."""
    apart = places[:, None, :] - places[None, :, :]
    squared = np.maximum((apart**2).sum(axis=2), 1e-6)
    push = (apart * (ideal**2 / squared)[:, :, None]).sum(axis=1)
    if len(pairs):
        along = places[pairs[:, 0]] - places[pairs[:, 1]]
        pull = along * (np.sqrt((along**2).sum(axis=1)) / ideal)[:, None]
        np.add.at(push, pairs[:, 0], -pull)
        np.add.at(push, pairs[:, 1], pull)
    # a little gravity, so that parts that are not joined stay on the page
    forces: Points = push - 0.3 * places
    return forces


def _limited(forces: Points, heat: float) -> Points:
    length = np.maximum(np.sqrt((forces**2).sum(axis=1)), 1e-9)
    limited: Points = forces * (np.minimum(length, heat) / length)[:, None]
    return limited


def _fit(places: Points) -> Points:
    low, high = places.min(axis=0), places.max(axis=0)
    scaled = (places - low) / np.maximum(high - low, 1e-9)
    # rounded, so that the last bits of another machine's arithmetic do not change the file
    fitted: Points = np.round(_MARGIN + scaled * (1 - 2 * _MARGIN), 4)
    return fitted
