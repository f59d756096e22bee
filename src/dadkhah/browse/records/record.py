"""One record with everything that is said of it, by whom, and what others say instead.

In: the IRI of a record. Out: a `Record`, or None where the graph holds no such thing. The number of queries is the same
for every record (`QUERIES` at most): a record with a hundred thousand relations costs what a small one does, since
what is shown is cut, and said to be. It must not decide between voices.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from dadkhah import vocab
from dadkhah.browse.ask import Ask
from dadkhah.browse.attribution import Attributed, Speech, assertions_for
from dadkhah.browse.models import Name, Ref, Relation, Statement, Value, Voice
from dadkhah.browse.names import NAME_PROPERTIES, VARIANT_PROPERTIES
from dadkhah.browse.records.conflicts import Conflict, RawConflict
from dadkhah.browse.records.order import apart, rank_of
from dadkhah.browse.records.reading import (
    RecordRead,
    Shown,
    read_record,
    relations_to,
    statements_of,
    without_echoes,
)
from dadkhah.browse.scheme import SAME_AS, Scheme
from dadkhah.browse.terms import Iri, Literal, Term
from dadkhah.browse.time_and_place.timelines import TimelineEntry, timeline_entries

QUERIES = 14
"""The most queries that one record takes, held by a test."""

EVERYTHING = Shown()
"""What the interfaces give; beyond it the lists with cursors."""
RELATIONS_SHOWN = EVERYTHING.relations


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
        kinds: its classes of our own vocabulary, the most specific first; all of them in a graph of others.
        statements: what is said of it, in the order of `order`; each with its voices and rivals. Names, classes,
            citations and links to other datasets stand in their own fields.
        left: how many more values a property in `statements` has, by its IRI.
        unshown: how many more statements there are; 0 also where there are too many to count.
        relations: statements of others that point here, the first `RELATIONS_SHOWN`.
        relation_counts: how many there are, by property.
        timeline: events linked to it (and itself, if dated), in order of time; undated ones last.
        same_as: the same thing elsewhere.
        conflicts: every disagreement about it.
        voices: everyone who says something of it or points to it.
        independent_claimants: number of distinct origins, as the build counted; None where it did not.
        protection: its protection level (a concept), None where none is stated.
        notes: bounds that were met.
        more: which of `statements`, `relations`, `timeline` go on beyond what is shown.
        snapshot_hash: of the data.
    """

    ref: Ref
    names: tuple[Name, ...]
    types: tuple[Ref, ...]
    kinds: tuple[Ref, ...]
    statements: tuple[Statement, ...]
    left: dict[str, int]
    unshown: int
    relations: tuple[Relation, ...]
    relation_counts: tuple[RelationCount, ...]
    timeline: tuple[TimelineEntry, ...]
    same_as: tuple[SameAs, ...]
    conflicts: tuple[Conflict, ...]
    voices: tuple[Voice, ...]
    independent_claimants: int | None
    protection: Ref | None
    notes: tuple[str, ...]
    more: frozenset[str]
    snapshot_hash: str

    def title(self, language: str) -> Name:
        """The best name for a reader: a variant in this language goes before a preferred name in another."""
        label = self.ref.label(language)
        if label.language.partition("-")[0].lower() == language:
            return label
        variants = (name for name in self.names if name.language.partition("-")[0].lower() == language)
        return next(variants, label)

    def other_names(self, language: str) -> tuple[Name, ...]:
        """All names but the title, each spelling once, those in the reader's language first."""
        title = self.title(language).text
        ordered = sorted(self.names, key=lambda name: name.language != language)
        return tuple({name.text: name for name in ordered if name.text != title}.values())


