"""The page of a record, its printable dossier, and its card for other sites."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Response
from markupsafe import Markup

from dadkhah.browse.drawing import svg
from dadkhah.browse.links import LinkPolicy
from dadkhah.browse.records import Record, record
from dadkhah.browse.relations import Neighbourhood, neighbourhood
from dadkhah.web.api.asked import AskedRecord
from dadkhah.web.api.browsing import Browsing
from dadkhah.web.api.presence import missing, refuse_withdrawn
from dadkhah.web.api.signposting import DATA_FORMATS, of_page
from dadkhah.web.pages.markup import Words
from dadkhah.web.pages.render import PageRoute, View, ViewDep

router = APIRouter(include_in_schema=False, route_class=PageRoute)
_NODES_SHOWN = 40


@router.get("/record")
async def any_record(view: ViewDep, asked: Annotated[AskedRecord, Query()]) -> Response:
    """Show a record of any graph by its IRI."""
    return await _show(view, view.browsing.record(asked.iri, "iri"), "record.html")


@router.get("/dossier/{kind}/{slug:path}")
async def dossier(kind: str, slug: str, view: ViewDep) -> Response:
    """Show everything about a record with hashes, to be printed and verified."""
    return await _show(view, view.browsing.scheme.iris.thing(kind, slug), "dossier.html")


@router.get("/card/{kind}/{slug:path}")
async def card(kind: str, slug: str, view: ViewDep) -> Response:
    """Show a small card of a record."""
    return await _show(view, view.browsing.scheme.iris.thing(kind, slug), "card.html")


async def _show(view: View, iri: str, template: str) -> Response:
    browsing = view.browsing
    refuse_withdrawn(browsing, iri)
    found = await record(browsing.ask, browsing.scheme, iri, browsing.snapshot_hash)
    if found is None:
        raise await missing(browsing, iri)
    around = await _around(browsing, iri) if template == "record.html" else None
    kind, slug = quote(found.ref.kind), quote(found.ref.slug)
    headers = {"link": of_page(browsing.base_url, iri, kind, slug)} if kind else {}
    return view.show(
        template,
        headers=headers,
        record=found,
        around=around,
        refs={node.ref.iri: node.ref for node in around.nodes} if around else {},
        picture=picture(view, around) if around and len(around.nodes) > 1 else "",
        downloads=_downloads(found, kind, slug),
    )


def _downloads(found: Record, kind: str, slug: str) -> list[tuple[str, str]]:
    if not kind:
        address = f"/api/v1/record?iri={quote(found.ref.iri, safe='')}&format="
        return [(form, f"{address}{form}") for form in ("json", "jsonld", "ttl", "csv")]
    data = [(extension, f"/data/{kind}/{slug}.{extension}") for extension, _ in DATA_FORMATS]
    return [("json", f"/api/v1/{kind}/{slug}"), *data]


async def _around(browsing: Browsing, iri: str) -> Neighbourhood:
    policy = LinkPolicy(bookkeeping=browsing.scheme.no_links, vocabulary=(browsing.scheme.iris.ontology,))
    return await neighbourhood(browsing.ask, browsing.scheme, [iri], hops=1, policy=policy, max_nodes=_NODES_SHOWN)


def picture(view: View, around: Neighbourhood) -> Any:
    """A graph as SVG with a link on each node."""
    words = Words(view.language)
    title = ", ".join(node.ref.label(view.language).text for node in around.nodes if node.hops == 0)
    text = words.texts["graph_says"].format(
        nodes=words.number(len(around.nodes)), edges=words.number(len(around.edges))
    )
    drawn = svg(around, view.language, words.address, f"{words.texts['graph']}: {title}", text)
    # an XML serialiser wrote it: everything from the data is escaped
    return Markup(drawn)  # noqa: S704 - see the line above


# the address of a record matches almost anything, so it is tried last
last = APIRouter(include_in_schema=False, route_class=PageRoute)


@last.get("/{kind}/{slug:path}")
async def one_record(kind: str, slug: str, view: ViewDep) -> Response:
    """Show a record."""
    return await _show(view, view.browsing.scheme.iris.thing(kind, slug), "record.html")


@last.get("/{rest}")
async def nothing(rest: str, view: ViewDep) -> Response:
    """Say that there is no such page."""
    raise await missing(view.browsing, view.browsing.scheme.iris.thing("page", rest))
