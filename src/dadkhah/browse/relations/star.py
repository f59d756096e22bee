"""The nearest records of a record as a graph, from what its page shows already: no query.

In: a `Record`. Out: a `Neighbourhood` of one hop: the record, what its statements name, and what points to it. Every
edge has the voices that the page names for it. It must not show a concept of the vocabulary as a neighbour.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from dadkhah.browse.models import Assertion, Ref, Voice
from dadkhah.browse.records.record import Record
from dadkhah.browse.relations.edges import Edge
from dadkhah.browse.relations.neighbourhoods import Neighbourhood, Node
from dadkhah.browse.scheme import Scheme


def star(scheme: Scheme, record: Record, most: int) -> Neighbourhood:
    """The record with at most so many neighbours, of those it names and those that name it in turn."""
    here = record.ref
    outgoing = [
        (each.value.ref, Edge(here.iri, each.property, each.value.ref.iri, _voices(each.value.assertions)))
        for each in record.statements
        if each.value.ref is not None and _is_record(scheme, each.property, each.value.ref)
    ]
    incoming = [
        (each.subject, Edge(each.subject.iri, each.property, here.iri, _voices(each.assertions)))
        for each in record.relations
        if _is_record(scheme, each.property, each.subject)
    ]
    nodes, edges = {here.iri: Node(here, 0)}, []
    for ref, edge in _dealt(incoming, outgoing):
        if ref.iri not in nodes:
            if len(nodes) > most:
                continue
            nodes[ref.iri] = Node(ref, 1)
        edges.append(edge)
    return Neighbourhood((here.iri,), tuple(nodes.values()), tuple(edges))


def _dealt(*lists: list[tuple[Ref, Edge]]) -> Iterator[tuple[Ref, Edge]]:
    return (each for row in zip_longest(*lists) for each in row if each is not None)


def _is_record(scheme: Scheme, relation: Ref, other: Ref) -> bool:
    return relation.iri not in scheme.no_links and not other.iri.startswith(scheme.iris.ontology)


def _voices(assertions: tuple[Assertion, ...]) -> tuple[Voice, ...]:
    return tuple(each.voice for each in assertions)
