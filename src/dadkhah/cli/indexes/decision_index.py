"""The decisions on links as a part of snapshots and of the service.

In: a finished store and the tables of the project here. Out: `indexes/decisions/`, and what the page that compares two
records asks. Only decisions on records that the store names without protection are kept: what a public snapshot leaves
out is not told by the way of its links either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dadkhah.cli.places import project_here
from dadkhah.errors import NotFound, SnapshotError
from dadkhah.iris import Iris
from dadkhah.linking.decided import STATES, Decided, read_decisions, read_kept, write_kept
from dadkhah.snapshot.publishing.registry import Registry

if TYPE_CHECKING:
    import pyoxigraph as ox

NAME = "decisions"
_FORMAT = "1"


class DecisionIndexer:
    """Writes the decisions into a snapshot; `dadkhah.snapshot.plan.Indexer`."""

    name = NAME

    @property
    def version(self) -> str:
        """Changes with the form of the file and with any table of decisions."""
        folder = _tables()
        files = [folder / f"{state}.sssom.tsv" for state in STATES] if folder else []
        told = hashlib.sha256(b"\0".join(file.read_bytes() for file in files if file.is_file()))
        return f"{_FORMAT}.{told.hexdigest()[:12]}"

    def build(self, store: ox.Store, folder: Path) -> None:
        """Write the decisions on records that may be named."""
        tables = _tables()
        if tables is None:
            write_kept((), folder)
            return
        named, ours = _open_records(store), f"{Iris().base}id/"

        def may_tell(subject: str, target: str) -> bool:
            return subject in named and (target in named or not target.startswith(ours))

        write_kept(read_decisions(tables, may_tell), folder)


def _tables() -> Path | None:
    project = project_here()
    return None if project is None else project.data / "mappings"


def _open_records(store: ox.Store) -> frozenset[str]:
    """Records of the identity layer with no level of protection but the public one."""
    iris = Iris()
    query = (
        f"SELECT DISTINCT ?r WHERE {{ GRAPH <{iris.graph('authority')}> {{ ?r ?p ?o }} "
        f"FILTER NOT EXISTS {{ GRAPH ?g {{ ?r <{iris.term('protection')}> ?level }} "
        f"FILTER(?level != <{iris.term('Public')}>) }} }}"
    )
    solutions: Any = store.query(query)
    return frozenset(row["r"].value for row in solutions)


class SnapshotDecisions:
    """The decisions of each snapshot, read when they are first asked for; `dadkhah.linking.decided.DecidedPairs`."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._known: dict[str, tuple[Decided, ...]] = {}

    def of(self, snapshot_hash: str) -> Sequence[Decided]:
        """The decisions that came with a snapshot."""
        if snapshot_hash not in self._known:
            while len(self._known) > 1:  # requests under way may still use the one before
                self._known.pop(next(iter(self._known)))
            try:
                self._known[snapshot_hash] = read_kept(self._registry.holding(snapshot_hash).index_path(NAME))
            except (NotFound, SnapshotError, OSError):
                self._known[snapshot_hash] = ()
        return self._known[snapshot_hash]
