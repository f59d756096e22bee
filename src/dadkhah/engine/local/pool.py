"""The local engine: queries over a snapshot, answered by reader processes that can always be ended.

In: a request that the policy has accepted. Out: an answer that streams, or an error. One event loop, one thread.

    query → waiting line → link → reader process → first 64 KiB → Answer → rest, pulled by its consumer

A generation is one zygote with its readers, for one snapshot held in one way; to switch is to start another generation
and to let the old one finish what it has begun.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Coroutine

from dadkhah.engine.interface import Answer, Outlet, QueryRequest
from dadkhah.engine.local.observe import Observer, PoolState, SilentObserver
from dadkhah.engine.local.settings import PoolSettings, SnapshotSource
from dadkhah.engine.readers import frames
from dadkhah.engine.readers.deadlines import LATE_TEXT, verdict
from dadkhah.engine.readers.failures import ending_of
from dadkhah.engine.readers.frames import CODES
from dadkhah.engine.readers.generation import Generation
from dadkhah.engine.readers.link import ReaderLink, State
from dadkhah.engine.readers.nursery import Holding
from dadkhah.engine.readers.reader import SLOW_MICROS
from dadkhah.engine.readers.stream import NOTHING, BlockStream
from dadkhah.engine.waiting.job import Job
from dadkhah.engine.waiting.line import WaitingLine
from dadkhah.errors import Busy, DadkhahError, QueryTimeout, QueryTooLarge, ReaderLost, SnapshotError

__all__ = ["Pool", "PoolSettings", "SnapshotSource"]

TICK_SECONDS = 0.025
"""How far over its deadline a query may run."""
STOP_CHECK_SECONDS = 0.5
LOST_SECONDS = 0.5
"""How long the exit code of a lost reader is waited for."""
DEAD_ON_ARRIVAL_SECONDS = 0.1
"""A reader killed so soon after it was given a query was dying before; a query that fills memory takes longer."""


class Pool:
    """An `Engine` over a snapshot on this machine."""

    def __init__(
        self, source: SnapshotSource, settings: PoolSettings | None = None, *, observer: Observer | None = None
    ) -> None:
        self._source = source
        self._settings = settings or PoolSettings()
        self._observer: Observer = observer or SilentObserver()
        self._loop = asyncio.get_running_loop()
        self._current: Generation | None = None
        self._old: list[Generation] = []
        self._line = WaitingLine(
            length=self._settings.queue_length,
            per_client=self._settings.queue_per_client,
            running_per_client=max(1, self._settings.readers - 1),
        )
        self._running = 0
        self._held: dict[Job, ReaderLink] = {}
        self._promotion: asyncio.Task[None] | None = None
        self._tick: asyncio.TimerHandle | None = None
        self._next_stop_check = 0.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._switching = asyncio.Lock()
        self._closed = False

    # -- Engine -----------------------------------------------------------------------------------------------------

    @property
    def snapshot_hash(self) -> str:
        """Content hash of the snapshot that new queries are answered from."""
        return self._source.hash

    async def query(self, request: QueryRequest) -> Answer:
        """Answer one query; see `Engine.query`."""
        begun: asyncio.Future[bytes | None] = self._loop.create_future()
        job = self.submit(request, begun)
        try:
            whole = await begun
        except asyncio.CancelledError:
            self.give_up(job)
            raise
        return self.rest(job) if whole is None else Answer(chunks=NOTHING, whole=whole)

    def submit(self, request: QueryRequest, begun: Outlet) -> Job:
        """Hand over one query; see `DirectEngine.submit`."""
        job = self._job(request, begun)
        client = job.client
        if not (self._line.may_run(client) and self._start(job)):
            if not self._line.has_room(client):
                self._observer.query_ended("Busy", 0.0, 0.0)
                raise Busy(
                    "all readers are taken and the line is full; try again soon",
                    retry_after_seconds=self._retry_after(),
                )
            self._line.add(job)
        return job

    def rest(self, submission: Job) -> Answer:
        """The answer of a query whose first block is there."""
        link = self._held.get(submission)
        if link is not None:
            return Answer(chunks=BlockStream(link, self.abandon))
        # it was ended between its first block and now
        late = self._loop.time() >= submission.deadline
        raise QueryTimeout(LATE_TEXT) if late else ReaderLost("the answer was given up")

    def give_up(self, submission: Job) -> None:
        """End a query that nobody waits for any more."""
        if self._line.discard(submission):
            self._observer.query_ended("cancelled", self._loop.time() - submission.queued_at, 0.0)
            return
        link = self._held.get(submission)
        if link is not None:
            self.abandon(link)

    async def close(self) -> None:
        """End all readers; queries under way fail."""
        self._closed = True
        if self._tick is not None:
            self._tick.cancel()
            self._tick = None
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        gone = ReaderLost("the service is shutting down")
        for job in self._line.clear():
            self._refuse(job, gone)
        for generation in [*self._old, *([self._current] if self._current else [])]:
            for link in list(generation.links):
                self._end(link, "closed", gone)
            generation.close()
        self._old.clear()
        self._current = None

    # -- life -------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Return as soon as queries are answered; raises SnapshotError where the snapshot cannot be opened."""
        await self._open(self._source)
        self._sweep()

    async def switch(self, source: SnapshotSource) -> None:
        """Take up another snapshot; queries under way finish on the old one, and none fails.

        Raises SnapshotError, and goes on with the old one, where the new one cannot be opened.
        """
        if self._promotion is not None:
            # whatever is being loaded is old by now
            self._promotion.cancel()
        await self._open(source)

    async def settled(self) -> None:
        """Wait until nothing is being loaded or started in the background."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def state(self) -> PoolState:
        """Figures of this moment, for metrics and readiness."""
        links = self._current.links if self._current else set()
        return PoolState(
            running=self._running,
            waiting=len(self._line),
            idle=sum(link.state is State.IDLE for link in links),
            starting=sum(link.state is State.STARTING for link in links),
            in_memory=self._current is not None and self._current.holding.dump is not None,
        )

    @property
    def reader_pids(self) -> list[int]:
        """Of the readers of the current generation that are ready."""
        return [] if self._current is None else sorted(link.pid for link in self._current.links if link.pid)

    @property
    def zygote_pid(self) -> int | None:
        """Of the process from which readers are forked."""
        return None if self._current is None else self._current.zygote_pid

    async def _install(self, source: SnapshotSource, holding: Holding) -> None:
        """Start a generation and make it the current one."""
        async with self._switching:
            generation = Generation(source.hash, holding, self._settings.reader, self)
            try:
                await generation.start(self._settings.readers + self._settings.spares)
            except BaseException:
                for link in list(generation.links):
                    link.end()
                generation.close()
                raise
            if self._closed:
                generation.close()
                return
            old, self._current, self._source = self._current, generation, source
            if old is not None:
                old.retired = True
                self._old.append(old)
                for link in list(old.links):
                    if link.state in (State.IDLE, State.STARTING):
                        self._end(link, "retired")
                self._close_finished()
            self._dispatch()

    async def _open(self, source: SnapshotSource) -> None:
        """Make a snapshot the current one: a small one in memory, a larger one on disk, then in memory if it fits."""
        budget = self._settings.memory_budget_bytes
        small = source.loads_at_once(budget)
        if small and await self._load(source):
            return
        await self._install(source, Holding(source.store))
        if source.fits(budget) and not small:
            self._promotion = self.background(self._promote(source))

    async def _load(self, source: SnapshotSource) -> bool:
        """Make a snapshot the current one in memory; False where its dump cannot be loaded."""
        try:
            await self._install(source, Holding(source.store, source.dump))
        except SnapshotError:
            # answers come from disk; the observer has heard of the reader that failed
            self._observer.reader_ended("failed")
            return False
        return True

    async def _promote(self, source: SnapshotSource) -> None:
        if self._source == source:
            await self._load(source)

    def background(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Run a coroutine beside the queries, until `close`."""
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # -- queries ----------------------------------------------------------------------------------------------------

    def _job(self, request: QueryRequest, begun: Outlet) -> Job:
        if self._closed:
            raise ReaderLost("the service is shutting down")
        dataset = request.dataset
        frame = frames.request(
            request.text.encode("utf-8", "replace"),
            CODES[request.format],
            request.base_iri,
            None if dataset is None else dataset.default_graphs,
            () if dataset is None else dataset.named_graphs,
        )
        if len(frame) > frames.MAX_REQUEST_BYTES:
            raise QueryTooLarge(f"the query with its parameters is over {frames.MAX_REQUEST_BYTES:,} bytes")
        now = self._loop.time()
        return Job(frame, request.client, now + request.timeout_seconds, now, begun)

    def _start(self, job: Job) -> bool:
        """Give the job to an idle reader now, if there is one and fewer than `readers` are running."""
        generation = self._current
        if generation is None or self._running >= self._settings.readers:
            return False
        idle = generation.idle
        while idle:
            link = idle.pop()
            if link.begin(job):
                job.started_at = self._loop.time()
                self._held[job] = link
                self._running += 1
                self._line.begin(job.client)
                return True
            # it died this instant; its hang-up is about to be heard
        return False

    def _dispatch(self) -> None:
        """Give waiting jobs to idle readers."""
        while (
            len(self._line)
            and self._current is not None
            and self._current.idle
            and self._running < self._settings.readers
        ):
            job = self._line.take()
            if job is None:
                return
            if job.begun.done():
                continue
            if not self._start(job):
                self._line.add_first(job)
                return

    def _over(self, job: Job, outcome: str) -> None:
        """Account for a job that ran."""
        self._running -= 1
        self._held.pop(job, None)
        self._line.end(job.client)
        now = self._loop.time()
        self._observer.query_ended(outcome, job.started_at - job.queued_at, now - job.started_at)

    def _refuse(self, job: Job, error: DadkhahError) -> None:
        """Fail a job that never ran."""
        self._observer.query_ended(type(error).__name__, self._loop.time() - job.queued_at, 0.0)
        if not job.begun.done():
            job.begun.set_exception(error)

    def _retry_after(self) -> int:
        return max(1, math.ceil(self._settings.queue_seconds / 2))

    def abandon(self, link: ReaderLink) -> None:
        """Nobody wants the rest of this reader's answer."""
        job = link.job
        if job is None or link.state not in (State.RUNNING, State.STREAMING):
            return
        self._over(job, "cancelled")
        link.abandon(self._loop.time())

    # -- readers ----------------------------------------------------------------------------------------------------

    def link_started(self, link: ReaderLink) -> None:
        """Count a reader that has opened its data."""
        self._observer.reader_started(self._loop.time() - link.created_at)

    def link_ready(self, link: ReaderLink) -> None:
        """Put a new reader to work."""
        self._back_to_work(link)

    def link_free(self, link: ReaderLink, job: Job | None, error: DadkhahError | None, micros: int) -> None:
        """Account for an answer and give the reader its next query."""
        if job is not None:
            self._over(job, "ok" if error is None else type(error).__name__)
        self._back_to_work(link, micros)

    def _back_to_work(self, link: ReaderLink, micros: int = 0) -> None:
        generation = link.owner
        if generation.retired:
            self._end(link, "retired")
        elif link.worn:
            self._end(link, "worn")
        elif micros > SLOW_MICROS:
            # the last to be asked again: it may still be tidying up
            generation.idle.insert(0, link)
        else:
            generation.idle.append(link)
        if len(self._line):
            self._dispatch()

    def link_lost(self, link: ReaderLink) -> None:
        """Wait a moment for the exit code: it says why the reader is gone."""
        link.owner.forget_idle(link)
        if link.exit_code is not None:
            self._buried(link)

    def exited(self, link: ReaderLink, code: int) -> None:
        """Take the exit code of a reader."""
        link.exit_code = code
        if link.state is State.LOST:
            self._buried(link)

    def _buried(self, link: ReaderLink) -> None:
        reason, error = ending_of(link.exit_code)
        if not link.pid:
            reason = "failed"
        elif reason == "killed":
            # by somebody, not by its query; it may have been idle until just now
            self._take_back(link)
        self._end(link, reason, link.failure or error)

    def _end(self, link: ReaderLink, reason: str, error: DadkhahError | None = None) -> None:
        """End a reader; its generation starts another one unless it is retired."""
        job = link.job
        if link.state is State.ENDED:
            return
        link.end(error)
        self._observer.reader_ended(reason)
        if job is not None:
            self._over(job, "ok" if error is None else type(error).__name__)
        generation = link.owner
        generation.remove(link)
        if self._closed:
            return
        if generation.retired:
            self._close_finished()
        else:
            generation.replace(failed=reason == "failed")
        if len(self._line):
            self._dispatch()

    def _close_finished(self) -> None:
        for generation in [generation for generation in self._old if not generation.links]:
            generation.close()
            self._old.remove(generation)

    # -- clock ------------------------------------------------------------------------------------------------------

    def _sweep(self) -> None:
        """Look after deadlines; runs all the time, more often while queries run."""
        if self._closed:
            return
        now = self._loop.time()
        check_stopped = now >= self._next_stop_check
        if check_stopped:
            self._next_stop_check = now + STOP_CHECK_SECONDS
        for job in self._line.overdue(now, self._settings.queue_seconds):
            self._refuse(
                job, Busy("no reader became free in time; try again soon", retry_after_seconds=self._retry_after())
            )
        for generation in [*self._old, *([self._current] if self._current else [])]:
            for link in list(generation.links):
                self._look_after(link, now)
                if check_stopped and link.state is not State.ENDED and link.is_stopped():
                    self._stopped(link)
        self._tick = self._loop.call_later(TICK_SECONDS, self._sweep)

    def _look_after(self, link: ReaderLink, now: float) -> None:
        if link.state is State.LOST:
            if now - link.since >= LOST_SECONDS:
                self._buried(link)
            return
        ends = verdict(
            link,
            now,
            stall_seconds=self._settings.stall_seconds,
            stream_seconds=self._settings.stream_seconds,
            pressed=bool(len(self._line)),
        )
        if ends is not None:
            self._end(link, ends.reason, ends.error)

    def _stopped(self, link: ReaderLink) -> None:
        """End a reader that something has stopped; its query is not at fault and goes to another one."""
        if link.state is State.RUNNING:
            self._take_back(link)
        self._end(link, "stopped", ReaderLost("the process that answered was stopped from outside; try again"))

    def _take_back(self, link: ReaderLink) -> None:
        """Put the query of a reader that came to harm back in line, if nothing of its answer is out.

        Once; and again as long as readers were dead on arrival, which a query cannot be the cause of.
        """
        job = link.job
        now = self._loop.time()
        if job is None or job.begun.done() or now >= job.deadline:
            return
        dead_on_arrival = now - job.started_at < DEAD_ON_ARRIVAL_SECONDS
        if job.retried and not dead_on_arrival:
            return
        link.job = None
        self._running -= 1
        self._held.pop(job, None)
        self._line.end(job.client)
        job.retried = job.retried or not dead_on_arrival
        self._line.add_first(job)
