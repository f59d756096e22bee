"""The short way for the usual request: a GET whose only parameter is the query, answered from the cache or a reader.

A task, an ASGI scope and a dozen messages between coroutines cost more than a point look-up. Here a request goes from
the parser's callback to a reader, and its answer from the reader's callback to the socket. Whatever is not usual is
left to `SparqlEndpoint` before it began, or handed to a task once it turns out so: errors, streams, compression,
clients that do not read.

In: exchanges of a connection. Out: answers on it, the same bytes as the long way gives.
"""

from __future__ import annotations

import time
from typing import Any, Final

from dadkhah.engine.interface import Answer, QueryForm, QueryRequest
from dadkhah.engine.local.direct import DirectEngine
from dadkhah.engine.readers.stream import NOTHING
from dadkhah.engine.waiting.job import Job
from dadkhah.errors import DadkhahError
from dadkhah.web.endpoint.answer_head import headers_of, key_of, rendered_head, tag_of
from dadkhah.web.endpoint.answers import Answers, Asked, Question, client_key
from dadkhah.web.endpoint.metrics import Metrics
from dadkhah.web.endpoint.outcomes import Inspect, outcome_of, send_problem
from dadkhah.web.endpoint.parameters import decoded
from dadkhah.web.endpoint.serving import Served
from dadkhah.web.wire.cache import Entry, Key, Raw, is_volatile
from dadkhah.web.wire.compress import SMALLEST
from dadkhah.web.wire.exchange import STATUS_LINES, Exchange, Receive, Send
from dadkhah.web.wire.immediate import Known
from dadkhah.web.wire.negotiate import choose_coding, choose_format

START: Final = b"/sparql?query="
_OK = STATUS_LINES[200]


class Express:
    """Takes usual requests before the ASGI application sees them."""

    def __init__(self, answers: Answers, inspect: Inspect, metrics: Metrics) -> None:
        self.answers = answers
        self.metrics = metrics
        self._inspect = inspect
        self._settings = answers.settings
        self._base_iri = answers.settings.sparql_url
        self._known: Served | None = None
        self._engine: DirectEngine | None = None

    def again(self, request: Raw, /) -> Known | None:
        """The answer to a GET that came in the same bytes before, from the cache."""
        entry = self.answers.cache.get_raw(request)
        if entry is None:
            return None
        self.metrics.observe("cached", 0.0)
        return entry.head, entry.body

    def __call__(self, exchange: Exchange, /) -> Known | bool:
        """The answer where it is known already; True where it will come; False where this is for the long way."""
        if exchange.method != "GET" or exchange.conditional:
            return False
        if len(self.answers.cache) and (known := self.again((exchange.url, exchange.accept, exchange.coding))):
            return known
        url = exchange.url
        if not url.startswith(START) or exchange.more_body or b"&" in url:
            return False
        engine = self._direct_engine()
        return False if engine is None else self._take(exchange, engine)

    def _direct_engine(self) -> DirectEngine | None:
        served = self.answers.serving.current
        if served is not self._known:
            # asked once per snapshot: a look at all methods of a protocol is slow
            self._known = served
            self._engine = served.engine if isinstance(served.engine, DirectEngine) else None
        return self._engine

    def _take(self, exchange: Exchange, engine: DirectEngine) -> Known | bool:
        begun = time.perf_counter()
        try:
            query = decoded(exchange.url[len(START) :])
            # four bytes is the most that a character takes
            if not query or query.isspace() or len(query) * 4 > self._settings.query_bytes or is_volatile(query):
                return False
            form = self._inspect(query)
        except (DadkhahError, UnicodeDecodeError):
            # said again, in full, by the long way
            return False
        result = choose_format(exchange.accept.decode("latin-1") or "*/*", form)
        if result is None:
            return False
        coding = choose_coding(exchange.coding.decode("latin-1"))
        key = key_of(engine.snapshot_hash, query, result.value, coding)
        cache = self.answers.cache
        if cache.max_bytes and (entry := cache.get(key)) is not None:
            cache.alias((exchange.url, exchange.accept, exchange.coding), key)
            self.metrics.observe("cached", time.perf_counter() - begun)
            return entry.head, entry.body
        request = QueryRequest(
            query, result, self._settings.timeout_seconds, None, self._client(exchange), self._base_iri
        )
        waiting = Waiting(self, exchange, engine, request, form, key, begun)
        exchange.task = waiting
        waiting.submit()
        return True

    def _client(self, exchange: Exchange) -> str:
        client = exchange.connection.client
        if client is not None and not self._settings.trusted_proxies and ":" not in client[0]:
            return client[0]
        return client_key({"client": client, "headers": exchange.headers}, self._settings.trusted_proxies)


