"""The graph around records, and the paths between two of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from dadkhah.browse.relations.neighbourhoods import Window, neighbourhood, paths
from dadkhah.web.api.asked import AskedGraph, AskedPaths
from dadkhah.web.api.browsing import first_day, last_day
from dadkhah.web.api.graphs import as_graph, policy_of
from dadkhah.web.pages.named import ANYTHING, identified, named, several, understood
from dadkhah.web.pages.records import picture
from dadkhah.web.pages.render import PageRoute, ViewDep

router = APIRouter(include_in_schema=False, route_class=PageRoute)
_NODES = 60
_SEEDS = 20


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
        **understood(browsing, start, target),
    )  # fmt: skip
