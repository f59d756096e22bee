"""The graph around records, and the paths between two of them."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field

from dadkhah.browse.models import Ref
from dadkhah.browse.relations.neighbourhoods import Neighbourhood, Window, neighbourhood
from dadkhah.browse.relations.paths import Paths, paths
from dadkhah.web.api.asked import AskedGraph, AskedPaths
from dadkhah.web.api.browsing import first_day, last_day
from dadkhah.web.api.graphs import as_graph, policy_of
from dadkhah.web.pages.named import ANYTHING, identified, named, several, understood
from dadkhah.web.pages.records import picture
from dadkhah.web.pages.render import PageRoute, View, ViewDep

router = APIRouter(include_in_schema=False, route_class=PageRoute)
_NODES = 44
_SEEDS = 20
# statements listed below the drawing; with who says each they take up to 900 bytes
_LISTED = 24
# links up to which a search may be asked to follow a record
_MOST_LINKS = 5_000


class AskedGraphPage(AskedGraph):
    """A neighbourhood, perhaps none yet."""

    seed: list[str] = Field([], description="Records: IRIs or kind/slug, repeated or by commas")
    nodes: int = Field(_NODES, ge=1, le=300, description="The most records shown")


class AskedPathPage(AskedPaths):
    """Two records, perhaps none yet."""

    start: str = Field("", alias="from", max_length=2000, description="A record: IRI, or kind/slug")
    target: str = Field("", alias="to", max_length=2000, description="A record: IRI, or kind/slug")


@router.get("/graph")
async def graph(view: ViewDep, asked: Annotated[AskedGraphPage, Query()]) -> Response:
    """Show a neighbourhood as a drawing and as a list."""
    browsing = view.browsing
    fields = await several(browsing, "seed", asked.seed, _SEEDS)
    seeds = list(dict.fromkeys(field.iri for field in fields if field.iri))
    found = None
    if seeds and not any(field.unclear for field in fields):
        found = await neighbourhood(
            browsing.ask,
            browsing.scheme,
            seeds,
            hops=asked.hops,
            policy=policy_of(browsing, asked),
            window=Window(first_day(asked.first, "from"), last_day(asked.last, "to")),
            max_nodes=max(asked.nodes, len(seeds)),
        )
    return view.show(
        "graph.html",
        asked=asked,
        **understood(browsing, *fields),
        seeds=", ".join(field.written(view.language) for field in fields),
        found=found,
        listed=found.edges[:_LISTED] if found else (),
        narrower=_narrower(view, found) if found else (),
        only=[(name, _without(view, "relations")) for name in asked.relations],
        refs={node.ref.iri: node.ref for node in found.nodes} if found else {},
        picture=picture(view, found) if found else "",
        query=identified(browsing, fields),
    )


@router.get("/path")
async def path(view: ViewDep, asked: Annotated[AskedPathPage, Query()]) -> Response:
    """Show how two records are linked, each step with its voices."""
    browsing = view.browsing
    start = await named(browsing, "from", asked.start, among=ANYTHING)
    target = await named(browsing, "to", asked.target, among=ANYTHING)
    found = None
    if start.iri and target.iri:
        found = await paths(
            browsing.ask,
            browsing.scheme,
            start.iri,
            target.iri,
            k=asked.k,
            policy=policy_of(browsing, asked),
            avoid_hubs="hubs" in asked.avoid,
        )
    drawn = picture(view, as_graph(found)) if found and found.paths else ""
    query = identified(browsing, (start, target))
    return view.show(
        "path.html", asked=asked, found=found, start=start, target=target, picture=drawn, query=query,
        further=_further(view, asked, found) if found else (), **understood(browsing, start, target),
    )  # fmt: skip


def _without(view: View, *names: str) -> str:
    """The address of this page without parameters."""
    return f"?{view.browsing.request.url.remove_query_params(names).query}"


def _narrower(view: View, found: Neighbourhood) -> list[tuple[Ref, int, str]]:
    """The relations that were seen, the most frequent first, each with the address of them alone.

    Nothing where all is shown that there is.
    """
    whole = not found.left_out and not any(node.hub for node in found.nodes)
    seen = Counter(edge.property for edge in found.edges)
    if whole or len(seen) < 2:
        return []
    url = view.browsing.request.url
    ordered = sorted(seen, key=lambda each: (-seen[each], each.iri))
    return [(each, seen[each], f"?{url.include_query_params(relations=each.iri).query}") for each in ordered]


def _further(view: View, asked: AskedPathPage, found: Paths) -> list[tuple[str, Any]]:
    """What else may be tried, as the name of a text and an address; of the records not followed, where that helps."""
    url = view.browsing.request.url
    tries: list[tuple[str, Any]] = []
    around_hubs = "hubs" in asked.avoid
    if around_hubs:
        tries.append(("try_through", _without(view, "avoid")))
    elif asked.avoid or asked.relations:
        tries.append(("try_all", _without(view, "avoid", "relations")))
    if found.hubs and asked.hub < _MOST_LINKS:
        tries.append(("try_larger", f"?{url.include_query_params(hub=_MOST_LINKS).query}"))
    return tries
