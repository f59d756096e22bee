"""One query on its way through the pool: what it asks, how long it may take, what has come of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from dadkhah.engine.interface import Outlet


@dataclass(slots=True, eq=False)
class Job:
    """A query that waits or runs.

    Attributes:
        frame: the request as it goes to a reader.
        client: key for fairness.
        deadline: loop time at which it is ended.
        queued_at: loop time at which it came.
        begun: told of the whole answer, or of its first block.
        started_at: loop time at which a reader took it; 0.0 while it waits.
        retried: whether it was given to a second reader after the first was stopped from outside.
    """

    frame: bytes
    client: str
    deadline: float
    queued_at: float
    begun: Outlet = field(repr=False)
    started_at: float = 0.0
    retried: bool = False
