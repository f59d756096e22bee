"""Data extension: values of properties for records, and which properties there are to ask for.

In: identifiers and properties of a request. Out: rows of JSON in either version's shape. A cell has no place for who
says so; so each property has another beside it, `according-to:` and its identifier, whose cells are the claimants of
the values in the same order, and every answer names the claimants of its rows in `attribution`, which clients that do
not know it pass over. One query for the values, one for the names in them, two for the voices.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from dadkhah.browse import terms
from dadkhah.browse.pictures.told import speakers
from dadkhah.browse.terms import Iri, Term
from dadkhah.browse.voices import graph_of, voices_of
from dadkhah.errors import ParameterError
from dadkhah.web.reconcile.desk import Desk
from dadkhah.web.reconcile.writing import cell
from dadkhah.web.wire.problems import HttpError

ROWS: Final = 1000  # identifiers in one request
COLUMNS: Final = 40  # properties in one request
_SAMPLE: Final = 300  # records of a type that are looked at for proposals

ACCORDING: Final = "according-to:"
"""Before the identifier of a property: who gives its values."""

Property = tuple[str, dict[str, Any]]


async def extend(desk: Desk, ids: list[str], properties: list[Property], *, draft: bool) -> dict[str, Any]:
    """Values by record and property; what is unknown has none."""
    if len(ids) > ROWS or len(properties) > COLUMNS:
        raise HttpError(413, f"At most {ROWS} identifiers and {COLUMNS} properties at once.")
    records = {text: desk.identifier(text) for text in ids}
    wanted = {text: desk.term(text.removeprefix(ACCORDING)) for text, _ in properties}
    stated = await _values(desk, sorted(set(records.values()) - {""}), sorted(set(wanted.values()) - {""}))
    values = {asked: list(held) for asked, held in stated.items()}
    voices = await voices_of(
        desk.browsing.ask,
        desk.browsing.scheme,
        {graph for held in stated.values() for g in held.values() for graph in g},
    )
    mentioned = [value.value for found in values.values() for value in found if isinstance(value, Iri)]
    names = {iri: ref.label().text for iri, ref in (await desk.refs(list(dict.fromkeys(mentioned)))).items()}
    titles = dict(await desk.named([iri for iri in wanted.values() if iri]))
    meta = [{"id": text, "name": _title(text, titles.get(wanted[text], text))} for text, _ in properties]
    limits = {text: _limit(settings) for text, settings in properties}

    def cells(record: str, prop: str) -> list[dict[str, Any]]:
        found = values.get((records[record], wanted[prop]), [])[: limits[prop]]
        if prop.startswith(ACCORDING):
            return [{"str": "; ".join(each)} for each in told(record, prop)[: limits[prop]]]
        return [cell(value, names, draft=draft) for value in found]

    def told(record: str, prop: str) -> list[list[str]]:
        held = stated.get((records[record], wanted[prop]), {})
        return [speakers(voices[graph] for graph in sorted(graphs - {""} or graphs)) for graphs in held.values()]

    columns = [text for text, _ in properties]
    attribution = {
        record: {prop: told(record, prop) for prop in columns if not prop.startswith(ACCORDING)} for record in ids
    }
    if draft:
        rows: Any = [
            {"id": record, "properties": [{"id": prop, "values": cells(record, prop)} for prop in columns]}
            for record in ids
        ]
    else:
        rows = {record: {prop: cells(record, prop) for prop in columns} for record in ids}
    return {"meta": meta, "rows": rows, "attribution": attribution}


def _title(asked: str, name: str) -> str:
    return f"{name}: according to" if asked.startswith(ACCORDING) else name


def _limit(settings: dict[str, Any]) -> int | None:
    value = settings.get("limit", 0)
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise ParameterError("extend: the setting limit is a number of values, 0 for all") from error
    return number if number > 0 else None


Stated = dict[tuple[str, str], dict[Term, set[str]]]
"""Record and property to values, each with the graphs that give it."""


async def _values(desk: Desk, records: list[str], properties: list[str]) -> Stated:
    found: Stated = defaultdict(lambda: defaultdict(set))
    if records and properties:
        among = ", ".join(terms.iri(prop) for prop in properties)
        pattern = f"VALUES ?r {{ {terms.iris(records)} }} ?r ?p ?v FILTER(?p IN ({among}))"
        query = f"SELECT ?r ?p ?v ?g WHERE {desk.browsing.scheme.attributed(pattern)}"
        for row in await desk.browsing.ask(query):
            found[row["r"].value, row["p"].value][row["v"]].add(graph_of(row))

    def order(item: tuple[Term, set[str]]) -> tuple[str, str]:
        return type(item[0]).__name__, item[0].value

    return {asked: dict(sorted(held.items(), key=order)) for asked, held in found.items()}


async def proposals(desk: Desk, kind: str, limit: int) -> list[tuple[str, str]]:
    """Properties that records of a type have, the most usual first; of any record where no type is given."""
    if not kind:
        return await desk.named((await desk.properties())[:limit])
    iri = desk.term(kind)
    if not iri:
        return []
    some = f"{{ SELECT ?r WHERE {desk.browsing.scheme.anywhere(f'?r a {terms.iri(iri)}')} LIMIT {_SAMPLE} }}"
    # the sample is joined first: its records are few
    pattern = f"{some} {desk.browsing.scheme.anywhere('?r ?p ?v')}"
    query = f"SELECT ?p (COUNT(DISTINCT ?r) AS ?n) WHERE {{ {pattern} }} GROUP BY ?p ORDER BY DESC(?n) ?p LIMIT {limit}"
    return await desk.named([row["p"].value for row in await desk.browsing.ask(query)])
