"""The questions about the whole graph that pages ask whoever comes: they are the same for as long as a snapshot lasts.

In: an `Ask` over a finished snapshot. Out: every query that those pages make, with its rows, so that a build can put
them beside the data and a service need not read ten million statements to show its start page. It must not interpret
the rows: a page asks the same query and gets them from there instead of from the engine.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from dadkhah.browse.degrees import degrees_query
from dadkhah.browse.kept import Bindings, Kept
from dadkhah.browse.overviews.ontology import vocabulary
from dadkhah.browse.overviews.patterns import pattern_list
from dadkhah.browse.overviews.quality import measures
from dadkhah.browse.overviews.risk import IndicatorQuery, risk_view
from dadkhah.browse.overviews.sources import source_list
from dadkhah.browse.overviews.stats import stats
from dadkhah.browse.records.conflicts import ConflictFilter, conflicts
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.small_numbers import shields
from dadkhah.browse.terms import Row, read
from dadkhah.browse.time_and_place.events import EventFilter, events
from dadkhah.browse.time_and_place.places import place_counts, place_points
from dadkhah.browse.time_and_place.years import year_counts
from dadkhah.browse.used import all_used_query

# a span of time leaves out what has no date
DATED = EventFilter(first="0001-01-01")
LATEST = 6
"""Events on the start page."""
# events on the first page of the timeline and in the first answer of the interface; lanes are drawn of 120
_FIRST_EVENTS = (20, 50, 120)
_FIRST_CONFLICTS = (20, 50)

Answering = Callable[[str], list[dict[str, Any]]]
"""Answers a SELECT with bindings as SPARQL results in JSON have them."""
_Page = Callable[["Recorder", Scheme], Awaitable[Any]]


class Recorder:
    """An `Ask` that keeps what it was asked, with the answers."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering
        self._kept = Kept()
        self.answers: dict[str, Bindings] = {}

    @property
    def kept(self) -> Kept:
        """What was read already, by this recorder."""
        return self._kept

    async def __call__(self, query: str) -> list[Row]:
        """Rows of a SELECT query; in an order of their own where the query names none, the same in every build."""
        if query not in self.answers:
            bindings = self._answering(query)
            if "ORDER BY" not in query:
                bindings.sort(key=_order)
            self.answers[query] = bindings
        return [{name: read(binding) for name, binding in row.items()} for row in self.answers[query]]


def _order(row: dict[str, Any]) -> list[tuple[str, str, str, str, str]]:
    return [
        (name, term["type"], term["value"], term.get("xml:lang", ""), term.get("datatype", ""))
        for name, term in sorted(row.items())
    ]


async def latest_events(ask: Recorder, scheme: Scheme) -> None:
    """The events that happened last, as the start page asks for them."""
    first, _ = await events(ask, scheme, DATED, limit=1)
    await events(ask, scheme, DATED, position=max(0, (first.total or 0) - LATEST), limit=LATEST)


async def overview_answers(
    answering: Answering,
    scheme: Scheme,
    *,
    framework: Sequence[IndicatorQuery] = (),
    most_seconds: float,
    clock: Callable[[], float] = time.monotonic,
) -> dict[str, Bindings]:
    """Every query of the pages about the whole, with its rows.

    Args:
        answering: what answers.
        scheme: layout of the graph.
        framework: the indicators of the risk view.
        most_seconds: no further page is begun after so long; what is not here is asked of the engine.
        clock: tells the time in seconds.
    """
    recorder = Recorder(answering)
    begun = clock()
    # what costs most and is missed least comes last
    pages: list[_Page] = [*_PAGES, partial(risk_view, framework=framework), _degrees]
    for page in pages:
        if clock() - begun > most_seconds:
            break
        await page(recorder, scheme)
    return recorder.answers


async def _all_used(ask: Recorder, scheme: Scheme) -> None:
    """Every property of the graph, for records that have more links than can be looked through."""
    await ask(all_used_query(scheme))


async def _degrees(ask: Recorder, scheme: Scheme) -> None:
    """Which records have the most links, for graphs and paths."""
    await ask(degrees_query(scheme))


_PAGES: tuple[_Page, ...] = (
    shields,
    stats,
    latest_events,
    *(partial(events, where=EventFilter(), limit=limit) for limit in _FIRST_EVENTS),
    partial(year_counts, where=EventFilter()),
    *(partial(conflicts, where=ConflictFilter(), limit=limit) for limit in _FIRST_CONFLICTS),
    place_points,
    place_counts,
    measures,
    source_list,
    pattern_list,
    vocabulary,
    _all_used,
)
