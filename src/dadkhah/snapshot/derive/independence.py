"""How many independent claimants stand behind a record: distinct origin groups, not pages and not voices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pyoxigraph as ox

from dadkhah.iris import Iris
from dadkhah.snapshot.dump.statements import Statements
from dadkhah.vocab import XSD

_INTEGER = ox.NamedNode(XSD + "integer")


def independent_claimants(found: Statements, iris: Iris) -> Iterator[ox.Triple]:
    """Count, for each record that a voice says something about, the origins of its voices.

    A voice without an origin group counts by its claimant. Our own analysis is no witness and is left out.
    """
    origins = _values(found, iris.term("originGroup"))
    claimants = _values(found, iris.term("claimant"))
    voices, own = f"{iris.base}voice/", f"{iris.base}voice/dadkhah/"
    behind: dict[str, set[str]] = defaultdict(set)
    for statement in found.all:
        graph = statement.graph
        if graph.startswith(voices) and not graph.startswith(own) and statement.subject != graph:
            behind[statement.subject] |= origins.get(graph) or claimants.get(graph) or {graph}
    predicate = ox.NamedNode(iris.term("independentClaimants"))
    for subject, groups in behind.items():
        yield ox.Triple(ox.NamedNode(subject), predicate, ox.Literal(str(len(groups)), datatype=_INTEGER))


def _values(found: Statements, predicate: str) -> dict[str, set[str]]:
    values: dict[str, set[str]] = defaultdict(set)
    for statement in found.by_predicate.get(predicate, ()):
        if statement.object_iri:
            values[statement.subject].add(statement.object_iri)
    return values
