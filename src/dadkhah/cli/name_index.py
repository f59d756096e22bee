"""The index of names as a part of snapshots and of the service.

In: the sorted dump when a snapshot is built; the snapshots folder when it is served. Out: files below
`indexes/names/`, and what search asks (`browse.search.NameIndexes`). Labels are those of the properties that pages show
as names; the ontology's own terms are left out, since no one looks for a person under a property.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dadkhah.browse.names import NAME_PROPERTIES, VARIANT_PROPERTIES
from dadkhah.browse.search import NameHit, NameIndex
from dadkhah.errors import NotFound, SnapshotError
from dadkhah.iris import Iris
from dadkhah.linking.index.search import Hit, NamesIndex
from dadkhah.linking.index.write import FORMAT, build
from dadkhah.snapshot.named_values import named_values
from dadkhah.snapshot.registry import Registry

NAME = "names"
_REASONS = {
    "identical": "same word",
    "orthography": "other orthography",
    "transliteration": "transliteration",
    "spelling": "other spelling",
    "joined": "written together or apart",
    "different": "near",
}


class NameIndexer:
    """Writes the index of names into a snapshot; `dadkhah.snapshot.plan.DumpIndexer`."""

    name = NAME
    version = FORMAT

    def build_from_dump(self, dump: Path, folder: Path) -> None:
        """Index every name once, whichever graph states it."""
        leave_out = Iris().ontology
        found = named_values(dump, (*NAME_PROPERTIES, *VARIANT_PROPERTIES))
        build((name for name in found if not name[0].startswith(leave_out)), folder)


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
                self._open[snapshot_hash] = NamesIndex(self._registry.open(snapshot_hash).index_path(NAME))
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
        return [_name_hit(hit) for hit in self._index.search(words, limit)]

    def complete(self, beginning: str, limit: int) -> Sequence[NameHit]:
        """Hits of `complete`."""
        return [_name_hit(hit) for hit in self._index.complete(beginning, limit)]


def _name_hit(hit: Hit) -> NameHit:
    return NameHit(hit.iri, hit.label, hit.language, round(min(1.0, hit.rank), 4), reasons(hit))


def reasons(hit: Hit) -> tuple[str, ...]:
    """The words that met, each with its rule."""
    words = hit.matches()
    return tuple(f"{word.left} = {word.right}: {_REASONS[word.rule]}" for word in words if word.rule != "different")
