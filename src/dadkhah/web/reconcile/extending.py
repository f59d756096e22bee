"""Data extension: values of properties for records, and which properties there are to ask for.

In: identifiers and properties of a request. Out: rows of JSON in either version's shape. One query for the values and
one for the names in them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from dadkhah.browse import terms
from dadkhah.browse.terms import Iri, Term
from dadkhah.errors import ParameterError
from dadkhah.web.reconcile.desk import Desk
from dadkhah.web.reconcile.writing import cell
from dadkhah.web.wire.problems import HttpError

ROWS: Final = 1000  # identifiers in one request
COLUMNS: Final = 40  # properties in one request
_SAMPLE: Final = 300  # records of a type that are looked at for proposals

Property = tuple[str, dict[str, Any]]


async def extend(desk: Desk, ids: list[str], properties: list[Property], *, draft: bool) -> dict[str, Any]:
    """Values by record and property; what is unknown has none."""
    if len(ids) > ROWS or len(properties) > COLUMNS:
        raise HttpError(413, f"At most {ROWS} identifiers and {COLUMNS} properties at once.")
    records = {text: desk.identifier(text) for text in ids}
    wanted = {text: desk.term(text) for text, _ in properties}
    values = await _values(desk, sorted(set(records.values()) - {""}), sorted(set(wanted.values()) - {""}))
    mentioned = [value.value for found in values.values() for value in found if isinstance(value, Iri)]
    names = {iri: ref.label().text for iri, ref in (await desk.refs(list(dict.fromkeys(mentioned)))).items()}
    titles = dict(await desk.named([iri for iri in wanted.values() if iri]))
    meta = [{"id": text, "name": titles.get(wanted[text], text)} for text, _ in properties]
    limits = {text: _limit(settings) for text, settings in properties}

    def cells(record: str, prop: str) -> list[dict[str, Any]]:
        found = values.get((records[record], wanted[prop]), [])
        return [cell(value, names, draft=draft) for value in found[: limits[prop]]]

    columns = [text for text, _ in properties]
    if draft:
        rows: Any = [
            {"id": record, "properties": [{"id": prop, "values": cells(record, prop)} for prop in columns]}
            for record in ids
        ]
    else:
        rows = {record: {prop: cells(record, prop) for prop in columns} for record in ids}
    return {"meta": meta, "rows": rows}


def _limit(settings: dict[str, Any]) -> int | None:
    value = settings.get("limit", 0)
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise ParameterError("extend: the setting limit is a number of values, 0 for all") from error
    return number if number > 0 else None


async def _values(desk: Desk, records: list[str], properties: list[str]) -> dict[tuple[str, str], list[Term]]:
    found: dict[tuple[str, str], list[Term]] = defaultdict(list)
    if records and properties:
        among = ", ".join(terms.iri(prop) for prop in properties)
        pattern = f"VALUES ?r {{ {terms.iris(records)} }} ?r ?p ?v FILTER(?p IN ({among}))"
        query = f"SELECT DISTINCT ?r ?p ?v WHERE {desk.browsing.scheme.anywhere(pattern)}"
        for row in await desk.browsing.ask(query):
            found[row["r"].value, row["p"].value].append(row["v"])
    for values in found.values():
        values.sort(key=lambda term: (type(term).__name__, term.value))
    return found


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
