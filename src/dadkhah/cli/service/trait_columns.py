"""The columns of traits as a part of the service.

In: the snapshots folder, where `cli.indexes.trait_indexer` has written columns into each snapshot. Out: what search
counts and filters by (`browse.search.facets.TraitIndexes`).
"""

from __future__ import annotations

from dadkhah.browse.search.columns import Columns
from dadkhah.browse.search.facets import TraitColumns
from dadkhah.cli.indexes.trait_indexer import NAME
from dadkhah.errors import NotFound, SnapshotError
from dadkhah.snapshot.publishing.registry import Registry


class SnapshotTraits:
    """The columns of each snapshot, opened when they are first asked for."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._open: dict[str, TraitColumns | None] = {}

    def of(self, snapshot_hash: str) -> TraitColumns | None:
        """The columns of a snapshot; None where an older build made it without, so that the engine is asked."""
        if snapshot_hash not in self._open:
            while len(self._open) > 1:  # requests under way may still use the one before
                self._open.pop(next(iter(self._open)))
            try:
                self._open[snapshot_hash] = Columns(self._registry.holding(snapshot_hash).index_path(NAME))
            except (NotFound, SnapshotError):
                self._open[snapshot_hash] = None
        return self._open[snapshot_hash]
