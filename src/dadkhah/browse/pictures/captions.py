"""Names beside the points of a map, so that none stands on another or on a point.

In: points with the room that their names take, the most important first. Out: where each name stands, or that there is
no room for it. A name beside its point needs no more; one farther off is to be joined to it by a line. The same points
give the same picture. It must not know what is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Boxes = npt.NDArray[np.float64]

HEIGHT = 19.0
_GAP = 3.0
# beyond so many, a map has no room, and looking for it would take long
_NAMED = 200
# how far off a name may stand, and in how many directions it is tried
_FAR, _TURNS = (30.0, 48.0, 70.0, 96.0, 130.0, 170.0, 220.0), 16


@dataclass(frozen=True, slots=True)
class Point:
    """A circle on a map, and how wide its name is."""

    x: float
    y: float
    radius: float
    room: float


@dataclass(frozen=True, slots=True)
class Caption:
    """The middle of a name; `far` where it stands off its point."""

    x: float
    y: float
    far: bool


def captions(points: Sequence[Point], within: tuple[float, float, float, float]) -> list[Caption | None]:
    """Find a place for each name within left, top, right and bottom of what may hold names; the first points first."""
    centres = np.array([(point.x, point.y) for point in points]).reshape(-1, 2)
    taken = _around(centres, np.array([[point.radius] * 2 for point in points]).reshape(-1, 2))
    found: list[Caption | None] = []
    for number, point in enumerate(points):
        caption = _caption(point, taken, np.array(within)) if number < _NAMED else None
        found.append(caption)
        if caption:
            name = _around(np.array([[caption.x, caption.y]]), np.array([point.room, HEIGHT]) / 2)
            taken = np.vstack([taken, name])
    return found


def _caption(point: Point, taken: Boxes, within: Boxes) -> Caption | None:
    for far, offsets in ((False, _beside(point)), (True, _off(point))):
        places = offsets + np.array([point.x, point.y])
        boxes = _around(places, np.array([point.room, HEIGHT]) / 2)
        inside = (boxes[:, :2] >= within[:2]).all(axis=1) & (boxes[:, 2:] <= within[2:]).all(axis=1)
        across = (boxes[:, None, 0] < taken[:, 2] + _GAP) & (boxes[:, None, 2] > taken[:, 0] - _GAP)
        down = (boxes[:, None, 1] < taken[:, 3]) & (boxes[:, None, 3] > taken[:, 1])
        free = np.flatnonzero(inside & ~(across & down).any(axis=1))
        if len(free):
            x, y = places[free[0]]
            return Caption(float(x), float(y), far)
    return None


def _beside(point: Point) -> Boxes:
    """Above first, below, at its sides, at its corners."""
    up = point.radius + HEIGHT / 2 + 1
    side = point.radius + point.room / 2 + _GAP + 1
    slant = point.room / 2 + point.radius / 2 + _GAP
    return np.array(
        [(0, -up), (0, up), (side, 0), (-side, 0), (slant, -up), (-slant, -up), (slant, up), (-slant, up)]
    )  # fmt: skip


def _off(point: Point) -> Boxes:
    """Around it, farther and farther; to the sides, half of the name comes on top."""
    turns = [2 * math.pi * turn / _TURNS for turn in range(_TURNS)]
    return np.array(
        [
            ((far + point.room / 2) * math.cos(turn), (far + point.radius) * math.sin(turn))
            for far in _FAR
            for turn in turns
        ]
    )


def _around(centres: Boxes, halves: Boxes) -> Boxes:
    """Left, top, right, bottom of boxes by their centres and half of their sizes."""
    return np.concatenate([centres - halves, centres + halves], axis=1)
