"""Places for a bounded number of queries, handed out by the rules of the waiting line."""

from __future__ import annotations

import asyncio

from dadkhah.engine.waiting.job import Job
from dadkhah.engine.waiting.line import WaitingLine
from dadkhah.errors import Busy


class Admission:
    """At most `running` queries at a time, of one client all but one; a short, fair line in front."""

    def __init__(self, *, running: int, queue_length: int, queue_seconds: float) -> None:
        self._limit = running
        self._queue_seconds = queue_seconds
        self._running = 0
        self._line = WaitingLine(
            length=queue_length, per_client=max(1, queue_length * 3 // 4), running_per_client=max(1, running - 1)
        )

    async def enter(self, client: str) -> None:
        """Wait for a place; Busy where the line is full or no place comes free in time."""
        if self._running < self._limit and self._line.may_run(client):
            self._take(client)
            return
        retry_after = max(1, round(self._queue_seconds / 2))
        if not self._line.has_room(client):
            raise Busy("too many queries are waiting; try again soon", retry_after_seconds=retry_after)
        loop = asyncio.get_running_loop()
        begun: asyncio.Future[bytes | None] = loop.create_future()
        job = Job(b"", client, loop.time() + self._queue_seconds, loop.time(), begun)
        self._line.add(job)
        try:
            async with asyncio.timeout(self._queue_seconds):
                await begun
        except TimeoutError:
            self._withdraw(job)
            raise Busy("no place became free in time; try again soon", retry_after_seconds=retry_after) from None
        except asyncio.CancelledError:
            self._withdraw(job)
            raise

    def leave(self, client: str) -> None:
        """Give the place back."""
        self._running -= 1
        self._line.end(client)
        while len(self._line) and self._running < self._limit:
            job = self._line.take()
            if job is None:
                return
            if not job.begun.done():
                self._take(job.client)
                job.begun.set_result(None)

    def _take(self, client: str) -> None:
        self._running += 1
        self._line.begin(client)

    def _withdraw(self, job: Job) -> None:
        if not self._line.discard(job) and job.begun.done() and not job.begun.cancelled():
            # the place came in the same instant
            self.leave(job.client)
