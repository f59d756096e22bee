"""Whatever view shows a statement of somebody shows whose it is: every route, with what stands there.

`SHOWN` is the table in docs/pages.md: a route is in it, or in `TELLS_NO_STATEMENT` with a reason. Voices are compared
with what the engine gives for the very statements, over the project as it is.
"""

from __future__ import annotations

import json
import re
from types import ModuleType

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute

from dadkhah.web import api, pages
from dadkhah.web.reconcile import ROUTERS

from .data_read import (
    QUADS,
    Items,
    Table,
    extension,
    follow_the_money,
    geo_json,
    graph_json,
    graph_ml,
    preview,
    statements,
)  # fmt: skip
from .pages_read import Html, Svg, drawn_query, drawn_rows, passages

ID = "https://w3id.org/dadkhah/id/"
WHO, ONE, OTHER, PLACE = (
    "person/behrouz-ehsani",
    "event/execution-behrouz-ehsani",
    "person/mehdi-hassani",
    "prison/evin",
)


EDGES, TIMES, BESIDE = ("li", "edges"), ("li", "times"), ("li", "beside")
SEED = f"?seed={WHO}"
PATH = f"?from={WHO}&to={OTHER}"
# route -> how a voice stands there -> [(check, address)]
SHOWN = {
    "/{lang}/{kind}/{slug:path}": [(Html(("li", "edges"), least=0), f"/{{lang}}/{WHO}"), (Svg(), f"/{{lang}}/{WHO}")],
    "/{lang}/record": [(Html(least=3), f"/{{lang}}/record?iri={ID}{ONE}")],
    "/{lang}/all/{part}": [(Html(least=3), f"/{{lang}}/all/statements?of={ONE}")],
    "/{lang}/card/{kind}/{slug:path}": [(Html(least=2), f"/{{lang}}/card/{each}") for each in (WHO, PLACE)],
    "/{lang}/dossier/{kind}/{slug:path}": [(Html(least=3), f"/{{lang}}/dossier/{ONE}")],
    "/{lang}/search": [(Html(), "/{lang}/search?q=behrouz"), (Html(), "/{lang}/search?type=Trial")],
    "/{lang}/timeline": [
        (Html(TIMES, dated=True), "/{lang}/timeline?limit=30"),
        (Svg("a"), "/{lang}/timeline?lanes=prison"),
    ],
    "/{lang}/graph": [(Html(EDGES), "/{lang}/graph" + SEED), (Svg(), "/{lang}/graph" + SEED)],
    "/{lang}/path": [(Html(), "/{lang}/path" + PATH), (Svg(), "/{lang}/path" + PATH)],
    "/{lang}/map": [(Html(EDGES, least=2), "/{lang}/map"), (Svg("a"), "/{lang}/map")],
    "/{lang}/places": [(Html(("td", ""), least=0), "/{lang}/places")],
    "/{lang}/patterns/{slug:path}": [(Html(EDGES, least=3), "/{lang}/patterns/1988")],
    "/{lang}/risk": [(Html(EDGES, least=3, named=False), "/{lang}/risk")],
    "/{lang}/conflicts": [(Html(BESIDE, least=4), "/{lang}/conflicts")],
    "/{lang}/sources/{slug:path}": [(passages, "/{lang}/sources/silent-massacre-2025")],
    "/{lang}/compare": [
        (Html(EDGES, least=3), "/{lang}/compare"),
        (Html(least=3), f"/{{lang}}/compare?left={WHO}&right={OTHER}"),
    ],
    "/{lang}": [(Html(TIMES, dated=True, least=2), "/{lang}/")],
    "/{lang}/": [(Html(TIMES, dated=True, least=2), "/{lang}/")],
    "/{lang}/sparql": [(drawn_query, "/{lang}/sparql"), (drawn_rows, "/{lang}/sparql")],
    "/api/v1/graph": [(graph_json, f"/api/v1/graph{SEED}&hops=2")],
    "/api/v1/graph.graphml": [(graph_ml, f"/api/v1/graph.graphml{SEED}")],
    "/api/v1/graph.svg": [(Svg(), f"/api/v1/graph.svg{SEED}&lang={{lang}}")],
    "/api/v1/paths": [(graph_json, f"/api/v1/paths{PATH}")],
    "/api/v1/paths.graphml": [(graph_ml, f"/api/v1/paths.graphml{PATH}")],
    "/api/v1/paths.svg": [(Svg(), f"/api/v1/paths.svg{PATH}&lang={{lang}}")],
    "/api/v1/search": [
        (Items(), "/api/v1/search?q=behrouz"), (Table("iri"), "/api/v1/search?q=behrouz&format=csv"),
        (follow_the_money, "/api/v1/search?q=behrouz&format=ftm"),
        (graph_ml, "/api/v1/search?q=behrouz&format=graphml"),
    ],
    "/api/v1/suggest": [(Items(), "/api/v1/suggest?q=behr")],
    "/api/v1/events": [
        (Items(), "/api/v1/events"), (Table("event"), "/api/v1/events?format=csv"),
        (follow_the_money, "/api/v1/events?format=ftm"), (graph_ml, "/api/v1/events?format=graphml"),
        (geo_json, "/api/v1/events?limit=500&format=geojson"),
        *((each, "/api/v1/events") for each in QUADS),
    ],
    "/api/v1/places": [
        (Items("place"), "/api/v1/places"), (Table("place"), "/api/v1/places?format=csv"),
        (follow_the_money, "/api/v1/places?format=ftm"), *((each, "/api/v1/places") for each in QUADS),
    ],
    "/api/v1/places.geojson": [(geo_json, "/api/v1/places.geojson")],
    "/api/v1/conflicts": [
        (Items("subject"), "/api/v1/conflicts"), (Table("subject"), "/api/v1/conflicts?format=csv"),
        *((each, "/api/v1/conflicts") for each in QUADS),
    ],
    "/api/v1/patterns/{slug}": [
        (Items(under="stages"), "/api/v1/patterns/1988"), (graph_ml, "/api/v1/patterns/1988?format=graphml"),
        *((each, "/api/v1/patterns/1988") for each in QUADS),
    ],
    "/api/v1/risk": [(Table(), "/api/v1/risk?format=csv")],
    "/api/v1/sources/{slug}": [(Items(under=""), "/api/v1/sources/silent-massacre-2025")],
    "/api/v1/{kind}/{slug}": [
        (statements, f"/api/v1/{ONE}"), (graph_ml, f"/api/v1/{WHO}?format=graphml"),
        (follow_the_money, f"/api/v1/{WHO}?format=ftm"), (follow_the_money, f"/api/v1/{ONE}?format=ftm"),
    ],
    "/api/v1/{kind}/{slug}/statements": [(statements, f"/api/v1/{WHO}/statements")],
    "/api/v1/{kind}/{slug}/timeline": [
        (Items(under="timeline"), f"/api/v1/{WHO}/timeline"), (Table("event"), f"/api/v1/{WHO}/timeline?format=csv"),
    ],
    "/api/v1/{kind}/{slug}/relations": [
        (Items("subject"), f"/api/v1/{PLACE}/relations"), (Table("subject"), f"/api/v1/{PLACE}/relations?format=csv"),
    ],
    "/data/{kind}/{slug:path}.{extension}": [
        *((each, f"/data/{WHO}") for each in QUADS), *((each, f"/data/{ONE}") for each in QUADS),
        (Table(), f"/data/{WHO}.csv"),
    ],
    "/reconcile/preview": [(preview, f"/reconcile/preview?id={WHO}")],
    "/reconcile/v1/preview": [(preview, f"/reconcile/v1/preview?id={WHO}")],
    "/reconcile/flyout/{what}": [(preview, f"/reconcile/flyout/entity?id={WHO}")],
    "/reconcile": [(extension, "/reconcile")],
}  # fmt: skip
SAME = "the same view as another route of this table, by another address"
NAMES = "compares names; a candidate is no statement, and its preview tells who names it"
LEADS_TO = "leads to an address of this table"
COUNTS = "counts and names works, snapshots or stored queries, and repeats no statement"
NOTHING = "tells nothing of anybody"
QUERY = "the rows of a query are the query's, as its page says; who says what is a column that the query asks for"
TOLD_ELSEWHERE = (
    "shows statements with their voices, tested with more than one snapshot in tests/protocol/pages_overview"
)
WHOLE = "whole graphs, each named by its voice; graph.trig and graph.nq hold them all"
TELLS_NO_STATEMENT = {
    "/api/v1/record": SAME, "/api/v1/record/statements": SAME, "/api/v1/record/timeline": SAME,
    "/api/v1/record/relations": SAME, "/{lang}/dossier/{kind}/{slug:path}.pdf": SAME, "/reconcile/": SAME,
    "/reconcile/extend": SAME, "/reconcile/v1/extend": SAME, "/{lang}/queries/{name}": QUERY,
    "/reconcile/match": NAMES, "/reconcile/v1/match": NAMES, "/reconcile/suggest/{what}": NAMES,
    "/reconcile/v1/suggest/{what}": NAMES, "/reconcile/extend/propose": NAMES, "/reconcile/v1/extend/propose": NAMES,
    "/reconcile/v1": NOTHING, "/reconcile/v1/": NOTHING,
    "/api/v1/changes": TOLD_ELSEWHERE, "/api/v1/changes/{after}": TOLD_ELSEWHERE,
    "/{lang}/changes/{after}": TOLD_ELSEWHERE,
    "/{lang}/history/{kind}/{slug:path}": TOLD_ELSEWHERE, "/{lang}/changes": COUNTS, "/{lang}/changes.atom": COUNTS,
    "/api/v1/patterns": COUNTS, "/api/v1/sources": COUNTS, "/api/v1/stats": COUNTS, "/{lang}/patterns": COUNTS,
    "/{lang}/sources": COUNTS, "/{lang}/quality": COUNTS, "/{lang}/data": COUNTS, "/{lang}/queries": COUNTS,
    "/queries": COUNTS, "/linkset/{kind}/{slug:path}.json": COUNTS,
    "/dumps": WHOLE, "/dumps/{name:path}": WHOLE, "/dumps/{snapshot}/SHA256SUMS": WHOLE,
    "/dumps/{snapshot}/graph.{extension}": WHOLE,
    "/metrics": NOTHING, "/healthz": NOTHING, "/readyz": NOTHING, "/robots.txt": NOTHING, "/validate": NOTHING,
    "/ontology": NOTHING, "/ontology.{extension}": NOTHING, "/static/{name:path}": NOTHING, "/{lang}/ontology": NOTHING,
    "/{lang}/about": NOTHING, "/{lang}/method": NOTHING, "/": LEADS_TO, "/id/{kind}/{slug:path}": LEADS_TO,
    "/reconcile/view": LEADS_TO, "/{lang}/{rest}": LEADS_TO,
    **dict.fromkeys(
        ("/about", "/changes", "/changes/{after}", "/compare", "/conflicts", "/data", "/graph", "/map", "/method",
         "/path",
         "/patterns", "/patterns/{slug}", "/places", "/quality", "/risk", "/search", "/sources", "/sources/{slug}",
         "/timeline", "/queries/{name}"), LEADS_TO),
}  # fmt: skip


