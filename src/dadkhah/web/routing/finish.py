"""What every answer of the routers gets: security headers, CORS, Vary, ETag and 304, compression, HEAD and OPTIONS.

Pure ASGI middleware around FastAPI. In: whatever a route sends. Out: the same with the headers of the service. A
route that sets a header itself keeps it.
"""

from __future__ import annotations

import hashlib
from typing import Any

from dadkhah.web.endpoint.answer_head import REVALIDATE, VARY
from dadkhah.web.wire.compress import SMALLEST, StreamCoder, compress
from dadkhah.web.wire.exchange import AsgiApp, Message, Receive, Send, send_whole
from dadkhah.web.wire.headers import COMMON, NO_STORE, Header, names_tag, preflight
from dadkhah.web.wire.negotiate import choose_coding

_ALLOW = b"GET, HEAD, POST, OPTIONS"
_COMPRESSIBLE = (b"text/", b"application/json", b"application/ld+json", b"application/geo+json", b"application/problem")
_ALSO_COMPRESSIBLE = (b"+xml", b"+json", b"/n-triples", b"/n-quads", b"/trig", b"/javascript", b"/xml")


class Finish:
    """Wraps the routers' application."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Pass the request on and finish its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            await send_whole(send, 204, preflight(_ALLOW))
            return
        finishing = _Finishing(scope, send)
        if finishing.head:
            scope = {**scope, "method": "GET"}
        await self._app(scope, receive, finishing.send)


class _Finishing:
    """One answer on its way out; its start is held until its first bytes show whether it is whole."""

    def __init__(self, scope: Any, send: Send) -> None:
        headers = dict(scope["headers"])
        self.head = scope["method"] == "HEAD"
        self._send = send
        self._coding = choose_coding(headers.get(b"accept-encoding", b"").decode("latin-1"))
        self._condition = headers.get(b"if-none-match", b"").decode("latin-1")
        self._start: Message | None = None
        self._coder: StreamCoder | None = None

    async def send(self, message: Message) -> None:
        """Take a message of the application."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._start is not None:
            start, self._start = self._start, None
            if not more:
                await self._send_whole(start, body)
                return
            await self._begin_stream(start)
        if self._coder is not None:
            body = await self._coder.feed(body) if more else await self._coder.feed(body) + self._coder.finish()
        if self.head:
            body = b""
        if body or not more:
            await self._send({"type": "http.response.body", "body": body, "more_body": more})

    async def _send_whole(self, start: Message, body: bytes) -> None:
        status, headers = start["status"], _complete(start)
        present = dict(headers)
        if status == 200:
            tag = present.get(b"etag") or _tag(body)
            if b"etag" not in present:
                headers.append((b"etag", tag))
            if b"cache-control" not in present:
                headers.append(REVALIDATE)
            if self._condition and names_tag(self._condition, tag):
                kept = [pair for pair in headers if not pair[0].startswith(b"content-")]
                await send_whole(self._send, 304, kept)
                return
        elif b"cache-control" not in present:
            headers.append(NO_STORE)
        if self._coding != "identity" and len(body) >= SMALLEST and _compressible(present):
            body = await compress(body, self._coding)
            headers.append((b"content-encoding", self._coding.encode()))
        headers = [pair for pair in headers if pair[0] != b"content-length"]
        if status not in (204, 304):
            headers.append((b"content-length", str(len(body)).encode()))
        await send_whole(self._send, status, headers, b"" if self.head else body)

    async def _begin_stream(self, start: Message) -> None:
        headers = _complete(start)
        if self._coding != "identity" and not self.head and _compressible(dict(headers)):
            self._coder = StreamCoder(self._coding)
            headers = [pair for pair in headers if pair[0] != b"content-length"]
            headers.append((b"content-encoding", self._coding.encode()))
        await self._send({"type": "http.response.start", "status": start["status"], "headers": headers})


def _complete(start: Message) -> list[Header]:
    headers: list[Header] = [(bytes(name), bytes(value)) for name, value in start.get("headers", ())]
    present = {name for name, _ in headers}
    return headers + [pair for pair in (VARY, *COMMON) if pair[0] not in present]


def _compressible(headers: dict[bytes, bytes]) -> bool:
    if b"content-encoding" in headers:
        return False
    kind = headers.get(b"content-type", b"").split(b";")[0]
    return kind.startswith(_COMPRESSIBLE) or kind.endswith(_ALSO_COMPRESSIBLE)


def _tag(body: bytes) -> bytes:
    return b'W/"' + hashlib.blake2b(body, digest_size=12).hexdigest().encode() + b'"'