async def record(
    ask: Ask, scheme: Scheme, iri: str, snapshot_hash: str = "", shown: Shown = EVERYTHING
) -> Record | None:
    """Read one record; None where nothing is said of it and nothing points to it."""
    read = await read_record(ask, scheme, iri, shown)
    if read is None:
        return None
    attributed = [Attributed(iri, graph) for graphs in read.said.values() for graph in graphs]
    attributed += [Attributed(subject, graph) for (subject, _), graphs in read.pointed.items() for graph in graphs]
    attributed += read.timeline.attributed()
    speech = await assertions_for(ask, scheme, attributed, _mentions(read))
    return _assemble(scheme, read, speech, snapshot_hash, shown)


def _mentions(read: RecordRead) -> list[str]:
    iris = [read.iri, *(name for name, _ in read.counts)]
    for name, value in read.said:
        iris += [name, value.value] if isinstance(value, Iri) else [name]
    for subject, name in read.pointed:
        iris += [subject, name]
    return [*iris, *read.above, *(held.property for held in read.conflicts.values()), *read.timeline.mentions()]


def _notes(read: RecordRead, shown: Shown) -> tuple[str, ...]:
    cut = "statements" in read.more
    return (f"more than {shown.statements} statements; the first are shown",) if cut else ()


def _assemble(scheme: Scheme, read: RecordRead, speech: Speech, snapshot_hash: str, shown: Shown) -> Record:
    plain = {pair: graphs for pair, graphs in read.said.items() if pair[0] not in apart(scheme)}
    plain = without_echoes(scheme, plain, lambda pair: pair[1])
    pointed = without_echoes(scheme, read.pointed, lambda pair: pair[0])
    relations = tuple(
        Relation(speech.names[subject], speech.names[name], speech.assertions(subject, graphs))
        for (subject, name), graphs in sorted(pointed.items(), key=lambda item: (item[0][1], item[0][0]))
        if subject in speech.names
    )
    return Record(
        ref=speech.names[read.iri],
        names=_names(read),
        types=_types(scheme, read, speech),
        kinds=_kinds(scheme, read, speech),
        statements=_statements(scheme, read, plain, speech),
        left=read.left,
        unshown=read.unshown,
        relations=relations,
        relation_counts=tuple(RelationCount(speech.names[name], count, read.exact) for name, count in read.counts),
        timeline=timeline_entries(scheme, read.timeline, speech),
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
        notes=_notes(read, shown),
        more=read.more,
        snapshot_hash=snapshot_hash,
    )


def _objects(read: RecordRead, name: str) -> list[Term]:
    return sorted((value for held, value in read.said if held == name), key=lambda value: value.value)


def _types(scheme: Scheme, read: RecordRead, speech: Speech) -> tuple[Ref, ...]:
    derived = scheme.iris.graph("derived")

    def only_derived(value: Term) -> bool:
        return all(graph in ("", derived) for graph in read.said[(vocab.RDF_TYPE, value)])

    values = sorted(_objects(read, vocab.RDF_TYPE), key=only_derived)
    found = dict.fromkeys(value.value for value in values)
    # of a record with more statements than are shown the classes may be beyond them
    return tuple(speech.names[kind] for kind in (*found, *sorted(read.above.keys() - found)) if kind in speech.names)


def _kinds(scheme: Scheme, read: RecordRead, speech: Speech) -> tuple[Ref, ...]:
    """Classes to show: a class after all that are narrower than it."""
    types = _types(scheme, read, speech)
    own = [kind for kind in types if kind.iri.startswith(scheme.iris.ontology)]

    def height(kind: Ref) -> int:
        above: set[str] = set()
        waiting = [kind.iri]
        while waiting:
            found = read.above.get(waiting.pop(), set()) - above
            above |= found
            waiting += found
        return -len(above)

    return tuple(sorted(own, key=height)) or types


def _names(read: RecordRead) -> tuple[Name, ...]:
    found = []
    for properties, preferred in ((NAME_PROPERTIES, True), (VARIANT_PROPERTIES, False)):
        for name in properties:
            found += [
                Name(value.value, value.language, preferred)
                for value in _objects(read, name)
                if isinstance(value, Literal)
            ]
    return tuple({(each.text, each.language): each for each in reversed(found)}.values())[::-1]


