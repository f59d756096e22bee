"""The service put together: the SPARQL endpoint in front, and all other addresses behind it, made when needed.

In: frozen settings, what is being served, the policy, and how the part behind is made. Out: a `Site`, whose `app` is
the ASGI application and whose `immediate` is the hook for answers known already. Nothing here imports FastAPI: routers,
pages and indexes take more than a second to load, and queries are answered meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dadkhah.web.endpoint.answers import Answers
from dadkhah.web.endpoint.metrics import Metrics
from dadkhah.web.endpoint.serving import Serving
from dadkhah.web.endpoint.sparql import PATH, Inspect, SparqlEndpoint
from dadkhah.web.routing.context import Context
from dadkhah.web.wire.cache import ResultCache
from dadkhah.web.wire.exchange import AsgiApp, Receive, Send
from dadkhah.web.wire.immediate import Immediate
from dadkhah.web.wire.settings import WebSettings

VOID_PATH = "/.well-known/void"
log = logging.getLogger("dadkhah.serve")


@dataclass(frozen=True, slots=True)
class Behind:
    """All addresses but those of queries.

    Attributes:
        app: the routers, as one ASGI application.
        form: makes the HTML page that a browser gets at the bare address of the endpoint; None where there is none.
    """

    app: AsgiApp
    form: Callable[[], bytes] | None = None


MakeBehind = Callable[[Context], Behind]


class Site:
    """The service as an ASGI application, and its hook for answers known already."""

    def __init__(
        self,
        settings: WebSettings,
        serving: Serving,
        inspect: Inspect,
        make: MakeBehind,
        *,
        metrics: Metrics | None = None,
        functions: tuple[str, ...] = (),
    ) -> None:
        """Put the front together.

        Args:
            settings: bounds and addresses.
            serving: the engine being served.
            inspect: the policy on queries.
            make: makes the part behind; called once, in a thread.
            metrics: where to count; shared by all workers.
            functions: IRIs of the engine's extension functions, for the service description.
        """
        metrics = metrics or Metrics()
        answers = Answers(serving, ResultCache(settings.cache_bytes, settings.cache_entry_bytes), settings)
        self.context = Context(settings, serving, answers, metrics)
        self._endpoint = SparqlEndpoint(answers, inspect, metrics, settings, page=self._form, functions=functions)
        self._make = make
        self._making: asyncio.Future[Behind] | None = None
        self.immediate: Immediate = self._endpoint.immediate

    def prepare(self) -> asyncio.Future[Behind]:
        """Begin to make the part behind, in a thread, unless it was begun; call it inside a running event loop."""
        if self._making is None:
            self._making = asyncio.get_running_loop().create_future()
            self._making.add_done_callback(_tell)
            # a daemon: a service that is asked to end while it starts does not wait for its pages
            threading.Thread(target=self._build, args=(self._making,), daemon=True, name="pages").start()
        return self._making

    def _build(self, making: asyncio.Future[Behind]) -> None:
        loop = making.get_loop()
        try:
            behind = self._make(self.context)
        except Exception as error:  # noqa: BLE001 - the future carries it to those who wait
            _hand_over(loop, making.set_exception, error)
        else:
            _hand_over(loop, making.set_result, behind)

    async def app(self, scope: Any, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope.get("path")
        if path == PATH:
            await self._endpoint(scope, receive, send)
        elif path == VOID_PATH:
            await self._endpoint.describe_data(scope, receive, send)
        else:
            # a request that is given up must not take the work of all others with it
            behind = await asyncio.shield(self.prepare())
            await behind.app(scope, receive, send)

    async def _form(self) -> bytes | None:
        behind = await asyncio.shield(self.prepare())
        return None if behind.form is None else behind.form()


def _hand_over(loop: asyncio.AbstractEventLoop, give: Callable[[Any], None], what: object) -> None:
    # the loop is closed where the service ended meanwhile
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(give, what)


def _tell(making: asyncio.Future[Behind]) -> None:
    if not making.cancelled() and (error := making.exception()) is not None:
        fields = {"error": type(error).__name__, "reason": str(error)}
        log.error("pages and interfaces cannot be served", extra={"fields": fields})
