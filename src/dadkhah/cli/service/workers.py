"""The processes of the service: one that does all, or several that share a socket under a parent.

In: settings, a bound socket, the snapshots. Out: returns when the service was asked to end. A worker that dies is
replaced; signals to the parent go to all.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import resource
import signal
import socket
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import cast

import uvloop

from dadkhah.cli.service.takeup import TakeUp, refuse_unguarded, snapshot_to_serve
from dadkhah.cli.token import read_tokens
from dadkhah.config import Settings
from dadkhah.engine.extensions import FUNCTIONS
from dadkhah.engine.interface import QueryForm
from dadkhah.engine.local.pool import PoolSettings
from dadkhah.engine.queries import policy
from dadkhah.engine.readers.reader import ReaderSettings
from dadkhah.errors import ConfigurationError, QueryRefused
from dadkhah.snapshot.publishing.registry import Registry
from dadkhah.web.endpoint.metrics import Metrics
from dadkhah.web.endpoint.outcomes import Inspect
from dadkhah.web.endpoint.serving import Serving
from dadkhah.web.front import Behind, Site
from dadkhah.web.logs import configure_logs
from dadkhah.web.routing.context import Context
from dadkhah.web.server import run_site
from dadkhah.web.wire.settings import GateSettings, WebSettings

log = logging.getLogger("dadkhah.serve")
# descriptors that readers, logs and the loop need beside the connections of clients
_RESERVED_DESCRIPTORS = 64
_FEWEST_CONNECTIONS = 16
_RESTART_SECONDS = 0.5
# more readers than cores: a client's few slow queries leave a reader for its quick ones
_FEWEST_READERS = 8


def bound_socket(host: str, port: int) -> socket.socket:
    """A socket bound to the address, not yet listening.

    Raises:
        ConfigurationError: the address cannot be had; names it with its port.
    """
    shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        sock = socket.socket(family, kind, protocol)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigurationError(f"cannot listen on {shown}: {reason}; choose another with --host or --port") from error
    return sock


def run_workers(settings: Settings, sock: socket.socket, registry: Registry | None) -> None:
    """Serve until asked to end."""
    configure_logs(settings.log_level)
    web = web_settings(settings, sock)
    metrics = Metrics(settings.workers)
    if settings.workers == 1:
        _work(settings, web, sock, registry, metrics)
        return
    _Parent(settings, web, sock, registry, metrics).run()


def web_settings(settings: Settings, sock: socket.socket) -> WebSettings:
    """The settings of the web layer; connections are bounded by the descriptors there are."""
    port = sock.getsockname()[1]
    host = settings.host
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104 - compared with, not bound to
        host = "localhost"
    shown = f"[{host}]" if ":" in host else host
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    connections = settings.connections
    if soft != resource.RLIM_INFINITY:
        connections = max(_FEWEST_CONNECTIONS, min(connections, soft - _RESERVED_DESCRIPTORS))
    return WebSettings(
        base_url=(settings.base_url or f"http://{shown}:{port}").rstrip("/"),
        timeout_seconds=settings.timeout,
        connections=connections,
        cache_bytes=settings.cache_mb << 20,
        trusted_proxies=settings.trusted_proxies,
        indexable=settings.indexable,
        gate=_gate(settings),
    )


def _gate(settings: Settings) -> GateSettings:
    """Who is let in; a client is counted by each worker for itself, so that each allows its share."""
    hashes = tuple(read_tokens(Path(settings.tokens)).values()) if settings.tokens else ()
    return GateSettings(hashes, settings.rate_limit / settings.workers)


def pool_settings(settings: Settings) -> PoolSettings:
    """The settings of one worker's readers: the readers are shared out among the workers."""
    readers = settings.readers or max(_FEWEST_READERS, (os.cpu_count() or 1) + 1)
    return PoolSettings(
        readers=max(2, -(-readers // settings.workers)),
        memory_budget_bytes=(settings.memory_budget_mb << 20) // settings.workers,
        reader=ReaderSettings(
            headroom_bytes=settings.reader_memory_mb << 20,
            max_result_bytes=settings.result_mb << 20,
            # the policy lets through only what names one of these
            allow_network=bool(settings.services),
        ),
    )


def _work(
    settings: Settings, web: WebSettings, sock: socket.socket, registry: Registry | None, metrics: Metrics
) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings, web, sock, registry, metrics))


