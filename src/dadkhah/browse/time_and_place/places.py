"""Places on a map: those for which a source gives coordinates, with how much happened there; and all others as a list.

In: a span of time. Out: `PlacePoint`s and `PlaceCount`s. A place without sourced coordinates is not on the map, however
well known it is. Two queries find places and counts, four more name them and say who gives the coordinates. Where a
span of time is asked for, two more find the places with few events in it, and which of those events would point at a
person under a pseudonym (`small_numbers`): these are not counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.attribution import Attributed, assertions_for
from dadkhah.browse.models import Assertion, Ref, Voice
from dadkhah.browse.names import refs
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.small_numbers import FEWEST, pointing, shields
from dadkhah.browse.terms import Literal
from dadkhah.browse.time_and_place.timelines import PLACES
from dadkhah.browse.voices import graph_of, voices_of

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
    """Places that events name, most first, the first `_MOST`, and notes on what was left out.

    Two queries, and two more where a span of time is asked for: a place of which nothing is left is not named then.
    """
    # not a FILTER, for which every statement of the graph would be read
    roles = " ".join(scheme.t(name) for name in PLACES)
    named = scheme.anywhere(f"VALUES ?at {{ {roles} }} ?e ?at ?pl . FILTER(isIRI(?pl))")
    query = (
        f"SELECT ?pl (COUNT(DISTINCT ?e) AS ?n) WHERE {{ {named} {_dated(scheme, first, last)} }} "
        f"GROUP BY ?pl ORDER BY DESC(?n) ?pl LIMIT {_MOST + 1}"
    )
    rows = [(row["pl"].value, int(row["n"].value)) for row in await ask(query) if "pl" in row]
    notes = (f"more than {_MOST} places; those with the most events are shown",) if len(rows) > _MOST else ()
    counts = dict(rows[:_MOST])
    if (first or last) and await shields(ask, scheme):
        at = _at_places(scheme, [place for place, count in counts.items() if count < FEWEST], (_HERE,))
        counts = await _guarded(ask, scheme, counts, f"{at} {_dated(scheme, first, last)}")
    found = sorted((place for place, count in counts.items() if count), key=lambda place: (-counts[place], place))
    named_refs = await refs(ask, scheme, found)
    return tuple(PlaceCount(named_refs[place], counts[place]) for place in found), notes


async def place_voices(
    ask: Ask, scheme: Scheme, counted: Sequence[PlaceCount], first: str = "", last: str = ""
) -> dict[str, tuple[Voice, ...]]:
    """Who says of the events counted at each place that they happened there: one query, and two for voices.

    Where a span of time is asked for and anybody is protected, two more leave out the voices of what is not counted.
    """
    few: list[str] = []
    if (first or last) and await shields(ask, scheme):
        few = [each.ref.iri for each in counted if each.events < FEWEST]
    places = [each.ref.iri for each in counted if each.ref.iri not in few and terms.is_iri(each.ref.iri)]
    graphs: dict[str, dict[str, None]] = defaultdict(dict)
    if places:
        for row in await ask(f"SELECT DISTINCT ?pl ?g WHERE {{ {_told_at(scheme, places, first, last)} }}"):
            graphs[row["pl"].value][graph_of(row)] = None
    if few:
        rows = await ask(f"SELECT DISTINCT ?pl ?e ?g WHERE {{ {_told_at(scheme, few, first, last)} }}")
        hidden = await pointing(ask, scheme, (row["e"].value for row in rows))
        for row in rows:
            if row["e"].value not in hidden:
                graphs[row["pl"].value][graph_of(row)] = None
    voices = await voices_of(ask, scheme, (graph for held in graphs.values() for graph in held))
    return {
        place: tuple(voices[graph] for graph in sorted(held.keys() - {""} or held)) for place, held in graphs.items()
    }


def _told_at(scheme: Scheme, places: Sequence[str], first: str, last: str) -> str:
    """A pattern that binds `?e` to the events at places `?pl`, and `?g` to the graphs that place them there."""
    at = f"FILTER(?at IN ({', '.join(scheme.t(name) for name in PLACES)}))"
    told = scheme.attributed(f"VALUES ?pl {{ {terms.iris(places)} }} ?e ?at ?pl . {at}")
    return f"{told} {_dated(scheme, first, last)}"


def _point(latitude: str, longitude: str) -> tuple[float, float] | None:
    try:
        point = (float(latitude), float(longitude))
    except ValueError:
        return None
    return point if abs(point[0]) <= 90 and abs(point[1]) <= 180 else None


# how a place is the place of an event: itself, or what it is a part of, two levels up
_HERE = "{block} ?e ?at ?pl . {at}"
_WITHIN = (_HERE, "{block} ?where {part} ?pl . ?e ?at ?where . {at}",
           "{block} ?middle {part} ?pl . ?where {part} ?middle . ?e ?at ?where . {at}")  # fmt: skip


def _at_places(scheme: Scheme, places: Sequence[str], ways: Sequence[str] = _WITHIN) -> str:
    """A pattern that binds `?e` to events and `?pl` to those of the places where they happened."""
    block = f"VALUES ?pl {{ {terms.iris(places)} }}"
    at = f"FILTER(?at IN ({', '.join(scheme.t(name) for name in PLACES)}))"
    return " UNION ".join(scheme.anywhere(way.format(block=block, at=at, part=scheme.t("partOf"))) for way in ways)


async def _event_counts(ask: Ask, scheme: Scheme, places: list[str], first: str, last: str) -> dict[str, int]:
    """Events at each place or in a part of it: one query, three where a span of time is asked for."""
    if not places:
        return {}
    dated = _dated(scheme, first, last)
    found = f"{{ {_at_places(scheme, places)} }} {dated}"
    query = f"SELECT ?pl (COUNT(DISTINCT ?e) AS ?n) WHERE {{ {found} }} GROUP BY ?pl"
    counts = {row["pl"].value: int(row["n"].value) for row in await ask(query) if "pl" in row}
    if not dated or not await shields(ask, scheme):
        return counts
    few = [place for place, count in counts.items() if count < FEWEST]
    return await _guarded(ask, scheme, counts, f"{{ {_at_places(scheme, few)} }} {dated}")


async def _guarded(ask: Ask, scheme: Scheme, counts: dict[str, int], found: str) -> dict[str, int]:
    """The counts without the few events that would point at a protected person; `found` binds `?e` and `?pl`."""
    rows = [(row["pl"].value, row["e"].value) for row in await ask(f"SELECT DISTINCT ?pl ?e WHERE {{ {found} }}")]
    hidden = await pointing(ask, scheme, (event for _, event in rows))
    left_out = Counter(place for place, event in rows if event in hidden)
    return {place: count - left_out[place] for place, count in counts.items()}


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
