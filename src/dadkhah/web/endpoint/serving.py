"""What is being served: one engine with its description, replaced as a whole when a snapshot is taken up.

In: `Served` values made by the command line. Out: leases of the current one. A request works on the one it began
with; the old engine is closed when its last request is done. Nothing here opens snapshots.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from dadkhah.engine.interface import Engine


@dataclass(frozen=True, slots=True)
class GraphCounts:
    """One graph as VoID counts it; `iri` is empty for the default graph, `hash` is of its sorted N-Triples."""

    iri: str
    triples: int
    subjects: int
    properties: Mapping[str, int] = field(default_factory=dict)
    classes: Mapping[str, int] = field(default_factory=dict)
    hash: str = ""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that can be downloaded: its name, such as `tables/events.csv`, size and SHA-256."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about the data being served.

    Attributes:
        hash: content hash of the snapshot, or of the remote engine's state as far as it can be told.
        built: when it was built (ISO 8601, UTC); empty where unknown.
        quads: statements in all; None where unknown, as over a remote engine.
        entities: distinct subject IRIs; None where unknown.
        graphs: per graph; empty where unknown.
        tombstones: withdrawn records, with the day of each withdrawal.
        union_default: whether the default graph holds what all named graphs hold.
        files: what can be downloaded: the dump in canonical N-Quads first, then tables; empty where there is none.
        proofs: what proves them: the manifest and its seal, and where it was signed, the signature and the key.
    """

    hash: str
    built: str = ""
    quads: int | None = None
    entities: int | None = None
    graphs: tuple[GraphCounts, ...] = ()
    tombstones: Mapping[str, str] = field(default_factory=dict)
    union_default: bool = False
    files: tuple[StoredFile, ...] = ()
    proofs: tuple[StoredFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Served:
    """An engine and what is known about its data; `counters` tells of its readers for the metrics."""

    engine: Engine
    facts: Facts
    counters: Callable[[], Mapping[str, float]] = dict


class Serving:
    """Holds the current `Served`; used by the tasks of one event loop."""

    def __init__(self, served: Served) -> None:
        self.current = served
        self.swaps = 0
        self._leases: dict[int, int] = {}
        self._retired: dict[int, asyncio.Event] = {}
        self._listeners: list[Callable[[], None]] = []

    def on_swap(self, listener: Callable[[], None]) -> None:
        """Call this after each swap."""
        self._listeners.append(listener)

    @contextmanager
    def lease(self) -> Iterator[Served]:
        """The current one, which stays open until the end of the block."""
        served = self.take()
        try:
            yield served
        finally:
            self.give_back(served)

    def take(self) -> Served:
        """The current one, which stays open until it is given back."""
        served = self.current
        key = id(served)
        self._leases[key] = self._leases.get(key, 0) + 1
        return served

    def give_back(self, served: Served) -> None:
        """End what `take` began."""
        key = id(served)
        left = self._leases[key] - 1
        if left:
            self._leases[key] = left
            return
        del self._leases[key]
        if key in self._retired:
            self._retired[key].set()

    async def swap(self, served: Served) -> None:
        """Serve another one from now on; returns when the old one has done its last request and is closed."""
        old, self.current = self.current, served
        self.swaps += 1
        for listener in self._listeners:
            listener()
        # a local pool goes on with the new snapshot; only another engine is closed
        if old.engine is not served.engine and id(old) in self._leases:
            done = self._retired[id(old)] = asyncio.Event()
            await done.wait()
            del self._retired[id(old)]
        if old.engine is not served.engine:
            await old.engine.close()

    async def close(self) -> None:
        """Close the current engine."""
        await self.current.engine.close()
