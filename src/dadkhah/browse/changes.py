"""What changed from snapshot to snapshot, as far as the service is told.

In: a `ChangeLog`, given by whoever knows the snapshots. Out: `Change`s, newest first. Browse itself sees one snapshot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Change:
    """One switch from a snapshot to another.

    Attributes:
        at: when (ISO 8601, UTC).
        before: hash of the snapshot before, empty for the first.
        after: hash of the snapshot that was taken up.
        reason: why, such as "build".
        records: IRIs of the records that changed, where that is known.
    """

    at: str
    before: str
    after: str
    reason: str
    records: tuple[str, ...] = ()


class ChangeLog(Protocol):
    """Tells of the switches so far."""

    def changes(self) -> Sequence[Change]:
        """All switches, newest first."""
        ...
