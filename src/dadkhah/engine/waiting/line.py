"""The waiting line in front of the readers: short, and fair between clients.

A client may hold all readers but one, and of those who wait the one whose client runs least goes first; within a
client the oldest. So one client with many slow queries cannot keep others out.
"""

from __future__ import annotations

from collections import deque

from dadkhah.engine.waiting.job import Job


class WaitingLine:
    """Jobs by client; every operation costs at most the number of clients that wait."""

    def __init__(self, *, length: int, per_client: int, running_per_client: int) -> None:
        self._length = length
        self._per_client = per_client
        self._running_per_client = running_per_client
        self._waiting: dict[str, deque[Job]] = {}
        self._running: dict[str, int] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def may_run(self, client: str) -> bool:
        """Whether the client may have one more reader."""
        return self._running.get(client, 0) < self._running_per_client

    def begin(self, client: str) -> None:
        """Note that a query of this client runs."""
        self._running[client] = self._running.get(client, 0) + 1

    def end(self, client: str) -> None:
        """Note that a query of this client runs no more."""
        left = self._running[client] - 1
        if left:
            self._running[client] = left
        else:
            del self._running[client]

    def has_room(self, client: str) -> bool:
        """Whether one more query of this client may wait."""
        line = self._waiting.get(client)
        return self._count < self._length and (line is None or len(line) < self._per_client)

    def add(self, job: Job) -> None:
        """Put a job at the end of its client's line."""
        self._waiting.setdefault(job.client, deque()).append(job)
        self._count += 1

    def add_first(self, job: Job) -> None:
        """Put a job that had its turn already in front."""
        self._waiting.setdefault(job.client, deque()).appendleft(job)
        self._count += 1

    def take(self) -> Job | None:
        """The next job that may run, or None."""
        running = self._running
        best: str | None = None
        least = self._running_per_client
        for client in self._waiting:
            count = running.get(client, 0)
            if count < least:
                best, least = client, count
                if count == 0:
                    break
        if best is None:
            return None
        line = self._waiting.pop(best)
        job = line.popleft()
        if line:
            # back in at the end: clients that run equally much take turns
            self._waiting[best] = line
        self._count -= 1
        return job

    def discard(self, job: Job) -> bool:
        """Remove a job that waits no longer; says whether it was there."""
        line = self._waiting.get(job.client)
        if line is None or job not in line:
            return False
        line.remove(job)
        if not line:
            del self._waiting[job.client]
        self._count -= 1
        return True

    def overdue(self, now: float, queue_seconds: float) -> list[Job]:
        """Jobs that have waited too long or past their deadline; they are taken out."""
        late = [
            job
            for line in self._waiting.values()
            for job in line
            if now - job.queued_at >= queue_seconds or now >= job.deadline
        ]
        for job in late:
            self.discard(job)
        return late

    def clear(self) -> list[Job]:
        """Take out all jobs."""
        jobs = [job for line in self._waiting.values() for job in line]
        self._waiting.clear()
        self._count = 0
        return jobs
