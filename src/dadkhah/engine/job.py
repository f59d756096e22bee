"""One query on its way through the pool: what it asks, how long it may take, what has come of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Job:
    """A query that waits or runs.

    Attributes:
        frame: the request as it goes to a reader.
        client: key for fairness.
        deadline: loop time at which it is ended.
        queued_at: loop time at which it came.
        begun: resolves to the whole answer, or to None when the first block is there and more comes.
        started_at: loop time at which a reader took it; 0.0 while it waits.
        retried: whether it was given to a second reader after the first was stopped from outside.
    """

    frame: bytes
    client: str
    deadline: float
    queued_at: float
    begun: asyncio.Future[bytes | None] = field(repr=False)
    started_at: float = 0.0
    retried: bool = False