def _value(value: Term, read: RecordRead, name: str, speech: Speech) -> Value:
    ref = speech.names.get(value.value) if isinstance(value, Iri) else None
    return Value(value, ref, speech.assertions(read.iri, read.said.get((name, value), ())))


def _statements(
    scheme: Scheme, read: RecordRead, plain: dict[tuple[str, Term], list[str]], speech: Speech
) -> tuple[Statement, ...]:
    disputed: dict[tuple[str, Term], list[str]] = defaultdict(list)
    for iri, raw in read.conflicts.items():
        for differing in raw.values:
            disputed[(raw.property, differing)].append(iri)
    rank = rank_of(scheme)
    by_property: dict[str, list[Value]] = defaultdict(list)

    def place(pair: tuple[str, Term]) -> tuple[int, str, bool, int, str]:
        # of a property with many values those that voices disagree about come first, then what most voices give
        return rank(pair[0]), pair[0], pair not in disputed, -len(plain[pair]), pair[1].value

    for name, term in sorted(plain, key=place):
        by_property[name].append(_value(term, read, name, speech))
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


def _same_as(read: RecordRead, speech: Speech) -> tuple[SameAs, ...]:
    return tuple(
        SameAs(
            speech.names[name],
            speech.names.get(value.value, Ref(value.value)),
            tuple(each.voice for each in speech.assertions(read.iri, read.said[(name, value)])),
        )
        for name, value in sorted(read.said, key=lambda pair: (pair[0], pair[1].value))
        if name in SAME_AS
    )


def _conflict(iri: str, raw: RawConflict, read: RecordRead, speech: Speech) -> Conflict:
    values = tuple(_value(value, read, raw.property, speech) for value in raw.values)
    return Conflict(iri, speech.names[read.iri], speech.names[raw.property], values)


async def relation_slice(
    ask: Ask, scheme: Scheme, iri: str, position: int, limit: int, *, relation: str = ""
) -> tuple[tuple[Relation, ...], int]:
    """Further relations to a record, all or by one property, and the position of the next (0 at the end)."""
    pointed = await relations_to(ask, scheme, iri, position, limit + 1, relation=relation)
    kept = without_echoes(scheme, dict(list(pointed.items())[:limit]), lambda pair: pair[0])
    attributed = [Attributed(subject, graph) for (subject, _), graphs in kept.items() for graph in graphs]
    speech = await assertions_for(ask, scheme, attributed, [iri for pair in kept for iri in pair])
    relations = tuple(
        Relation(speech.names[subject], speech.names[name], speech.assertions(subject, graphs))
        for (subject, name), graphs in kept.items()
        if subject in speech.names
    )
    return relations, position + limit if len(pointed) > limit else 0


async def statement_slice(
    ask: Ask, scheme: Scheme, iri: str, position: int, limit: int
) -> tuple[tuple[Statement, ...], int]:
    """Further statements of a record without what stands against them, and the position of the next (0 at the end)."""
    said = await statements_of(ask, scheme, iri, position, limit + 1)
    kept = {pair: graphs for pair, graphs in list(said.items())[:limit] if pair[0] not in apart(scheme)}
    attributed = [Attributed(iri, graph) for graphs in kept.values() for graph in graphs]
    mentions = [text for name, value in kept for text in (name, value.value) if text == name or isinstance(value, Iri)]
    speech = await assertions_for(ask, scheme, attributed, mentions)
    statements = tuple(
        Statement(
            speech.names[name],
            Value(
                value,
                speech.names.get(value.value) if isinstance(value, Iri) else None,
                speech.assertions(iri, graphs),
            ),
        )
        for (name, value), graphs in kept.items()
    )
    return statements, position + limit if len(said) > limit else 0
