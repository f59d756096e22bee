"""The page for SPARQL: a form, examples, and results as a table; works without scripts.

A query of a reader passes the same policy as at the endpoint (`QueryGate`), and its answer is cut after `ROWS_SHOWN`
rows: the whole answer is at the endpoint, to which the page links.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Query, Response

from dadkhah.browse.ask import whole
from dadkhah.browse.terms import Term, read
from dadkhah.engine.interface import QueryForm, QueryRequest, ResultFormat
from dadkhah.errors import DadkhahError
from dadkhah.web.pages.render import PageRoute, View, ViewDep, html
from dadkhah.web.problems import problem_of
from dadkhah.web.settings import WebSettings
from dadkhah.web.sparql import Inspect

router = APIRouter(include_in_schema=False, route_class=PageRoute)
ROWS_SHOWN = 200
_START = """PREFIX dk: <https://w3id.org/dadkhah/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?person ?name WHERE {
  ?person a dk:Person ; skos:prefLabel ?name .
}
LIMIT 20"""
_EXAMPLES = (
    ("example_people", _START),
    (
        "example_voices",
        """PREFIX dk: <https://w3id.org/dadkhah/ontology#>

SELECT ?voice ?claimant ?source (COUNT(*) AS ?statements) WHERE {
  GRAPH ?voice { ?s ?p ?o }
  ?voice dk:claimant ?claimant ; dk:inSource ?source .
}
GROUP BY ?voice ?claimant ?source ORDER BY DESC(?statements)""",
    ),
    (
        "example_executions",
        """PREFIX dk: <https://w3id.org/dadkhah/ontology#>

SELECT ?voice ?execution ?property ?value WHERE {
  GRAPH ?voice { ?execution a dk:Execution ; ?property ?value }
}
LIMIT 100""",
    ),
)


@dataclass(frozen=True, slots=True)
class QueryGate:
    """The policy that a reader's query has to pass; put in by the command line."""

    inspect: Inspect


@dataclass(frozen=True, slots=True)
class Result:
    """What a query gave: columns with rows, a truth value, or RDF as text."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Term | None, ...], ...] = ()
    total: int = 0
    truth: bool | None = None
    text: str = ""


def start_page(settings: WebSettings) -> bytes:
    """The page behind the bare address of the endpoint."""
    return html(
        "en", "sparql.html", "/sparql", snapshot="", base=settings.base_url, query=_START, result=None, problem="",
        examples=_examples("en"), seconds=settings.timeout_seconds, kilobytes=settings.query_bytes // 1024,
        endpoint="",
    ).encode()  # fmt: skip


def _examples(language: str) -> list[tuple[str, str]]:
    return [(name, f"/{language}/sparql?{urlencode({'query': text})}") for name, text in _EXAMPLES]


@router.get("/sparql")
async def sparql(view: ViewDep, query: Annotated[str, Query(max_length=65_536)] = "") -> Response:
    """Show the form, and the answer where a query was sent."""
    settings = view.browsing.context.settings
    result, problem = None, ""
    if query.strip():
        try:
            result = await _answer(view, query)
        except DadkhahError as error:
            problem = orjson.loads(problem_of(error).body)["detail"]
    return view.show(
        "sparql.html",
        query=query or _START,
        result=result,
        problem=problem,
        examples=_examples(view.language),
        seconds=settings.timeout_seconds,
        kilobytes=settings.query_bytes // 1024,
        endpoint=f"/sparql?{urlencode({'query': query})}" if query.strip() else "",
    )


async def _answer(view: View, query: str) -> Result:
    browsing = view.browsing
    form = browsing.context.part(QueryGate).inspect(query)
    rdf = form not in (QueryForm.SELECT, QueryForm.ASK)
    request = QueryRequest(
        text=query,
        format=ResultFormat.TURTLE if rdf else ResultFormat.JSON,
        timeout_seconds=browsing.context.settings.timeout_seconds,
    )
    body = await whole(await browsing.served.engine.query(request))
    if rdf:
        lines = body.decode().splitlines()
        return Result(text="\n".join(lines[:ROWS_SHOWN]), total=len(lines))
    document = orjson.loads(body)
    if "boolean" in document:
        return Result(truth=document["boolean"])
    columns = tuple(document["head"]["vars"])
    bindings = document["results"]["bindings"]
    rows = tuple(tuple(read(row[name]) if name in row else None for name in columns) for row in bindings[:ROWS_SHOWN])
    return Result(columns, rows, len(bindings))
