"""The pages over this repository's own data, built as `dadkhah build` builds it, in this process."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from dadkhah.cli.build import build_project
from dadkhah.cli.indexes.decision_index import SnapshotDecisions
from dadkhah.cli.output.progress import ProgressLine
from dadkhah.linking.decided import DecidedPairs
from dadkhah.snapshot.plan import BuildPlan
from dadkhah.snapshot.publishing.registry import Registry, Snapshot
from dadkhah.web import api, pages
from dadkhah.web.app import routed
from dadkhah.web.endpoint.serving import Facts, Served, Serving
from dadkhah.web.front import Behind, Site
from dadkhah.web.wire.settings import WebSettings

ROOT = Path(__file__).parents[3]
_SPEC = importlib.util.spec_from_file_location("browse_graph", ROOT / "tests/unit/browse/conftest.py")
graph = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(graph)
BASE = "https://dadkhah.example"


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    folder = tmp_path_factory.mktemp("listings")
    with pytest.MonkeyPatch.context() as here:
        here.chdir(ROOT)
        build_project(BuildPlan(out=folder, durable=False), ProgressLine(quiet=True))
    return Registry(folder)


@pytest.fixture(scope="session")
def snapshot(registry: Registry) -> Snapshot:
    return registry.current()


@pytest.fixture
async def client(registry: Registry, snapshot: Snapshot) -> Iterator[httpx.AsyncClient]:
    engine = graph.StoreEngine(snapshot.open_store())
    engine.snapshot_hash = snapshot.hash
    facts = Facts(hash=snapshot.hash, union_default=True, tombstones=snapshot.manifest.tombstones)
    parts = {DecidedPairs: SnapshotDecisions(registry)}
    site = Site(
        WebSettings(base_url=BASE),
        Serving(Served(engine, facts)),
        lambda _: None,
        lambda context: Behind(routed(context, [*api.ROUTERS, *pages.ROUTERS], parts)),
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=site.app), base_url=BASE) as made:
        yield made
