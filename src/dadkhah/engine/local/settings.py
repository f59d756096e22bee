"""What a pool is given: the snapshot it serves and the bounds it keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from dadkhah.engine.readers.reader import ReaderSettings

BYTES_PER_STATEMENT = 400
"""Memory of pyoxigraph's in-memory store; measured 383 MB for one million statements."""

AT_ONCE_STATEMENTS = 250_000
"""A snapshot of so many is loaded before it answers: 55,000 take 0.5 s, where the disk is ready after 0.2 s."""


@dataclass(frozen=True, slots=True)
class SnapshotSource:
    """A snapshot as the pool needs to know it.

    Attributes:
        hash: content hash; the same hash is the same data.
        store: folder of the RocksDB store.
        dump: N-Quads (or .gz) of the same data, from which it can be held in memory; None: never in memory.
        statements: number of statements, to judge whether it fits into memory; None: never in memory.
    """

    hash: str
    store: Path
    dump: Path | None = None
    statements: int | None = None

    def fits(self, budget_bytes: int) -> bool:
        """Whether the snapshot can be held in memory within the budget."""
        if self.dump is None or self.statements is None:
            return False
        return self.statements * BYTES_PER_STATEMENT <= budget_bytes

    def loads_at_once(self, budget_bytes: int) -> bool:
        """Whether it fits and is loaded so soon that nobody need be answered from disk, which is ten times slower."""
        return self.fits(budget_bytes) and (self.statements or 0) <= AT_ONCE_STATEMENTS


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """How a pool works.

    Attributes:
        readers: queries that run at the same time.
        spares: readers beyond, so that a killed one is replaced at once.
        queue_length: queries that may wait.
        queue_per_client: of these, from one client.
        queue_seconds: the longest wait.
        stall_seconds: how long the consumer of a streamed answer may take nothing.
        stream_seconds: the longest a streamed answer may take in all.
        memory_budget_bytes: a snapshot that needs less is held in memory; 0: always on disk.
        reader: what each reader may do.
    """

    readers: int = 4
    spares: int = 1
    queue_length: int = 128
    queue_per_client: int = 96
    queue_seconds: float = 5.0
    stall_seconds: float = 15.0
    stream_seconds: float = 900.0
    memory_budget_bytes: int = 1 << 30
    reader: ReaderSettings = field(default_factory=ReaderSettings)
