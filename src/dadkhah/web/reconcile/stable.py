"""Version 0.2 at `/reconcile`: the manifest, batches of queries and data extension by GET or form POST.

The same address gives the manifest of the draft to a client that asks for it by Accept.
"""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from dadkhah.errors import ParameterError
from dadkhah.web.endpoint.parameters import FORM, fields_of, header, read_body
from dadkhah.web.reconcile.desk import PREFIX, Desk, DeskDep, answer
from dadkhah.web.reconcile.extending import extend
from dadkhah.web.reconcile.manifests import draft_manifest, stable_manifest
from dadkhah.web.reconcile.matching import reconcile
from dadkhah.web.reconcile.reading import extension, parsed, stable_batch
from dadkhah.web.reconcile.writing import candidate
from dadkhah.web.routing.deps import ContextDep
from dadkhah.web.wire.problems import HttpError

router = APIRouter(prefix=PREFIX, tags=["reconciliation"])
DRAFT_TYPE: Final = "application/reconciliation.v1+json"


@router.get("", summary="Manifest of the reconciliation service, or answers to queries")
@router.get("/", include_in_schema=False)
async def by_get(request: Request, desk: DeskDep, context: ContextDep) -> Response:
    """Answer what the query string asks; the manifest where it asks nothing."""
    fields = dict(fields_of(request.scope["query_string"], context.settings.parameters))
    if DRAFT_TYPE in request.headers.get("accept", "") and not fields.keys() & {"queries", "extend", "query"}:
        return Response(answer(await draft_manifest(desk)).body, media_type=DRAFT_TYPE)
    return await _answered(desk, fields)


@router.post("", summary="Answers to a batch of queries, or a data extension")
@router.post("/", include_in_schema=False)
async def by_post(request: Request, desk: DeskDep, context: ContextDep) -> Response:
    """Answer a form with `queries` or `extend`."""
    headers = request.scope["headers"]
    kind = header(headers, b"content-type").partition(";")[0].strip().lower()
    if kind not in {FORM, ""}:
        raise HttpError(415, f"Send a form ({FORM}); JSON goes to {PREFIX}/v1/match.")
    body = await read_body(headers, request.receive, context.settings)
    limit = context.settings.parameters
    fields = fields_of(request.scope["query_string"], limit) + fields_of(body, limit)
    return await _answered(desk, dict(fields))


async def _answered(desk: Desk, fields: dict[str, str]) -> Response:
    callback = fields.get("callback", "")
    if "queries" in fields:
        return answer(await _batch(desk, parsed(fields["queries"], "queries")), callback)
    if "extend" in fields:
        ids, properties = extension(parsed(fields["extend"], "extend"))
        return answer(await extend(desk, ids, properties, draft=False), callback)
    if "query" in fields:
        # one query by itself, as text or as an object: version 0.1, which some clients still send
        text = fields["query"]
        document = parsed(text, "query") if text.lstrip().startswith("{") else {"query": text}
        answers = await _batch(desk, {"q0": document})
        return answer(answers["q0"], callback)
    unknown = sorted(set(fields) - {"callback", "lang", "user_lang"})
    if unknown:
        raise ParameterError(f"unknown parameter {unknown[0][:60]!r}; give queries or extend")
    return answer(await stable_manifest(desk), callback)


async def _batch(desk: Desk, document: Any) -> dict[str, Any]:
    queries = stable_batch(document)
    found = await reconcile(desk, list(queries.values()))
    return {
        key: {"result": [candidate(one, draft=False) for one in row]} for key, row in zip(queries, found, strict=True)
    }
