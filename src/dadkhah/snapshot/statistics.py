"""Counts and hashes of a sorted dump, found in one pass.

In: sorted, distinct N-Quads lines. Out: the SHA-256 of the whole and of each graph, and what VoID states about a
dataset (triples, subjects, properties, classes). Memory grows with the number of graphs, properties and classes.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from dadkhah.snapshot.lines import split
from dadkhah.vocab import RDF_TYPE

_TYPE = f"<{RDF_TYPE}>".encode()
_BATCH = 2048  # lines hashed at once: a call per line costs more than its hash


@dataclass(slots=True)
class GraphStatistics:
    """What one graph holds; `iri` is empty for the default graph, `hash` is of its lines without the graph name."""

    iri: str
    triples: int = 0
    subjects: int = 0
    hash: str = ""
    properties: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a dump holds; `blank_nodes` says whether any line has one, `entities` counts distinct subject IRIs."""

    hash: str
    quads: int
    entities: int
    blank_nodes: bool
    graphs: tuple[GraphStatistics, ...]


class _Graph:
    def __init__(self) -> None:
        self.triples = 0
        self.subjects = 0
        self.last_subject = b""
        self.properties: Counter[bytes] = Counter()
        self.classes: Counter[bytes] = Counter()
        self.digest = hashlib.sha256()
        self.waiting: list[bytes] = []

    def flush(self) -> None:
        self.digest.update(b"".join(self.waiting))
        self.waiting.clear()


def measure(lines: Iterable[bytes]) -> Statistics:
    """Count and hash sorted, distinct lines; about two microseconds a line."""
    graphs: dict[bytes, _Graph] = {}
    whole, batch = hashlib.sha256(), list[bytes]()
    quads = entities = 0
    last, blank = b"", False
    for line in lines:
        fields = split(line)
        graph = graphs.get(fields.graph)
        if graph is None:
            graph = graphs[fields.graph] = _Graph()
        _count(graph, fields.subject, fields.predicate, fields.object)
        if fields.subject != last:
            last = fields.subject
            entities += last.startswith(b"<")
        blank = blank or fields.subject.startswith(b"_:") or fields.object.startswith((b"_:", b"<<"))
        blank = blank or fields.graph.startswith(b"_:")
        graph.waiting.append(line if not fields.graph else line[: -len(fields.graph) - 4] + b" .\n")
        batch.append(line)
        quads += 1
        if len(batch) >= _BATCH:
            whole.update(b"".join(batch))
            batch.clear()
            for each in graphs.values():
                each.flush()
    whole.update(b"".join(batch))
    found = tuple(_finish(name, graphs[name]) for name in sorted(graphs))
    return Statistics(whole.hexdigest(), quads, entities, blank, found)


def _count(graph: _Graph, subject: bytes, predicate: bytes, value: bytes) -> None:
    graph.triples += 1
    graph.properties[predicate] += 1
    if predicate == _TYPE:
        graph.classes[value] += 1
    if subject != graph.last_subject:
        graph.last_subject = subject
        graph.subjects += 1


def _finish(name: bytes, graph: _Graph) -> GraphStatistics:
    graph.flush()
    return GraphStatistics(
        iri=_text(name),
        triples=graph.triples,
        subjects=graph.subjects,
        hash=graph.digest.hexdigest(),
        properties=Counter({_text(key): count for key, count in graph.properties.items()}),
        classes=Counter({_text(key): count for key, count in graph.classes.items() if key.startswith(b"<")}),
    )


def _text(term: bytes) -> str:
    return term.decode().removeprefix("<").removesuffix(">")
