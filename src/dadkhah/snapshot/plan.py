"""What a build is asked to do, as frozen values, and what other layers may add to a snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

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
