"""Who is let in: bearer tokens where they are asked for, and so many requests a minute where that is bounded.

In: requests before anything looks at them. Out: the application's answer, or 401 or 429. Tokens are known by their
SHA-256 only; they are random and long, so that a slow hash would protect nothing more. Every token is compared, in
constant time. Health is always told: it says nothing of the data.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final

from dadkhah.web.endpoint.answers import client_key
from dadkhah.web.endpoint.parameters import header
from dadkhah.web.wire.exchange import AsgiApp, Message, Receive, Send, send_whole
from dadkhah.web.wire.headers import NO_STORE, Header
from dadkhah.web.wire.problems import HttpError, problem_of
from dadkhah.web.wire.settings import WebSettings

_OPEN: Final = "/healthz"
_CLIENTS: Final = 20_000  # counted at a time, about 4 MB; the one seen longest ago is forgotten
_BURST_SECONDS: Final = 10  # requests of this long may come at once
_FEWEST: Final = 5.0
_OPEN_HEADERS: Final = (b"cache-control", b"access-control-")
_CHALLENGE: Final[Header] = (b"www-authenticate", b'Bearer realm="dadkhah"')


class Gate:
    """Wraps an ASGI application."""

    def __init__(self, app: AsgiApp, settings: WebSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._hashes = tuple(bytes.fromhex(one) for one in settings.gate.token_hashes)
        self._proxies = settings.trusted_proxies
        rate = settings.gate.requests_per_minute
        self._rate = Rate(rate, clock) if rate else None

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["path"] != _OPEN:
            refused = self._refused(scope)
            if refused is not None:
                problem = problem_of(refused)
                await send_whole(send, problem.status, problem.all_headers(), problem.body)
                return
            if self._hashes:
                send = _kept_nowhere(send)
        await self._app(scope, receive, send)

    def _refused(self, scope: Any) -> HttpError | None:
        # guesses are counted like any other request
        if self._rate is not None:
            wait = self._rate.wait(client_key(scope, self._proxies))
            if wait:
                after = (b"retry-after", str(math.ceil(wait)).encode())
                return HttpError(429, f"Too many requests; try again in {math.ceil(wait)} seconds.", headers=(after,))
        if self._hashes and not self._is_known(header(scope["headers"], b"authorization")):
            return HttpError(401, "This service needs a token: Authorization: Bearer <token>.", headers=(_CHALLENGE,))
        return None

    def _is_known(self, authorization: str) -> bool:
        scheme, _, token = authorization.partition(" ")
        given = hashlib.sha256(token.strip().encode("utf-8", "surrogateescape")).digest()
        # no early end: how long it takes must not tell how near a guess is
        found = [hmac.compare_digest(given, known) for known in self._hashes]
        return scheme.lower() == "bearer" and any(found)


class Rate:
    """A bucket of requests for each client that fills evenly."""

    def __init__(self, per_minute: float, clock: Callable[[], float]) -> None:
        self._per_second = per_minute / 60
        self._most = max(_FEWEST, self._per_second * _BURST_SECONDS)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str) -> float:
        """Take one request out; seconds until there is one again where there is none, else 0."""
        now = self._clock()
        left, seen = self._buckets.pop(client, (self._most, now))
        left = min(self._most, left + (now - seen) * self._per_second)
        missing = max(0.0, 1 - left)
        self._buckets[client] = (left if missing else left - 1, now)
        if len(self._buckets) > _CLIENTS:
            self._buckets.popitem(last=False)
        return missing / self._per_second


def _kept_nowhere(send: Send) -> Send:
    """Send answers that no cache keeps and no page of another site may read."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [pair for pair in message.get("headers", ()) if not pair[0].startswith(_OPEN_HEADERS)]
            message = {**message, "headers": [*headers, NO_STORE]}
        await send(message)

    return sending
