"""Run a site: uvicorn's server loop with bounded connections, and an orderly end.

In: a site, a bound socket, settings. Out: nothing; returns when the process was asked to end and the answers under
way are out, or their time is up.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import Callable, Iterator

import uvicorn

from dadkhah.web.front import Site
from dadkhah.web.gate import Gate
from dadkhah.web.wire.connection import ConnectionFactory
from dadkhah.web.wire.immediate import Never

# a drain ends within ten seconds: what is left of it is for ending the readers
_DRAIN_SECONDS = 8
_BACKLOG = 2048


class _DrainingServer(uvicorn.Server):
    """Ends quietly with exit code 0; uvicorn's own raises the signal again."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `run_site`."""
        yield


def _settle(_: object) -> None:
    """Spare the collector what stays for good: a look at all of it takes longer than many queries."""
    gc.collect()
    gc.freeze()


async def run_site(
    site: Site, sock: socket.socket, *, on_hangup: Callable[[], None], on_ready: Callable[[], None]
) -> None:
    """Serve until SIGTERM or SIGINT, then drain.

    Args:
        site: what to serve.
        sock: bound; it listens from now on.
        on_hangup: called on SIGHUP.
        on_ready: called once requests are taken.
    """
    gate = site.context.settings.gate
    # answers that are given before the application sees a request would pass the gate by
    immediate = site.immediate if gate.is_open else Never()
    factory = ConnectionFactory(site.context.settings, immediate)
    # for the figures
    site.context.parts[ConnectionFactory] = factory
    config = uvicorn.Config(
        site.app if gate.is_open else Gate(site.app, site.context.settings),
        http=factory,  # type: ignore[arg-type]  # called like a class
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=_DRAIN_SECONDS,
    )
    server = _DrainingServer(config)
    loop = asyncio.get_running_loop()

    def end() -> None:
        server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    loop.add_signal_handler(signal.SIGHUP, on_hangup)
    loop.call_soon(on_ready)
    site.prepare().add_done_callback(_settle)
    await server.serve(sockets=[sock])
