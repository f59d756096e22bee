"""The draft of version 1.0 at `/reconcile/v1`: manifest, `POST /match` and `POST /extend` with JSON.

`/reconcile/match` and `POST /reconcile/extend` answer alike, for clients that found the draft's manifest by Accept.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from dadkhah.web.endpoint.parameters import header, read_body
from dadkhah.web.reconcile.desk import PREFIX, DeskDep, answer
from dadkhah.web.reconcile.extending import extend
from dadkhah.web.reconcile.manifests import draft_manifest
from dadkhah.web.reconcile.matching import reconcile
from dadkhah.web.reconcile.reading import draft_batch, extension, parsed
from dadkhah.web.reconcile.writing import candidate
from dadkhah.web.routing.context import Context
from dadkhah.web.routing.deps import ContextDep
from dadkhah.web.wire.problems import HttpError

router = APIRouter(prefix=PREFIX, tags=["reconciliation"])


@router.get("/v1", summary="Manifest of the reconciliation service (1.0 draft)")
@router.get("/v1/", include_in_schema=False)
async def manifest(desk: DeskDep) -> Response:
    """Describe the service."""
    return answer(await draft_manifest(desk))


@router.post("/v1/match", summary="Candidates for a batch of queries (1.0 draft)")
@router.post("/match", include_in_schema=False)
async def match(request: Request, desk: DeskDep, context: ContextDep) -> Response:
    """Answer `{"queries": [{"conditions": […]}]}`, in order."""
    queries = draft_batch(parsed(await _json(request, context), "the body"))
    found = await reconcile(desk, queries)
    return answer({"results": [{"candidates": [candidate(one, draft=True) for one in row]} for row in found]})


@router.post("/v1/extend", summary="Values of properties of records (1.0 draft)")
@router.post("/extend", include_in_schema=False)
async def extended(request: Request, desk: DeskDep, context: ContextDep) -> Response:
    """Answer `{"ids": […], "properties": [{"id": …}]}`."""
    ids, properties = extension(parsed(await _json(request, context), "the body"))
    return answer(await extend(desk, ids, properties, draft=True))


async def _json(request: Request, context: Context) -> bytes:
    headers = request.scope["headers"]
    kind = header(headers, b"content-type").partition(";")[0].strip().lower()
    if kind and kind != "application/json" and not kind.endswith("+json"):
        raise HttpError(415, "Send JSON (Content-Type: application/json).")
    return await read_body(headers, request.receive, context.settings)
