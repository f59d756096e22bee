"""A remote SPARQL 1.1 engine behind the same interface as the local pool.

In: a request. Out: the remote engine's bytes as they come, never parsed here. Nothing but a whole answer with status
200, of the media type that was asked for, counts: engines cut answers and say so in a header, or answer 206, or begin
a result under status 500 (`remote_answer`). The policy stands in front, with tighter bounds than for readers of our
own: what hangs in a remote engine cannot be killed from here.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Self

import aiohttp

from dadkhah import __version__
from dadkhah.engine.interface import Answer, QueryRequest
from dadkhah.engine.queries import policy
from dadkhah.engine.readers.frames import FIRST_BLOCK_BYTES
from dadkhah.engine.readers.stream import NOTHING
from dadkhah.engine.remote.answer import error_of, judge_head
from dadkhah.engine.waiting.admission import Admission
from dadkhah.errors import QueryTimeout, RemoteError, ResultTooLarge

ERROR_BYTES = 16 * 1024
"""How much of an error's text is read."""


@dataclass(frozen=True, slots=True)
class RemoteSettings:
    """A remote engine and how it is used.

    Attributes:
        endpoint: address of its SPARQL 1.1 Protocol query service.
        user: for HTTP Basic; None: no credentials.
        password: belongs to the user.
        running: queries sent at the same time.
        queue_length: queries that may wait.
        queue_seconds: the longest wait.
        connect_seconds: to open a connection.
        stall_seconds: how long the consumer of an answer may take nothing.
        max_result_bytes: cap of one answer.
        refresh_seconds: how long an answer may be kept, since nobody says when remote data change.
        policy: bounds of a query.
    """

    endpoint: str
    user: str | None = None
    password: str = field(default="", repr=False)
    running: int = 8
    queue_length: int = 128
    queue_seconds: float = 5.0
    connect_seconds: float = 5.0
    stall_seconds: float = 15.0
    max_result_bytes: int = 1 << 30
    refresh_seconds: float = 60.0
    policy: policy.Policy = policy.REMOTE


class RemoteEngine:
    """An `Engine` over any SPARQL 1.1 endpoint. Create it inside a running event loop."""

    def __init__(self, settings: RemoteSettings) -> None:
        self._settings = settings
        self._key = hashlib.sha256(settings.endpoint.encode()).hexdigest()[:16]
        self._admission = Admission(
            running=settings.running, queue_length=settings.queue_length, queue_seconds=settings.queue_seconds
        )
        self._session = aiohttp.ClientSession(
            auth=None if settings.user is None else aiohttp.BasicAuth(settings.user, settings.password, "utf-8"),
            connector=aiohttp.TCPConnector(limit=settings.running),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": f"dadkhah/{__version__}"},
            # each query has its own limit; nothing from the environment (proxies, .netrc) plays a part
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=settings.connect_seconds),
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def snapshot_hash(self) -> str:
        """A key that changes every `refresh_seconds`: by then the data may have."""
        return f"remote-{self._key}-{int(time.time() // self._settings.refresh_seconds)}"

    async def query(self, request: QueryRequest) -> Answer:
        """Answer one query; see `Engine.query`. Raises RemoteError where the engine cannot be reached or errs."""
        policy.check(request.text, self._settings.policy)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + request.timeout_seconds
        await self._admission.enter(request.client)
        response: aiohttp.ClientResponse | None = None
        try:
            async with asyncio.timeout_at(deadline):
                response = await self._send(request)
                await self._refuse_unless_whole(request, response)
                first, ended = await _first_block(response)
        except BaseException as error:
            if response is not None:
                response.close()
            self._admission.leave(request.client)
            if isinstance(error, TimeoutError):
                raise QueryTimeout("the remote engine did not answer within the time limit") from None
            if isinstance(error, aiohttp.ClientError):
                raise RemoteError(f"the remote engine failed: {_short(error)}") from error
            raise
        if ended:
            response.release()
            self._admission.leave(request.client)
            return Answer(chunks=NOTHING, whole=first)
        stream = _RemoteStream(first, response, self._settings, deadline, lambda: self._admission.leave(request.client))
        return Answer(chunks=stream)

    async def close(self) -> None:
        """Close all connections; queries under way fail."""
        await self._session.close()

    async def _send(self, request: QueryRequest) -> aiohttp.ClientResponse:
        form = [("query", request.text)]
        if request.dataset is not None:
            form += [("default-graph-uri", graph) for graph in request.dataset.default_graphs]
            form += [("named-graph-uri", graph) for graph in request.dataset.named_graphs]
        return await self._session.post(
            self._settings.endpoint,
            data=aiohttp.FormData(form),
            headers={"Accept": request.format.value},
            allow_redirects=False,
        )

    async def _refuse_unless_whole(self, request: QueryRequest, response: aiohttp.ClientResponse) -> None:
        if response.status != 200:
            text = await response.content.read(ERROR_BYTES)
            raise error_of(response.status, response.headers, text)
        judge_head(request.format, response.headers, is_chunked=response.headers.get("Transfer-Encoding") is not None)