async def _serve(
    settings: Settings, web: WebSettings, sock: socket.socket, registry: Registry | None, metrics: Metrics
) -> None:
    if registry is None:
        await _serve_remote(settings, web, sock, metrics)
        return
    snapshot, verified = snapshot_to_serve(registry)
    guarded = bool(web.gate.token_hashes)
    refuse_unguarded(snapshot, guarded=guarded)
    takeup = TakeUp(registry, snapshot, pool_settings(settings), verified=verified, guarded=guarded)
    await takeup.start()
    site = _site(web, takeup.serving, registry, metrics, settings.services)
    following = asyncio.create_task(takeup.follow())

    def ready() -> None:
        fields = {"address": web.base_url, "snapshot": snapshot.hash, "statements": snapshot.manifest.quads}
        log.info("serving", extra={"fields": fields})

    try:
        await run_site(site, sock, on_hangup=takeup.look, on_ready=ready)
    finally:
        following.cancel()
        await takeup.close()
    log.info("ended")


async def _serve_remote(settings: Settings, web: WebSettings, sock: socket.socket, metrics: Metrics) -> None:
    remote = importlib.import_module("dadkhah.cli.service.remote_service")
    serving: Serving = remote.remote_serving(settings)
    site = _site(web, serving, None, metrics)

    def ready() -> None:
        log.info("serving", extra={"fields": {"address": web.base_url, "remote": True}})

    try:
        await run_site(site, sock, on_hangup=lambda: None, on_ready=ready)
    finally:
        await serving.close()
    log.info("ended")


def _site(
    settings: WebSettings, serving: Serving, registry: Registry | None, metrics: Metrics, services: tuple[str, ...] = ()
) -> Site:
    accept = inspector(services)

    def make(context: Context) -> Behind:
        # a second and more of imports, which queries need not wait for
        routes = importlib.import_module("dadkhah.cli.service.routes")
        return cast("Behind", routes.make_behind(context, registry, accept))

    # what a remote engine knows beyond SPARQL 1.1 is for its own description to say
    functions = () if registry is None else FUNCTIONS
    return Site(settings, serving, accept, make, metrics=metrics, functions=functions)


def inspector(services: tuple[str, ...] = ()) -> Inspect:
    """The policy as the web layer applies it; what is refused and is no query at all is malformed, another error.

    Args:
        services: endpoints that SERVICE may name.
    """
    bounds = replace(policy.DEFAULT, service_endpoints=frozenset(services))

    def accept(query: str) -> QueryForm:
        try:
            return policy.check(query, bounds)
        except QueryRefused:
            policy.classify(query)
            raise

    return accept


class _Parent:
    """Forks the workers and keeps their number up."""

    def __init__(
        self, settings: Settings, web: WebSettings, sock: socket.socket, registry: Registry | None, metrics: Metrics
    ) -> None:
        self._arguments = (settings, web, sock, registry, metrics)
        self._metrics = metrics
        self._places: dict[int, int] = {}
        self._ending = False

    def run(self) -> None:
        """Run until asked to end and all workers have ended."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        signal.signal(signal.SIGHUP, self._pass_on)
        for place in range(self._arguments[0].workers):
            self._fork(place)
        while self._places:
            pid, status = os.wait()
            if pid not in self._places:
                continue
            freed = self._places.pop(pid)
            if not self._ending:
                fields = {"worker": freed, "status": os.waitstatus_to_exitcode(status)}
                log.error("a worker ended", extra={"fields": fields})
                time.sleep(_RESTART_SECONDS)
                self._fork(freed)

    def _fork(self, place: int) -> None:
        pid = os.fork()
        if pid:
            self._places[pid] = place
            return
        self._metrics.attach(place)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        try:
            _work(*self._arguments)
        except BaseException as error:  # noqa: BLE001 - the end of the process: its parent is told by the exit code
            log.error("worker cannot serve", extra={"fields": {"error": type(error).__name__, "reason": str(error)}})  # noqa: TRY400 - one line
            os._exit(3)
        sys.stderr.flush()
        os._exit(0)

    def _end(self, number: int, frame: object) -> None:
        del frame
        self._ending = True
        self._pass_on(number, None)

    def _pass_on(self, number: int, frame: object) -> None:
        del frame
        for pid in list(self._places):
            os.kill(pid, number)
