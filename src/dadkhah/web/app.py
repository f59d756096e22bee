"""FastAPI with the routers: every address but those of queries, which stand in front (`dadkhah.web.front`).

In: what the routes share, and the routers. Out: an ASGI application. How a router gets its dependencies is told in
`dadkhah.web.routing.deps`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from dadkhah import __version__
from dadkhah.errors import DadkhahError
from dadkhah.web.pages.render import error_page, wants_page
from dadkhah.web.routes import operations
from dadkhah.web.routing.context import Context
from dadkhah.web.routing.finish import Finish
from dadkhah.web.routing.headed import HeadedRouter
from dadkhah.web.wire.exchange import AsgiApp
from dadkhah.web.wire.problems import PROBLEM_JSON, HttpError, problem_of


def routed(context: Context, routers: Iterable[APIRouter], parts: dict[type, Any] | None = None) -> AsgiApp:
    """Put the routers behind one error shape and one set of headers.

    Args:
        context: what the routes share.
        routers: in the order in which their routes are tried.
        parts: what the routers need beside that, by type (`Context.part`).
    """
    context = replace(context, parts={**context.parts, **(parts or {})})
    api = FastAPI(
        title="dadkhah",
        version=__version__,
        summary="A knowledge graph of political imprisonment with provenance per statement",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        servers=[{"url": context.settings.base_url}],
    )
    api.state.context = context
    for kind in (DadkhahError, HttpError, HTTPException, RequestValidationError):
        api.add_exception_handler(kind, _problem_response)
    # those that know by the head of an address whether it is theirs come first; the others are tried route by route
    for router in sorted((operations.router, *routers), key=lambda router: not isinstance(router, HeadedRouter)):
        api.include_router(router)
    return Finish(api)


async def _problem_response(request: Request, error: Exception) -> Response:
    """Give an error of any route the one shape, and a browser a page."""
    if wants_page(request):
        return error_page(request, error)
    if isinstance(error, RequestValidationError):
        places = "; ".join(f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}" for one in error.errors()[:5])
        error = HttpError(HTTPStatus.BAD_REQUEST, f"A parameter cannot be used: {places}")
    elif isinstance(error, HTTPException):
        headers = tuple((name.lower().encode(), value.encode()) for name, value in (error.headers or {}).items())
        plain = error.detail == HTTPStatus(error.status_code).phrase
        detail = _WORDS.get(error.status_code, error.detail) if plain else error.detail
        error = HttpError(error.status_code, detail, headers=headers)
    problem = problem_of(error)
    response = Response(problem.body, problem.status, media_type=PROBLEM_JSON.decode())
    for name, value in problem.headers:
        response.headers[name.decode()] = value.decode("latin-1")
    return response


_WORDS = {404: "There is nothing at this address.", 405: "This method is not offered at this address."}
