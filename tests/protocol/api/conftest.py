"""The service over the small graph of the browse tests, in this process, spoken to over ASGI."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from dadkhah.browse.records.changes import Change, Changed, ChangedRecord, ChangeLog
from dadkhah.browse.records.history import Told
from dadkhah.browse.terms import Literal
from dadkhah.web.api import ROUTERS
from dadkhah.web.app import routed
from dadkhah.web.endpoint.serving import Facts, Served, Serving
from dadkhah.web.front import Behind, Site
from dadkhah.web.routing.context import Context
from dadkhah.web.wire.settings import WebSettings

_PATH = Path(__file__).parents[2] / "unit/browse/conftest.py"
_SPEC = importlib.util.spec_from_file_location("browse_graph", _PATH)
graph = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(graph)

BASE = "https://dadkhah.example"


class Switches:
    """A change log with two switches."""

    def changes(self):
        return [Change("2025-02-01T00:00:00Z", "aa", "bb", "build"), Change("2025-01-01T00:00:00Z", "", "aa", "build")]

    def changed(self, change):
        if not change.before:
            return Changed(unknown="first")
        came = (
            Told("https://w3id.org/dadkhah/ontology#number", Literal("3"), "https://w3id.org/dadkhah/voice/news/wire"),
        )
        record = ChangedRecord("https://w3id.org/dadkhah/id/person/a", "changed", came, 1, 2)
        return Changed((record,), changed=1, removed=1, statements_added=1, statements_removed=5)


@pytest.fixture(scope="session")
def store() -> ox.Store:
    made = ox.Store()
    made.load((graph.PREFIXES + graph.DATA).encode(), format=ox.RdfFormat.TRIG)
    return graph.merged(made)


def client_over(store: ox.Store, *, merged: bool) -> httpx.AsyncClient:
    facts = Facts(
        hash="0" * 64, union_default=merged, tombstones={"https://w3id.org/dadkhah/id/person/erased": "2025-02-02"}
    )
    served = Served(graph.StoreEngine(store), facts)

    def behind(context: Context) -> Behind:
        return Behind(routed(context, ROUTERS, {ChangeLog: Switches()}))

    site = Site(WebSettings(base_url=BASE), Serving(served), lambda _: None, behind)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=site.app), base_url=BASE)


@pytest.fixture
async def client(store):
    async with client_over(store, merged=True) as made:
        yield made


@pytest.fixture
async def own_client():
    made = ox.Store()
    made.load(
        b"""PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX e: <https://e.org/>
        e:a foaf:name "Alice" ; foaf:knows e:b . e:b foaf:name "Bob" . e:c foaf:name "Cee" .
        GRAPH e:g { e:b foaf:knows e:c }""",
        format=ox.RdfFormat.TRIG,
    )
    async with client_over(made, merged=False) as client:
        yield client