def routes(engine):
    """Every address: of the pages, of the routers of the interface, and what OpenAPI describes."""
    found = {route.path for router in (*ROUTERS, *api.ROUTERS, *pages.ROUTERS) for route in router.routes}
    modules = [module for module in vars(pages).values() if isinstance(module, ModuleType)]
    shown = [held for each in modules for held in vars(each).values() if isinstance(held, APIRouter)]
    found |= {f"/{{lang}}{route.path}" for each in shown for route in each.routes if isinstance(route, APIRoute)}
    described = json.loads(engine.get("/openapi.json"))["paths"]
    return {re.sub(r"^/(en|fa)(?=/|$)", "/{lang}", path) for path in found} | set(described)


def plain(path):
    return path.replace(":path}", "}")


def test_every_route_shows_voices_or_says_why_it_shows_no_statement(engine):
    known = {plain(path) for path in routes(engine)} - {"/{lang}/static/{name}"}
    listed = {plain(path) for path in (*SHOWN, *TELLS_NO_STATEMENT)}
    stored = {path for path in known if path.startswith("/queries/")}
    assert known - stored - listed == set()
    assert not {plain(path) for path in SHOWN} & {plain(path) for path in TELLS_NO_STATEMENT}
    assert listed - known <= {
        "/queries/{name}",
        "/metrics",
        "/healthz",
        "/readyz",
        "/robots.txt",
        "/validate",
        "/ontology",
    }


CHECKS = [
    pytest.param(check, address, id=f"{route} {getattr(check, '__name__', type(check).__name__)} {address}")
    for route, checks in SHOWN.items()
    for check, address in checks
]


@pytest.mark.parametrize(("check", "address"), CHECKS)
def test_whatever_is_shown_has_the_voices_that_state_it(engine, check, address):
    check(engine, address)
