"""What in the answer to any query can be drawn: times, points on a map, a graph.

In: columns and rows of terms, or triples in expanded JSON-LD, and who states what of it (`relations.stated`). Out:
`Moment`s, `PlacePoint`s, a `Neighbourhood`, each with its voices: none where nobody states it and the query made it. It
looks at datatypes and at the names of variables and knows no vocabulary; what it finds nothing in gives nothing. It
must not ask an engine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dadkhah.browse.models import Assertion, Name, Ref, Voice
from dadkhah.browse.pictures.lanes import Lane
from dadkhah.browse.relations.edges import Edge
from dadkhah.browse.relations.links import Link
from dadkhah.browse.relations.neighbourhoods import Neighbourhood, Node
from dadkhah.browse.relations.stated import Pair
from dadkhah.browse.spans import Span, days_of
from dadkhah.browse.terms import XSD, Iri, Literal, Term
from dadkhah.browse.time_and_place.places import PlacePoint
from dadkhah.browse.time_and_place.timelines import Dating, TimelineEntry

Rows = Sequence[tuple[Term | None, ...]]
_TIMES = frozenset(f"{XSD}{name}" for name in ("date", "dateTime", "gYear", "gYearMonth"))
_NUMBERS = frozenset(f"{XSD}{name}" for name in ("decimal", "double", "float", "integer"))
_LATITUDE, _LONGITUDE = frozenset({"lat", "latitude"}), frozenset({"long", "lon", "lng", "longitude"})
_WKT = "http://www.opengis.net/ont/geosparql#wktLiteral"
_POINT = re.compile(r"\s*(?:<[^>]*>\s*)?POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)\s*", re.IGNORECASE)
# triples that are drawn at most, and what they join
_EDGES, _NODES = 400, 120


@dataclass(frozen=True, slots=True)
class Moment:
    """A row with the time it names, its other cells, and who gives a thing in it this time."""

    span: Span
    cells: tuple[Term, ...]
    voices: tuple[Voice, ...] = ()


Given = Mapping[Pair, tuple[Voice, ...]]
"""Who gives a thing a value."""


def drawn_pairs(columns: Sequence[str], rows: Rows) -> list[Pair]:
    """Each thing of a row with each time and coordinate in it: who gives it that is to be looked up."""
    return [
        (thing.value, value)
        for row in rows
        for value in (cell for name, cell in zip(columns, row, strict=True) if _is_drawn(name, cell))
        for thing in row
        if isinstance(thing, Iri) and value is not None
    ]


def _is_drawn(name: str, cell: Term | None) -> bool:
    if not isinstance(cell, Literal):
        return False
    is_degree = cell.datatype in _NUMBERS and name.lower() in _LATITUDE | _LONGITUDE
    return cell.datatype in _TIMES or cell.datatype == _WKT or is_degree


def _givers(row: tuple[Term | None, ...], values: Iterable[Term | None], given: Given) -> tuple[Voice, ...]:
    """Whoever gives a thing of this row all of these values; nobody where one of them is the query's own."""
    wanted = [value for value in values if value is not None]
    for thing in row:
        if isinstance(thing, Iri) and wanted:
            held = [{voice.iri: voice for voice in given.get((thing.value, value), ())} for value in wanted]
            common = [voice for iri, voice in held[0].items() if all(iri in each for each in held)]
            if common:
                return tuple(common)
    return ()


def moments(columns: Sequence[str], rows: Rows, given: Given) -> tuple[Moment, ...]:
    """Rows in order of time, by the first column of dates; of two, the second ends the time; dateless rows left out."""
    places = [at for at in range(len(columns)) if any(_days(row[at])[0] for row in rows)][:2]
    if not places:
        return ()
    found = []
    for row in rows:
        days = [_days(row[at]) for at in places]
        first, last = days[0][0], days[-1][1] or days[0][1]
        if first or last:
            cells = tuple(cell for at, cell in enumerate(row) if cell is not None and at not in places)
            span = Span(first, last) if not first or first <= last else Span(*days[0])
            dates = dict.fromkeys(row[at] for at in places if _days(row[at])[0])
            found.append(Moment(span, cells, _givers(row, dates, given)))
    return tuple(sorted(found, key=lambda each: each.span.sort_key))