async def _first_block(response: aiohttp.ClientResponse) -> tuple[bytes, bool]:
    """Up to 64 KiB, and whether that was all."""
    parts = bytearray()
    while len(parts) < FIRST_BLOCK_BYTES:
        part = await response.content.readany()
        if not part:
            return bytes(parts), True
        parts += part
    return bytes(parts), response.content.at_eof()


class _RemoteStream(AsyncIterator[bytes]):
    """The rest of a remote answer; ends normally only when the answer is whole."""

    def __init__(
        self,
        first: bytes,
        response: aiohttp.ClientResponse,
        settings: RemoteSettings,
        deadline: float,
        leave: Callable[[], None],
    ) -> None:
        self._first = first
        self._response: aiohttp.ClientResponse | None = response
        self._settings = settings
        self._loop = asyncio.get_running_loop()
        self._seconds_left = deadline - self._loop.time()
        self._leave = leave
        self._size = len(first)
        self._broken = False
        self._stall = self._watch()

    def __aiter__(self) -> _RemoteStream:
        return self

    async def __anext__(self) -> bytes:
        self._stall.cancel()
        if self._response is None:
            if self._broken:
                raise RemoteError("the answer was given up: it was read too slowly")
            raise StopAsyncIteration
        if self._first:
            block, self._first = self._first, b""
        else:
            block = await self._next(self._response)
        if not block:
            self._response.release()
            self._end()
            raise StopAsyncIteration
        self._stall = self._watch()
        return block

    async def _next(self, response: aiohttp.ClientResponse) -> bytes:
        began = self._loop.time()
        try:
            async with asyncio.timeout(self._seconds_left):
                block = await response.content.readany()
        except BaseException as error:
            await self.aclose()
            if isinstance(error, TimeoutError):
                raise QueryTimeout("the answer was not whole at the time limit") from None
            if isinstance(error, aiohttp.ClientError):
                raise RemoteError(f"the remote engine broke its answer off: {_short(error)}") from error
            raise
        # the time that the consumer takes is not the engine's
        self._seconds_left -= self._loop.time() - began
        self._size += len(block)
        if self._size > self._settings.max_result_bytes:
            await self.aclose()
            raise ResultTooLarge(f"the answer is over {self._settings.max_result_bytes:,} bytes; ask for less of it")
        return block

    async def aclose(self) -> None:
        """Hang up; most engines end the query then."""
        self._hang_up()

    def _watch(self) -> asyncio.TimerHandle:
        return self._loop.call_later(self._settings.stall_seconds, self._give_up)

    def _give_up(self) -> None:
        self._broken = True
        self._hang_up()

    def _hang_up(self) -> None:
        if self._response is not None:
            self._response.close()
            self._end()

    def _end(self) -> None:
        self._stall.cancel()
        self._response = None
        self._leave()


def _short(error: Exception) -> str:
    """What went wrong, without addresses."""
    return type(error).__name__
