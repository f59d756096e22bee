"""Pages about the whole: its quality in figures, the data to take away, the vocabulary, what this is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Response

from dadkhah.browse.overviews.ontology import vocabulary
from dadkhah.browse.overviews.quality import Measure, measures
from dadkhah.web.api.asked import AskedList
from dadkhah.web.api.browsing import Browsing
from dadkhah.web.api.dumps import dump_address, graph_address, signposts
from dadkhah.web.pages.home import overview
from dadkhah.web.pages.render import PageRoute, ViewDep

router = APIRouter(include_in_schema=False, route_class=PageRoute)
# named graphs on one page of the data, each with its hash: about 700 bytes
_GRAPHS_SHOWN = 40


@dataclass(frozen=True, slots=True)
class _ShownMeasure:
    """A measure with the address of the query that lists what it counts."""

    measure: Measure
    address: str


async def _measures(browsing: Browsing) -> tuple[Measure, ...]:
    return await measures(browsing.ask, browsing.scheme)


@router.get("/quality")
async def quality(view: ViewDep) -> Response:
    """Show measures that anyone can repeat, and what each voice states."""
    found = await view.browsing.once(overview)
    shown = [
        _ShownMeasure(each, f"/{view.language}/sparql?query={quote(each.query, safe='')}")
        for each in await view.browsing.once(_measures)
        if each.total
    ]
    return view.show("quality.html", figures=found.figures, measures=shown)


@router.get("/data")
async def data(view: ViewDep, asked: Annotated[AskedList, Query()]) -> Response:
    """List what can be taken away, with sizes and checksums; named graphs page by page."""
    facts, base = view.browsing.served.facts, view.browsing.base_url
    graphs = [graph for graph in facts.graphs if graph.iri]
    position = view.browsing.position(asked.cursor)
    end = position + _GRAPHS_SHOWN
    cursor = view.browsing.cursor(end) if end < len(graphs) else ""
    return view.show(
        "data.html",
        headers={"link": signposts(base, facts)},
        facts=facts,
        files=[(file, dump_address("", facts, file)) for file in (*facts.files, *facts.proofs)],
        signed=any(file.name == "signers" for file in facts.proofs),
        graphs=[
            (graph, graph_address("", facts, graph, "nt"), graph_address("", facts, graph, "ttl"))
            for graph in graphs[position:end]
        ],
        graph_count=len(graphs),
        position=position,
        following=f"?{view.browsing.request.url.include_query_params(cursor=cursor).query}#h-graphs" if cursor else "",
    )


@router.get("/ontology")
async def ontology(view: ViewDep) -> Response:
    """Show each term of the vocabulary with its definition, at the fragment of its IRI."""
    found = await vocabulary(view.browsing.ask, view.browsing.scheme)
    figures = (await view.browsing.once(overview)).figures
    return view.show(
        "ontology.html",
        vocabulary=found,
        used={each.kind.iri: each.count for each in figures.classes},
        classes=figures.classes,
        headers={"link": f'<{found.iri}>; rel="cite-as", </ontology.ttl>; rel="describedby"; type="text/turtle"'},
    )


@router.get("/about")
async def about(view: ViewDep) -> Response:
    """Say what this is and is not."""
    return view.show("words.html", title="about", paragraphs="about_words")


@router.get("/method")
async def method(view: ViewDep) -> Response:
    """Say how statements come into the graph."""
    return view.show("words.html", title="method", paragraphs="method_words")
