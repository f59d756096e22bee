"""A dossier: all that is said of a record and of the events it is named in, so that a stranger can check each word.

In: the IRI of a record. Out: a `Dossier`: subject by subject every statement with its voices and passages, the
disagreements, every passage with its place and hash, every source with its address and the hash of the text that was
read. Twelve queries, whatever the size; what goes beyond the bounds is said to. It must not choose between voices.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass

from dadkhah import vocab
from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.attribution import Attributed, Speech, assertions_for
from dadkhah.browse.dates import datings_of
from dadkhah.browse.models import Locator, Name, Ref, Statement, Value, Voice
from dadkhah.browse.names import NAME_PROPERTIES, VARIANT_PROPERTIES
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.spans import Span, envelope
from dadkhah.browse.terms import Iri, Literal, Term
from dadkhah.browse.voices import graph_of

_DCT = "http://purl.org/dc/terms/"
# subjects of one dossier, and statements read for all of them
SUBJECTS = 150
_STATEMENTS = 6_000


@dataclass(frozen=True, slots=True)
class Part:
    """One subject: the record itself, or what points to it.

    Attributes:
        ref: the subject.
        kinds: its narrow classes.
        roles: by which properties it names the record; empty for the record itself.
        span: when it happened, by all voices.
        statements: all of them, each with its voices; rivals are values that cannot be true as well.
    """

    ref: Ref
    kinds: tuple[Ref, ...]
    roles: tuple[Ref, ...]
    span: Span
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class ReadSource:
    """A work that voices of the dossier speak in.

    Attributes:
        ref: the work.
        addresses: where it is published.
        read_on: when it was read; empty where that is not recorded.
        sha256: of the archived texts that were read.
        publishers: who published it.
    """

    ref: Ref
    addresses: tuple[str, ...]
    read_on: str
    sha256: tuple[str, ...]
    publishers: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """All of it.

    Attributes:
        ref: the record.
        names: preferred names and variants.
        parts: the record first, then what names it in order of time, what has no date last.
        voices: everyone who speaks.
        passages: every passage cited, in order of source.
        sources: every work.
        disputed: how many statements have rivals.
        notes: bounds that were met.
    """

    ref: Ref
    names: tuple[Name, ...]
    parts: tuple[Part, ...]
    voices: tuple[Voice, ...]
    passages: tuple[Locator, ...]
    sources: tuple[ReadSource, ...]
    disputed: int
    notes: tuple[str, ...]

    @property
    def statements(self) -> int:
        """How many statements it holds."""
        return sum(len(part.statements) for part in self.parts)


Said = dict[str, dict[tuple[str, Term], list[str]]]
"""Subject to (property, value) to graphs."""
Disputed = dict[tuple[str, str], dict[Term, set[str]]]
"""(subject, property) to value to the conflicts that it is in."""


async def dossier(ask: Ask, scheme: Scheme, iri: str) -> Dossier | None:
    """Read a dossier; None where nothing is said of the thing and nothing points to it."""
    roles = await _pointing(ask, scheme, iri)
    said, datings, disputed = await asyncio.gather(
        _said(ask, scheme, [iri, *roles]),
        datings_of(ask, scheme, [iri, *roles]),
        _disputed(ask, scheme, [iri, *roles]),
    )
    if not said:
        return None
    attributed = [
        Attributed(subject, graph) for subject, held in said.items() for graphs in held.values() for graph in graphs
    ]
    mentions = [iri, *said, *(role for held in roles.values() for role in held)]
    for held in said.values():
        for name, value in held:
            mentions += [name, value.value] if isinstance(value, Iri) else [name]
    speech = await assertions_for(ask, scheme, attributed, mentions)
    spans = {event: envelope([each.span for each in held]) for event, held in datings.items()}
    order = sorted(roles, key=lambda subject: (spans.get(subject, Span()).sort_key, subject))
    reading = _Reading(scheme, said, disputed, speech)
    parts = tuple(
        reading.part(subject, roles.get(subject, []), spans.get(subject, Span()))
        for subject in (iri, *(each for each in order if each != iri))
        if subject in said
    )
    passages = {passage.iri: passage for held in speech.citations.values() for passage in held}
    works = sorted({voice.source.iri for voice in speech.voices.values() if voice.source})
    count = sum(len(held) for held in said.values())
    notes = [f"more than {SUBJECTS} things name it; the first are here"] if len(roles) >= SUBJECTS else []
    notes += [f"more than {_STATEMENTS} statements; the rest are left out"] if count >= _STATEMENTS else []
    return Dossier(
        ref=speech.names[iri],
        names=_names(said.get(iri, {})),
        parts=parts,
        voices=tuple(
            voice for _, voice in sorted(speech.voices.items()) if voice.role in ("voice", "analysis", "graph")
        ),
        passages=tuple(sorted(passages.values(), key=lambda each: (each.source, each.start or 0, each.label))),
        sources=await _sources(ask, scheme, works, speech),
        disputed=sum(bool(statement.rivals) for part in parts for statement in part.statements),
        notes=tuple(notes),
    )


async def _pointing(ask: Ask, scheme: Scheme, iri: str) -> dict[str, list[str]]:
    """What names the record, and by which properties."""
    unwanted = ", ".join(terms.iri(text) for text in scheme.bookkeeping)
    pattern = scheme.anywhere(f"?s ?role {terms.iri(iri)} . FILTER(isIRI(?s) && ?role NOT IN ({unwanted}))")
    chosen = f"SELECT DISTINCT ?s WHERE {pattern} ORDER BY ?s LIMIT {SUBJECTS}"
    found: dict[str, list[str]] = defaultdict(list)
    for row in await ask(f"SELECT DISTINCT ?s ?role WHERE {{ {{ {chosen} }} {pattern} }} ORDER BY ?s ?role"):
        found[row["s"].value].append(row["role"].value)
    broad = frozenset(scheme.terms("affected", "actor"))
    return {subject: [r for r in roles if r not in broad] or roles for subject, roles in found.items()}


async def _said(ask: Ask, scheme: Scheme, subjects: list[str]) -> Said:
    """Every statement about the subjects, with its graphs; what the build derives is not a statement of anyone."""
    unwanted = ", ".join(terms.iri(text) for text in (*scheme.inverses, scheme.term("cites")))
    block = f"VALUES ?s {{ {terms.iris(dict.fromkeys(subjects))} }}"
    pattern = scheme.attributed(f"{block} ?s ?p ?o . FILTER(?p NOT IN ({unwanted}))")
    said: Said = defaultdict(lambda: defaultdict(list))
    for row in await ask(f"SELECT ?s ?p ?o ?g WHERE {pattern} ORDER BY ?s ?p ?o ?g LIMIT {_STATEMENTS}"):
        if graph_of(row) != scheme.iris.graph("derived"):
            said[row["s"].value][(row["p"].value, row["o"])].append(graph_of(row))
    return said


async def _disputed(ask: Ask, scheme: Scheme, subjects: list[str]) -> Disputed:
    """The values that others contradict."""
    block = f"VALUES ?s {{ {terms.iris(dict.fromkeys(subjects))} }}"
    pattern = f"{block} ?c {scheme.t('subject')} ?s ; {scheme.t('property')} ?p ; {scheme.t('value')} ?v"
    found: Disputed = defaultdict(lambda: defaultdict(set))
    for row in await ask(f"SELECT DISTINCT ?c ?s ?p ?v WHERE {scheme.anywhere(pattern)} LIMIT {_STATEMENTS}"):
        found[(row["s"].value, row["p"].value)][row["v"]].add(row["c"].value)
    return found


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was read for all parts at once."""

    scheme: Scheme
    said: Said
    disputed: Disputed
    speech: Speech

    def part(self, subject: str, roles: list[str], span: Span) -> Part:
        held = self.said[subject]
        apart = {vocab.RDF_TYPE, *NAME_PROPERTIES, *VARIANT_PROPERTIES}
        names = self.speech.names
        types = dict.fromkeys(value.value for name, value in held if name == vocab.RDF_TYPE)
        return Part(
            ref=names[subject],
            kinds=tuple(names[kind] for kind in types if kind in names and kind != self.scheme.term("Event")),
            roles=tuple(names[role] for role in roles),
            span=span,
            statements=tuple(
                self._statement(subject, name, value)
                for name, value in sorted(held, key=lambda pair: (pair[0], pair[1].value))
                if name not in apart
            ),
        )

    def _statement(self, subject: str, name: str, value: Term) -> Statement:
        conflicts = self.disputed.get((subject, name), {})
        mine = conflicts.get(value, set())
        rivals = [self._value(subject, name, other) for other, of in conflicts.items() if other != value and of & mine]
        own = self._value(subject, name, value)
        return Statement(self.speech.names[name], own, tuple(rivals), tuple(sorted(mine)))

    def _value(self, subject: str, name: str, value: Term) -> Value:
        ref = self.speech.names.get(value.value) if isinstance(value, Iri) else None
        graphs = self.said[subject].get((name, value), [])
        return Value(value, ref, self.speech.assertions(subject, graphs))


