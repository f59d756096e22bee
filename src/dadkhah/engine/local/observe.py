"""What a pool tells about itself, for metrics and logs: never a query, an address or an error's text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Observer(Protocol):
    """Hears of queries and readers; called on the event loop, so it has to be quick."""

    def query_ended(self, outcome: str, queue_seconds: float, run_seconds: float) -> None:
        """Hear that a query is over.

        Args:
            outcome: `ok`, or the name of an error class (`QueryTimeout`, `Busy`, …), or `cancelled`.
            queue_seconds: time until a reader took it.
            run_seconds: time from then to the end of its answer; 0.0 where no reader took it.
        """

    def reader_started(self, seconds: float) -> None:
        """Hear that a reader is ready, and what its start took."""

    def reader_ended(self, reason: str) -> None:
        """Hear that a reader has ended.

        Args:
            reason: `deadline`, `abandoned`, `stalled`, `stopped`, `memory`, `crash`, `killed`, `worn`, `retired` (by a
                newer snapshot), `failed` (to start), `closed`.
        """


class SilentObserver:
    """Ignores everything."""

    def query_ended(self, outcome: str, queue_seconds: float, run_seconds: float) -> None:
        """Ignore it."""

    def reader_started(self, seconds: float) -> None:
        """Ignore it."""

    def reader_ended(self, reason: str) -> None:
        """Ignore it."""


@dataclass(frozen=True, slots=True)
class PoolState:
    """Figures of one moment.

    Attributes:
        running: queries that readers work on.
        waiting: queries in the line.
        idle: readers ready for a query, spares included.
        starting: readers that open their data.
        in_memory: whether readers hold the data in memory.
    """

    running: int
    waiting: int
    idle: int
    starting: int
    in_memory: bool
