"""One record with everything that is said of it, by whom, and what others say instead.

In: the IRI of a record. Out: a `Record`, or None where the graph holds no such thing. The number of queries is the same
for every record (`QUERIES` at most): a record with a hundred thousand relations costs what a small one does, since
what is shown is cut, and said to be. It must not decide between voices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

from dadkhah import vocab
from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.attribution import Attributed, Speech, assertions_for
from dadkhah.browse.conflicts import Conflict, ConflictFilter, RawConflict, read_conflicts
from dadkhah.browse.models import Name, Ref, Relation, Statement, Value, Voice
from dadkhah.browse.names import NAME_PROPERTIES, VARIANT_PROPERTIES
from dadkhah.browse.scheme import SAME_AS, Scheme
from dadkhah.browse.terms import Iri, Literal, Term
from dadkhah.browse.timelines import TimelineEntry, read_timeline, timeline_entries
from dadkhah.browse.voices import graph_of

Key = TypeVar("Key")

QUERIES = 10
"""The most queries that one record takes, held by a test."""

# statements and relations shown on one page; beyond them the lists with cursors
STATEMENTS_SHOWN = 400
RELATIONS_SHOWN = 100
# relations counted per property; beyond it the count is a lower bound
_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class RelationCount:
    """How many records point here by one property; `exact` is False where counting met its bound."""

    property: Ref
    count: int
    exact: bool = True


@dataclass(frozen=True, slots=True)
class SameAs:
    """The same thing in another dataset, with who says so."""

    property: Ref
    target: Ref
    voices: tuple[Voice, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A record.

    Attributes:
        ref: its IRI, preferred names, classes, address.
        names: preferred names and variants.
        types: its classes, with their names: those that somebody states, then those that the build derived.
        statements: what is said of it, in order of property; each with its voices and rivals. Names, classes,
            citations and links to other datasets stand in their own fields.
        relations: statements of others that point here, the first `RELATIONS_SHOWN`.
        relation_counts: how many there are, by property.
        timeline: events linked to it (and itself, if dated), in order of time; undated ones last.
        same_as: the same thing elsewhere.
        conflicts: every disagreement about it.
        voices: everyone who says something of it or points to it.
        independent_claimants: number of distinct origins, as the build counted; None where it did not.
        protection: its protection level (a concept), None where none is stated.
        notes: bounds that were met.
        snapshot_hash: of the data.
    """

    ref: Ref
    names: tuple[Name, ...]
    types: tuple[Ref, ...]
    statements: tuple[Statement, ...]
    relations: tuple[Relation, ...]
    relation_counts: tuple[RelationCount, ...]
    timeline: tuple[TimelineEntry, ...]
    same_as: tuple[SameAs, ...]
    conflicts: tuple[Conflict, ...]
    voices: tuple[Voice, ...]
    independent_claimants: int | None
    protection: Ref | None
    notes: tuple[str, ...]
    snapshot_hash: str


@dataclass(frozen=True, slots=True)
class _Read:
    """What the queries for one record gave."""

    iri: str
    said: dict[tuple[str, Term], list[str]]
    pointed: dict[tuple[str, str], list[str]]
    counts: list[tuple[str, int]]
    conflicts: dict[str, RawConflict]
    notes: tuple[str, ...]


async def record(ask: Ask, scheme: Scheme, iri: str, snapshot_hash: str = "") -> Record | None:
    """Read one record; None where nothing is said of it and nothing points to it."""
    read = await _read(ask, scheme, iri)
    if read is None:
        return None
    timeline = await read_timeline(ask, scheme, iri)
    attributed = [Attributed(iri, graph) for graphs in read.said.values() for graph in graphs]
    attributed += [Attributed(subject, graph) for (subject, _), graphs in read.pointed.items() for graph in graphs]
    attributed += timeline.attributed()
    speech = await assertions_for(ask, scheme, attributed, [*_mentions(read), *timeline.mentions()])
    return _assemble(scheme, read, speech, timeline_entries(scheme, timeline, speech), snapshot_hash)


async def _read(ask: Ask, scheme: Scheme, iri: str) -> _Read | None:
    """Statements, relations, counts, conflicts: four queries, two for what is not there."""
    said, cut = await _said_of(ask, scheme, iri)
    pointed = await relations_to(ask, scheme, iri, 0, RELATIONS_SHOWN)
    if not said and not pointed:
        return None
    counts = await _counts(ask, scheme, iri)
    found = await read_conflicts(ask, scheme, ConflictFilter(subject=iri))
    notes = (f"more than {STATEMENTS_SHOWN} statements; the first are shown",) if cut else ()
    return _Read(iri, said, pointed, counts, found, notes)


