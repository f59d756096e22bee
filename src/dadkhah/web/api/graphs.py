"""Relationship graphs and shortest paths, as JSON, GraphML, SVG and CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from dadkhah.browse.models import Ref
from dadkhah.browse.pictures.drawing import graphml, svg
from dadkhah.browse.relations.edges import Edge
from dadkhah.browse.relations.links import LinkPolicy
from dadkhah.browse.relations.neighbourhoods import Neighbourhood, Node, Window, neighbourhood
from dadkhah.browse.relations.paths import Paths, paths
from dadkhah.browse.tables import csv_table
from dadkhah.errors import ParameterError
from dadkhah.web.api.asked import AskedGraph, AskedLinks, AskedPaths
from dadkhah.web.api.browsing import Browsing, BrowsingDep, first_day, last_day
from dadkhah.web.api.encode import mention, to_json
from dadkhah.web.api.formats import chosen, respond
from dadkhah.web.wire.negotiate import language_of

router = APIRouter(prefix="/api/v1", tags=["graph"])
GRAPH_FORMATS = ("json", "graphml", "svg", "csv")
_SEEDS = 20


def _several(values: Sequence[str]) -> list[str]:
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def policy_of(browsing: Browsing, asked: AskedLinks) -> LinkPolicy:
    """Which statements are followed; a name in `avoid` may be a property or a record."""
    names = [name for name in _several(asked.avoid) if name != "hubs"]
    records = frozenset(browsing.record(name, "avoid") for name in names if _is_record(browsing, name))
    return LinkPolicy(
        bookkeeping=browsing.scheme.no_links,
        vocabulary=(browsing.scheme.iris.ontology,),
        relations=tuple(browsing.term(name, "relations") for name in _several(asked.relations)),
        avoid=frozenset(browsing.term(name, "avoid") for name in names if not _is_record(browsing, name)) | records,
        without=records,
        hub_links=asked.hub,
    )


def _is_record(browsing: Browsing, name: str) -> bool:
    return "/" in name and not name.startswith(browsing.scheme.iris.ontology)


@router.get("/graph", summary="The graph around records, 1 to 3 hops")
@router.get("/graph.graphml", include_in_schema=False)
@router.get("/graph.svg", include_in_schema=False)
async def graph(browsing: BrowsingDep, asked: Annotated[AskedGraph, Query()]) -> Response:
    """Give nodes and edges, each edge with the voices that state it."""
    form = _form(browsing)
    seeds = [browsing.record(text, "seed") for text in _several(asked.seed)]
    if not 1 <= len(seeds) <= _SEEDS:
        raise ParameterError(f"seed: name 1 to {_SEEDS} records")
    found = await neighbourhood(
        browsing.ask,
        browsing.scheme,
        list(dict.fromkeys(seeds)),
        hops=asked.hops,
        policy=policy_of(browsing, asked),
        window=Window(first_day(asked.first, "from"), last_day(asked.last, "to")),
        max_nodes=max(asked.nodes, len(seeds)),
    )
    return graph_response(browsing, found, form, asked.lang)


def _form(browsing: Browsing) -> str:
    extension = browsing.request.url.path.rpartition("/")[2].partition(".")[2]
    return extension or chosen(browsing, GRAPH_FORMATS)


def graph_response(browsing: Browsing, found: Neighbourhood, form: str, lang: str) -> Response:
    """A graph in a format."""
    language = lang or language_of(browsing.request.headers.get("accept-language", ""))
    if form == "graphml":
        return respond(graphml(found, language).encode(), form, name="graph")
    if form == "svg":
        seeds = ", ".join(node.ref.label(language).text for node in found.nodes if node.hops == 0)
        picture = svg(
            found,
            language,
            lambda ref: page_of(ref, language),
            seeds,
            f"{len(found.nodes)} records, {len(found.edges)} statements",
        )
        return respond(picture.encode(), form)
    if form == "csv":
        header = ("subject", "property", "propertyLabel", "object", "voices")
        return respond(csv_table(header, (_edge_row(edge) for edge in found.edges)), form, name="graph")
    document = {
        "seeds": found.seeds,
        "nodes": [node_of(node) for node in found.nodes],
        "edges": found.edges,
        "leftOut": found.left_out,
        "notes": found.notes,
        "snapshot": browsing.snapshot_hash,
    }
    return respond(to_json(document), form)


def page_of(ref: Ref, language: str) -> str:
    """Address of a record's page; empty for a record that is not of ours."""
    return f"/{language}/{ref.kind}/{ref.slug}" if ref.kind else ""


def node_of(node: Node) -> dict[str, Any]:
    """A node as JSON: the record as it is mentioned, its distance from a seed, when it happened; of a hub its links."""
    return {**mention(node.ref), "hops": node.hops, "hub": node.hub, "links": node.links, "span": node.span}


def _edge_row(edge: Edge) -> tuple[str, ...]:
    voices = " ".join(voice.iri for voice in edge.voices)
    return edge.subject, edge.property.iri, edge.property.label().text, edge.object, voices


@router.get("/paths", summary="The k shortest paths between two records, each step with its voices")
@router.get("/paths.graphml", include_in_schema=False)
@router.get("/paths.svg", include_in_schema=False)
async def shortest_paths(browsing: BrowsingDep, asked: Annotated[AskedPaths, Query()]) -> Response:
    """Find paths, links taken in either direction; `avoid` names properties, records, or `hubs`."""
    form = _form(browsing)
    ends = [browsing.record(text, name) for text, name in ((asked.start, "from"), (asked.target, "to"))]
    if not all(ends):
        raise ParameterError("from and to: name two records")
    found = await paths(
        browsing.ask,
        browsing.scheme,
        ends[0],
        ends[1],
        k=asked.k,
        policy=policy_of(browsing, asked),
        avoid_hubs="hubs" in _several(asked.avoid),
    )
    if form != "json":
        return graph_response(browsing, as_graph(found), form, asked.lang)
    document = {
        "from": found.start,
        "to": found.target,
        "paths": [{"length": len(chain), "steps": chain} for chain in found.paths],
        "complete": found.complete,
        "hubs": found.hubs,
        "searched": {"steps": found.searched, "followed": found.followed},
        "notes": found.notes,
        "snapshot": browsing.snapshot_hash,
    }
    return respond(to_json(document), form)


def as_graph(found: Paths) -> Neighbourhood:
    """The union of paths as a graph, for drawing; hops count from the nearer end."""
    hops: dict[str, int] = {found.start.iri: 0, found.target.iri: 0}
    refs = {found.start.iri: found.start, found.target.iri: found.target}
    edges: dict[Edge, None] = {}
    for chain in found.paths:
        for number, step in enumerate(chain, start=1):
            refs[step.end.iri] = step.end
            distance = min(number, len(chain) - number)
            hops[step.end.iri] = min(distance, hops.get(step.end.iri, distance))
            edges.update(dict.fromkeys(step.edges))
    order = sorted(hops, key=lambda iri: (hops[iri], iri))
    nodes = tuple(Node(refs[iri], hops[iri]) for iri in order)
    return Neighbourhood((found.start.iri, found.target.iri), nodes, tuple(edges), found.notes)
