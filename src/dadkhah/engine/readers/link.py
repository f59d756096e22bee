"""The pool's side of one reader: hands it a query, takes its answer, ends it.

Callbacks of the event loop and plain system calls: a point look-up costs one send, one receive and one future here.
Knows nothing of queues, clients or snapshots; tells its owner what happens.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from enum import Enum, auto
from pathlib import Path
from typing import Protocol

from dadkhah.engine.readers.failures import failure_of
from dadkhah.engine.readers.frames import REPLY, Kind
from dadkhah.engine.waiting.job import Job
from dadkhah.errors import DadkhahError, LimitError, ReaderLost

RECEIVE_BYTES = 256 * 1024
# one for all: it is used between two awaits only, and the pool lives in one thread
_buffer = bytearray(RECEIVE_BYTES)
_view = memoryview(_buffer)


class State(Enum):
    """What a reader is doing, as the pool sees it."""

    STARTING = auto()
    IDLE = auto()
    RUNNING = auto()
    """Nothing of the answer has come yet."""
    STREAMING = auto()
    """The answer has begun; its consumer pulls the rest."""
    ABANDONED = auto()
    """Nobody waits for the answer: it is thrown away as it comes, and the reader ended if it takes long."""
    LOST = auto()
    """The reader hung up; how it ended is not known yet."""
    ENDED = auto()


class Owner(Protocol):
    """The generation a link belongs to; hears what becomes of it."""

    retired: bool
    idle: list[ReaderLink]

    def remove(self, link: ReaderLink) -> None:
        """Forget a reader that has ended."""

    def forget_idle(self, link: ReaderLink) -> None:
        """Give it no more queries."""

    def replace(self, *, failed: bool) -> None:
        """Start readers until there are as many as wanted."""

    def link_ready(self, link: ReaderLink) -> None:
        """Hear that the reader has opened its data and takes a query now."""

    def link_free(self, link: ReaderLink, job: Job | None, error: DadkhahError | None, micros: int) -> None:
        """Hear that the answer is out or failed, and the reader takes the next query, unless it is worn."""

    def link_lost(self, link: ReaderLink) -> None:
        """Hear that the reader hung up by itself."""


class ReaderLink:
    """One reader; of its methods only `next_block` may be awaited, by the one consumer of a streamed answer."""

    def __init__(self, sock: socket.socket, owner: Owner, loop: asyncio.AbstractEventLoop) -> None:
        self._sock = sock
        self._fd = sock.fileno()
        self.owner = owner
        self._loop = loop
        self._process_fd = -1
        self._pending = bytearray()
        self._ahead = b""
        self._remaining = 0
        self._waiter: asyncio.Future[None] | None = None
        self._listening = True
        self.state = State.STARTING
        self.pid = 0
        self.created_at = loop.time()
        self.job: Job | None = None
        self.worn = False
        self.exit_code: int | None = None
        self.since = self.created_at
        """When the present phase began: the consumer waits for the reader, or the reader for the consumer."""
        self.engine_seconds_left = 0.0
        self.failure: DadkhahError | None = None
        loop.add_reader(self._fd, self._readable)

    # -- what the pool asks for -------------------------------------------------------------------------------------

    def begin(self, job: Job) -> bool:
        """Send a query to an idle reader; False where the reader is gone already."""
        try:
            sent = self._sock.send(job.frame)
        except OSError:
            return False
        assert sent == len(job.frame), "a request fits into the empty buffer of an idle reader"
        self.job = job
        self.state = State.RUNNING
        return True

    def abandon(self, now: float) -> None:
        """Nobody wants the answer any more."""
        self.job = None
        self.since = now
        self.state = State.ABANDONED
        self._pending += self._ahead
        self._ahead = b""
        self._listen()
        self._throw_away()

    def end(self, error: DadkhahError | None = None) -> None:
        """Kill the reader; whoever waits for its answer gets the error."""
        if self.state is State.ENDED:
            return
        self.state = State.ENDED
        self._deaf()
        if self._process_fd >= 0:
            with contextlib.suppress(ProcessLookupError):
                # by descriptor, never by number: a number may belong to another process by now
                signal.pidfd_send_signal(self._process_fd, signal.SIGKILL)  # type: ignore[attr-defined,unused-ignore]  # Linux
            # when the zygote died, its readers may have become our children, or somebody else's
            with contextlib.suppress(ChildProcessError):
                os.waitid(os.P_PIDFD, self._process_fd, os.WEXITED)
            os.close(self._process_fd)
            self._process_fd = -1
        self._sock.close()
        self.failure = error or ReaderLost("the reader of this query was ended")
        job, self.job = self.job, None
        if job is not None and not job.begun.done():
            job.begun.set_exception(self.failure)
        self._wake()

    def is_stopped(self) -> bool:
        """Whether the process has been stopped from outside (SIGSTOP, a debugger)."""
        if self.pid == 0:
            return False
        try:
            status = Path(f"/proc/{self.pid}/stat").read_bytes()
        except OSError:
            return False
        return status[status.rindex(b")") + 2 : status.rindex(b")") + 3] in b"Tt"

    # -- events -----------------------------------------------------------------------------------------------------

    def _readable(self) -> None:
        if self.state is State.STARTING:
            self._greet()
            return
        if self.state is State.STREAMING:
            self._deaf()
            self._wake()
            return
        try:
            count = self._sock.recv_into(_buffer)
        except BlockingIOError:
            return
        except OSError:
            count = 0
        if count == 0:
            self._hung_up()
            return
        if self.state is State.RUNNING and not self._pending and count >= REPLY.size:
            length, micros, kind, worn = REPLY.unpack_from(_buffer)
            if kind == Kind.WHOLE and count == REPLY.size + length:
                self._finish(bytes(_view[REPLY.size : count]), worn, micros)
                return
        self._pending += _view[:count]
        if self.state is State.RUNNING:
            self._take_first()
        else:
            self._throw_away()

    def _take_first(self) -> None:
        """Read the first frame of an answer, as far as it is there."""
        if len(self._pending) < REPLY.size:
            return
        length, micros, kind, worn = REPLY.unpack_from(self._pending)
        end = REPLY.size + length
        if kind == Kind.DATA:
            assert self.job is not None
            self.state = State.STREAMING
            self._deaf()
            self._remaining = length
            self._ahead = bytes(self._pending[REPLY.size :])
            self._pending.clear()
            now = self._loop.time()
            self.since = now
            self.engine_seconds_left = self.job.deadline - now
            self.job.begun.set_result(None)
        elif len(self._pending) >= end:
            payload = bytes(self._pending[REPLY.size : end])
            self._pending.clear()
            if kind == Kind.WHOLE:
                self._finish(payload, worn, micros)
            else:
                self._fail(failure_of(payload), worn, micros)

    def _throw_away(self) -> None:
        """Drop the frames of an abandoned answer until its last."""
        if self._remaining:
            dropped = min(self._remaining, len(self._pending))
            del self._pending[:dropped]
            self._remaining -= dropped
        while len(self._pending) >= REPLY.size and not self._remaining:
            length, micros, kind, worn = REPLY.unpack_from(self._pending)
            del self._pending[: REPLY.size]
            dropped = min(length, len(self._pending))
            del self._pending[:dropped]
            self._remaining = length - dropped
            if kind != Kind.DATA:
                # what follows of a short last frame comes in the same read; if not, the reader is not reused
                self.worn = bool(worn) or self._remaining > 0
                self._remaining = 0
                self.state = State.IDLE
                self.owner.link_free(self, None, None, micros)
                return

    def _greet(self) -> None:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._sock, 8192, 1)
        except BlockingIOError:
            return
        except OSError:
            data, descriptors = b"", []
        if len(data) < REPLY.size:
            self._hung_up()
            return
        _, _, kind, _ = REPLY.unpack_from(data)
        if kind != Kind.READY or not descriptors:
            self.failure = failure_of(data[REPLY.size :])
            self._hung_up()
            return
        self.pid = int.from_bytes(data[REPLY.size : REPLY.size + 4], "little")
        self._process_fd = descriptors[0]
        self.state = State.IDLE
        self.owner.link_ready(self)

    def _finish(self, whole: bytes, worn: int, micros: int) -> None:
        job, self.job = self.job, None
        assert job is not None
        self.worn = bool(worn)
        self.state = State.IDLE
        # its next query first: the reader works on it while this answer is written out
        self.owner.link_free(self, job, None, micros)
        if not job.begun.done():
            job.begun.set_result(whole)

    def _fail(self, error: DadkhahError, worn: int, micros: int) -> None:
        job, self.job = self.job, None
        assert job is not None
        self.worn = bool(worn)
        self.state = State.IDLE
        if not job.begun.done():
            job.begun.set_exception(error)
        self.owner.link_free(self, job, error, micros)

    def _hung_up(self) -> None:
        self._deaf()
        self.state = State.LOST
        self.since = self._loop.time()
        self.owner.link_lost(self)

    # -- streaming --------------------------------------------------------------------------------------------------

    async def next_block(self) -> bytes | None:
        """The next piece of the answer, None after its last; raises where it cannot be completed."""
        while True:
            if self.state is not State.STREAMING:
                raise self._broken()
            if self._remaining == 0:
                header = await self._exactly(REPLY.size)
                length, micros, kind, worn = REPLY.unpack(header)
                if kind == Kind.DATA:
                    self._remaining = length
                    continue
                self._remaining = length
                payload = await self._exactly(length) if length else b""
                self._remaining = 0
                error = None if kind == Kind.END else failure_of(payload)
                self._end_of_stream(worn, micros, error)
                if error is not None:
                    raise error
                return None
            piece = await self._some(min(self._remaining, RECEIVE_BYTES))
            self._remaining -= len(piece)
            return piece

    def _end_of_stream(self, worn: int, micros: int, error: DadkhahError | None) -> None:
        job, self.job = self.job, None
        self.worn = bool(worn)
        self.state = State.IDLE
        self._listen()
        self.owner.link_free(self, job, error, micros)

    async def _exactly(self, count: int) -> bytes:
        got = b""
        try:
            while len(got) < count:
                got += await self._some(count - len(got))
        except asyncio.CancelledError:
            # whoever drops the rest has to begin at the frame's beginning
            self._ahead = got + self._ahead
            raise
        return got

    async def _some(self, most: int) -> bytes:
        """Up to `most` bytes, at least one."""
        if self._ahead:
            piece, self._ahead = self._ahead[:most], self._ahead[most:]
            return piece
        while True:
            if self.state is not State.STREAMING:
                raise self._broken()
            try:
                piece = self._sock.recv(most)
            except BlockingIOError:
                await self._wait()
                continue
            except OSError:
                piece = b""
            if piece:
                return piece
            self._hung_up()
            # the owner ends the link as soon as it knows how the reader ended
            await self._wait_for_end()

    async def _wait(self) -> None:
        began = self.since = self._loop.time()
        self._waiter = self._loop.create_future()
        self._listen()
        try:
            await self._waiter
        finally:
            self._waiter = None
            self.engine_seconds_left -= self._loop.time() - began

    async def _wait_for_end(self) -> None:
        if self.state is State.LOST:
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None

    @property
    def consumer_waits(self) -> bool:
        """Whether the consumer waits for the reader, not the reader for the consumer."""
        return self._waiter is not None

    def _broken(self) -> DadkhahError:
        return self.failure or LimitError("the answer was given up")

    # -- the event loop ---------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        if not self._listening:
            self._listening = True
            self._loop.add_reader(self._fd, self._readable)

    def _deaf(self) -> None:
        if self._listening:
            self._listening = False
            self._loop.remove_reader(self._fd)

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
