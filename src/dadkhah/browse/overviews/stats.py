"""Counts over the whole graph: records by class, statements by voice.

In: an `Ask`. Out: `Stats`. These queries read everything, so whoever calls keeps the answer for as long as the snapshot
lasts. It must not be asked for every page.
"""

from __future__ import annotations

from dataclasses import dataclass

from dadkhah.browse.ask import Ask
from dadkhah.browse.models import Ref, Voice
from dadkhah.browse.names import refs
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.voices import voices_of

_CLASSES = 200
_GRAPHS = 300
# classes of terms, not of things
_META = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.w3.org/2000/01/rdf-schema#",
    "http://www.w3.org/2002/07/owl#",
)


@dataclass(frozen=True, slots=True)
class ClassCount:
    """A class and how many things are in it."""

    kind: Ref
    count: int


@dataclass(frozen=True, slots=True)
class VoiceCount:
    """A voice, how many statements it makes, and about how many records."""

    voice: Voice
    statements: int
    records: int


@dataclass(frozen=True, slots=True)
class Stats:
    """The graph in figures; classes by falling count, voices by IRI."""

    classes: tuple[ClassCount, ...]
    voices: tuple[VoiceCount, ...]
    conflicts: int
    statements: int
    snapshot_hash: str = ""


async def stats(ask: Ask, scheme: Scheme, snapshot_hash: str = "") -> Stats:
    """Count: seven queries, each over the whole graph."""
    things = scheme.anywhere("?s a ?t . FILTER(isIRI(?t))")
    rows = await ask(
        f"SELECT ?t (COUNT(DISTINCT ?s) AS ?n) WHERE {things} GROUP BY ?t ORDER BY DESC(?n) ?t LIMIT {_CLASSES}"
    )
    counted = [(row["t"].value, int(row["n"].value)) for row in rows if "t" in row]
    graphs = await ask(
        "SELECT ?g (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?r) WHERE { GRAPH ?g { ?s ?p ?o } } "
        f"GROUP BY ?g ORDER BY ?g LIMIT {_GRAPHS}"
    )
    statements = await ask(
        f"SELECT (COUNT(*) AS ?n) WHERE {{ {{ SELECT ?s ?p ?o WHERE {scheme.anywhere('?s ?p ?o')} }} }}"
    )
    conflicts = scheme.anywhere(f"?c a {scheme.t('Conflict')}")
    disputed = await ask(f"SELECT (COUNT(DISTINCT ?c) AS ?n) WHERE {conflicts}")
    voices = await voices_of(ask, scheme, (row["g"].value for row in graphs if "g" in row))
    named = await refs(ask, scheme, (kind for kind, _ in counted))
    return Stats(
        classes=tuple(
            ClassCount(named[kind], count) for kind, count in counted if kind in named and not kind.startswith(_META)
        ),
        voices=tuple(
            VoiceCount(voices[row["g"].value], int(row["n"].value), int(row["r"].value)) for row in graphs if "g" in row
        ),
        conflicts=int(disputed[0]["n"].value),
        statements=int(statements[0]["n"].value),
        snapshot_hash=snapshot_hash,
    )
