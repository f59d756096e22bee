"""One HTTP request and its response, spoken to the application as ASGI 3 (spec version 2.3).

In: a parsed request head, body bytes as they arrive. Out: response bytes on the transport of its connection. A
response that cannot be completed is cut so that the client can tell: a chunked one ends without its last chunk, one
framed by the end of the connection ends in a reset (RFC 9112, section 8).
"""

from __future__ import annotations

import asyncio
import http
import logging
import traceback
import urllib.parse
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from dadkhah.web.wire.headers import Header
from dadkhah.web.wire.problems import HttpError, problem_of

if TYPE_CHECKING:
    from dadkhah.web.wire.connection import Connection

log = logging.getLogger("dadkhah.web")

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

STATUS_LINES: Final = {
    status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in http.HTTPStatus
}
# a request body beyond this is not read further until the application asks for it
_BODY_WINDOW = 65_536
_ASGI = {"version": "3.0", "spec_version": "2.3"}
_BODILESS = frozenset({204, 304})


class Cancellable(Protocol):
    """The work on an answer, a task or not."""

    def cancel(self) -> object:
        """End it: the client went away."""


class AnswerCut(Exception):
    """Raised by an application whose answer has begun and cannot be completed."""


class Exchange:
    """A request with its response; made by a connection, which gives it body bytes and a place to write."""

    __slots__ = (
        "_body",
        "_body_waiter",
        "_head",
        "_told_whole",
        "accept",
        "chunked",
        "coding",
        "complete",
        "conditional",
        "connection",
        "expects_continue",
        "headers",
        "keep_alive",
        "method",
        "more_body",
        "remaining",
        "started",
        "task",
        "url",
        "version",
    )

    def __init__(self, connection: Connection, method: str, url: bytes, headers: list[Header], version: str) -> None:
        self.connection = connection
        self.method = method
        self.url = url
        self.headers = headers
        self.version = version
        self.keep_alive = False
        self.expects_continue = False
        self.more_body = True
        self.accept = self.coding = self.conditional = b""
        self.task: Cancellable | None = None
        self.started = False
        self.complete = False
        self.chunked = False
        self.remaining: int | None = None
        self._body = bytearray()
        self._body_waiter: asyncio.Future[None] | None = None
        self._told_whole = False
        self._head: list[bytes] = []

    def feed(self, data: bytes) -> bool:
        """Take body bytes; say whether more should wait until the application has read them."""
        if not self.complete:
            self._body += data
            self._wake()
        return len(self._body) > _BODY_WINDOW

    def end_body(self) -> None:
        """Note that the request is whole."""
        self.more_body = False
        self._wake()

    def _wake(self) -> None:
        if self._body_waiter is not None and not self._body_waiter.done():
            self._body_waiter.set_result(None)

    def scope(self) -> dict[str, Any]:
        """The connection scope for the application."""
        raw_path, _, query = self.url.partition(b"?")
        path = raw_path.decode("latin-1")
        if "%" in path:
            path = urllib.parse.unquote(path)
        connection = self.connection
        return {
            "type": "http",
            "asgi": _ASGI,
            "http_version": self.version,
            "method": self.method,
            "scheme": "http",
            "path": path,
            "raw_path": raw_path,
            "query_string": query,
            "root_path": "",
            "headers": self.headers,
            "client": connection.client,
            "server": connection.server,
            "state": connection.app_state.copy(),
        }

    async def run(self, app: AsgiApp) -> None:
        """Let the application answer; an error before the response starts becomes a 500, one after it a cut."""
        try:
            await app(self.scope(), self.receive, self.send)
        except asyncio.CancelledError:
            self.connection.cut(reset=True)
        except AnswerCut:
            self.connection.cut(reset=not self.chunked)
        except Exception as error:  # noqa: BLE001 - the boundary of the application: the process goes on
            log_crash(error)
            if self.started:
                self.connection.cut(reset=not self.chunked)
            else:
                await self._send_problem(error)
        else:
            if not self.complete:
                self.connection.cut(reset=not self.chunked)

    async def _send_problem(self, error: Exception) -> None:
        problem = problem_of(error)
        await send_whole(self.send, problem.status, problem.all_headers(), problem.body)

    async def receive(self) -> Message:
        """Give the application the body bytes that are there, or wait for some."""
        connection = self.connection
        if self.expects_continue and not self.started:
            self.expects_continue = False
            connection.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if self._told_whole:
            # what is left to hear of is the client going away, which cancels the task
            await connection.loop.create_future()
        if not self._body and self.more_body:
            connection.resume_reading()
            self._body_waiter = connection.loop.create_future()
            await self._body_waiter
        body = bytes(self._body)
        self._body.clear()
        self._told_whole = not self.more_body
        return {"type": "http.request", "body": body, "more_body": self.more_body}

    async def send(self, message: Message) -> None:
        """Write a part of the response, with back-pressure."""
        connection = self.connection
        if connection.write_waiter is not None:
            await connection.write_waiter
        if message["type"] == "http.response.start":
            self._start(message["status"], message.get("headers", ()))
        elif message["type"] == "http.response.body":
            self._write_body(message.get("body", b""), more=message.get("more_body", False))

    def _start(self, status: int, headers: list[Header]) -> None:
        assert not self.started, "a response starts once"
        self.started = True
        parts = [STATUS_LINES[status], self.connection.date_line()]
        for name, value in headers:
            if b"\n" in value or b"\r" in value or b"\0" in value:
                raise HttpError(500, "A response header could not be written.")
            if name == b"content-length":
                self.remaining = int(value)
            elif name == b"connection" and value == b"close":
                self.keep_alive = False
                continue
            parts += (name, b": ", value, b"\r\n")
        if self.method == "HEAD" or status in _BODILESS:
            self.remaining = -1
        elif self.remaining is None:
            if self.version == "1.0":
                # no chunks in HTTP/1.0: the end of the connection frames the body
                self.keep_alive = False
            else:
                self.chunked = True
                parts.append(b"transfer-encoding: chunked\r\n")
        if not self.keep_alive:
            parts.append(b"connection: close\r\n")
        elif self.version == "1.0":
            parts.append(b"connection: keep-alive\r\n")
        parts.append(b"\r\n")
        self._head = parts

    def _write_body(self, body: bytes, *, more: bool) -> None:
        if self.complete:
            return
        parts, self._head = self._head, []
        if self.remaining == -1:
            pass
        elif self.chunked:
            if body:
                parts += (b"%x\r\n" % len(body), body, b"\r\n")
            if not more:
                parts.append(b"0\r\n\r\n")
        else:
            if self.remaining is not None:
                self.remaining -= len(body)
                assert self.remaining >= 0, "a body longer than its Content-Length"
            parts.append(body)
        # the head travels with the first bytes of the body: one system call for a small answer
        if parts:
            self.connection.write(parts[0] if len(parts) == 1 else b"".join(parts))
        if not more:
            if self.remaining is not None and self.remaining > 0:
                raise AnswerCut
            self.complete = True
            self.connection.finish(self)


async def send_whole(send: Send, status: int, headers: Iterable[Header], body: bytes = b"") -> None:
    """Send a response that is whole already."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def log_crash(error: BaseException) -> None:
    """Log an unexpected exception by its kind and place; its message may hold a query or a value of a client."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    where = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
    log.error("unexpected error", extra={"fields": {"error": type(error).__name__, "where": where}})
