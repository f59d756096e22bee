"""A snapshot of the small graph of the browse tests with the ontology, compiled as any is, and the service over it.

The engine is Oxigraph in this process; files, hashes and tables are those of the snapshot on disk.
"""

from __future__ import annotations

import importlib.util
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from dadkhah.browse.ask import EngineAsk
from dadkhah.browse.models import Name
from dadkhah.browse.overviews.risk import Framework, IndicatorQuery
from dadkhah.browse.records.changes import ChangeLog
from dadkhah.cli.indexes.table_index import TableIndexer
from dadkhah.cli.service.downloads import SnapshotDownloads
from dadkhah.cli.service.history import RegistryChanges
from dadkhah.cli.service.takeup import facts_of
from dadkhah.engine.queries.catalog import Catalog
from dadkhah.snapshot.compile_rdf import compile_rdf
from dadkhah.snapshot.plan import BuildPlan
from dadkhah.snapshot.publishing.registry import Registry, Snapshot
from dadkhah.source.formats.reading import RdfInput
from dadkhah.web import api, pages
from dadkhah.web.api.dumps import Downloads
from dadkhah.web.app import routed
from dadkhah.web.endpoint.serving import Served, Serving
from dadkhah.web.front import Behind, Site
from dadkhah.web.routing.context import Context
from dadkhah.web.wire.settings import WebSettings

ROOT = Path(__file__).parents[3]
_SPEC = importlib.util.spec_from_file_location("browse_graph", ROOT / "tests/unit/browse/conftest.py")
graph = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(graph)

BASE = "https://dadkhah.example"
ONTOLOGY = "https://w3id.org/dadkhah/graph/ontology"
MOVES = IndicatorQuery(
    "7.10",
    (Name("Forced transfer", "en"), Name("انتقال اجباری", "fa")),
    (Name("Counts transfers", "en"), Name("انتقال‌ها را می‌شمارد", "fa")),
    "SELECT DISTINCT ?event WHERE { ?event a <https://w3id.org/dadkhah/ontology#Transfer> }",
)
RAIDS = IndicatorQuery(
    "8.1",
    (Name("Deployment of forces", "en"),),
    (Name("Counts raids", "en"),),
    "SELECT DISTINCT ?event WHERE { ?event a <https://w3id.org/dadkhah/ontology#Raid> }",
)


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    folder = tmp_path_factory.mktemp("overview")
    data = folder / "graph.trig"
    data.write_text(graph.PREFIXES + graph.DATA, "utf-8")
    files = [file for part in (".", "modules", "schemes") for file in sorted((ROOT / "ontology" / part).glob("*.ttl"))]
    inputs = [RdfInput(data), *(RdfInput(file, ONTOLOGY) for file in files)]
    tables = TableIndexer(Catalog.load(ROOT / "queries/tables"))
    plan = BuildPlan(out=folder / "snapshots", merge=True, durable=False)
    # one snapshot before it, so that something has changed
    compile_rdf([RdfInput(data)], BuildPlan(out=plan.out, merge=True, durable=False), indexers=[tables])
    compile_rdf(inputs, plan, indexers=[tables])
    return Registry(plan.out)


@pytest.fixture(scope="session")
def snapshot(registry: Registry) -> Snapshot:
    return registry.current()


@pytest.fixture(scope="session")
def store(snapshot: Snapshot) -> ox.Store:
    return snapshot.open_store()


@pytest.fixture(scope="session")
def make_site(store: ox.Store, snapshot: Snapshot, registry: Registry) -> Callable[[], Site]:
    """Makes a site for one test; the part behind, which takes longest, is made once and shared."""
    engine = graph.StoreEngine(store)
    engine.snapshot_hash = snapshot.hash
    serving = Serving(Served(engine, facts_of(snapshot)))
    parts = {
        ChangeLog: RegistryChanges(registry),
        Downloads: SnapshotDownloads(registry),
        Framework: Framework((MOVES, RAIDS)),
    }
    made: list[Behind] = []

    def behind(context: Context) -> Behind:
        if not made:
            made.append(Behind(routed(context, (*api.ROUTERS, *pages.ROUTERS), parts)))
        return made[0]

    return lambda: Site(WebSettings(base_url=BASE), serving, lambda _: None, behind)


@pytest.fixture(scope="session")
def make_engine() -> Callable[[ox.Store], object]:
    return graph.StoreEngine


@pytest.fixture
def ask(store: ox.Store) -> EngineAsk:
    return EngineAsk(graph.StoreEngine(store), timeout_seconds=10)


@pytest.fixture
async def client(make_site: Callable[[], Site]) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=make_site().app), base_url=BASE) as made:
        yield made
