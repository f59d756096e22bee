"""Stored queries over HTTP: a list of them, and an address for each, with its parameters in OpenAPI.

In: the catalogue, checked when it was loaded. Out: a router. Values are bound as terms by the engine layer and never
spliced into a text; the answer goes the way of every other query (format, cache, limits). A browser, which would rather
have HTML than any format of results, is led to the page of the query in its language.
"""

from __future__ import annotations

from typing import Any, Final

import orjson
from fastapi import APIRouter, Request, Response

from dadkhah.engine.interface import QueryForm
from dadkhah.engine.queries.catalog import Catalog, StoredQuery
from dadkhah.engine.queries.parameters import Kind, Parameter
from dadkhah.errors import ParameterError
from dadkhah.web.endpoint.answer_response import AnswerResponse
from dadkhah.web.endpoint.answers import Question
from dadkhah.web.endpoint.parameters import FORM, fields_of, read_body
from dadkhah.web.routing.context import Context
from dadkhah.web.routing.deps import ContextDep
from dadkhah.web.wire.negotiate import ALIASES, OFFERS, choose_media_type, language_of
from dadkhah.web.wire.problems import HttpError

_HTML: Final = ("text/html", "application/xhtml+xml")
_LISTED: Final = ("application/json",)
_VARY: Final = "Accept, Accept-Language, Accept-Encoding"
OWN: Final = frozenset({"format", "timeout"})
_SCHEMAS: Final[dict[Kind, dict[str, str]]] = {
    Kind.IRI: {"type": "string", "format": "iri"},
    Kind.CURIE: {"type": "string"},
    Kind.STRING: {"type": "string"},
    Kind.LANG_STRING: {"type": "string"},
    Kind.LANGUAGE: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.DECIMAL: {"type": "number"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.DATE_TIME: {"type": "string", "format": "date-time"},
    Kind.BOOLEAN: {"type": "boolean"},
}


def queries_router(catalog: Catalog) -> APIRouter:
    """Routes for a catalogue: `/queries`, and `/queries/{name}` for each query and for names that are none."""
    router = APIRouter(prefix="/queries", tags=["stored queries"])

    @router.get("", summary="All stored queries")
    async def listed(request: Request, context: ContextDep) -> Response:
        if (page := _page(request, context, _LISTED)) is not None:
            return page
        rows = [_entry(query, context.settings.base_url) for query in catalog.values()]
        body = orjson.dumps({"queries": rows}, option=orjson.OPT_INDENT_2)
        return Response(body, media_type="application/json", headers={"vary": _VARY})

    for query in catalog.values():
        _add(router, query)

    @router.get("/{name}", include_in_schema=False)
    async def unknown(name: str) -> Response:
        catalog.find(name)
        raise AssertionError("every stored query has a route of its own")

    return router


def _add(router: APIRouter, query: StoredQuery) -> None:
    results = tuple(name for offer in OFFERS[query.form] for name in (offer.value, *sorted(ALIASES.get(offer, ()))))

    async def answer(request: Request, context: ContextDep) -> Response | AnswerResponse:
        if (page := _page(request, context, results)) is not None:
            return page
        fields = await _fields(request, context)
        values: dict[str, list[str]] = {}
        for name, value in fields:
            values.setdefault(name, []).append(value)
        own = {name: values.pop(name)[-1] for name in OWN & values.keys()}
        question = Question(
            text=query.bind(values),
            form=query.form,
            timeout_seconds=_timeout(own.get("timeout"), context),
            format=own.get("format"),
            name=query.name,
        )
        return AnswerResponse(context.answers, context.question(request, question))

    described = query.description()
    rows = "triples" if query.form in {QueryForm.CONSTRUCT, QueryForm.DESCRIBE} else "rows"
    router.add_api_route(
        f"/{query.name}",
        answer,
        methods=["GET"],
        name=query.name,
        summary=query.title(),
        description=described or f"The {rows} of the stored query {query.name}.",
        response_model=None,
        operation_id=f"stored-{query.name}",
        openapi_extra={"parameters": [*map(_described, query.parameters), *_OWN_PARAMETERS]},
    )
    # the same for parameters that are too long for an address
    router.add_api_route(f"/{query.name}", answer, methods=["POST"], include_in_schema=False, response_model=None)


_OWN_PARAMETERS: Final[list[dict[str, Any]]] = [
    {"name": "format", "in": "query", "required": False, "schema": {"type": "string"}, "description": "json, csv, …"},
    {"name": "timeout", "in": "query", "required": False, "schema": {"type": "number"}, "description": "seconds"},
]


def _page(request: Request, context: Context, offers: tuple[str, ...]) -> Response | None:
    """The way to the page, where a reader asks and names no format; one without Accept is no reader."""
    wanted = request.headers.get("accept", "")
    if request.method != "GET" or "format" in request.query_params:
        return None
    if choose_media_type(wanted, (*offers, *_HTML)) not in _HTML:
        return None
    url = request.url
    path = f"/{language_of(request.headers.get('accept-language', ''))}{url.path}{'?' if url.query else ''}{url.query}"
    return Response(status_code=303, headers={"location": f"{context.settings.base_url}{path}", "vary": _VARY})


async def _fields(request: Request, context: Context) -> list[tuple[str, str]]:
    fields = fields_of(request.scope["query_string"], context.settings.parameters)
    if request.method == "POST":
        kind = request.headers.get("content-type", FORM).partition(";")[0].strip().lower()
        if kind != FORM:
            raise HttpError(415, f"Send parameters as {FORM}.")
        body = await read_body(request.scope["headers"], request.receive, context.settings)
        fields += fields_of(body, context.settings.parameters)
    return fields


def _timeout(given: str | None, context: Context) -> float:
    if given is None:
        return context.settings.timeout_seconds
    try:
        seconds = float(given)
    except ValueError as error:
        raise ParameterError(f"timeout has to be a number of seconds, not {given[:40]!r}") from error
    if not 0 < seconds < float("inf"):
        raise ParameterError("timeout has to be more than 0 seconds")
    return min(seconds, context.settings.timeout_seconds)


def _entry(query: StoredQuery, base_url: str) -> dict[str, Any]:
    return {
        "name": query.name,
        "url": f"{base_url}/queries/{query.name}",
        "title": query.header.titles,
        "description": query.header.descriptions,
        "form": query.form.value,
        "tags": list(query.header.tags),
        "parameters": [_described(parameter) | {"labels": _labels(query, parameter)} for parameter in query.parameters],
        "example": query.header.examples,
        "query": query.text,
    }


def _labels(query: StoredQuery, parameter: Parameter) -> dict[str, str]:
    """What a parameter means, by language."""
    others = {language: labels for language, labels in query.header.labels.items() if parameter.name in labels}
    return {"en": query.label(parameter), **{language: labels[parameter.name] for language, labels in others.items()}}


def _described(parameter: Parameter) -> dict[str, Any]:
    """One parameter as OpenAPI describes it."""
    schema: dict[str, Any] = dict(_SCHEMAS[parameter.kind])
    if parameter.minimum is not None:
        schema["minimum"] = parameter.minimum
    if parameter.maximum is not None:
        schema["maximum"] = parameter.maximum
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    if parameter.default is not None:
        schema["default"] = parameter.default
    if parameter.several:
        schema = {"type": "array", "items": schema}
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": parameter.label,
        "schema": schema,
    }
