"""Events by year as a chart: bars that lead to their years, in the Gregorian or the Solar Hijri calendar.

In: how many events began when. Out: `Bar`s, and a drawing in SVG that reads without scripts: each bar is a link with a
title, and the page has the same as a table. Where there are more years than bars fit, a bar stands for five, ten,
... of them. It must not count anything itself.
"""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import jdatetime

from dadkhah.browse.days_asked import asked_as
from dadkhah.browse.time_and_place.years import YearCount, told

Calendar = Literal["gregorian", "solar"]
_BARS = 48
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200)
_WIDTH, _HEIGHT, _TOP, _FOOT, _SIDE = 1000, 240, 26, 26, 8
# room for a year of four digits, and for a number above its bar
_LABEL, _NUMBER = 46, 18
_NAMESPACE = "http://www.w3.org/2000/svg"
_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_FIRST_SOLAR_DAY = dt.date(622, 3, 22)


@dataclass(frozen=True, slots=True)
class Bar:
    """Some years of a calendar.

    Attributes:
        label: the year, or the first and the last.
        events: how many began in it.
        first: its first day.
        last: its last day.
    """

    label: str
    events: int
    first: dt.date
    last: dt.date

    @property
    def span(self) -> tuple[str, str]:
        """How a filter names these days: a whole Gregorian year by its number."""
        whole = self.first.strftime("%m%d") == "0101" and self.last.strftime("%m%d") == "1231"
        return tuple(asked_as(f"{day.year:04}" if whole else day.isoformat()) for day in (self.first, self.last))  # type: ignore[return-value]  # two days


def bars(counts: Sequence[YearCount], calendar: Calendar, language: str) -> tuple[Bar, ...]:
    """Bars from the first to the last year that has events; years without any are among them."""
    held: dict[int, list[YearCount]] = defaultdict(list)
    for each in counts:
        year = each.day.year if calendar == "gregorian" else _solar_year(each.day)
        if year:
            held[year].append(each)
    held = {year: some for year, some in held.items() if told(some)}
    if not held:
        return ()
    first, last = min(held), max(held)
    step = next((each for each in _STEPS if last // each - first // each < _BARS), 500)
    made = []
    for start in range(first // step * step, last + 1, step):
        years = range(max(1, start), min(start + step, 10_000))
        label = str(years[0]) if step == 1 else f"{years[0]}–{years[-1]}"  # noqa: RUF001 - an en dash between years
        span = _days(years[0], years[-1], calendar)
        events = told(count for year in years for count in held.get(year, ()))
        made.append(Bar(label.translate(_DIGITS) if language == "fa" else label, events, *span))
    return tuple(made)


def _solar_year(day: dt.date) -> int:
    return int(jdatetime.date.fromgregorian(date=day).year) if day >= _FIRST_SOLAR_DAY else 0


def _days(first: int, last: int, calendar: Calendar) -> tuple[dt.date, dt.date]:
    if calendar == "gregorian":
        return dt.date(first, 1, 1), dt.date(last, 12, 31)
    following: dt.date = jdatetime.date(last + 1, 1, 1).togregorian()
    return jdatetime.date(first, 1, 1).togregorian(), following - dt.timedelta(days=1)


def years_svg(shown: Sequence[Bar], language: str, address: Callable[[Bar], str], title: str) -> str:
    """Draw the bars; time runs from left to right in every language, as on any axis of numbers."""
    box = f"0 0 {_WIDTH} {_HEIGHT}"
    root = ET.Element(
        "svg",
        {
            "xmlns": _NAMESPACE,
            "viewBox": box,
            "role": "group",
            "aria-label": title,
            "class": "years",
            "direction": "ltr",
        },
    )
    wide = (_WIDTH - 2 * _SIDE) / len(shown)
    most = max(each.events for each in shown)
    # a year is written below every bar where it fits, else below every second, third, ...
    room = _LABEL if len(shown[0].label) <= 4 else 2 * _LABEL
    every = -(-room // wide)
    floor = _HEIGHT - _FOOT
    for number, each in enumerate(shown):
        left, middle = _SIDE + number * wide, f"{_SIDE + (number + 0.5) * wide:.1f}"
        if number % every == 0:
            ET.SubElement(root, "text", {"x": middle, "y": str(_HEIGHT - 8), "class": "year"}).text = each.label
        if not each.events:
            continue
        figure = str(each.events).translate(_DIGITS) if language == "fa" else str(each.events)
        high = max(3.0, each.events / most * (floor - _TOP))
        link = ET.SubElement(root, "a", {"href": address(each)})
        ET.SubElement(link, "title").text = f"{each.label}: {figure}"
        # all of the column leads there, so that a short bar can be met with a finger
        whole = {"x": f"{left:.1f}", "y": "0", "width": f"{wide:.1f}", "height": str(floor), "class": "column"}
        ET.SubElement(link, "rect", whole)
        bar = {"x": f"{left + wide * 0.1:.1f}", "y": f"{floor - high:.1f}", "width": f"{wide * 0.8:.1f}"}
        ET.SubElement(link, "rect", {**bar, "height": f"{high:.1f}", "rx": "2"})
        if wide >= _NUMBER:
            ET.SubElement(link, "text", {"x": middle, "y": f"{floor - high - 6:.1f}", "class": "year"}).text = figure
    base = {"x1": str(_SIDE), "x2": str(_WIDTH - _SIDE), "y1": str(floor), "y2": str(floor)}
    ET.SubElement(root, "line", base)
    return ET.tostring(root, encoding="unicode")
