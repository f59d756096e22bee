"""Names on a map: none stands on another name, on a point, or beyond the edge."""

from __future__ import annotations

import itertools
import math

from hypothesis import given, settings
from hypothesis import strategies as st

from dadkhah.browse.pictures.captions import HEIGHT, Caption, Point, captions

_WITHIN = (20.0, 4.0, 996.0, 540.0)
_points = st.lists(
    st.builds(Point, st.floats(40, 960), st.floats(40, 520), st.floats(6, 24), st.floats(10, 260)), max_size=60
)


def _box(caption: Caption, point: Point) -> tuple[float, float, float, float]:
    return (
        caption.x - point.room / 2, caption.y - HEIGHT / 2, caption.x + point.room / 2, caption.y + HEIGHT / 2,
    )  # fmt: skip


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@settings(max_examples=60, deadline=None)
@given(_points)
def test_no_name_stands_on_a_name_a_point_or_the_edge(points):
    placed = captions(points, _WITHIN)
    boxes = [_box(caption, point) for caption, point in zip(placed, points, strict=True) if caption]
    assert not any(_meet(one, other) for one, other in itertools.combinations(boxes, 2))
    for box in boxes:
        assert _WITHIN[0] <= box[0] < box[2] <= _WITHIN[2]
        assert _WITHIN[1] <= box[1] < box[3] <= _WITHIN[3]
        for point in points:
            circle = (point.x - point.radius, point.y - point.radius, point.x + point.radius, point.y + point.radius)
            assert not _meet(box, circle)


def test_a_point_alone_has_its_name_beside_it():
    (caption,) = captions([Point(500, 300, 9, 80)], _WITHIN)
    assert caption is not None
    assert not caption.far
    assert math.isclose(caption.x, 500)


def test_of_points_close_together_all_have_a_name():
    crowd = [Point(500 + 5 * (number % 4), 280 + 5 * (number // 4), 8, 110) for number in range(16)]
    placed = captions(crowd, _WITHIN)
    assert all(placed)
    assert any(caption.far for caption in placed if caption)


def test_points_beyond_what_a_map_holds_have_no_name_and_take_no_time():
    placed = captions([Point(500, 280, 8, 110)] * 400, _WITHIN)
    assert placed[0] is not None
    assert placed[-1] is None
