"""Places with sourced coordinates drawn as SVG, without tiles of anyone.

In: `PlacePoint`s, and where a picture of the land is to be had. Out: SVG in which each point is a link with its name
and who gives its coordinates, on a grid of degrees (plate carrée). No border is drawn: a border is a claim. Names stand
where there is room, and a name without any in the title of its point alone. It must not place anything itself.
"""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence

from dadkhah.browse.models import Ref
from dadkhah.browse.pictures.captions import Caption, Point, captions
from dadkhah.browse.pictures.drawing import spoken
from dadkhah.browse.pictures.labels import direction, room
from dadkhah.browse.pictures.told import according
from dadkhah.browse.time_and_place.places import PlacePoint

_NAMESPACE = "http://www.w3.org/2000/svg"
_WIDTH, _HEIGHT, _MARGIN = 1000, 560, 40
# letters are 15 high where a label's are 12
_LETTERS, _LONGEST = 15 / 12, 34
_STEPS = (0.5, 1, 2, 5, 10, 20, 30)


Land = Callable[[float, float, float, float], str]
"""The address of a picture of the land from west to east and south to north, in degrees; empty where there is none."""


def map_svg(
    points: Sequence[PlacePoint],
    language: str,
    address: Callable[[Ref], str],
    title: str,
    land: Land,
    *,
    dots: Sequence[PlacePoint] = (),
) -> str:
    """Draw the points; a larger one has more events. An empty address draws a point without a link.

    `dots` have neither name nor link, so that hundreds of them take little: one path for all.
    """
    west, east = _bounds([point.longitude for point in (*points, *dots)], 180)
    south, north = _bounds([point.latitude for point in (*points, *dots)], 90)
    scale = min((_WIDTH - 2 * _MARGIN) / (east - west), (_HEIGHT - 2 * _MARGIN) / (north - south))
    left, height = (_WIDTH - (east - west) * scale) / 2, round(2 * _MARGIN + (north - south) * scale)

    def at(longitude: float, latitude: float) -> tuple[float, float]:
        return left + (longitude - west) * scale, _MARGIN + (north - latitude) * scale

    view = {"viewBox": f"0 0 {_WIDTH} {height}", "direction": "ltr"}
    root = ET.Element("svg", {"xmlns": _NAMESPACE, "class": "map", "role": "group", "aria-label": title, **view})
    ET.SubElement(root, "title").text = title
    _land(root, land(west, south, east, north), at(west, north), at(east, south))
    step = next((each for each in _STEPS if (east - west) / each <= 12), 45)
    for degree in _degrees(west, east, step):
        x = at(degree, south)[0]
        _line(root, (x, at(west, north)[1]), (x, at(west, south)[1]), f"{degree:g}°", (x, height - 12))
    for degree in _degrees(south, north, step):
        y = at(west, degree)[1]
        _line(root, (at(west, south)[0], y), (at(east, south)[0], y), f"{degree:g}°", (left - 22, y + 4))
    if dots:
        places = (at(point.longitude, point.latitude) for point in dots)
        ET.SubElement(root, "path", {"class": "dots", "d": "".join(f"M{x:.0f} {y:.0f}h0" for x, y in places)})
    names = [_cut(point.ref.label(language).text) for point in points]
    circles = [
        Point(*at(point.longitude, point.latitude), 6 + 3 * math.log2(1 + point.events), room(name) * _LETTERS)
        for point, name in zip(points, names, strict=True)
    ]
    # beside and above the numbers of degrees
    placed = captions(circles, (left - 4, 4, _WIDTH - 4, height - _MARGIN / 2 - 4))
    for point, circle, name, caption in zip(points, circles, names, placed, strict=True):
        href = address(point.ref)
        link = ET.SubElement(root, "a", {"href": href}) if href else ET.SubElement(root, "g")
        _point(link, point, circle, language)
        if caption:
            _name(link, circle, caption, name, spoken(point.ref.label(language), language))
    return ET.tostring(root, encoding="unicode")


def _land(root: ET.Element, address: str, corner: tuple[float, float], other: tuple[float, float]) -> None:
    """What is decoration to a reader of the list is no part of it, hence no title."""
    if address:
        size = {"width": other[0] - corner[0], "height": other[1] - corner[1]}
        at = {"x": corner[0], "y": corner[1], **size}
        drawn = {name: f"{value:.1f}" for name, value in at.items()}
        ET.SubElement(root, "image", {"href": address, "aria-hidden": "true", "preserveAspectRatio": "none", **drawn})


def _point(parent: ET.Element, point: PlacePoint, circle: Point, language: str) -> None:
    named = point.ref.label(language)
    told = according((each.voice for each in point.assertions), language)
    count = f"{named.text}: {point.events}" if point.events else named.text
    ET.SubElement(parent, "title", spoken(named, language)).text = f"{count} ({told})"
    at = {"cx": f"{circle.x:.1f}", "cy": f"{circle.y:.1f}", "r": f"{circle.radius:.1f}"}
    ET.SubElement(parent, "circle", at)


def _name(parent: ET.Element, circle: Point, caption: Caption, name: str, marked: dict[str, str]) -> None:
    if caption.far:
        # to the nearest place of the name, not through it; widths are estimated on the wide side
        half = 0.44 * circle.room
        x = min(max(circle.x, caption.x - half), caption.x + half)
        y = caption.y + math.copysign(8, circle.y - caption.y) if x == circle.x else caption.y
        ends = {"x1": circle.x, "y1": circle.y, "x2": x, "y2": y}
        ET.SubElement(parent, "line", {"class": "leader"} | {key: f"{value:.1f}" for key, value in ends.items()})
    ET.SubElement(
        parent, "text", {"x": f"{caption.x:.1f}", "y": f"{caption.y + 5:.1f}", **marked, **direction(name)}
    ).text = name


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _bounds(values: Sequence[float], most: float) -> tuple[float, float]:
    """What is shown of one axis: the values and some degrees around, at least six in all."""
    room = max(1.0, (max(values) - min(values)) * 0.15, (6 - (max(values) - min(values))) / 2)
    return max(-most, math.floor(min(values) - room)), min(most, math.ceil(max(values) + room))


def _degrees(first: float, last: float, step: float) -> list[float]:
    start = math.ceil(first / step)
    return [number * step for number in range(start, math.floor(last / step) + 1)]


def _line(
    root: ET.Element, start: tuple[float, float], end: tuple[float, float], text: str, place: tuple[float, float]
) -> None:
    ends = {"x1": start[0], "y1": start[1], "x2": end[0], "y2": end[1]}
    ET.SubElement(root, "line", {name: f"{value:.1f}" for name, value in ends.items()})
    ET.SubElement(root, "text", {"x": f"{place[0]:.1f}", "y": f"{place[1]:.1f}", "class": "year"}).text = text
