"""What changed from snapshot to snapshot, as far as the service is told.

In: a `ChangeLog`, given by whoever knows the snapshots. Out: `Change`s, newest first, and of each the records that it
touched. Browse itself sees one snapshot. What is no longer said may have been taken out to protect somebody: it is
counted, and its values are not told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from dadkhah.browse.records.history import Told

Unknown = Literal["", "first", "not kept", "too large", "not public"]


@dataclass(frozen=True, slots=True)
class Change:
    """One switch from a snapshot to another.

    Attributes:
        at: when (ISO 8601, UTC).
        before: name of the snapshot before, empty for the first.
        after: name of the snapshot that was taken up.
        reason: why, such as "build".
    """

    at: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChangedRecord:
    """A record of which something came or went.

    Attributes:
        iri: of a record that is still there.
        change: whether the record itself is new.
        came: statements that came and still stand, the first ones.
        added: how many statements came.
        removed: how many went.
    """

    iri: str
    change: Literal["added", "changed"]
    came: tuple[Told, ...]
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Changed:
    """What one switch changed; derived statements are left out, since they follow from the others.

    Attributes:
        records: those that are still there, by IRI, up to a bound.
        added: how many records came.
        changed: how many stayed and changed.
        removed: how many are no longer there; they are not named.
        statements_added: of all records.
        statements_removed: of all records.
        unknown: why nothing of this can be told; empty where it is told.
    """

    records: tuple[ChangedRecord, ...] = ()
    added: int = 0
    changed: int = 0
    removed: int = 0
    statements_added: int = 0
    statements_removed: int = 0
    unknown: Unknown = ""


class ChangeLog(Protocol):
    """Tells of the switches so far."""

    def changes(self) -> Sequence[Change]:
        """All switches, newest first."""
        ...

    def changed(self, change: Change) -> Changed:
        """What a switch changed; reads files, so call it in a thread."""
        ...
