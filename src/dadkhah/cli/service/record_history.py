"""What the snapshots of a folder say of one record, each opened read-only for as long as it is read.

What the snapshot of today does not say any more may have been taken out to protect somebody. Of that a voice and a
property are told while the voice is still there, and a value only where it is a record that is still there, or a day,
a number or a truth value about a record whose address tells its name anyway.
"""

from __future__ import annotations

from contextlib import suppress

import pyoxigraph as ox

from dadkhah.browse.records.history import State, Told
from dadkhah.browse.terms import XSD, BlankNode, Iri, Literal, Term
from dadkhah.errors import NotFound, SnapshotError
from dadkhah.snapshot.protection.withheld import OPAQUE
from dadkhah.snapshot.publishing.registry import Registry, Snapshot

# snapshots that are looked into, the newest; opening one takes about ten milliseconds
_SNAPSHOTS = 12
# statements of one record in one snapshot; a record with more has no history
_STATEMENTS = 2_000
_PLAIN = frozenset(f"{XSD}{name}" for name in ("date", "gYear", "gYearMonth", "dateTime", "integer", "boolean"))


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
        today = self._registry.pointed()
        if today is None:
            return []
        found = []
        with suppress(NotFound, SnapshotError):
            guard = _Guard(today.open_store(), iri)
            for name, at in list(taken_up.items())[-_SNAPSHOTS:]:
                snapshot = self._open(name)
                if snapshot is not None and snapshot.manifest.profile == today.manifest.profile:
                    found.append(State(at, snapshot.hash, guard.told(snapshot)))
        return found

    def _open(self, name: str) -> Snapshot | None:
        try:
            return self._registry.open(name)
        except (NotFound, SnapshotError):
            return None


class _Guard:
    """Tells of other snapshots what may be told by what the one of today says."""

    def __init__(self, today: ox.Store, iri: str) -> None:
        self._today = today
        self._iri = iri
        self._standing = _told(today, iri)
        self._opaque = OPAQUE.fullmatch(iri.rpartition("/")[2]) is not None

    def told(self, snapshot: Snapshot) -> frozenset[Told]:
        """What a snapshot says of the record, as far as it may be told."""
        try:
            held = _told(snapshot.open_store(), self._iri)
        except SnapshotError:
            return frozenset()
        return frozenset(kept for each in held if (kept := self._kept(each)) is not None)

    def _kept(self, told: Told) -> Told | None:
        if told in self._standing:
            return told
        if not self._is_there(told.graph, graph=True):
            return None
        return told if self._may_be_told(told.value) else told._replace(value=None)

    def _may_be_told(self, value: Term | None) -> bool:
        if self._opaque:
            return False
        if isinstance(value, Iri):
            return self._is_there(value.value)
        return isinstance(value, Literal) and value.datatype in _PLAIN

    def _is_there(self, iri: str, *, graph: bool = False) -> bool:
        node = ox.NamedNode(iri)
        if graph:
            return self._today.contains_named_graph(node)
        places = ((node, None, None), (None, None, node))
        return any(next(self._today.quads_for_pattern(*place), None) is not None for place in places)


def _told(store: ox.Store, iri: str) -> frozenset[Told]:
    """The statements of named graphs; the default graph only repeats them."""
    told = set()
    for quad in store.quads_for_pattern(ox.NamedNode(iri), None, None):
        if (each := told_of(quad)) is not None:
            told.add(each)
            if len(told) > _STATEMENTS:
                return frozenset()
    return frozenset(told)


def told_of(quad: ox.Quad) -> Told | None:
    """A statement of a named graph; None for one of the default graph, or with a value that cannot be told."""
    value = _term(quad.object)
    if not isinstance(quad.graph_name, ox.NamedNode) or value is None:
        return None
    return Told(quad.predicate.value, value, quad.graph_name.value)


def _term(term: object) -> Term | None:
    if isinstance(term, ox.NamedNode):
        return Iri(term.value)
    if isinstance(term, ox.Literal):
        return Literal(term.value, term.datatype.value, term.language or "")
    # a blank node has another label in each snapshot
    return BlankNode("") if isinstance(term, ox.BlankNode) else None
