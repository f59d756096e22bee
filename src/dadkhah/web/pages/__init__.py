"""The pages, in English and Persian, rendered by the server and complete without JavaScript; one router per module."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from dadkhah.web.api.signposting import LANGUAGES
from dadkhah.web.api.things import language_of
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

_start = APIRouter(include_in_schema=False)


@_start.get("/")
async def start(request: Request) -> Response:
    """Go to the start page in the reader's language."""
    language = language_of(request.headers.get("accept-language", ""))
    return Response(status_code=303, headers={"location": f"/{language}/", "vary": "Accept-Language"})


def _in_each_language() -> APIRouter:
    both = APIRouter()
    for language in LANGUAGES:
        both.include_router(changes.feeds, prefix=f"/{language}")
        both.include_router(dossiers.papers, prefix=f"/{language}")
        for each in (home, queries, graphs, overviews, whole, changes, compare, dossiers, histories, records):
            both.include_router(each.router, prefix=f"/{language}")
        both.include_router(records.last, prefix=f"/{language}")
    return both


ROUTERS: tuple[APIRouter, ...] = (_start, files.router, _in_each_language())
