"""Places on a map: those for which a source gives coordinates, with how much happened there; and all others as a list.

In: a span of time. Out: `PlacePoint`s and `PlaceCount`s. A place without sourced coordinates is not on the map, however
well known it is. Two queries find places and counts, four more name them and say who gives the coordinates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.attribution import Attributed, assertions_for
from dadkhah.browse.models import Assertion, Ref
from dadkhah.browse.names import refs
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.terms import Literal
from dadkhah.browse.timelines import PLACES
from dadkhah.browse.voices import graph_of

_GEO = "http://www.w3.org/2003/01/geo/wgs84_pos#"
_MOST = 600


@dataclass(frozen=True, slots=True)
class PlacePoint:
    """A place with coordinates.

    Attributes:
        ref: the place.
        latitude: degrees north, WGS 84.
        longitude: degrees east, WGS 84.
        events: how many events some voice places there, or in a part of it, within the span asked for.
        assertions: who gives the coordinates.
    """

    ref: Ref
    latitude: float
    longitude: float
    events: int
    assertions: tuple[Assertion, ...]


async def place_points(
    ask: Ask, scheme: Scheme, first: str = "", last: str = ""
) -> tuple[tuple[PlacePoint, ...], tuple[str, ...]]:
    """Places in order of IRI, the first `_MOST`, and notes on what was left out."""
    return await _points(ask, scheme, "", (first, last))


async def points_named(
    ask: Ask, scheme: Scheme, records: Sequence[str]
) -> tuple[tuple[PlacePoint, ...], tuple[str, ...]]:
    """Places with coordinates among these records, that they name, or that those are a part of: two levels up."""
    if not records:
        return (), ()
    block, part = f"VALUES ?s {{ {terms.iris(records)} }}", scheme.t("partOf")
    paths = (f"{block} BIND(?s AS ?pl)", f"{block} ?s ?p ?pl", f"{block} ?s ?p ?q . ?q {part} ?pl")
    branches = " UNION ".join(scheme.anywhere(path) for path in paths)
    return await _points(ask, scheme, f"{{ SELECT DISTINCT ?pl WHERE {{ {branches} }} }}", ("", ""))


async def _points(
    ask: Ask, scheme: Scheme, wanted: str, span: tuple[str, str]
) -> tuple[tuple[PlacePoint, ...], tuple[str, ...]]:
    pattern = scheme.attributed(f"?pl <{_GEO}lat> ?lat ; <{_GEO}long> ?long . FILTER(isIRI(?pl))")
    rows = await ask(f"SELECT ?pl ?lat ?long ?g WHERE {{ {wanted} {pattern} }} ORDER BY ?pl LIMIT {_MOST * 4}")
    found: dict[str, tuple[float, float]] = {}
    graphs: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        point = _point(row["lat"].value, row["long"].value)
        if point is not None:
            found.setdefault(row["pl"].value, point)
            graphs[row["pl"].value].append(graph_of(row))
    chosen = sorted(found)[:_MOST]
    notes = (f"more than {_MOST} places have coordinates; the first are shown",) if len(found) > _MOST else ()
    counts = await _event_counts(ask, scheme, chosen, *span)
    attributed = [Attributed(place, graph) for place in chosen for graph in graphs[place]]
    speech = await assertions_for(ask, scheme, attributed, chosen)
    return tuple(
        PlacePoint(speech.names[place], *found[place], counts.get(place, 0), speech.assertions(place, graphs[place]))
        for place in chosen
    ), notes


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """A place that events name, and how many do, within the span asked for."""

    ref: Ref
    events: int


async def place_counts(
    ask: Ask, scheme: Scheme, first: str = "", last: str = ""
) -> tuple[tuple[PlaceCount, ...], tuple[str, ...]]:
    """Places that events name, most first, the first `_MOST`, and notes on what was left out: two queries."""
    # not a FILTER, for which every statement of the graph would be read
    roles = " ".join(scheme.t(name) for name in PLACES)
    named = scheme.anywhere(f"VALUES ?at {{ {roles} }} ?e ?at ?pl . FILTER(isIRI(?pl))")
    query = (
        f"SELECT ?pl (COUNT(DISTINCT ?e) AS ?n) WHERE {{ {named} {_dated(scheme, first, last)} }} "
        f"GROUP BY ?pl ORDER BY DESC(?n) ?pl LIMIT {_MOST + 1}"
    )
    rows = [(row["pl"].value, int(row["n"].value)) for row in await ask(query) if "pl" in row]
    named_refs = await refs(ask, scheme, [place for place, _ in rows[:_MOST]])
    notes = (f"more than {_MOST} places; those with the most events are shown",) if len(rows) > _MOST else ()
    return tuple(PlaceCount(named_refs[place], count) for place, count in rows[:_MOST]), notes


def _point(latitude: str, longitude: str) -> tuple[float, float] | None:
    try:
        point = (float(latitude), float(longitude))
    except ValueError:
        return None
    return point if abs(point[0]) <= 90 and abs(point[1]) <= 180 else None


async def _event_counts(ask: Ask, scheme: Scheme, places: list[str], first: str, last: str) -> dict[str, int]:
    """Events at each place or in a part of it: one query."""
    if not places:
        return {}
    block = f"VALUES ?pl {{ {terms.iris(places)} }}"
    roles = ", ".join(scheme.t(name) for name in PLACES)
    part = scheme.t("partOf")
    at = f"?e ?at ?where . FILTER(?at IN ({roles}))"
    branches = " UNION ".join(
        scheme.anywhere(pattern)
        for pattern in (
            f"{block} ?e ?at ?pl . FILTER(?at IN ({roles}))",
            f"{block} ?where {part} ?pl . {at}",
            f"{block} ?middle {part} ?pl . ?where {part} ?middle . {at}",
        )
    )
    query = f"SELECT ?pl (COUNT(DISTINCT ?e) AS ?n) WHERE {{ {branches} {_dated(scheme, first, last)} }} GROUP BY ?pl"
    return {row["pl"].value: int(row["n"].value) for row in await ask(query) if "pl" in row}


def _dated(scheme: Scheme, first: str, last: str) -> str:
    """A pattern that keeps `?e` within a span of time; empty where none is asked for."""
    tests = []
    if last:
        tests.append(f"?from <= {terms.write(Literal(last))}")
    if first:
        tests.append(f"?until >= {terms.write(Literal(first))}")
    if not tests:
        return ""
    bounds = "BIND(STR(?lo) AS ?from) BIND(STR(?hi) AS ?until)"
    dates = f"?e {scheme.t('earliest')} ?lo ; {scheme.t('latest')} ?hi . {bounds} FILTER({' && '.join(tests)})"
    return scheme.anywhere(dates)
