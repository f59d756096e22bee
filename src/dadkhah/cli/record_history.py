"""What the snapshots of a folder say of one record, each opened read-only for as long as it is read."""

from __future__ import annotations

import pyoxigraph as ox

from dadkhah.browse.history import State, Told
from dadkhah.browse.terms import BlankNode, Iri, Literal, Term
from dadkhah.errors import NotFound, SnapshotError
from dadkhah.snapshot.registry import Registry

# snapshots that are looked into, the newest; opening one takes about ten milliseconds
_SNAPSHOTS = 12
# statements of one record in one snapshot; a record with more has no history
_STATEMENTS = 2_000


class SnapshotStates:
    """`RecordStates` over the snapshots that a folder still holds."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def states(self, iri: str) -> list[State]:
        """From the oldest to the newest; a snapshot that was pruned, or cannot be read, is left out."""
        taken_up: dict[str, str] = {}
        for entry in self._registry.changes():
            name, at = entry.get("to"), entry.get("at")
            if name and at:
                taken_up.setdefault(name, at)
        found = []
        for name, at in list(taken_up.items())[-_SNAPSHOTS:]:
            try:
                snapshot = self._registry.open(name)
                found.append(State(at, snapshot.hash, _told(snapshot.open_store(), iri)))
            except (NotFound, SnapshotError):
                continue
        return found


def _told(store: ox.Store, iri: str) -> frozenset[Told]:
    """The statements of named graphs; the default graph only repeats them."""
    told = set()
    for quad in store.quads_for_pattern(ox.NamedNode(iri), None, None):
        value = _term(quad.object)
        if isinstance(quad.graph_name, ox.NamedNode) and value is not None:
            told.add(Told(quad.predicate.value, value, quad.graph_name.value))
            if len(told) > _STATEMENTS:
                return frozenset()
    return frozenset(told)


def _term(term: object) -> Term | None:
    if isinstance(term, ox.NamedNode):
        return Iri(term.value)
    if isinstance(term, ox.Literal):
        return Literal(term.value, term.datatype.value, term.language or "")
    # a blank node has another label in each snapshot
    return BlankNode("") if isinstance(term, ox.BlankNode) else None
