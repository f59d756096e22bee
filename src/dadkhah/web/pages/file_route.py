"""Routes below the pages that give a file: a feed, a PDF. Errors are pages for a browser and problems for a program.

In: a request. Out: the file, whatever `Accept` says beside it: the address names its format.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from dadkhah.errors import DadkhahError
from dadkhah.web.pages.render import error_page
from dadkhah.web.wire.negotiate import parse_accept
from dadkhah.web.wire.problems import HttpError

_HTML = ("text/html", "application/xhtml+xml")


class FileRoute(APIRoute):
    """A route that gives a file."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except (DadkhahError, HttpError, HTTPException, RequestValidationError) as error:
                if any(each.name in _HTML and each.quality for each in parse_accept(request.headers.get("accept", ""))):
                    return error_page(request, error)
                raise

        return answer
