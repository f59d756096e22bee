"""A timeline in lanes: events side by side on one axis of time, a lane for each prison, court, person or class.

In: entries of a timeline, and by what to part them. Out: `Lane`s, and a drawing in SVG that reads without scripts: each
bar is a link and has a title that says who dates it so. An event stands in every lane it names; one without a date is
in no lane. One query and one for names. A bar spans what the voices say; no day is guessed.
"""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.models import Ref
from dadkhah.browse.names import refs
from dadkhah.browse.pictures.drawing import spoken
from dadkhah.browse.pictures.told import according
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.terms import Iri
from dadkhah.browse.time_and_place.timelines import PEOPLE, PLACES, TimelineEntry

BY = ("prison", "court", "person", "type")
_LANES = 40
_WIDTH, _ROW, _MARGIN, _LEAST = 1000, 44, 24, 7
# lines of the axis at most; up to so many years, they stand for months
_TICKS, _FEW_YEARS = 14, 3
_NAMESPACE = "http://www.w3.org/2000/svg"


@dataclass(frozen=True, slots=True)
class Lane:
    """What one lane is of, and the events in it, in order of time."""

    ref: Ref
    entries: tuple[TimelineEntry, ...]


async def lanes(ask: Ask, scheme: Scheme, entries: Sequence[TimelineEntry], by: str) -> tuple[Lane, ...]:
    """Part dated events into lanes, those with the most events first, at most `_LANES`."""
    dated = {entry.event.iri: entry for entry in entries if entry.span.earliest or entry.span.latest}
    held: dict[str, list[str]] = defaultdict(list)
    if dated:
        for row in await ask(_query(scheme, list(dated), by)):
            if isinstance(row["x"], Iri) and row["e"].value not in held[row["x"].value]:
                held[row["x"].value].append(row["e"].value)
    chosen = sorted(held, key=lambda iri: (-len(held[iri]), iri))[:_LANES]
    named = await refs(ask, scheme, chosen)
    return tuple(
        Lane(named[iri], tuple(sorted((dated[event] for event in held[iri]), key=lambda e: e.span.sort_key)))
        for iri in chosen
    )


def _query(scheme: Scheme, events: list[str], by: str) -> str:
    block = f"VALUES ?e {{ {terms.iris(events)} }}"
    if by == "type":
        space = terms.write(terms.Literal(scheme.iris.ontology))
        unwanted = scheme.t("Event")
        pattern = f"{block} ?e a ?x . FILTER(STRSTARTS(STR(?x), {space}) && ?x != {unwanted})"
    elif by == "prison":
        roles = ", ".join(scheme.t(name) for name in PLACES)
        pattern = f"{block} ?e ?role ?x . FILTER(?role IN ({roles})) ?x a {scheme.t('Prison')}"
    elif by == "court":
        pattern = f"{block} ?e {scheme.t('court')} ?x"
    else:
        roles = ", ".join(scheme.t(name) for name in PEOPLE)
        pattern = f"{block} ?e ?role ?x . FILTER(?role IN ({roles})) ?x a {scheme.t('Person')}"
    return f"SELECT DISTINCT ?x ?e WHERE {scheme.anywhere(pattern)} ORDER BY ?x ?e"


def lanes_svg(found: Sequence[Lane], language: str, address: Callable[[Ref], str], title: str) -> str:
    """Draw lanes; time runs from left to right in every language, as on any axis of numbers."""
    days = [day for lane in found for entry in lane.entries for day in _ends(entry)]
    first, last = _around(min(days), max(days))
    scale = (_WIDTH - 2 * _MARGIN) / max(1, last - first)
    height = _MARGIN * 2 + _ROW * len(found)
    root = ET.Element(
        "svg",
        {
            "xmlns": _NAMESPACE,
            "viewBox": f"0 0 {_WIDTH} {height}",
            "role": "group",
            "aria-label": title,
            "class": "lanes",
            "direction": "ltr",
        },
    )
    ET.SubElement(root, "title").text = title
    _axis(root, first, last, scale, height)
    for number, lane in enumerate(found):
        top = _MARGIN + number * _ROW
        label = ET.SubElement(root, "text", {"x": str(_MARGIN), "y": str(top + 16), "class": "lane"})
        named = lane.ref.label(language)
        label.text = named.text
        label.attrib |= spoken(named, language)
        for entry in lane.entries:
            start, end = _ends(entry)
            href = address(entry.event)
            link = ET.SubElement(root, "a", {"href": href}) if href else ET.SubElement(root, "g")
            span = f"{entry.span.earliest or '…'} / {entry.span.latest or '…'}"
            name = entry.event.label(language)
            told = according((each.assertion.voice for each in entry.datings), language)
            ET.SubElement(link, "title", spoken(name, language)).text = f"{name.text} ({span}; {told})"
            width = max(_LEAST, (end - start) * scale)
            place = min(_MARGIN + (start - first) * scale, _WIDTH - _MARGIN - width)
            box = {"x": f"{place:.1f}", "y": str(top + 22), "width": f"{width:.1f}", "height": "14", "rx": "3"}
            ET.SubElement(link, "rect", box)
    return ET.tostring(root, encoding="unicode")


def _axis(root: ET.Element, first: int, last: int, scale: float, height: int) -> None:
    """A line for each year, or for every fifth or tenth where there are many; for months where there are few years."""
    for label, day in _ticks(first, last):
        place = _MARGIN + (day - first) * scale
        at = {"x1": f"{place:.1f}", "x2": f"{place:.1f}", "y1": str(_MARGIN), "y2": str(height - _MARGIN)}
        ET.SubElement(root, "line", at)
        ET.SubElement(root, "text", {"x": f"{place:.1f}", "y": str(height - 6), "class": "year"}).text = label


def _around(first: int, last: int) -> tuple[int, int]:
    """The span of the axis: some days more where all that is drawn falls into less than a month."""
    room = max(0, 31 - (last - first)) // 2
    return max(1, first - room), min(dt.date.max.toordinal(), last + room)


def _ticks(first: int, last: int) -> list[tuple[str, int]]:
    start, end = dt.date.fromordinal(first), dt.date.fromordinal(last)
    years = end.year - start.year + 1
    if years <= _FEW_YEARS:
        months = [(year, month) for year in range(start.year, end.year + 1) for month in range(1, 13)]
        held = [(f"{year}-{month:02}", dt.date(year, month, 1).toordinal()) for year, month in months]
        held = [each for each in held if first <= each[1] <= last]
        return held[:: -(-len(held) // _TICKS) or 1]
    step = next((each for each in (1, 2, 5, 10, 25) if years / each <= _TICKS), 50)
    named = (
        (str(year), dt.date(year, 1, 1).toordinal()) for year in range(start.year, end.year + 1) if not year % step
    )
    return [each for each in named if each[1] >= first]


def _ends(entry: TimelineEntry) -> tuple[int, int]:
    """First and last day as ordinals; an open end is the other one."""
    first, last = entry.span.earliest or entry.span.latest, entry.span.latest or entry.span.earliest
    start, end = _ordinal(first), _ordinal(last)
    return min(start, end), max(start, end)


def _ordinal(day: str) -> int:
    """A day; the first of a month or year that is given without one."""
    parts = [int(part) for part in day[:10].split("-") if part.isdigit()]
    year, month, date = [*parts, 1, 1][:3] if parts else (1, 1, 1)
    try:
        return dt.date(year, month, date).toordinal()
    except ValueError:
        return dt.date(max(1, min(9999, year)), 1, 1).toordinal()
