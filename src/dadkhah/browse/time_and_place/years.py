"""How many events of a filter began in which year, for a chart: one query over all of them.

Where somebody is published under a pseudonym and a trait is asked for, a year is one more trait: a second query counts
the events that would point at such a person, and whoever draws a year leaves those out where it has few in all
(`told`, `small_numbers`).

In: an `EventFilter`. Out: `YearCount`s. An event is counted once, by the first day that any voice gives; one that
nobody dates is not counted. Years of both calendars can be told from the answer, which has at most six rows for a year
however many events there are: days around the spring equinox, on which the Solar Hijri year begins, stand for
themselves and all others of a year for one before or after them. It must not guess a day: a date without one counts
as its first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from dadkhah.browse.ask import Ask
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.small_numbers import FEWEST, all_pointing, shields
from dadkhah.browse.time_and_place.events import EventFilter, grouped_events, guarded

# the Solar Hijri year begins on one of the days between these
_BEFORE, _AFTER = "03-19", "03-22"
_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class YearCount:
    """How many events began on a day, or on others that lie in the same year of both calendars.

    Attributes:
        day: one of these days.
        events: how many there are.
        pointing: how many of them name somebody under a pseudonym, and are not told where few events are.
    """

    day: dt.date
    events: int
    pointing: int = 0


def told(counts: Iterable[YearCount]) -> int:
    """How many events are told of a year, or of several."""
    held = list(counts)
    events = sum(each.events for each in held)
    return events if events >= FEWEST else events - sum(each.pointing for each in held)


async def year_counts(ask: Ask, scheme: Scheme, where: EventFilter) -> tuple[YearCount, ...]:
    """Count the dated events of a filter, in order of time; as few as a list of them would show."""
    where = await guarded(ask, scheme, where)
    counts = await _by_part(ask, grouped_events(scheme, where))
    pointing: dict[dt.date, int] = {}
    if where.traits and not where.without and await shields(ask, scheme):
        among = all_pointing(scheme, apart_from=(where.person,))
        pointing = await _by_part(ask, grouped_events(scheme, where), among)
    return tuple(YearCount(day, count, pointing.get(day, 0)) for day, count in counts.items())


async def _by_part(ask: Ask, grouped: str, among: str = "") -> dict[dt.date, int]:
    """Day to number of events, of which `among` may be a further pattern for `?e`; in order of time."""
    part = (
        "BIND(SUBSTR(?first, 1, 4) AS ?year) BIND(SUBSTR(?first, 6, 5) AS ?md) "
        f'BIND(IF(?md < "{_BEFORE}", "01-01", IF(?md > "{_AFTER}", "12-01", ?md)) AS ?part)'
    )
    rows = await ask(
        f"SELECT ?year ?part (COUNT(*) AS ?n) WHERE {{ {{ {grouped} }} {among} FILTER(BOUND(?first)) "
        f"{part} }} GROUP BY ?year ?part ORDER BY ?year ?part LIMIT {_ROWS}"
    )
    found = ((_day(row["year"].value, row["part"].value), int(row["n"].value)) for row in rows if "year" in row)
    return {day: count for day, count in found if day is not None}


def _day(year: str, part: str) -> dt.date | None:
    """None for what is no date, and for years that no calendar here has."""
    try:
        return dt.date.fromisoformat(f"{year}-{part}")
    except ValueError:
        return None