async def _said_of(ask: Ask, scheme: Scheme, iri: str) -> tuple[dict[tuple[str, Term], list[str]], bool]:
    """(property, value) to the graphs that hold it, and whether there are more."""
    unwanted = ", ".join(terms.iri(text) for text in (*scheme.inverses, scheme.term("cites")))
    pattern = scheme.attributed(f"{terms.iri(iri)} ?p ?o . FILTER(?p NOT IN ({unwanted}))")
    rows = await ask(f"SELECT ?p ?o ?g WHERE {pattern} LIMIT {STATEMENTS_SHOWN + 1}")
    said: dict[tuple[str, Term], list[str]] = defaultdict(list)
    for row in rows[:STATEMENTS_SHOWN]:
        said[(row["p"].value, row["o"])].append(graph_of(row))
    return said, len(rows) > STATEMENTS_SHOWN


def incoming_pattern(scheme: Scheme, iri: str) -> str:
    """Statements of other records that point to this one, leaving out bookkeeping and derived inverses."""
    unwanted = ", ".join(terms.iri(text) for text in scheme.bookkeeping)
    return f"?s ?p {terms.iri(iri)} . FILTER(isIRI(?s) && ?p NOT IN ({unwanted}))"


async def relations_to(
    ask: Ask, scheme: Scheme, iri: str, position: int, limit: int
) -> dict[tuple[str, str], list[str]]:
    """(subject, property) that point here, with their graphs: one query.

    The slice is taken before the graphs are looked up, so a hub costs no more than a leaf.
    """
    chosen = (
        f"SELECT DISTINCT ?s ?p WHERE {scheme.anywhere(incoming_pattern(scheme, iri))} OFFSET {position} LIMIT {limit}"
    )
    graphs = f"GRAPH ?g {{ ?s ?p {terms.iri(iri)} }}"
    query = f"SELECT ?s ?p ?g WHERE {{ {{ {chosen} }} OPTIONAL {{ {graphs} }} }}"
    pointed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in await ask(query):
        pointed[(row["s"].value, row["p"].value)].append(graph_of(row))
    return pointed


async def _counts(ask: Ask, scheme: Scheme, iri: str) -> list[tuple[str, int]]:
    """Statements that point here, by property; bookkeeping is left out here and not there, where it would cost more."""
    distinct = "" if scheme.merged else "DISTINCT"
    inner = f"SELECT {distinct} ?s ?p WHERE {scheme.anywhere(f'?s ?p {terms.iri(iri)}')} LIMIT {_COUNTED}"
    rows = await ask(f"SELECT ?p (COUNT(*) AS ?n) WHERE {{ {{ {inner} }} }} GROUP BY ?p")
    counts = sorted((row["p"].value, int(row["n"].value)) for row in rows if "p" in row)
    return [(name, count) for name, count in counts if name not in scheme.bookkeeping]


def _mentions(read: _Read) -> list[str]:
    iris = [read.iri, *(name for name, _ in read.counts)]
    for name, value in read.said:
        iris += [name, value.value] if isinstance(value, Iri) else [name]
    for subject, name in read.pointed:
        iris += [subject, name]
    return [*iris, *(conflict.property for conflict in read.conflicts.values())]


def _assemble(
    scheme: Scheme, read: _Read, speech: Speech, timeline: tuple[TimelineEntry, ...], snapshot_hash: str
) -> Record:
    plain = {pair: graphs for pair, graphs in read.said.items() if pair[0] not in _apart(scheme)}
    plain = without_echoes(scheme, plain, lambda pair: pair[1])
    pointed = without_echoes(scheme, read.pointed, lambda pair: pair[0])
    relations = tuple(
        Relation(speech.names[subject], speech.names[name], speech.assertions(subject, graphs))
        for (subject, name), graphs in sorted(pointed.items(), key=lambda item: (item[0][1], item[0][0]))
        if subject in speech.names
    )
    total = sum(count for _, count in read.counts)
    return Record(
        ref=speech.names[read.iri],
        names=_names(read),
        types=_types(scheme, read, speech),
        statements=_statements(scheme, read, plain, speech),
        relations=relations,
        relation_counts=tuple(
            RelationCount(speech.names[name], count, total < _COUNTED) for name, count in read.counts
        ),
        timeline=timeline,
        same_as=_same_as(read, speech),
        conflicts=tuple(_conflict(iri, raw, read, speech) for iri, raw in read.conflicts.items()),
        voices=tuple(
            voice for graph, voice in sorted(speech.voices.items()) if voice.role in ("voice", "analysis", "graph")
        ),
        independent_claimants=next(
            (
                int(value.value)
                for value in _objects(read, scheme.term("independentClaimants"))
                if value.value.isdigit()
            ),
            None,
        ),
        protection=next((speech.names[value.value] for value in _objects(read, scheme.term("protection"))), None),
        notes=read.notes,
        snapshot_hash=snapshot_hash,
    )


