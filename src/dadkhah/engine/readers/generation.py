"""A zygote with its readers, for one snapshot held in one way; keeps their number up."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Protocol

from dadkhah.engine.readers.link import ReaderLink
from dadkhah.engine.readers.nursery import Holding, Nursery
from dadkhah.engine.readers.reader import ReaderSettings
from dadkhah.engine.waiting.job import Job
from dadkhah.errors import DadkhahError, SnapshotError

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0


class Supervisor(Protocol):
    """The pool, as a generation needs it."""

    def link_started(self, link: ReaderLink) -> None:
        """Count a reader that has opened its data."""

    def link_ready(self, link: ReaderLink) -> None:
        """Put a new reader to work."""

    def link_free(self, link: ReaderLink, job: Job | None, error: DadkhahError | None, micros: int) -> None:
        """Account for an answer."""

    def link_lost(self, link: ReaderLink) -> None:
        """Hear that a reader hung up."""

    def exited(self, link: ReaderLink, code: int) -> None:
        """Take the exit code of a reader."""

    def background(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Run a coroutine beside the queries."""


class Generation:
    """Readers of one zygote. A zygote that dies is started anew; its readers work on meanwhile."""

    def __init__(self, snapshot_hash: str, holding: Holding, settings: ReaderSettings, supervisor: Supervisor) -> None:
        self.hash = snapshot_hash
        self.holding = holding
        self.links: set[ReaderLink] = set()
        self.idle: list[ReaderLink] = []
        """For a query the last is taken first: the one used last, whose caches are warm, unless it worked long."""
        self.retired = False
        self._settings = settings
        self._supervisor = supervisor
        self._wanted = 0
        self._pause = FIRST_PAUSE_SECONDS
        self._loop = asyncio.get_running_loop()
        self._first_ready: asyncio.Future[None] | None = None
        self._closed = False
        self._nursery = self._new_nursery()

    def _new_nursery(self) -> Nursery:
        return Nursery(self.holding, self._settings, on_exit=self._exited, on_death=self._orphaned)

    @property
    def zygote_pid(self) -> int | None:
        """Of the process from which readers are forked."""
        return self._nursery.pid

    async def start(self, readers: int) -> None:
        """Start the zygote and its readers; returns when all are ready, raises SnapshotError where one cannot be."""
        self._wanted = readers
        await self._nursery.start()
        self._first_ready = self._loop.create_future()
        for _ in range(readers):
            self._fork()
        try:
            await self._first_ready
        finally:
            self._first_ready = None

    def close(self) -> None:
        """End the zygote."""
        self._closed = True
        self._nursery.close()

    def remove(self, link: ReaderLink) -> None:
        """Forget a reader that has ended."""
        self.links.discard(link)
        self.forget_idle(link)

    def forget_idle(self, link: ReaderLink) -> None:
        """Give it no more queries."""
        if link in self.idle:
            self.idle.remove(link)

    def replace(self, *, failed: bool) -> None:
        """Start readers until there are as many as wanted; after a failure not at once, so as not to spin."""
        if failed:
            self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)
            self._loop.call_later(self._pause, self._fill)
        else:
            self._fill()

    def _fill(self) -> None:
        if self._closed or self.retired or not self._nursery.alive:
            return
        while len(self.links) < self._wanted:
            self._fork()

    def _fork(self) -> None:
        try:
            sock = self._nursery.fork()
        except OSError:
            # out of descriptors, or the zygote is dying: tried again shortly
            self._loop.call_later(self._pause, self._fill)
            return
        self.links.add(ReaderLink(sock, self, self._loop))

    # -- heard from links ---------------------------------------------------------------------------------------

    def link_ready(self, link: ReaderLink) -> None:
        """Pass it on; the last of the first readers ends the start."""
        self._pause = FIRST_PAUSE_SECONDS
        self._supervisor.link_started(link)
        if self._first_ready is None:
            self._supervisor.link_ready(link)
            return
        self.idle.append(link)
        if len(self.idle) >= self._wanted and not self._first_ready.done():
            self._first_ready.set_result(None)

    def link_free(self, link: ReaderLink, job: Job | None, error: DadkhahError | None, micros: int) -> None:
        """Pass it on."""
        self._supervisor.link_free(link, job, error, micros)

    def link_lost(self, link: ReaderLink) -> None:
        """Pass it on; while starting, give up."""
        if self._first_ready is not None:
            if not self._first_ready.done():
                self._first_ready.set_exception(link.failure or SnapshotError("a reader of the snapshot did not start"))
            return
        self._supervisor.link_lost(link)

    # -- heard from the zygote ----------------------------------------------------------------------------------

    def _exited(self, pid: int, code: int) -> None:
        for link in self.links:
            if link.pid == pid:
                self._supervisor.exited(link, code)
                return

    def _orphaned(self) -> None:
        """Start another zygote; readers that were starting will not come."""
        if self._closed:
            return
        if self._first_ready is not None and not self._first_ready.done():
            self._first_ready.set_exception(SnapshotError("the process that holds the snapshot ended"))
            return
        self._supervisor.background(self._start_again())

    async def _start_again(self) -> None:
        while not self._closed and not self.retired:
            self._nursery = self._new_nursery()
            try:
                await self._nursery.start()
            except (SnapshotError, OSError):
                self._nursery.close()
                self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)
                await asyncio.sleep(self._pause)
                continue
            self._fill()
            return
