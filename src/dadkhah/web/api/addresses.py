"""Addresses without a language or a version: `/timeline`, `/data`, `/ontology` and so on, and the vocabulary as RDF.

A browser is led to the page in its language, a program that asks for data to the same view in the interface. The
ontology's own IRI leads here, so each of its terms resolves to a definition (Best Practice Recipes for Publishing RDF
Vocabularies, recipe 3).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Response

from dadkhah.browse.overviews.ontology import ontology_query
from dadkhah.engine.interface import QueryForm
from dadkhah.errors import NotFound
from dadkhah.web.api.browsing import Browsing, BrowsingDep
from dadkhah.web.api.formats import MEDIA_TYPES, RDF_FORMATS, AsgiResponse
from dadkhah.web.api.signposting import written
from dadkhah.web.endpoint.answer_response import AnswerResponse
from dadkhah.web.endpoint.answers import Question
from dadkhah.web.endpoint.description import LICENSE
from dadkhah.web.wire.negotiate import LANGUAGES, choose_media_type, language_of
from dadkhah.web.wire.problems import HttpError

router = APIRouter(tags=["addresses"])
_HTML = ("text/html", "application/xhtml+xml")
_VARY = "Accept, Accept-Language, Accept-Encoding"
_RDF = tuple(MEDIA_TYPES[form] for form in RDF_FORMATS)
_LISTED = (*_RDF, "application/json", "text/csv", "application/trig", "application/n-quads")
_TABLES = ("application/json", "text/csv")
# page to the same view as data, and what that is offered as; none for pages that only people read
_VIEWS: dict[str, tuple[str, tuple[str, ...]]] = {
    "timeline": ("/api/v1/events", _LISTED),
    "map": ("/api/v1/places", (*_LISTED, "application/geo+json")),
    "places": ("/api/v1/places", (*_LISTED, "application/geo+json")),
    "patterns": ("/api/v1/patterns", _LISTED),
    "conflicts": ("/api/v1/conflicts", _LISTED),
    "sources": ("/api/v1/sources", _LISTED),
    "risk": ("/api/v1/risk", _TABLES),
    "quality": ("/api/v1/stats", _TABLES),
    "changes": ("/api/v1/changes", (*_TABLES, "application/atom+xml")),
    "data": ("/.well-known/void", (*_RDF, "application/trig", "application/n-quads")),
    "search": ("/api/v1/search", _LISTED),
    "graph": ("/api/v1/graph", (*_TABLES, "application/graphml+xml", "image/svg+xml")),
    "path": ("/api/v1/paths", (*_TABLES, "application/graphml+xml", "image/svg+xml")),
    "compare": ("", ()),
    "about": ("", ()),
    "method": ("", ()),
}


def _leads(name: str) -> Callable[[Browsing], Awaitable[Response]]:
    target, offers = _VIEWS[name]

    async def lead(browsing: BrowsingDep) -> Response:
        return _led(browsing, name, target, offers)

    return lead


def _led(browsing: Browsing, page: str, target: str, offers: tuple[str, ...]) -> Response:
    headers = browsing.request.headers
    accepted = choose_media_type(headers.get("accept", ""), (*_HTML, *offers))
    if accepted is None:
        offered = ", ".join(dict.fromkeys((*_HTML, *offers)))
        raise HttpError(406, f"This is offered as {offered}.", headers=((b"vary", _VARY.encode()),))
    if accepted in _HTML:
        target = f"/{language_of(headers.get('accept-language', ''))}/{page}"
    elif accepted == "application/atom+xml":
        target = f"/{language_of(headers.get('accept-language', ''))}/changes.atom"
    query = browsing.request.url.query
    location = f"{browsing.base_url}{target}{'?' if query else ''}{query}"
    return Response(status_code=303, headers={"location": location, "vary": _VARY})


for _name in _VIEWS:
    router.add_api_route(f"/{_name}", _leads(_name), methods=["GET"], include_in_schema=False)


@router.get("/patterns/{slug}", include_in_schema=False)
async def pattern(slug: str, browsing: BrowsingDep) -> Response:
    """Lead to the page of a pattern, or to its matrix as data."""
    return _led(browsing, f"patterns/{slug}", f"/api/v1/patterns/{slug}", _LISTED)


@router.get("/sources/{slug}", include_in_schema=False)
async def source(slug: str, browsing: BrowsingDep) -> Response:
    """Lead to the page of a source, or to the same as data."""
    return _led(browsing, f"sources/{slug}", f"/api/v1/sources/{slug}", _LISTED)


@router.get("/changes/{after}", include_in_schema=False)
async def change(after: str, browsing: BrowsingDep) -> Response:
    """Lead to the page of what a snapshot changed, or to the same as data."""
    return _led(browsing, f"changes/{after}", f"/api/v1/changes/{after}", _TABLES)


@router.get("/ontology", summary="The vocabulary: 303 to its page or its RDF", status_code=303)
async def ontology(browsing: BrowsingDep) -> Response:
    """Lead to the vocabulary in the reader's language, or in the RDF format that the client takes."""
    accepted = choose_media_type(browsing.request.headers.get("accept", ""), (*_HTML, *_RDF))
    extension = next((form for form in RDF_FORMATS if MEDIA_TYPES[form] == accepted), "")
    return _led(browsing, "ontology", f"/ontology.{extension}", _RDF)


@router.get("/ontology.{extension}", summary="The vocabulary in RDF")
async def ontology_data(extension: str, browsing: BrowsingDep) -> Response:
    """Give every term with its labels and definitions: `ttl`, `nt`, `rdf`, `jsonld`."""
    if extension not in RDF_FORMATS:
        raise NotFound("There is no such format.", near=tuple(f"/ontology.{form}" for form in RDF_FORMATS))
    question = Question(
        text=ontology_query(browsing.scheme),
        form=QueryForm.CONSTRUCT,
        timeout_seconds=browsing.context.settings.timeout_seconds,
        format=extension,
        name="ontology",
    )
    name = browsing.scheme.iris.ontology.rstrip("#/")
    pages = [
        (f"{browsing.base_url}/{each}/ontology", {"rel": "describes", "type": "text/html", "hreflang": each})
        for each in LANGUAGES
    ]
    link = written([(name, {"rel": "cite-as"}), (LICENSE, {"rel": "license"}), *pages])
    answer = AnswerResponse(browsing.context.answers, browsing.context.question(browsing.request, question))
    return AsgiResponse(answer, [(b"link", link.encode())])
