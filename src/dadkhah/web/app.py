"""Put the service together: the SPARQL endpoint in front, FastAPI with its routers behind.

In: frozen settings, what is being served, the policy, further routers. Out: a `Site`, whose `app` is the ASGI
application and whose `immediate` is the hook for answers known already. How a router gets its dependencies is told
in `dadkhah.web.deps`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from dadkhah import __version__
from dadkhah.errors import DadkhahError
from dadkhah.web import operations
from dadkhah.web.answers import Answers
from dadkhah.web.cache import ResultCache
from dadkhah.web.connection import Immediate
from dadkhah.web.deps import Context
from dadkhah.web.exchange import AsgiApp, Receive, Send
from dadkhah.web.finish import Finish
from dadkhah.web.metrics import Metrics
from dadkhah.web.plainpages import query_form
from dadkhah.web.problems import PROBLEM_JSON, HttpError, problem_of
from dadkhah.web.serving import Serving
from dadkhah.web.settings import WebSettings
from dadkhah.web.sparql import PATH, FormPage, Inspect, SparqlEndpoint

VOID_PATH = "/.well-known/void"


@dataclass(frozen=True, slots=True)
class Site:
    """The service as an ASGI application, and its hook for answers known already."""

    app: AsgiApp
    immediate: Immediate
    context: Context
    api: FastAPI


def create_site(
    settings: WebSettings,
    serving: Serving,
    inspect: Inspect,
    *,
    routers: Iterable[APIRouter] = (),
    parts: dict[type, Any] | None = None,
    page: FormPage | None = None,
    functions: tuple[str, ...] = (),
    metrics: Metrics | None = None,
) -> Site:
    """Make the service.

    Args:
        settings: bounds and addresses.
        serving: the engine being served.
        inspect: the policy on queries.
        routers: further routers, in the order in which their routes are tried.
        parts: what the routers need, by type (`Context.part`).
        page: the HTML page behind the bare address of the endpoint.
        functions: IRIs of the engine's extension functions, for the service description.
        metrics: where to count; shared by all workers.
    """
    metrics = metrics or Metrics()
    answers = Answers(serving, ResultCache(settings.cache_bytes, settings.cache_entry_bytes), settings)
    context = Context(settings, serving, answers, metrics, parts or {})
    form = page or (lambda: query_form(settings.timeout_seconds, settings.query_bytes))
    endpoint = SparqlEndpoint(answers, inspect, metrics, settings, page=form, functions=functions)
    api = _api(context, routers)
    return Site(_Front(endpoint, Finish(api)), endpoint.immediate, context, api)


def _api(context: Context, routers: Iterable[APIRouter]) -> FastAPI:
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
    api.include_router(operations.router)
    for router in routers:
        api.include_router(router)
    return api


async def _problem_response(request: Request, error: Exception) -> Response:
    """Give an error of any route the one shape."""
    del request
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


class _Front:
    """Sends requests to the endpoint or to the routers, by path."""

    def __init__(self, endpoint: SparqlEndpoint, routers: AsgiApp) -> None:
        self._endpoint = endpoint
        self._routers = routers

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope.get("path")
        if path == PATH:
            await self._endpoint(scope, receive, send)
        elif path == VOID_PATH:
            await self._endpoint.describe_data(scope, receive, send)
        else:
            await self._routers(scope, receive, send)
