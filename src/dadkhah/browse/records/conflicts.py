"""Disagreements: values that cannot all be true, side by side with their voices and passages.

In: a subject, or filters over all conflicts that the build found. Out: `Conflict`s. Nothing is resolved and no value is
put first for being likely: values stand in the order of their terms.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.attribution import Attributed, Speech, assertions_for
from dadkhah.browse.models import Page, Ref, Value
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.small_numbers import FEWEST, pointing
from dadkhah.browse.terms import Iri, Term
from dadkhah.browse.voices import graph_of

# rows of conflicts that are read at most: about four rows a conflict
_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Conflict:
    """Differing values of one property of one subject.

    Attributes:
        iri: the conflict record.
        subject: of what the values are said.
        property: the property.
        values: each with everyone who gives it and where; two voices or one voice may give several.
    """

    iri: str
    subject: Ref
    property: Ref
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class ConflictFilter:
    """Which conflicts: of a subject, on a property (IRIs), touched by a voice of a source (IRI); empty for all."""

    subject: str = ""
    property: str = ""
    source: str = ""


@dataclass(slots=True)
class RawConflict:
    """A conflict as it is read."""

    subject: str
    property: str
    values: list[Term]


async def read_conflicts(ask: Ask, scheme: Scheme, where: ConflictFilter) -> dict[str, RawConflict]:
    """Conflict records with their values, by IRI; one query, two where few answer to several filters."""
    bound = "".join(
        f"VALUES ?{name} {{ {terms.iri(value)} }} "
        for name, value in (("s", where.subject), ("p", where.property))
        if value
    )
    touched = (
        f"?c {scheme.t('voice')} ?touched . ?touched {scheme.t('inSource')} {terms.iri(where.source)} . "
        if where.source
        else ""
    )
    pattern = f"{bound}?c {scheme.t('subject')} ?s ; {scheme.t('property')} ?p ; {scheme.t('value')} ?v . {touched}"
    found: dict[str, RawConflict] = {}
    rows = await ask(f"SELECT DISTINCT ?c ?s ?p ?v WHERE {scheme.anywhere(pattern)} ORDER BY ?s ?p ?c ?v LIMIT {_ROWS}")
    for row in rows:
        conflict = found.setdefault(row["c"].value, RawConflict(row["s"].value, row["p"].value, []))
        conflict.values.append(row["v"])
    # a subject that is named is what is asked for
    if where.property and where.source and not where.subject and len(found) < FEWEST:
        return await _unpointing(ask, scheme, found)
    return found


async def _unpointing(ask: Ask, scheme: Scheme, found: dict[str, RawConflict]) -> dict[str, RawConflict]:
    """A few conflicts without those about what points at a protected record (`small_numbers`): one query."""
    things = {
        conflict: [raw.subject, *(value.value for value in raw.values if isinstance(value, Iri))]
        for conflict, raw in found.items()
    }
    hidden = await pointing(ask, scheme, (iri for held in things.values() for iri in held))
    return {conflict: raw for conflict, raw in found.items() if not hidden.intersection(things[conflict])}


async def conflicts(
    ask: Ask, scheme: Scheme, where: ConflictFilter, position: int = 0, limit: int = 50
) -> tuple[Page[Conflict], int]:
    """A slice of the conflicts, in order of subject, and the position of the next (0 at the end)."""
    found = await read_conflicts(ask, scheme, where)
    chosen = list(found.items())[position : position + limit]
    following = position + limit if len(found) > position + limit else 0
    graphs = await _graphs_of_values(ask, scheme, [raw for _, raw in chosen])
    attributed = [
        Attributed(raw.subject, graph)
        for _, raw in chosen
        for value in raw.values
        for graph in graphs[(raw.subject, raw.property, value)]
    ]
    mentions = [
        iri
        for _, raw in chosen
        for iri in (raw.subject, raw.property, *(value.value for value in raw.values if isinstance(value, Iri)))
    ]
    speech = await assertions_for(ask, scheme, attributed, mentions)
    items = tuple(_conflict(iri, raw, graphs, speech) for iri, raw in chosen)
    return Page(items, total=len(found)), following


Statement = tuple[str, str, Term]


async def _graphs_of_values(ask: Ask, scheme: Scheme, found: list[RawConflict]) -> dict[Statement, list[str]]:
    """Which graphs give each of the differing values: one query."""
    rows = [(Iri(raw.subject), Iri(raw.property), value) for raw in found for value in raw.values]
    graphs: dict[Statement, list[str]] = defaultdict(list)
    if not rows:
        return graphs
    block = terms.values(("s", "p", "v"), rows)
    for row in await ask(f"SELECT ?s ?p ?v ?g WHERE {scheme.attributed(f'{block} ?s ?p ?v')} ORDER BY ?g"):
        graphs[(row["s"].value, row["p"].value, row["v"])].append(graph_of(row))
    return graphs


def _conflict(iri: str, raw: RawConflict, graphs: dict[Statement, list[str]], speech: Speech) -> Conflict:
    values = tuple(
        Value(
            value,
            speech.names.get(value.value) if isinstance(value, Iri) else None,
            speech.assertions(raw.subject, graphs[(raw.subject, raw.property, value)]),
        )
        for value in raw.values
    )
    return Conflict(iri, speech.names[raw.subject], speech.names[raw.property], values)
