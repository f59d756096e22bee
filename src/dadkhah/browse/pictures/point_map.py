"""Places with sourced coordinates drawn as SVG, without tiles of anyone.

In: `PlacePoint`s. Out: SVG in which each point is a link with its name and who gives its coordinates, on a grid of
degrees (plate carrée). No coast and no border is drawn: none is sourced here, and a border is a claim. It must not
place anything itself.
"""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence

from dadkhah.browse.models import Ref
from dadkhah.browse.pictures.drawing import spoken
from dadkhah.browse.pictures.told import according
from dadkhah.browse.time_and_place.places import PlacePoint

_NAMESPACE = "http://www.w3.org/2000/svg"
_WIDTH, _HEIGHT, _MARGIN = 1000, 560, 40
_STEPS = (0.5, 1, 2, 5, 10, 20, 30)


def map_svg(
    points: Sequence[PlacePoint],
    language: str,
    address: Callable[[Ref], str],
    title: str,
    dots: Sequence[PlacePoint] = (),
) -> str:
    """Draw the points; a larger one has more events. An empty address draws a point without a link.

    `dots` have neither name nor link, so that hundreds of them take little: one path for all.
    """
    west, east = _bounds([point.longitude for point in (*points, *dots)], 180)
    south, north = _bounds([point.latitude for point in (*points, *dots)], 90)
    scale = min((_WIDTH - 2 * _MARGIN) / (east - west), (_HEIGHT - 2 * _MARGIN) / (north - south))
    left = (_WIDTH - (east - west) * scale) / 2

    def at(longitude: float, latitude: float) -> tuple[float, float]:
        return left + (longitude - west) * scale, _MARGIN + (north - latitude) * scale

    view = {"viewBox": f"0 0 {_WIDTH} {_HEIGHT}", "direction": "ltr"}
    root = ET.Element("svg", {"xmlns": _NAMESPACE, "class": "map", "role": "group", "aria-label": title, **view})
    ET.SubElement(root, "title").text = title
    step = next((each for each in _STEPS if (east - west) / each <= 12), 45)
    for degree in _degrees(west, east, step):
        x = at(degree, south)[0]
        _line(root, (x, at(west, north)[1]), (x, at(west, south)[1]), f"{degree:g}°", (x, _HEIGHT - 12))
    for degree in _degrees(south, north, step):
        y = at(west, degree)[1]
        _line(root, (at(west, south)[0], y), (at(east, south)[0], y), f"{degree:g}°", (left - 22, y + 4))
    if dots:
        places = (at(point.longitude, point.latitude) for point in dots)
        ET.SubElement(root, "path", {"class": "dots", "d": "".join(f"M{x:.0f} {y:.0f}h0" for x, y in places)})
    for point in points:
        x, y = at(point.longitude, point.latitude)
        named = point.ref.label(language)
        name, marked = named.text, spoken(named, language)
        href = address(point.ref)
        link = ET.SubElement(root, "a", {"href": href}) if href else ET.SubElement(root, "g")
        told = according((each.voice for each in point.assertions), language)
        count = f"{name}: {point.events}" if point.events else name
        ET.SubElement(link, "title", marked).text = f"{count} ({told})"
        ET.SubElement(
            link, "circle", {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": f"{6 + 3 * math.log2(1 + point.events):.1f}"}
        )
        ET.SubElement(link, "text", {"x": f"{x:.1f}", "y": f"{y - 16:.1f}", **marked}).text = name
    return ET.tostring(root, encoding="unicode")


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