class Waiting:
    """One request that waits for its reader: an `Outlet` for the engine, and what the connection can cancel."""

    __slots__ = (
        "_begun",
        "_engine",
        "_exchange",
        "_express",
        "_form",
        "_job",
        "_key",
        "_over",
        "_request",
        "_served",
        "_told",
    )

    def __init__(  # noqa: PLR0917 - made in one place, once per request: a bundle of these would cost a microsecond
        self,
        express: Express,
        exchange: Exchange,
        engine: DirectEngine,
        request: QueryRequest,
        form: QueryForm,
        key: Key,
        begun: float,
    ) -> None:
        self._express = express
        self._exchange = exchange
        self._engine = engine
        self._request = request
        self._form = form
        self._key = key
        self._begun = begun
        self._over = self._told = False
        self._job: Job | None = None
        self._served = express.answers.serving.take()

    def submit(self) -> None:
        """Hand the query to the engine."""
        try:
            self._job = self._engine.submit(self._request, self)
        except DadkhahError as error:
            self.set_exception(error)

    # -- for the connection

    def cancel(self) -> None:
        """The client went away."""
        self._told = True
        self._give_up()

    # -- for the engine

    def done(self) -> bool:
        """Whether nothing is wanted any more, or the beginning of the answer is known."""
        return self._told

    def cancelled(self) -> bool:
        """Whether the client went away."""
        return self._told and self._over

    def set_result(self, whole: bytes | None, /) -> None:
        """Answer, here and now where that is possible."""
        self._told = True
        exchange = self._exchange
        connection = exchange.connection
        coded = self._key[3] != "identity"
        if whole is None or connection.write_waiter is not None or (coded and len(whole) >= SMALLEST):
            self._go_on(whole)
            return
        head = rendered_head(self._form, self._request.format)
        tail = b"%b\r\ncontent-length: %d\r\n\r\n" % (tag_of(self._key), len(whole))
        closing = b"" if exchange.keep_alive else b"connection: close\r\n"
        exchange.started = exchange.complete = True
        connection.write(b"".join((_OK, connection.date_line(), closing, head, tail, whole)))
        answers = self._express.answers
        if answers.cache.max_bytes and self._served is answers.serving.current:
            self._keep(whole, head + tail)
        self._end("ok")
        self._job = None
        connection.finish(exchange)

    def set_exception(self, error: BaseException, /) -> None:
        """Tell the client what is wrong."""
        self._told = True
        self._end(outcome_of(error))
        self._job = None

        async def fail(_scope: Any, _receive: Receive, send: Send) -> None:
            if not isinstance(error, DadkhahError):
                raise error
            await send_problem(error, send)

        self._exchange.connection.start(self._exchange, fail)

    # -- here

    def _go_on(self, whole: bytes | None) -> None:
        """Leave the rest to a task."""
        exchange = self._exchange
        assert self._job is not None, "an engine answers after it has taken the query"
        try:
            answer = self._engine.rest(self._job) if whole is None else Answer(chunks=NOTHING, whole=whole)
        except DadkhahError as error:
            self.set_exception(error)
            return
        question = Question(
            text=self._request.text,
            form=self._form,
            timeout_seconds=self._request.timeout_seconds,
            accept=exchange.accept.decode("latin-1"),
            coding=exchange.coding.decode("latin-1"),
            client=self._request.client,
            raw=(exchange.url, exchange.accept, exchange.coding),
        )
        asked = Asked(question, self._request.format, self._served, self._key)
        answers = self._express.answers

        async def go_on(_scope: Any, _receive: Receive, send: Send) -> None:
            self._end((await answers.give(answer, asked, send)).name)

        # also where the task was cancelled before its first step
        exchange.connection.start(exchange, go_on).add_done_callback(self._give_up)

    def _give_up(self, _task: object = None) -> None:
        """End what has not ended well."""
        if not self._over:
            self._end("cut")
            if self._job is not None:
                self._engine.give_up(self._job)

    def _end(self, outcome: str) -> None:
        self._over = True
        # nothing that refers to itself is left for the collector
        self._exchange.task = None
        self._express.answers.serving.give_back(self._served)
        self._express.metrics.observe(outcome, time.perf_counter() - self._begun)

    def _keep(self, body: bytes, head: bytes) -> None:
        cache = self._express.answers.cache
        headers = headers_of(self._form, self._request.format, "", self._key)
        cache.put(self._key, Entry((*headers, (b"content-length", str(len(body)).encode())), head, body))
        exchange = self._exchange
        cache.alias((exchange.url, exchange.accept, exchange.coding), self._key)
