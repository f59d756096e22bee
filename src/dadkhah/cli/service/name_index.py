"""The index of names as a part of the service.

In: the snapshots folder, where `cli.name_indexer` has written an index into each snapshot. Out: what search asks
(`browse.search.NameIndexes`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import overload

from dadkhah.browse.search.hits import LazyHits, NameHit, NameIndex
from dadkhah.cli.indexes.name_indexer import NAME
from dadkhah.errors import NotFound, SnapshotError
from dadkhah.linking.index.hits import Hit, Hits
from dadkhah.linking.index.search import NamesIndex
from dadkhah.snapshot.publishing.registry import Registry

_REASONS = {
    "identical": "same word",
    "orthography": "other orthography",
    "transliteration": "transliteration",
    "spelling": "other spelling",
    "joined": "written together or apart",
    "different": "near",
}


class SnapshotNames:
    """The index of each snapshot, opened when it is first asked for."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._open: dict[str, NamesIndex | None] = {}

    def index(self, snapshot_hash: str) -> NamesIndex | None:
        """The index of a snapshot; None where it was built without one."""
        if snapshot_hash not in self._open:
            while len(self._open) > 1:  # requests under way may still use the one before
                self._open.pop(next(iter(self._open)))
            try:
                self._open[snapshot_hash] = NamesIndex(self._registry.holding(snapshot_hash).index_path(NAME))
            except (NotFound, SnapshotError):
                self._open[snapshot_hash] = None
        return self._open[snapshot_hash]

    def of(self, snapshot_hash: str) -> NameIndex | None:
        """What search asks (`browse.search.NameIndexes`)."""
        index = self.index(snapshot_hash)
        return None if index is None else _Searched(index)


class _Searched:
    """An index as search wants it."""

    def __init__(self, index: NamesIndex) -> None:
        self._index = index

    def find(self, words: str, limit: int) -> Sequence[NameHit]:
        """Hits of `search`."""
        return _Found(self._index.find(words, limit))

    def complete(self, beginning: str, limit: int) -> Sequence[NameHit]:
        """Hits of `complete`."""
        return [_name_hit(hit) for hit in self._index.complete(beginning, limit)]


class _Found(LazyHits):
    """Hits as search wants them."""

    def __init__(self, hits: Hits) -> None:
        self._hits = hits

    @property
    def iris(self) -> Sequence[str]:
        return self._hits.iris()

    def __len__(self) -> int:
        return len(self._hits)

    @overload
    def __getitem__(self, number: int) -> NameHit: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[NameHit]: ...
    def __getitem__(self, number: int | slice) -> NameHit | Sequence[NameHit]:
        if isinstance(number, slice):
            return [_name_hit(hit) for hit in self._hits[number]]
        return _name_hit(self._hits[number])


def _name_hit(hit: Hit) -> NameHit:
    return NameHit(hit.iri, hit.label, hit.language, round(min(1.0, hit.rank), 4), _Reasons(hit))


class _Reasons(Sequence[str]):
    """The words that met, each with its rule; looked for when they are read: of 300 hits, 20 are shown."""

    def __init__(self, hit: Hit) -> None:
        self._hit = hit

    @cached_property
    def _told(self) -> tuple[str, ...]:
        words = self._hit.matches()
        return tuple(f"{word.left} = {word.right}: {_REASONS[word.rule]}" for word in words if word.rule != "different")

    def __len__(self) -> int:
        return len(self._told)

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[str, ...]: ...
    def __getitem__(self, number: int | slice) -> str | tuple[str, ...]:
        return self._told[number]
