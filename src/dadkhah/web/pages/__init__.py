"""The pages, in English and Persian, rendered by the server and complete without JavaScript; one router per module."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from dadkhah.web.pages import (
    changes,
    compare,
    dossiers,
    files,
    graphs,
    histories,
    home,
    overviews,
    queries,
    records,
    whole,
)
from dadkhah.web.routing.headed import HeadedRouter
from dadkhah.web.wire.negotiate import LANGUAGES, language_of

_start = APIRouter(include_in_schema=False)


@_start.get("/")
async def start(request: Request) -> Response:
    """Go to the start page in the reader's language."""
    language = language_of(request.headers.get("accept-language", ""))
    return Response(status_code=303, headers={"location": f"/{language}/", "vary": "Accept-Language"})


def _in_each_language() -> APIRouter:
    """All pages below the prefix of each language, in one router that need not try them in turn."""
    pages = (home, queries, graphs, overviews, whole, changes, compare, dossiers, histories, records)
    routers = (changes.feeds, dossiers.papers, *(each.router for each in pages), records.last)
    both = HeadedRouter()
    for language in LANGUAGES:
        for route in (route for router in routers for route in router.routes):
            assert isinstance(route, APIRoute)
            both.add_api_route(
                f"/{language}{route.path}",
                route.endpoint,
                methods=route.methods,
                name=route.name,
                include_in_schema=False,
                route_class_override=type(route),
            )
    return both


ROUTERS: tuple[APIRouter, ...] = (_start, files.router, _in_each_language())
