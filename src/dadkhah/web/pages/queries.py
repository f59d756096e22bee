"""The page for SPARQL: a form, all stored queries to choose from, and results; works without scripts.

A query of a reader passes the same policy as at the endpoint (`QueryGate`). A stored query has a page of its own with
its parameters as a form (`stored_forms`); its values are bound as terms, as at `/queries/{name}`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Response

from dadkhah.browse.models import Name
from dadkhah.browse.overviews.ontology import vocabulary
from dadkhah.engine.queries.catalog import Catalog, StoredQuery
from dadkhah.errors import DadkhahError
from dadkhah.web.api.browsing import Browsing
from dadkhah.web.endpoint.sparql import Inspect
from dadkhah.web.pages.headings import headings
from dadkhah.web.pages.messages import complaint
from dadkhah.web.pages.named import is_id, understood
from dadkhah.web.pages.query_hints import Hint, misspelt, undeclared
from dadkhah.web.pages.render import PageRoute, View, ViewDep, html
from dadkhah.web.pages.results import ROWS_SHOWN, Result, answer, drawing
from dadkhah.web.pages.stored_forms import read_form
from dadkhah.web.wire.settings import WebSettings

router = APIRouter(include_in_schema=False, route_class=PageRoute)
Shown = Literal["table", "bars", "timeline", "map", "graph", "raw"]
_START = """PREFIX dk: <https://w3id.org/dadkhah/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?person ?name WHERE {
  ?person a dk:Person ; skos:prefLabel ?name .
}
LIMIT 20"""
# first tag of a stored query -> the group it is shown in
_GROUPS = {
    "people": "people", "executions": "people", "sentences": "people", "events": "people", "prisons": "people",
    "courts": "justice", "judges": "justice", "lawyers": "justice", "law": "justice", "trials": "justice",
    "attribution": "voices", "sources": "voices", "passages": "voices", "contradictions": "voices",
    "pattern": "courses", "predictions": "courses", "demands": "courses",
    "counts": "counts", "absence": "absence", "identity": "identity",
}  # fmt: skip
_ORDER = ("people", "justice", "voices", "courses", "counts", "absence", "identity", "other")


@dataclass(frozen=True, slots=True)
class QueryGate:
    """The policy that a reader's query has to pass; put in by the command line."""

    inspect: Inspect


def start_page(settings: WebSettings, catalog: Catalog) -> bytes:
    """The page behind the bare address of the endpoint."""
    values = _form(settings, catalog, "en", _START)
    return html("en", "sparql.html", "/sparql", snapshot="", base=settings.base_url, **values).encode()


def _form(settings: WebSettings, catalog: Catalog, language: str, query: str) -> dict[str, Any]:
    return {
        "query": query,
        "groups": grouped(catalog.values(), language),
        "seconds": settings.timeout_seconds,
        "kilobytes": settings.query_bytes // 1024,
        "result": None,
        "problem": None,
        "endpoint": "",
        "drawn": "",
        "hints": (),
    }


def grouped(queries: Iterable[StoredQuery], language: str) -> list[tuple[str, list[tuple[str, Name, Name]]]]:
    """Stored queries by group: name, title, description."""
    groups: dict[str, list[tuple[str, Name, Name]]] = {name: [] for name in _ORDER}
    for query in queries:
        group = next((_GROUPS[tag] for tag in query.header.tags if tag in _GROUPS), "other")
        groups[group].append((query.name, *_words(query, language)))
    return [(name, held) for name, held in groups.items() if held]


def _words(query: StoredQuery, language: str) -> tuple[Name, Name]:
    """Title and description, each with the language it is in."""
    header = query.header
    return (
        Name(query.title(language), language if language in header.titles else "en"),
        Name(query.description(language), language if language in header.descriptions else "en"),
    )


def _catalog(view: View) -> Catalog:
    return view.browsing.context.parts.get(Catalog) or Catalog({})


@router.get("/sparql")
async def sparql(
    view: ViewDep,
    query: Annotated[str, Query(max_length=65_536)] = "",
    shown: Annotated[Shown, Query(alias="view")] = "table",
) -> Response:
    """Show the form, and the answer where a query was sent."""
    values = _form(view.browsing.context.settings, _catalog(view), view.language, query or _START)
    if query.strip():
        try:
            form = view.browsing.context.part(QueryGate).inspect(query)
            values["result"], values["problem"] = await answer(view, query, form, shown)
        except DadkhahError as error:
            values["problem"] = complaint(error, view.language)
        values["endpoint"] = f"/sparql?{urlencode({'query': query})}"
        values["hints"] = await _hints(view, query, values["result"])
    return view.show("sparql.html", **(values | _views(view, values["result"], shown)))


async def _hints(view: View, query: str, result: Result | None) -> tuple[tuple[Hint, str], ...]:
    """What to mend in a query that was refused or found nothing, each with the address of the mended one."""
    if result is None:
        known = {name: iri for each in _catalog(view).values() for name, iri in each.prefixes.items()}
        found = undeclared(query, known)
    elif not result.total and result.truth is not True:
        found = misspelt(query, view.browsing.scheme.iris.ontology, await view.browsing.once(_names_of_terms))
    else:
        return ()
    return tuple((hint, f"?{urlencode({'query': hint.query})}") for hint in found)


async def _names_of_terms(browsing: Browsing) -> tuple[str, ...]:
    return tuple(each.fragment for each in (await vocabulary(browsing.ask, browsing.scheme)).terms)


def _views(view: View, result: Result | None, shown: str) -> dict[str, Any]:
    """Links to the same answer in the views it has something for; the first of them where this one has nothing."""
    url = view.browsing.request.url
    names = result.views() if result is not None else ()
    if names and shown not in names:
        shown = names[0]
    if result is not None and result.is_graph and result.graph is None:
        shown = "raw"
    links = [(name, f"?{url.include_query_params(view=name).query}") for name in names]
    return {"view": shown, "views": links, "rows_shown": ROWS_SHOWN, "drawn": drawing(view, result, shown)}


@router.get("/queries")
async def stored(view: ViewDep) -> Response:
    """List the stored queries by what they are about."""
    return view.show("queries.html", groups=grouped(_catalog(view).values(), view.language))


@router.get("/queries/{name}")
async def one_stored(name: str, view: ViewDep, shown: Annotated[Shown, Query(alias="view")] = "table") -> Response:
    """Show a stored query with its parameters as a form, and its answer as soon as it has what it needs."""
    query = _catalog(view).find(name)
    filled = await read_form(view, query)
    result, problem, bound = None, None, ""
    try:
        if filled.problem is not None:
            raise filled.problem
        if filled.complete:
            bound = query.bind(filled.values)
            result, problem = await answer(view, bound, query.form, shown, by_name=True)
    except DadkhahError as error:
        problem = complaint(error, view.language)
    title, description = _words(query, view.language)
    pairs = [(each, value) for each, held in filled.values.items() for value in held]
    doubtful = [each for each in filled.things if each.unclear or not is_id(each.text)]
    return view.show(
        "query.html",
        headings=headings(result.columns if result else (), view.language, query.header.columns.get(view.language, {})),
        name=name,
        title=title,
        description=description,
        form=filled.fields,
        **understood(view.browsing, *doubtful),
        example=f"?{urlencode(query.header.examples)}" if query.header.examples else "",
        text=query.text,
        editor=f"/{view.language}/sparql?{urlencode({'query': bound})}" if bound else "",
        result=result,
        problem=problem,
        endpoint=f"/queries/{quote(name)}?{urlencode(pairs)}",
        **_views(view, result, shown),
    )
