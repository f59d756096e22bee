"""Where a graph is drawn: every name has room of its own and stands within the picture, and the picture is repeated."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from dadkhah.browse.pictures.labels import TOP, direction, label, room
from dadkhah.browse.pictures.layout import Layout, layout

_CIRCLE = 9


@st.composite
def _graphs(draw: st.DrawFn) -> tuple[list[tuple[float, float]], list[tuple[int, int]], list[int]]:
    count = draw(st.integers(1, 40))
    names = draw(st.lists(st.tuples(st.floats(4, 160), st.floats(20, 45)), min_size=count, max_size=count))
    node = st.integers(0, count - 1)
    joined = draw(st.lists(st.tuples(node, node), max_size=60))
    hops = draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    return names, joined, hops


def _boxes(placed: Layout, names: list[tuple[float, float]]) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of each node with its name."""
    return [
        (x - wide / 2, y - _CIRCLE, x + wide / 2, y + below)
        for (x, y), (wide, below) in zip(placed.points, names, strict=True)
    ]


@settings(max_examples=60, deadline=None)
@given(_graphs())
def test_no_name_stands_on_another_and_none_is_cut(drawn):
    names, joined, hops = drawn
    placed = layout(names, joined, hops)
    boxes = _boxes(placed, names)
    for one, other in itertools.combinations(boxes, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart
    for left, top, right, bottom in boxes:
        assert left >= 0
        assert top >= 0
        assert right <= placed.width
        assert bottom <= placed.height


@settings(max_examples=20, deadline=None)
@given(_graphs())
def test_a_graph_is_drawn_the_same_every_time(drawn):
    assert layout(*drawn) == layout(*drawn)


def test_more_than_a_hundred_records_with_long_names_have_room():
    names = [(158.0, 40.0)] * 150
    placed = layout(names, [(0, node) for node in range(150)], [0] + [1] * 149)
    for one, other in itertools.combinations(_boxes(placed, names), 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def test_nothing_has_a_picture_too():
    assert layout([], [], []).points == ()


def test_a_short_name_is_whole_in_two_lines():
    written = label("Branch 29 of the Supreme Court of Iran")
    assert written.lines == ("Branch 29 of the", "Supreme Court of Iran")
    assert not written.short


def test_a_long_name_is_shortened_and_says_so():
    written = label("Solitary confinement of a person before the execution, in a ward of the prison")
    assert len(written.lines) == 2
    assert written.lines[-1].endswith("…")
    assert written.short


def test_a_name_without_letters_has_a_line():
    assert label(" ").lines == ("–",)
    assert label("").depth > TOP


@given(st.text(max_size=80))
def test_a_label_is_as_wide_as_its_widest_line(name):
    written = label(name)
    assert len(written.lines) in (1, 2)
    assert written.width == max(map(room, written.lines))


def test_a_name_runs_in_the_direction_of_its_first_letter():
    assert direction("۲۸ نوامبر 2025 Evin") == {"direction": "rtl"}
    assert direction("28 Evin اوین") == {}
    assert direction("2025") == {}
