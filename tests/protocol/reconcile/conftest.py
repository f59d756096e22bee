"""The reconciliation service over a small graph, in this process and as a process of its own; and the given schemas."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from dadkhah.cli.indexes.name_indexer import NameIndexer
from dadkhah.linking.index.search import NamesIndex
from dadkhah.web.app import routed
from dadkhah.web.endpoint.serving import Facts, GraphCounts, Served, Serving
from dadkhah.web.front import Behind, Site
from dadkhah.web.reconcile import ROUTERS
from dadkhah.web.reconcile.desk import OpenNames
from dadkhah.web.routing.context import Context
from dadkhah.web.wire.settings import WebSettings

ROOT = Path(__file__).parents[3]
_SPEC = importlib.util.spec_from_file_location("browse_graph", ROOT / "tests/unit/browse/conftest.py")
graph = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(graph)

BASE = "https://dadkhah.example"
E = "https://e.org/"
DATA = """
PREFIX e: <https://e.org/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX schema: <https://schema.org/> PREFIX foaf: <http://xmlns.com/foaf/0.1/>
e:hossein a e:Person ; skos:prefLabel "Hossein Rezaei"@en , "حسین رضایی"@fa ; skos:altLabel "Husayn Reza'i" ;
  e:born "1980-03-01"^^xsd:date ; e:heldAt e:evin ; e:count 3 ; e:share 0.5 ; e:note "quoted \\"text\\""@en .
e:hossein2 a e:Person ; skos:prefLabel "Hossein Rezaei"@en ; e:born "1990-05-05"^^xsd:date ; e:heldAt e:qarchak .
e:ali a e:Person ; foaf:name "Ali Karimi" ; e:heldAt e:evin .
e:karami a e:Person ; schema:name "Ali Karami" .
e:evin a e:Prison ; rdfs:label "Evin Prison"@en , "زندان اوین"@fa .
e:qarchak a e:Prison ; rdfs:label "Qarchak Prison"@en .
e:Person rdfs:label "person"@en . e:Prison rdfs:label "prison"@en . e:born rdfs:label "born"@en .
e:evil a e:Person ; skos:prefLabel "<script>alert(1)</script> Bad"@en .
"""


def given(name: str) -> Path:
    """A part of the given folder beside the checkout."""
    path = Path(os.environ.get("DADKHAH_GIVEN", ROOT.parent / "shared")) / name
    if not path.exists():
        message = f"{name} is not in the given folder; set DADKHAH_GIVEN"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return path


class OneIndex:
    """The index of the one snapshot there is; none where it was built without."""

    def __init__(self, index: NamesIndex | None) -> None:
        self._index = index

    def index(self, snapshot_hash: str) -> NamesIndex | None:
        del snapshot_hash
        return self._index


@pytest.fixture(scope="session")
def store() -> ox.Store:
    made = ox.Store()
    made.load(DATA.encode(), format=ox.RdfFormat.TRIG)
    return made


@pytest.fixture(scope="session")
def index(store, tmp_path_factory) -> NamesIndex:
    folder = tmp_path_factory.mktemp("names")
    dump = folder.with_name("dump.nq")
    store.dump(dump, format=ox.RdfFormat.N_QUADS)
    NameIndexer().build_from_dump(dump, folder)
    return NamesIndex(folder)


def client_over(store: ox.Store, index: NamesIndex | None) -> httpx.AsyncClient:
    counts = {}
    properties = {}
    for quad in store:
        properties[quad.predicate.value] = properties.get(quad.predicate.value, 0) + 1
        if quad.predicate.value.endswith("#type"):
            counts[quad.object.value] = counts.get(quad.object.value, 0) + 1
    facts = Facts(hash="0" * 64, graphs=(GraphCounts("", len(store), 9, properties, counts),) if index else ())
    served = Served(graph.StoreEngine(store), facts)

    def behind(context: Context) -> Behind:
        return Behind(routed(context, ROUTERS, {OpenNames: OneIndex(index)}))

    site = Site(WebSettings(base_url=BASE), Serving(served), lambda _: None, behind)
    # what would be a 500 is raised instead, so that no test can take it for an answer
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=site.app), base_url=BASE)


@pytest.fixture
async def client(store, index):
    async with client_over(store, index) as made:
        yield made


@pytest.fixture
async def plain_client(store):
    """Over an engine that nothing is known of: no index, no counts."""
    async with client_over(store, None) as made:
        yield made


class Schemas:
    """The schemas of one version."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.documents = {
            path.stem: json.loads(path.read_text()) for path in sorted((folder / "schemas").glob("*.json"))
        }
        resources = []
        for name, document in self.documents.items():
            resource = Resource.from_contents(document, default_specification=DRAFT7)
            version = folder.name
            ids = {document.get("$id", ""), f"https://reconciliation-api.github.io/specs/{version}/schemas/{name}.json"}
            ids.add(f"https://reconciliation-api.github.io/specs/draft/schemas/{name}.json")
            resources += [(one, resource) for one in ids if one]
        self.registry = Registry().with_resources(resources)

    def errors(self, name: str, value: object) -> list[str]:
        validator = Draft7Validator(self.documents[name], registry=self.registry)
        return [error.message[:200] for error in validator.iter_errors(value)]

    def check(self, name: str, value: object) -> None:
        assert self.errors(name, value) == []


@pytest.fixture(scope="session")
def stable() -> Schemas:
    return Schemas(given("w3c/vendor/reconciliation-specs/0.2"))


@pytest.fixture(scope="session")
def draft() -> Schemas:
    return Schemas(given("w3c/vendor/reconciliation-specs/1.0-draft"))


@pytest.fixture(scope="session")
def live(tmp_path_factory):
    """The address of a service of its own over the same graph."""
    folder = tmp_path_factory.mktemp("live")
    (folder / "data.trig").write_text(DATA, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "dadkhah.cli", "serve", "--rdf", str(folder / "data.trig"), "--port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*command, "--quiet"], stdout=log, stderr=log)
    try:
        until = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).close()
                break
            except OSError:
                assert process.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < until, (folder / "log").read_text()
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/reconcile"
    finally:
        process.terminate()
        process.wait(30)
