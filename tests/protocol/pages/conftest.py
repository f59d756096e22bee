"""The pages over the small graph of the browse tests, in this process, with every query counted."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from dadkhah.engine.queries import policy
from dadkhah.engine.queries.catalog import Catalog
from dadkhah.web import pages
from dadkhah.web.api import ROUTERS
from dadkhah.web.app import routed
from dadkhah.web.endpoint.serving import Facts, Served, Serving
from dadkhah.web.front import Behind, Site
from dadkhah.web.pages.queries import QueryGate
from dadkhah.web.routes.queries import queries_router
from dadkhah.web.routing.context import Context
from dadkhah.web.wire.settings import WebSettings

ROOT = Path(__file__).parents[3]
_SPEC = importlib.util.spec_from_file_location("browse_graph", ROOT / "tests/unit/browse/conftest.py")
graph = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(graph)

BASE = "https://dadkhah.example"
MORE = """
graph:authority {
  person:c a dk:Person ; skos:prefLabel "Cyrus Example"@en ; skos:altLabel "کوروش نمونه"@fa .
  dk:Judge rdfs:subClassOf dk:Person . dk:Person rdfs:subClassOf <http://xmlns.com/foaf/0.1/Person> .
}
"""


_HUB = """
graph:sources {
  source:sNUMBER a dk:Source . passage:sNUMBER-P1 rdfs:label "sNUMBER-P1" ; dk:inSource source:sNUMBER .
  <https://w3id.org/dadkhah/voice/sNUMBER/c> a dk:Voice ; dk:claimant institution:cNUMBER ; dk:inSource source:sNUMBER .
}
<https://w3id.org/dadkhah/voice/sNUMBER/c> {
  event:eNUMBER a dk:Trial ; dk:place place:hub ; dk:cites passage:sNUMBER-P1 ;
    dk:earliest "YEAR-01-01"^^xsd:date ; dk:latest "YEAR-01-01"^^xsd:date .
  place:hub dk:title "name NUMBER"@en .
}
<https://w3id.org/dadkhah/voice/dadkhah/pattern> {
  pattern:p a dk:Pattern ; skos:prefLabel "The pattern"@en .
  stage:sSTAGE a dk:PatternStage ; dk:stageOf pattern:p ; dk:order STAGE ; skos:prefLabel "Stage STAGE"@en .
  match:mNUMBER a dk:PatternMatch ; dk:matchedEvent event:eNUMBER ; dk:matchedStage stage:sSTAGE ;
    dk:method dk:ReadByHand .
}
"""
_STAGES = 7


class CountingEngine(graph.StoreEngine):
    """Counts the queries of everyone."""

    def __init__(self, store: ox.Store) -> None:
        super().__init__(store)
        self.asked = 0

    async def query(self, request):
        self.asked += 1
        return await super().query(request)


def hub(size: int) -> str:
    """A place with so many dated events, each told by its own claimant and matched to a stage."""
    return "".join(
        _HUB.replace("NUMBER", str(n)).replace("YEAR", str(1990 + n % 30)).replace("STAGE", str(n % _STAGES))
        for n in range(size)
    )


def store_of(text: str) -> ox.Store:
    made = ox.Store()
    made.load((graph.PREFIXES + text).encode(), format=ox.RdfFormat.TRIG)
    return graph.merged(made)


@pytest.fixture(scope="session")
def engine() -> CountingEngine:
    return CountingEngine(store_of(graph.DATA + MORE))


@pytest.fixture(scope="session")
def hubs() -> dict[int, CountingEngine]:
    return {size: CountingEngine(store_of(hub(size))) for size in (1, 60, 400)}


def client_over(engine: CountingEngine) -> httpx.AsyncClient:
    facts = Facts(
        hash="0" * 64, union_default=True, tombstones={"https://w3id.org/dadkhah/id/person/erased": "2025-02-02"}
    )
    catalog = Catalog.load(ROOT / "queries/catalog")

    def behind(context: Context) -> Behind:
        parts = {QueryGate: QueryGate(policy.check), Catalog: catalog}
        return Behind(routed(context, [*ROUTERS, queries_router(catalog), *pages.ROUTERS], parts))

    site = Site(WebSettings(base_url=BASE), Serving(Served(engine, facts)), policy.check, behind)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=site.app), base_url=BASE)


@pytest.fixture
async def client(engine):
    async with client_over(engine) as made:
        yield made


@pytest.fixture
def client_of():
    return client_over
