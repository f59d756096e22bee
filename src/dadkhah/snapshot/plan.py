"""What a build is asked to do, as frozen values, and what other layers may add to a snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import pyoxigraph as ox

PUBLIC = "public"
INTERNAL = "internal"
PROFILES = (PUBLIC, INTERNAL)


class Indexer(Protocol):
    """Something that derives files from the data; they live in the snapshot and are switched with it."""

    @property
    def name(self) -> str:
        """Name of its folder below `indexes/`."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever the same data would give other files."""
        ...

    def build(self, store: ox.Store, folder: Path) -> None:
        """Read the finished store and write files into the (existing, empty) folder."""
        ...


@runtime_checkable
class DumpIndexer(Protocol):
    """An indexer that reads the sorted dump instead of the store, and so works while the store is filled."""

    @property
    def name(self) -> str:
        """Name of its folder below `indexes/`."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever the same data would give other files."""
        ...

    def build_from_dump(self, dump: Path, folder: Path) -> None:
        """Read the dump (canonical N-Quads) and write files into the (existing, empty) folder; runs in a thread."""
        ...


AnyIndexer = Indexer | DumpIndexer


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """Settings of one build.

    Attributes:
        out: the snapshots folder.
        profile: `public` leaves out what is protected; `internal` keeps it.
        base: base of relative IRIs (any RDF), or of the project's IRIs (curated).
        merge: also write the merge of all named graphs as the default graph.
        accept_shrink: build even where entities have gone missing since the last snapshot.
        durable: force everything onto the disk before the switch; only throw-away builds do without.
        keep: how many snapshots stay in the folder.
    """

    out: Path
    profile: str = PUBLIC
    base: str | None = None
    merge: bool = False
    accept_shrink: bool = False
    durable: bool = True
    keep: int = 3