def _names(held: dict[tuple[str, Term], list[str]]) -> tuple[Name, ...]:
    found = [
        Name(value.value, value.language, name in NAME_PROPERTIES)
        for name, value in held
        if name in {*NAME_PROPERTIES, *VARIANT_PROPERTIES} and isinstance(value, Literal)
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda name: (not name.preferred, name.language, name.text)))


async def _sources(ask: Ask, scheme: Scheme, works: list[str], speech: Speech) -> tuple[ReadSource, ...]:
    """Where each work can be found, and the hash of what was read: one query."""
    facts: dict[str, dict[str, list[str]]] = {work: defaultdict(list) for work in works}
    if works:
        block = f"VALUES ?w {{ {terms.iris(works)} }}"
        properties = ", ".join(
            (*(scheme.t(name) for name in ("address", "readOn")), f"<{_DCT}publisher>", f"<{_DCT}source>")
        )
        own = scheme.anywhere(f"{block} ?w ?p ?o . FILTER(?p IN ({properties}))")
        text = scheme.anywhere(f"{block} ?w {scheme.t('archivedAs')} ?n . ?n {scheme.t('sha256')} ?o")
        for row in await ask(f"SELECT DISTINCT ?w ?p ?o WHERE {{ {own} UNION {text} }} ORDER BY ?w ?p ?o"):
            facts[row["w"].value][terms.text_of(row, "p") or "sha256"].append(row["o"].value)

    def of(work: str, *names: str) -> tuple[str, ...]:
        return tuple(value for name in names for value in facts[work].get(name, ()))

    return tuple(
        ReadSource(
            ref=speech.names[work],
            addresses=of(work, scheme.term("address"), f"{_DCT}source"),
            read_on=next(iter(of(work, scheme.term("readOn"))), ""),
            sha256=of(work, "sha256"),
            publishers=tuple(
                speech.names.get(each) or Ref(each, (Name(each),)) for each in of(work, f"{_DCT}publisher")
            ),
        )
        for work in works
    )
