"""Lists of events in order of time, filtered by class, time, place, people, source and side.

In: an `EventFilter` and a position. Out: a `Page` of `TimelineEntry`. The list is cut by the engine: two queries find
the slice and the total, five more describe it and say who dates each event and names its places and people; two come
before them where several traits are asked for, since few events would point at a person under a pseudonym
(`small_numbers`). Every filter that names a thing comes first in the query; a span of time is compared after, over the
events that the others leave. Events without a date stand last, and are left out only where a span of time is asked for.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.attribution import assertions_for
from dadkhah.browse.models import Page
from dadkhah.browse.scheme import FOREIGN_FIRST, FOREIGN_LAST, Scheme
from dadkhah.browse.small_numbers import FEWEST, pointing, shields
from dadkhah.browse.terms import Literal
from dadkhah.browse.time_and_place.timelines import PLACES, TimelineEntry, read_events, timeline_entries

# events that are counted at most
_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events; empty fields filter nothing. All but `first` and `last` are IRIs.

    Attributes:
        kind: a class.
        first: only what may have happened on or after this ISO date.
        last: only what may have happened on or before this ISO date.
        place: where it happened, or what that is part of.
        person: anyone or anything that the event names.
        source: a work in which some voice states it.
        party: a side whose voice states it.
        without: events that are left out, whatever else they are.
    """

    kind: str = ""
    first: str = ""
    last: str = ""
    place: str = ""
    person: str = ""
    source: str = ""
    party: str = ""
    without: tuple[str, ...] = ()

    @property
    def combines(self) -> bool:
        """Whether several traits are asked for at once."""
        return self.traits + bool(self.first or self.last) > 1

    @property
    def traits(self) -> int:
        """How many traits are asked for, apart from the time."""
        return sum(map(bool, (self.kind, self.place, self.person, self.source, self.party)))


def event_pattern(scheme: Scheme, where: EventFilter) -> str:
    """SPARQL that binds `?e` to the events of a filter, the most selective part first."""
    parts = []
    if where.person:
        unwanted = ", ".join(terms.iri(text) for text in scheme.bookkeeping)
        parts.append(scheme.anywhere(f"?e ?role {terms.iri(where.person)} . FILTER(?role NOT IN ({unwanted}))"))
    if where.place:
        parts.append(_at_place(scheme, where.place))
    if where.source or where.party:
        parts.append(_stated_by(scheme, where))
    if where.kind:
        parts.append(scheme.anywhere(f"?e a {terms.iri(where.kind)}"))
    elif not where.person or not parts:
        parts.append(_any_event(scheme))
    else:
        parts.append(f"FILTER EXISTS {_any_event(scheme)}")
    return " ".join(parts)


def _any_event(scheme: Scheme) -> str:
    """Events of our classes, or whatever a graph of others dates."""
    dated = " ".join(terms.iri(text) for text in (*FOREIGN_FIRST, *FOREIGN_LAST))
    ours = scheme.anywhere(f"?e a {scheme.t('Event')}")
    return f"{{ {ours} UNION {scheme.anywhere(f'VALUES ?dp {{ {dated} }} ?e ?dp ?dv')} }}"


def _at_place(scheme: Scheme, place: str) -> str:
    roles = ", ".join(scheme.t(name) for name in PLACES)
    here = terms.iri(place)
    within = scheme.anywhere(f"?part {scheme.t('partOf')} {here} . ?e ?at ?part . FILTER(?at IN ({roles}))")
    # by any property of a graph of others, by ours where the place is one of ours
    ours = scheme.iris.split_thing(place) is not None
    direct = scheme.anywhere(f"?e ?at {here} . FILTER(?at IN ({roles}))" if ours else f"?e ?at {here}")
    return f"{{ {direct} UNION {within} }}"


def _stated_by(scheme: Scheme, where: EventFilter) -> str:
    voice = " ".join(
        f"?voice {scheme.t(name)} {terms.iri(value)} ."
        for name, value in (("inSource", where.source), ("party", where.party))
        if value
    )
    return f"{scheme.anywhere(voice)} GRAPH ?voice {{ ?e ?said ?what }}"


def grouped_events(scheme: Scheme, where: EventFilter) -> str:
    """SPARQL that selects `?e` with the first and the last day that any voice gives; unbound where nobody dates it."""
    dated = ", ".join(terms.iri(text) for text in (*scheme.terms("earliest", "latest"), *FOREIGN_FIRST, *FOREIGN_LAST))
    dates = f"OPTIONAL {scheme.anywhere(f'?e ?p ?v . FILTER(?p IN ({dated}))')}"
    besides = f" && ?e NOT IN ({', '.join(map(terms.iri, where.without))})" if where.without else ""
    return (
        f"SELECT ?e (MIN(STR(?v)) AS ?first) (MAX(STR(?v)) AS ?last) WHERE {{ {{ SELECT DISTINCT ?e WHERE {{ "
        f"{event_pattern(scheme, where)} FILTER(isIRI(?e){besides}) }} }} {dates} }} GROUP BY ?e {_having(where)}"
    )


async def guarded(ask: Ask, scheme: Scheme, where: EventFilter) -> EventFilter:
    """The filter without the few events that would point at a protected person: at most two queries."""
    if not where.combines or not await shields(ask, scheme):
        return where
    found = [row["e"].value for row in await ask(f"{grouped_events(scheme, where)} LIMIT {FEWEST}") if "e" in row]
    if len(found) >= FEWEST:
        return where
    return replace(where, without=tuple(sorted(await pointing(ask, scheme, found, apart_from=(where.person,)))))


async def events(
    ask: Ask, scheme: Scheme, where: EventFilter, *, position: int = 0, limit: int = 50
) -> tuple[Page[TimelineEntry], int]:
    """A slice of the events, in order of the first day that any voice gives; and the next position (0 at the end)."""
    where = await guarded(ask, scheme, where)
    grouped = grouped_events(scheme, where)
    # neither needs the other's answer
    rows, counted = await asyncio.gather(
        ask(f"{grouped} ORDER BY (!BOUND(?first)) ?first ?e LIMIT {limit + 1} OFFSET {position}"),
        ask(f"SELECT (COUNT(*) AS ?n) WHERE {{ {{ {grouped} LIMIT {_COUNTED} }} }}"),
    )
    chosen = [row["e"].value for row in rows[:limit]]
    total = int(counted[0]["n"].value)
    raw = await read_events(ask, scheme, chosen)
    entries = timeline_entries(scheme, raw, await assertions_for(ask, scheme, raw.attributed(), raw.mentions()))
    notes = (f"more than {_COUNTED} events; they are not counted further",) if total >= _COUNTED else ()
    page = Page(entries, total=total if total < _COUNTED else None, notes=notes)
    return page, position + limit if len(rows) > limit else 0


def _having(where: EventFilter) -> str:
    """Whether the days from first to last meet the span asked for; "-99" makes a month or year reach its end."""
    tests = []
    if where.last:
        tests.append(f"MIN(STR(?v)) <= {terms.write(Literal(where.last))}")
    if where.first:
        tests.append(f'CONCAT(MAX(STR(?v)), "-99") >= {terms.write(Literal(where.first))}')
    return f"HAVING ({' && '.join(tests)})" if tests else ""
