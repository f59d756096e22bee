"""Where the nodes of a small graph are drawn: the same picture every time, and no name on another.

In: the room that the name of each node takes, which nodes are joined, how far each is from a seed. Out: positions and
the size of a picture that holds them with their names. Fruchterman and Reingold's method with a fixed number of rounds,
from a start that is computed and not drawn by lot; then each node with its name takes the free place nearest to it.
Cost is rounds x n^2 in numpy: of CPU 60 nodes take 10 to 15 ms, 300 take 270. It must not know what is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
Joined = Sequence[tuple[int, int]]

_ROUNDS = 80
# the turn that spreads points of a spiral most evenly
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
# a wider picture is shown smaller, so that only many nodes get one
_WIDTH, _WIDER, _MANY = 960, 1280, 80
_LEAST_HEIGHT, _EDGE, _ABOVE = 260, 8, 12
# room around a box; how much of a picture boxes may fill to begin with
_GAP_X, _GAP_Y, _FILL = 8.0, 4.0, 0.42
# steps from a place that is taken, the nearest first: a spiral with a step for each 50 square units, wider than high
_STEPS = np.arange(16_000)
_SPIRAL = np.stack([np.cos(_STEPS * _GOLDEN_ANGLE) * 1.25, np.sin(_STEPS * _GOLDEN_ANGLE) * 0.8], axis=1)
_SPIRAL *= 4 * np.sqrt(_STEPS)[:, None]


@dataclass(frozen=True, slots=True)
class Layout:
    """Positions of nodes in a picture of `width` x `height`; names stand below them."""

    points: tuple[tuple[int, int], ...]
    width: int
    height: int


def layout(names: Sequence[tuple[float, float]], joined: Joined, hops: Sequence[int]) -> Layout:
    """Lay out nodes with their names.

    Args:
        names: for each node the width of its name, which stands below it in the middle, and how far down it reaches.
        joined: pairs of nodes; repeats are welcome and pull no harder.
        hops: links from the nearest seed for each node: the start puts near nodes in the middle.
    """
    width = _WIDER if len(names) > _MANY else _WIDTH
    if not names:
        return Layout((), width, _LEAST_HEIGHT)
    wide = np.array([name[0] for name in names])
    below = np.array([name[1] for name in names])
    units = _units(len(names), joined, hops)
    height = max(_LEAST_HEIGHT, float(((wide + _GAP_X) * (below + _ABOVE + _GAP_Y)).sum()) / width / _FILL)
    low = np.stack([wide / 2 + _EDGE, np.full(len(names), _ABOVE + _EDGE)], axis=1)
    high = np.stack([width - wide / 2 - _EDGE, height - below - _EDGE], axis=1)
    places = _placed(low + units * (high - low), wide, below, width)
    top = places[:, 1].min() - _ABOVE - _EDGE
    bottom = (places[:, 1] + below).max() + _EDGE
    return Layout(tuple((int(x), int(y - top)) for x, y in places), width, math.ceil(bottom - top))


def _units(count: int, joined: Joined, hops: Sequence[int]) -> Points:
    """Positions in [0, 1] x [0, 1], as if names took no room."""
    if count == 1:
        return np.array([[0.5, 0.5]])
    if all(0 in pair for pair in joined):
        return _ring(count)
    places = _start(hops)
    pairs = np.array(sorted({(min(a, b), max(a, b)) for a, b in joined if a != b}), dtype=np.int64).reshape(-1, 2)
    ideal = 1.0 / math.sqrt(count)
    for turn in range(_ROUNDS):
        heat = 0.1 * (1 - turn / _ROUNDS)
        places = places + _limited(_forces(places, pairs, ideal), heat)
    return _fit(_lying(places))


def _ring(count: int) -> Points:
    """The first node in the middle and all others around it, in two rings where there are many."""
    found = [(0.5, 0.5)]
    distances = (0.5,) if count <= 11 else (0.5, 0.3)
    for place in range(count - 1):
        # of few, the first lies beside the middle: a picture has more room there
        angle = 2 * math.pi * (place + (0.5 if count > 6 else 0)) / (count - 1)
        far = distances[place % len(distances)]
        found.append((0.5 + far * math.cos(angle), 0.5 + far * math.sin(angle)))
    return np.array(found)


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
    x, y = places.T
    near = (x[:, None] - x) ** 2 + (y[:, None] - y) ** 2
    near = ideal**2 / np.maximum(near, 1e-6, out=near)
    np.fill_diagonal(near, 0.0)
    push = places * near.sum(axis=1)[:, None] - near @ places
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


def _lying(places: Points) -> Points:
    """Turned so that the longest way across lies level: names do, and pages are read from side to side."""
    centred = places - places.mean(axis=0)
    (xx, xy), (_, yy) = centred.T @ centred
    angle = 0.5 * math.atan2(2 * xy, xx - yy)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    turned: Points = centred @ turn
    return turned


def _fit(places: Points) -> Points:
    low, high = places.min(axis=0), places.max(axis=0)
    fitted: Points = (places - low) / np.maximum(high - low, 1e-9)
    # what lies on one line stays on it, in the middle
    fitted[:, (high - low) < 1e-9] = 0.5
    return fitted


def _placed(wanted: Points, wide: Points, below: Points, width: float) -> Points:
    """Give each box the free place nearest to the one it wants; those in the middle of the picture choose first.

    What finds none stands below all others. Positions are whole numbers: the last bits of another machine's arithmetic
    do not change the file.
    """
    half, places = wide / 2, np.zeros_like(wanted)
    middle = wanted.mean(axis=0)
    order = np.argsort(np.round(((wanted - middle) ** 2).sum(axis=1)), kind="stable")
    held = np.empty((4, len(wanted)))
    for number, node in enumerate(order):
        left, top, right, bottom = held[:, :number]
        start, size = 0, 64
        while start < len(_SPIRAL):
            x, y = np.round(wanted[node] + _SPIRAL[start : start + size]).T
            inside = (x - half[node] >= _EDGE) & (x + half[node] <= width - _EDGE)
            across = ((x - half[node])[:, None] < right + _GAP_X) & ((x + half[node])[:, None] > left - _GAP_X)
            down = ((y - _ABOVE)[:, None] < bottom + _GAP_Y) & ((y + below[node])[:, None] > top - _GAP_Y)
            free = np.flatnonzero(inside & ~(across & down).any(axis=1))
            if len(free):
                places[node] = x[free[0]], y[free[0]]
                break
            start, size = start + size, size * 2
        else:
            places[node] = width // 2, math.ceil(bottom.max(initial=0.0)) + _ABOVE + _GAP_Y
        (x, y) = places[node]
        held[:, number] = x - half[node], y - _ABOVE, x + half[node], y + below[node]
    return places
