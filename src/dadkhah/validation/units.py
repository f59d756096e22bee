"""SHACL with one file as the unit.

In: the documents of a project and its shapes. Out: findings with file and line. A unit is the statements of one file,
class and protection of the records that it names, and the class hierarchy; so voices that differ do not fail each
other, and the verdict on a file depends on nothing else. A result about a record that the file only names belongs to
the file that describes it, and is left to that one.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import BlankNode, NamedNode, Triple

from dadkhah.source.files.problems import Severity
from dadkhah.source.files.tree import Role
from dadkhah.source.project.reading import Loaded
from dadkhah.source.project.turtle_file import Document
from dadkhah.validation.cache import ReportCache
from dadkhah.validation.report import Finding, Report
from dadkhah.validation.shacl import ShapesGraph, load_shapes, validate
from dadkhah.validation.shacl.results import Result
from dadkhah.vocab import DK, RDF_TYPE, RDFS_SUBCLASS_OF, SH

JUDGED = (Role.AUTHORITY, Role.SOURCE, Role.VOICE, Role.ANALYSIS, Role.LOOSE)
CONTEXT = frozenset({NamedNode(RDF_TYPE), NamedNode(f"{DK}protection")})
_SUBCLASS = NamedNode(RDFS_SUBCLASS_OF)
_SEVERITIES = {f"{SH}Warning": Severity.WARNING, f"{SH}Info": Severity.INFO}


class Units:
    """The units of a project, validated one by one and remembered by content."""

    def __init__(self, loaded: Loaded, cache: ReportCache, elsewhere: Iterable[Triple] = ()) -> None:
        """Take in shapes and documents; `elsewhere` says class and protection of records of other graphs."""
        self._cache = cache
        shapes = [triple for document in loaded.of(Role.SHAPES) for triple in document.triples]
        self.shapes: ShapesGraph = load_shapes(shapes)
        self._hierarchy = [
            triple
            for document in loaded.of(Role.ONTOLOGY)
            for triple in document.triples
            if triple.predicate == _SUBCLASS
        ]
        self._rules = f"{_digest(shapes)}-{_digest(self._hierarchy)}"
        stated = [triple for document in loaded.of(*JUDGED) for triple in document.triples]
        self._known: Mapping[NamedNode, set[Triple]] = _known_of([*stated, *elsewhere])
        self.reused = 0
        self.notes: set[str] = set()

    def findings(self, document: Document) -> Iterator[Finding]:
        """Everything that the shapes say about one file."""
        drawn = self._drawn(document.triples)
        key = f"shacl-{document.file.name}-{document.sha256}-{self._rules}-{_digest(drawn)}"
        known = self._cache.get(key)
        if known is not None:
            self.reused += 1
            # a reader ought to know the second time too why a shape ran in pySHACL
            self.notes.update(known.notes)
            return iter(known)
        judged = validate([*document.triples, *drawn, *self._hierarchy], self.shapes)
        own = {triple.subject for triple in document.triples}
        report = Report.of(
            (_finding(result, document) for result in judged if result.focus in own),
            notes=(f"{shape} ran in pySHACL: {reason}" for shape, reason in judged.uncompiled.items()),
        )
        self.notes.update(report.notes)
        self._cache.put(key, report)
        return iter(report)

    def _drawn(self, triples: Sequence[Triple]) -> list[Triple]:
        """What is known anywhere of the records that the statements name, as far as shapes may ask for it."""
        named = {term for triple in triples for term in (triple.subject, triple.object) if isinstance(term, NamedNode)}
        return [triple for term in named for triple in self._known.get(term, ())]


def _known_of(triples: Iterable[Triple]) -> dict[NamedNode, set[Triple]]:
    known: dict[NamedNode, set[Triple]] = defaultdict(set)
    for triple in triples:
        if triple.predicate in CONTEXT and isinstance(triple.subject, NamedNode):
            known[triple.subject].add(triple)
    return known


def _digest(triples: Iterable[Triple]) -> str:
    # blank nodes have a new name in each run, and their place in a shape is told by the statements around them
    lines = sorted(" ".join("_" if isinstance(term, BlankNode) else str(term) for term in triple) for triple in triples)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def _finding(result: Result, document: Document) -> Finding:
    path = str(result.path) if isinstance(result.path, NamedNode) else ""
    subject = result.focus.value if isinstance(result.focus, NamedNode) else ""
    value = getattr(result.value, "value", None)
    place = document.positions.find(subject, path.strip("<>") or None, value)
    message = " ".join(message.value for message in result.messages) or "it does not conform to its shape"
    return Finding(
        message=f"{subject}: {message}" if subject else message,
        severity=_SEVERITIES.get(getattr(result.severity, "value", ""), Severity.VIOLATION),
        file=document.file.name,
        line=place.line if place else 1,
        column=place.column if place else None,
        rule="shacl",
        shape=str(result.shape),
        path=path,
        focus=str(result.focus),
        value="" if result.value is None else str(result.value),
        component=result.component.value,
    )
