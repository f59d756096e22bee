"""A bounded HTTP/1.1 connection for uvicorn's server loop, on the parser of `httptools`.

uvicorn's own protocol classes bound neither the size nor the time of a request head, close on clients that still
send, and cost more per request than the queries of this service. This one does the same work with bounds on size,
count and time, lets a refused client read its refusal, ends the work of a client that went away, and asks a hook for
an answer that is known already before a task is made.

In: bytes of a client. Out: `Exchange`s run against the ASGI application that uvicorn was configured with.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import Any, cast

import httptools
from uvicorn import Config
from uvicorn.server import ServerState

from dadkhah.web.wire.exchange import STATUS_LINES, AsgiApp, Exchange
from dadkhah.web.wire.headers import TRANSPORT_LINE, Header, is_host
from dadkhah.web.wire.immediate import Immediate, Known, Repeats
from dadkhah.web.wire.leaving import has_left
from dadkhah.web.wire.problems import HttpError, problem_of
from dadkhah.web.wire.settings import WebSettings

# how long, and how far, a client that was refused may go on sending before it is cut off
_LINGER_SECONDS = 3.0
_LINGER_BYTES = 96 * 1024 * 1024
_SWEEP_SECONDS = 0.5
_NEVER = float("inf")
# while an answer waits for more than this, the engine is held back
_WRITE_HIGH_WATER = 256 * 1024


class Refusal(Exception):
    """Raised in a parser callback to stop parsing."""


class ConnectionFactory:
    """What uvicorn calls for each new connection; holds what all connections of a process share."""

    def __init__(self, settings: WebSettings, immediate: Immediate) -> None:
        self.settings = settings
        self.immediate = immediate
        # browsers are told to come by TLS only where clients see the service under https
        self.always = TRANSPORT_LINE if settings.base_url.startswith("https://") else b""
        self.connections: set[Connection] = set()
        self.repeats = Repeats(immediate)
        self._sweeper: asyncio.TimerHandle | None = None

    def __call__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> Connection:
        """Make the protocol object of one connection."""
        loop = _loop or asyncio.get_event_loop()
        if self._sweeper is None:
            self._sweeper = loop.call_later(_SWEEP_SECONDS, self._sweep, loop)
        return Connection(self, config.loaded_app, server_state, app_state, loop)

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for connection in [one for one in self.connections if one.deadline < now or one.is_left]:
            connection.expire()
        self._sweeper = loop.call_later(_SWEEP_SECONDS, self._sweep, loop) if self.connections else None

    def make_room(self) -> bool:
        """Close the connection that has been idle for longest; say whether there was one."""
        idle = [one for one in self.connections if one.is_idle]
        if not idle:
            return False
        min(idle, key=lambda one: one.deadline).cut(reset=False)
        return True


class Connection(asyncio.Protocol):
    """One client connection: parses requests, runs them one at a time and in order."""

    def __init__(
        self,
        factory: ConnectionFactory,
        app: AsgiApp,
        server_state: ServerState,
        app_state: dict[str, Any],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self.factory = factory
        self.settings = factory.settings
        self.app = app
        self.app_state = app_state
        self.server_state = server_state
        self.loop = loop
        self.client: tuple[str, int] | None = None
        self.server: tuple[str, int] | None = None
        self.deadline = _NEVER
        self.write_waiter: asyncio.Future[None] | None = None
        self.exchange: Exchange | None = None
        self.pipeline: deque[Exchange] = deque()
        self._parser: httptools.HttpRequestParser | None = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._receiving: Exchange | None = None
        self._in_head = False
        self._head_bytes = 0
        self._refusal: HttpError | None = None
        self._discarded = -1
        self._reading = True
        self._draining = False
        self._url = b""
        self._headers: list[Header] = []
        self._messages = 0
        self._answered: Exchange | None = None
        self._accept = self._coding = self._conditional = b""
        self._expects_continue = self._has_body = self._has_host = False

    @property
    def is_idle(self) -> bool:
        """Whether no request is being answered and the connection is not closing already."""
        return self.exchange is None and self._transport is not None and not self._transport.is_closing()

    @property
    def is_left(self) -> bool:
        """Whether the client went away behind bytes that wait to be read."""
        return not self._reading and self._transport is not None and has_left(self._transport)

    # --- the transport's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection in, or turn it away where there are too many."""
        self._transport = cast("asyncio.Transport", transport)
        peer, local = transport.get_extra_info("peername"), transport.get_extra_info("sockname")
        self.client = (str(peer[0]), int(peer[1])) if isinstance(peer, tuple) else None
        self.server = (str(local[0]), int(local[1])) if isinstance(local, tuple) else None
        full = len(self.factory.connections) >= self.settings.connections and not self.factory.make_room()
        self.factory.connections.add(self)
        self.server_state.connections.add(self)  # type: ignore[arg-type]  # its type lists uvicorn's own classes only
        self.deadline = self.loop.time() + self.settings.head_seconds
        self._transport_of().set_write_buffer_limits(high=_WRITE_HIGH_WATER)
        if full:
            self._refuse(HttpError(503, "Too many open connections; try again.", headers=((b"retry-after", b"2"),)))

    def _transport_of(self) -> asyncio.Transport:
        assert self._transport is not None
        return self._transport

    def connection_lost(self, exc: Exception | None) -> None:
        """End the work for a client that is gone."""
        del exc
        self.factory.connections.discard(self)
        self.server_state.connections.discard(self)
        self._parser = None
        self.deadline = _NEVER
        self._end_work()
        self.resume_writing()

    def _end_work(self) -> None:
        self.pipeline.clear()
        exchange = self.exchange
        if exchange is not None and exchange.task is not None and not exchange.complete:
            exchange.task.cancel()

    def eof_received(self) -> bool:
        """Take the end of the client's sending for its leaving: the transport closes and the work ends."""
        return False

    def pause_writing(self) -> None:
        """Hold the answer back while the client does not read, for a bounded time."""
        if self.write_waiter is None:
            self.write_waiter = self.loop.create_future()
            self.deadline = self.loop.time() + self.settings.stall_seconds

    def resume_writing(self) -> None:
        """Let the answer go on."""
        waiter, self.write_waiter = self.write_waiter, None
        if waiter is not None:
            if self._discarded < 0:
                self.deadline = _NEVER if self.exchange else self.loop.time() + self.settings.idle_seconds
            if not waiter.done():
                waiter.set_result(None)

    def shutdown(self) -> None:
        """Close once the answer under way is out; called by uvicorn when it drains."""
        self._draining = True
        if self.exchange is None:
            self.cut(reset=False)
        else:
            self.exchange.keep_alive = False

    def expire(self) -> None:
        """Give up on a client that is over its time, or gone."""
        self.cut(reset=self.write_waiter is not None or self._discarded >= 0)

    # --- the exchange's side

    def write(self, data: bytes) -> None:
        """Hand bytes to the transport."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def date_line(self) -> bytes:
        """The Date header, which uvicorn renews each second, and what every answer of this service carries after it."""
        headers = self.server_state.default_headers
        return b"date: " + headers[0][1] + b"\r\n" + self.factory.always if headers else self.factory.always

    def cut(self, *, reset: bool) -> None:
        """End the connection; with a reset where the client could otherwise take a part for the whole."""
        transport = self._transport
        if transport is None:
            return
        if reset:
            transport.abort()
        elif not transport.is_closing():
            transport.close()
            # a client that does not read must not hold the rest of the buffer for ever
            self.deadline = self.loop.time() + _LINGER_SECONDS
            self._discarded = max(self._discarded, 0)

    def pause_reading(self) -> None:
        """Let the client wait with its next bytes."""
        if self._reading and self._transport is not None and not self._transport.is_closing():
            self._reading = False
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Read on."""
        if not self._reading and self._transport is not None and not self._transport.is_closing():
            self._reading = True
            self._transport.resume_reading()

    def finish(self, exchange: Exchange) -> None:
        """Go on to the next request after a complete answer."""
        self.server_state.total_requests += 1
        self.exchange = None
        if exchange.more_body:
            self._linger()
        elif not exchange.keep_alive or self._draining:
            self.cut(reset=False)
        elif self.pipeline:
            self._begin(self.pipeline.popleft())
        else:
            self.deadline = self.loop.time() + self.settings.idle_seconds
            self.resume_reading()

    def _linger(self) -> None:
        """Discard what a client still sends, so that it can read its answer before the connection closes."""
        self._parser = None
        self._discarded = 0
        self.deadline = self.loop.time() + _LINGER_SECONDS
        self.resume_reading()
        transport = self._transport
        if transport is not None and not transport.is_closing():
            with contextlib.suppress(OSError, NotImplementedError):
                transport.write_eof()

    def _refuse(self, error: HttpError) -> None:
        """Answer what cannot be parsed or is over a bound, and close."""
        self._end_work()
        started = self.exchange is not None and self.exchange.started
        self.exchange = None
        if started:
            self.cut(reset=True)
            return
        problem = problem_of(error)
        head = [STATUS_LINES[problem.status], self.date_line(), b"connection: close\r\n"]
        for name, value in problem.all_headers():
            head += (name, b": ", value, b"\r\n")
        self.write(b"".join((*head, b"\r\n", problem.body)))
        self._linger()

    # --- the parser's side

    def data_received(self, data: bytes) -> None:
        """Parse, within bounds."""
        if self._parser is None:
            self._discard(data)
            return
        between = self.exchange is None and not self._in_head
        if between:
            if self._answer_again(data):
                return
            self.deadline = self.loop.time() + self.settings.head_seconds
        self._messages = 0
        self._answered = None
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # no upgrade is offered; the request was answered as HTTP/1.1 and nothing after it can be parsed
            if self._receiving is not None:
                self._receiving.keep_alive = False
            return
        except httptools.HttpParserError:
            self._refuse(self._refusal or HttpError(400, "This is not a valid HTTP/1.1 request."))
            return
        if between and self._answered is not None and self._messages == 1 and not self._has_body:
            self.factory.repeats.remember(data, self._answered)
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > self.settings.url_bytes + self.settings.header_bytes:
                self._refuse(HttpError(431, "The request's head is too long."))

    def _discard(self, data: bytes) -> None:
        self._discarded += len(data)
        if self._discarded > _LINGER_BYTES:
            self.cut(reset=True)

    def _answer_again(self, data: bytes) -> bool:
        """Answer bytes that were one whole request before, without parsing them."""
        known = None if self._draining else self.factory.repeats.find(data)
        if known is None:
            return False
        self._answer(known)
        self.server_state.total_requests += 1
        self.deadline = self.loop.time() + self.settings.idle_seconds
        return True

    def on_message_begin(self) -> None:
        """Start a request head."""
        self._in_head = True
        self._messages += 1
        self._head_bytes = 0
        self._url = b""
        self._headers = []
        self._accept = self._coding = self._conditional = b""
        self._expects_continue = self._has_body = self._has_host = False

    def on_url(self, url: bytes) -> None:
        """Take a part of the request target."""
        self._url += url
        if len(self._url) > self.settings.url_bytes:
            limit = self.settings.url_bytes
            self._refusal = HttpError(414, f"The address is longer than {limit} bytes; send the query by POST.")
            raise Refusal

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; trailers count as headers."""
        name = name.lower()
        headers = self._headers
        headers.append((name, value))
        self._head_bytes += len(name) + len(value)
        if len(headers) > self.settings.header_count or self._head_bytes > self.settings.header_bytes:
            self._refusal = HttpError(431, "There are too many request headers, or they are too long.")
            raise Refusal
        if name == b"accept":
            self._accept = self._accept + b"," + value if self._accept else value
        elif name == b"accept-encoding":
            self._coding = value
        elif name == b"if-none-match":
            self._conditional = value
        elif name == b"content-length":
            self._has_body = value != b"0"
        elif name == b"transfer-encoding":
            self._has_body = True
        elif name == b"host":
            # RFC 9112, section 3.2: one, and a valid one; no address is ever made of it
            if self._has_host or not is_host(value):
                self._refusal = HttpError(400, "The Host header is not valid.")
                raise Refusal
            self._has_host = True
        elif name == b"expect":
            self._expects_continue = value.lower() == b"100-continue"

    def on_headers_complete(self) -> None:
        """Make the exchange; a request with a body begins now, others when they are known to be whole."""
        parser = self._parser
        assert parser is not None
        self._in_head = False
        version = parser.get_http_version()
        if version not in ("1.1", "1.0"):
            self._refusal = HttpError(505, "Only HTTP/1.1 and HTTP/1.0 are spoken here.")
            raise Refusal
        if version == "1.1" and not self._has_host:
            self._refusal = HttpError(400, "The Host header is missing.")
            raise Refusal
        url = self._url
        if not url.startswith(b"/"):
            url = self._origin_form(url)
        exchange = Exchange(self, parser.get_method().decode("latin-1"), url, self._headers, version)
        exchange.accept, exchange.coding, exchange.conditional = self._accept, self._coding, self._conditional
        exchange.keep_alive = parser.should_keep_alive() and not self._draining
        exchange.expects_continue = self._expects_continue
        self._receiving = exchange
        if self._has_body:
            self._queue(exchange)

    def _origin_form(self, url: bytes) -> bytes:
        """The path and query of an absolute or asterisk target (RFC 9112, section 3.2)."""
        if url == b"*":
            return b"/*"
        try:
            parsed = httptools.parse_url(url)
        except httptools.HttpParserInvalidURLError as error:
            self._refusal = HttpError(400, "The request target is not valid.")
            raise Refusal from error
        path = parsed.path or b"/"
        return path if parsed.query is None else path + b"?" + parsed.query

    def on_body(self, body: bytes) -> None:
        """Pass on body bytes; hold the client back while the application does not read them."""
        if self._receiving is not None and self._receiving.feed(body):
            self.pause_reading()

    def on_message_complete(self) -> None:
        """Note that the request is whole, and begin it where it had no body."""
        exchange, self._receiving = self._receiving, None
        if exchange is None:
            return
        exchange.end_body()
        if not self._has_body:
            self._queue(exchange)

    def _queue(self, exchange: Exchange) -> None:
        if self.exchange is None:
            self._begin(exchange)
        else:
            # pipelined: one at a time and in order
            self.pipeline.append(exchange)
            self.pause_reading()

    def _begin(self, exchange: Exchange) -> None:
        self.deadline = _NEVER
        self.exchange = exchange
        known = self.factory.immediate(exchange) if exchange.keep_alive else False
        if known is True:
            return
        if known:
            exchange.started = exchange.complete = True
            self._answered = exchange
            self._answer(known)
            # a call from within the loop of `finish` would nest once per pipelined request
            if self.pipeline:
                self.loop.call_soon(self.finish, exchange)
            else:
                self.finish(exchange)
            return
        self.start(exchange, self.app)

    def _answer(self, known: Known) -> None:
        self.write(b"".join((STATUS_LINES[200], self.date_line(), *known)))

    def start(self, exchange: Exchange, app: AsgiApp) -> asyncio.Task[None]:
        """Let an application answer, in a task."""
        task = exchange.task = self.loop.create_task(exchange.run(app))
        self.server_state.tasks.add(task)
        task.add_done_callback(self.server_state.tasks.discard)
        return task
