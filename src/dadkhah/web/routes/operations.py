"""Addresses for those who run the service: health, readiness, metrics, robots.

None of them asks the engine anything that could wait behind queries of clients.
"""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Response

from dadkhah import __version__
from dadkhah.web.routing.deps import ContextDep
from dadkhah.web.wire.connection import ConnectionFactory

router = APIRouter(tags=["operations"])
_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/healthz", summary="Is the process alive?")
async def health() -> Response:
    """Answer as long as the process takes requests."""
    return Response(b"ok\n", media_type="text/plain", headers={"cache-control": "no-store"})


@router.get("/readyz", summary="Is a snapshot being served, and which?")
async def ready(context: ContextDep) -> Response:
    """Name the snapshot being served."""
    served = context.serving.current
    document = {
        "ready": True,
        "snapshot": served.engine.snapshot_hash,
        "built": served.facts.built or None,
        "statements": served.facts.quads,
        "version": __version__,
    }
    return Response(orjson.dumps(document), media_type="application/json", headers={"cache-control": "no-store"})


@router.get("/metrics", summary="Figures in Prometheus' text format")
async def metrics(context: ContextDep) -> Response:
    """Show latencies by outcome, the cache, the engine's readers and the snapshot, summed over all workers."""
    note_figures(context)
    body = context.metrics.render(context.serving.current.engine.snapshot_hash)
    return Response(body, media_type=_METRICS_TYPE, headers={"cache-control": "no-store"})


def note_figures(context: ContextDep) -> None:
    """Bring the figures that are counted elsewhere into the metrics of this process."""
    cache = context.answers.cache
    # none where another server than ours runs the application
    listening = context.parts.get(ConnectionFactory)
    figures = {
        "connections": len(listening.connections) if listening else 0,
        "cache_entries": len(cache),
        "cache_bytes": cache.bytes,
        "cache_hits": cache.hits,
        "cache_misses": cache.misses,
        "cache_evictions": cache.evictions,
        "snapshot_swaps": context.serving.swaps,
    }
    context.metrics.set_figures(figures, context.serving.current.counters())


@router.get("/robots.txt", include_in_schema=False)
async def robots(context: ContextDep) -> Response:
    """Keep crawlers away from the addresses that compute."""
    if context.settings.indexable:
        text = "User-agent: *\nDisallow: /sparql\nDisallow: /queries/\nDisallow: /api/\nDisallow: /reconcile\n"
    else:
        text = "User-agent: *\nDisallow: /\n"
    return Response(text, media_type="text/plain")