def _days(term: Term | None) -> tuple[str, str]:
    if not isinstance(term, Literal) or term.datatype not in _TIMES:
        return "", ""
    return days_of(term.value)


def lane(found: Sequence[Moment], named: Mapping[str, Ref]) -> Lane:
    """Moments as one lane of a timeline; about the first IRI of each row, by its name if it has one."""
    entries = tuple(
        TimelineEntry(
            _about(each.cells, named),
            (),
            each.span,
            tuple(Dating(each.span, Assertion(voice)) for voice in each.voices),
        )
        for each in found
    )
    return Lane(Ref("", (Name(""),)), entries)


def points(columns: Sequence[str], rows: Rows, given: Given, named: Mapping[str, Ref]) -> tuple[PlacePoint, ...]:
    """Rows with coordinates: a WKT point, or a number named `lat` or `latitude` with one named `long` or the like."""
    found: dict[tuple[float, float], PlacePoint] = {}
    for row in rows:
        at = _coordinates(columns, row)
        if at is not None and abs(at[0]) <= 90 and abs(at[1]) <= 180:
            cells = [cell for name, cell in zip(columns, row, strict=True) if _is_place(name, cell)]
            voices = _givers(row, cells, given)
            found.setdefault(at, PlacePoint(_about(row, named), at[0], at[1], 0, tuple(map(Assertion, voices))))
    return tuple(found.values())


def _is_place(name: str, cell: Term | None) -> bool:
    return _is_drawn(name, cell) and isinstance(cell, Literal) and cell.datatype not in _TIMES


def _coordinates(columns: Sequence[str], row: tuple[Term | None, ...]) -> tuple[float, float] | None:
    latitude = longitude = None
    for name, cell in zip(columns, row, strict=True):
        if not isinstance(cell, Literal):
            continue
        if cell.datatype == _WKT and (point := _POINT.fullmatch(cell.value)):
            return _degrees(point[2]), _degrees(point[1])
        if cell.datatype in _NUMBERS and name.lower() in _LATITUDE:
            latitude = _degrees(cell.value)
        elif cell.datatype in _NUMBERS and name.lower() in _LONGITUDE:
            longitude = _degrees(cell.value)
    return None if latitude is None or longitude is None else (latitude, longitude)


def _degrees(text: str) -> float:
    """A number of degrees; one beyond every axis where the text is none."""
    try:
        return float(text)
    except ValueError:
        return float("inf")


def _about(row: tuple[Term | None, ...], named: Mapping[str, Ref]) -> Ref:
    """The first IRI of a row, by its own name, else by the row's texts; empty where it has none."""
    iri = next((cell.value for cell in row if isinstance(cell, Iri)), "")
    if iri in named:
        return named[iri]
    texts = [cell for cell in row if isinstance(cell, Literal) and cell.datatype not in _NUMBERS | {_WKT} | _TIMES]
    return Ref(iri, tuple(Name(text.value, text.language) for text in texts))


def triples(document: Iterable[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """The statements of expanded JSON-LD whose values are things."""
    found = []
    for node in document:
        for name, values in node.items():
            if name == "@type":
                found += [(node["@id"], "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", value) for value in values]
            elif not name.startswith("@"):
                found += [(node["@id"], name, value["@id"]) for value in values if "@id" in value]
    return found


def graph(
    statements: Sequence[tuple[str, str, str]], named: Mapping[str, Ref], stated: Mapping[Link, tuple[Voice, ...]]
) -> Neighbourhood:
    """A picture of statements: the first `_EDGES` of them, as far as they join the first `_NODES` things.

    Args:
        statements: subject, property, object.
        named: names of the things and properties, as far as there are any.
        stated: who states them, as far as anybody does.
    """
    shown = statements[:_EDGES]
    iris = list(dict.fromkeys(iri for subject, _, target in shown for iri in (subject, target)))[:_NODES]
    held = set(iris)
    edges = tuple(
        Edge(subject, named.get(name, Ref(name)), target, stated.get(Link(subject, name, target), ()))
        for subject, name, target in shown
        if subject in held and target in held
    )
    subjects = {subject for subject, _, _ in shown}
    nodes = tuple(Node(named.get(iri, Ref(iri)), 0 if iri in subjects else 1) for iri in iris)
    return Neighbourhood(tuple(iri for iri in iris if iri in subjects), nodes, edges)
