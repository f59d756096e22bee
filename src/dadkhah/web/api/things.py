"""The lasting names of records and their data: `/id/{type}/{slug}` and `/data/{type}/{slug}.{format}`.

A name answers 303 to the page or to the data, by `Accept` and `Accept-Language` (Cool URIs for the Semantic Web, 4.2).
The data of a record is what is said of it; in N-Quads and TriG each statement stands in the graph of its voice.
"""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Response

from dadkhah.browse.records.record import Record, record
from dadkhah.browse.tables import csv_table
from dadkhah.browse.terms import Iri, Literal, Term
from dadkhah.errors import NotFound
from dadkhah.web.api.browsing import Browsing, BrowsingDep
from dadkhah.web.api.encode import to_json
from dadkhah.web.api.formats import QUAD_FORMATS, RDF_FORMATS, rdf_response, respond
from dadkhah.web.api.presence import missing, require
from dadkhah.web.api.rows import claimant_of, passages_of, source_of
from dadkhah.web.api.signposting import DATA_FORMATS, LINKSET, linkset, of_data, of_page
from dadkhah.web.wire.negotiate import choose_media_type, language_of
from dadkhah.web.wire.problems import HttpError

router = APIRouter(tags=["records"])
_HTML = ("text/html", "application/xhtml+xml")
_VARY = "Accept, Accept-Language, Accept-Encoding"
# in order of preference among equals: a reader first, then Turtle
_OFFERS = (*_HTML, *(media_type for _, media_type in DATA_FORMATS), "application/json")
_EXTENSION_OF = {media_type: extension for extension, media_type in DATA_FORMATS} | {"application/json": "jsonld"}
CSV_HEADER = (
    "property", "propertyLabel", "value", "valueLabel", "language", "datatype", "voice", "claimant", "source",
    "passages", "disputed",
)  # fmt: skip


@router.get("/id/{kind}/{slug:path}", summary="The lasting name of a record: 303 to its page or data", status_code=303)
async def name(kind: str, slug: str, browsing: BrowsingDep) -> Response:
    """Redirect to the page in the reader's language, or to the data in a format that the client takes."""
    iri = browsing.scheme.iris.thing(kind, slug)
    headers = browsing.request.headers
    accepted = choose_media_type(headers.get("accept", ""), _OFFERS)
    if accepted is None:
        raise HttpError(406, f"A record is offered as {', '.join(_OFFERS)}.", headers=((b"vary", _VARY.encode()),))
    await require(browsing, iri)
    path = quote(f"{kind}/{slug}")
    if accepted in _HTML:
        target = f"/{language_of(headers.get('accept-language', ''))}/{path}"
    else:
        target = f"/data/{path}.{_EXTENSION_OF[accepted]}"
    return Response(
        status_code=303,
        headers={
            "location": f"{browsing.base_url}{target}",
            "vary": _VARY,
            "link": of_page(browsing.base_url, iri, quote(kind), quote(slug)),
        },
    )


@router.get("/linkset/{kind}/{slug:path}.json", summary="All links of a record, for machines (RFC 9264)")
async def links(kind: str, slug: str, browsing: BrowsingDep) -> Response:
    """Give the links of the pages and the data of a record in one document."""
    iri = browsing.scheme.iris.thing(kind, slug)
    await require(browsing, iri)
    contexts = linkset(browsing.base_url, iri, quote(kind), quote(slug))
    return Response(to_json({"linkset": contexts}), media_type=LINKSET)


@router.get("/data/{kind}/{slug:path}.{extension}", summary="The data of a record in one format")
async def data(kind: str, slug: str, extension: str, browsing: BrowsingDep) -> Response:
    """Give everything said of a record: `ttl`, `nt`, `rdf`, `jsonld`, `csv`, `trig`, `nq`."""
    iri = browsing.scheme.iris.thing(kind, slug)
    if extension not in (*RDF_FORMATS, *QUAD_FORMATS, "csv"):
        raise NotFound(
            f"There is no format .{extension[:20]}.",
            near=tuple(f"/data/{kind}/{slug}.{each}" for each, _ in DATA_FORMATS),
        )
    await require(browsing, iri)
    link = of_data(browsing.base_url, iri, quote(kind), quote(slug))
    if extension == "csv":
        return await statements_csv(browsing, iri, name=slug, link=link)
    return await rdf_response(browsing, extension, [iri], name=slug, headers=((b"link", link.encode()),))


async def statements_csv(browsing: Browsing, iri: str, *, name: str, link: str = "") -> Response:
    """The statements of a record as a table: a row for each statement and voice."""
    found = await record(browsing.ask, browsing.scheme, iri, browsing.snapshot_hash)
    if found is None:
        raise await missing(browsing, iri)
    return respond(
        csv_table(CSV_HEADER, statement_rows(found)), "csv", name=name, headers={"link": link} if link else {}
    )


def statement_rows(found: Record) -> list[tuple[str, ...]]:
    """Rows for `CSV_HEADER`."""
    return [
        (
            statement.property.iri,
            statement.property.label().text,
            statement.value.term.value,
            statement.value.ref.label().text if statement.value.ref else "",
            *_kind_of(statement.value.term),
            assertion.voice.iri,
            claimant_of(assertion),
            source_of(assertion),
            passages_of(assertion),
            "yes" if statement.rivals else "",
        )
        for statement in found.statements
        for assertion in statement.value.assertions
    ]


def _kind_of(term: Term) -> tuple[str, str]:
    if isinstance(term, Literal):
        return term.language, term.datatype
    return "", "IRI" if isinstance(term, Iri) else ""
