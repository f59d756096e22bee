"""What was said of a record from snapshot to snapshot: which statements came, which went.

In: what each kept snapshot says of the record, given by whoever holds them. Out: `Revision`s, newest first. Browse
itself sees one snapshot. It must not tell what was withdrawn: see `revisions`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from dadkhah.browse.terms import Iri, Term


class Told(NamedTuple):
    """One statement about a record, and the graph that makes it; None for a value that is not told any more."""

    property: str
    value: Term | None
    graph: str


@dataclass(frozen=True, slots=True)
class State:
    """What one snapshot says of a record; `at` is when it was taken up (ISO 8601)."""

    at: str
    snapshot: str
    told: frozenset[Told]


@dataclass(frozen=True, slots=True)
class Revision:
    """What changed when a snapshot was taken up; `first` where nothing older is kept."""

    at: str
    snapshot: str
    came: tuple[Told, ...]
    went: tuple[Told, ...]
    first: bool = False


class RecordStates(Protocol):
    """Tells what the kept snapshots say of a record."""

    def states(self, iri: str) -> Sequence[State]:
        """From the oldest to the newest; reads files, so call it in a thread."""
        ...


def revisions(states: Sequence[State], withdrawn: Collection[str] = ()) -> tuple[Revision, ...]:
    """Changes between states, newest first; snapshots in which the record stayed the same are left out.

    Args:
        states: from the oldest to the newest.
        withdrawn: IRIs of withdrawn records; a statement that names one is not told, also where an old snapshot did.
    """
    found: list[Revision] = []
    before: frozenset[Told] = frozenset()
    for state in states:
        told = frozenset(each for each in state.told if not _names(each, withdrawn))
        came, went = told - before, before - told
        if came or went:
            first = state is states[0]
            found.append(Revision(state.at, state.snapshot, _ordered(came), _ordered(went), first))
        before = told
    return tuple(reversed(found))


def _names(told: Told, withdrawn: Collection[str]) -> bool:
    return isinstance(told.value, Iri) and told.value.value in withdrawn


def _ordered(told: frozenset[Told]) -> tuple[Told, ...]:
    return tuple(sorted(told, key=lambda each: (each.property, each.value.value if each.value else "", each.graph)))
