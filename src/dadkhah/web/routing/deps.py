"""How a router gets what it works with.

A router is a module with an `APIRouter`; `dadkhah.web.app.routed` takes it in. Its routes declare what they need
as parameters of these annotated types and never reach for a global:

    router = APIRouter()

    @router.get("/api/v1/things/{slug}")
    async def thing(slug: str, context: ContextDep, served: ServedDep) -> Response: ...

`ServedDep` is a lease of the engine and the facts being served when the request began; it holds until the answer is
out, also while another snapshot is taken up. Routes return `Response` with bytes (FastAPI's `response_model` costs a
hundred times as much), raise the classes of `dadkhah.errors`, and answer queries with `AnswerResponse`. Security
headers, ETag, compression, HEAD and OPTIONS are added to whatever they return (`dadkhah.web.routing.finish`).
What else a router needs (an index, a template environment) is put into `Context.parts` by the command line under the
type of the part, and read with `context.part(Type)`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, cast

from fastapi import Depends, Request

from dadkhah.web.endpoint.serving import Served
from dadkhah.web.routing.context import Context


async def _context(request: Request) -> Context:
    return cast("Context", request.app.state.context)


ContextDep = Annotated[Context, Depends(_context)]


async def _served(context: ContextDep) -> AsyncIterator[Served]:
    with context.serving.lease() as served:
        yield served


ServedDep = Annotated[Served, Depends(_served)]