def without_echoes(
    scheme: Scheme, held: dict[Key, list[str]], other_end: Callable[[Key], Hashable]
) -> dict[Key, list[str]]:
    """Without what the build derived where a voice already connects the same two things by a narrower property."""
    derived = scheme.iris.graph("derived")
    voiced = {other_end(key) for key, graphs in held.items() if any(graph != derived for graph in graphs)}
    return {
        key: graphs
        for key, graphs in held.items()
        if other_end(key) not in voiced or any(graph != derived for graph in graphs)
    }


def _apart(scheme: Scheme) -> frozenset[str]:
    """Properties that stand in fields of their own."""
    return frozenset(
        (
            *NAME_PROPERTIES, *VARIANT_PROPERTIES, *SAME_AS, vocab.RDF_TYPE,
            scheme.term("independentClaimants"), scheme.term("protection"),
        )
    )  # fmt: skip


def _objects(read: _Read, name: str) -> list[Term]:
    return sorted((value for held, value in read.said if held == name), key=lambda value: value.value)


def _types(scheme: Scheme, read: _Read, speech: Speech) -> tuple[Ref, ...]:
    derived = scheme.iris.graph("derived")

    def only_derived(value: Term) -> bool:
        return all(graph in ("", derived) for graph in read.said[(vocab.RDF_TYPE, value)])

    values = sorted(_objects(read, vocab.RDF_TYPE), key=only_derived)
    return tuple(speech.names[value.value] for value in values if value.value in speech.names)


def _names(read: _Read) -> tuple[Name, ...]:
    found = []
    for properties, preferred in ((NAME_PROPERTIES, True), (VARIANT_PROPERTIES, False)):
        for name in properties:
            found += [
                Name(value.value, value.language, preferred)
                for value in _objects(read, name)
                if isinstance(value, Literal)
            ]
    return tuple({(each.text, each.language): each for each in reversed(found)}.values())[::-1]


def _value(value: Term, read: _Read, name: str, speech: Speech) -> Value:
    ref = speech.names.get(value.value) if isinstance(value, Iri) else None
    return Value(value, ref, speech.assertions(read.iri, read.said.get((name, value), ())))


def _statements(
    scheme: Scheme, read: _Read, plain: dict[tuple[str, Term], list[str]], speech: Speech
) -> tuple[Statement, ...]:
    by_property: dict[str, list[Value]] = defaultdict(list)
    for name, term in sorted(plain, key=lambda pair: (pair[0], pair[1].value)):
        by_property[name].append(_value(term, read, name, speech))
    disputed: dict[tuple[str, Term], list[str]] = defaultdict(list)
    for iri, raw in read.conflicts.items():
        for differing in raw.values:
            disputed[(raw.property, differing)].append(iri)
    functional = scheme.term("FunctionalProperty")
    statements = []
    for name, values in by_property.items():
        one_true = functional in speech.names[name].types
        for value in values:
            shared = disputed.get((name, value.term), [])
            rivals = [
                other
                for other in values
                if other is not value and (one_true or set(shared) & set(disputed.get((name, other.term), ())))
            ]
            statements.append(Statement(speech.names[name], value, tuple(rivals), tuple(shared)))
    return tuple(statements)


def _same_as(read: _Read, speech: Speech) -> tuple[SameAs, ...]:
    return tuple(
        SameAs(
            speech.names[name],
            speech.names.get(value.value, Ref(value.value)),
            tuple(each.voice for each in speech.assertions(read.iri, read.said[(name, value)])),
        )
        for name, value in sorted(read.said, key=lambda pair: (pair[0], pair[1].value))
        if name in SAME_AS
    )


def _conflict(iri: str, raw: RawConflict, read: _Read, speech: Speech) -> Conflict:
    values = tuple(_value(value, read, raw.property, speech) for value in raw.values)
    return Conflict(iri, speech.names[read.iri], speech.names[raw.property], values)


async def relation_slice(
    ask: Ask, scheme: Scheme, iri: str, position: int, limit: int
) -> tuple[tuple[Relation, ...], int]:
    """Further relations to a record, and the position of the next (0 at the end)."""
    pointed = await relations_to(ask, scheme, iri, position, limit + 1)
    kept = without_echoes(scheme, dict(list(pointed.items())[:limit]), lambda pair: pair[0])
    attributed = [Attributed(subject, graph) for (subject, _), graphs in kept.items() for graph in graphs]
    speech = await assertions_for(ask, scheme, attributed, [iri for pair in kept for iri in pair])
    relations = tuple(
        Relation(speech.names[subject], speech.names[name], speech.assertions(subject, graphs))
        for (subject, name), graphs in kept.items()
        if subject in speech.names
    )
    return relations, position + limit if len(pointed) > limit else 0
