"""The committed data as a store, one named graph for each file's graph, and the inventory it is measured against."""

import json
import os
from pathlib import Path

import pyoxigraph as ox
import pytest

from dadkhah.iris import Iris
from dadkhah.source.files.tree import Role, discover, find_project

ROOT = Path(__file__).parents[2]
ARTICLE = "silent-massacre-2025"
IRIS = Iris()
PREFIXES = "".join(
    line.removeprefix("@").removesuffix(" .") + "\n"
    for line in (ROOT / "ontology/prefixes.ttl").read_text(encoding="utf-8").splitlines()
    if line.startswith("@prefix")
)


def given(name: str) -> Path:
    """A file of the given folder beside the checkout."""
    path = Path(os.environ.get("DADKHAH_GIVEN", ROOT.parent / "shared")) / name
    if not path.exists():
        message = f"{name} is not in the given folder; set DADKHAH_GIVEN"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return path


def concerns_the_article(path: Path, role: Role) -> bool:
    """Whether a file belongs to what is read from the article, or is shared by all sources."""
    if role in {Role.AUTHORITY, Role.ONTOLOGY, Role.ANALYSIS}:
        return True
    return role in {Role.SOURCE, Role.VOICE} and path.parent.name == ARTICLE


class Data:
    """A store and the ways of asking it."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store

    @classmethod
    def of_the_article(cls) -> "Data":
        """The committed files that concern the article."""
        project = find_project(ROOT)
        assert project is not None
        store = ox.Store()
        for file in discover(project, IRIS).files:
            if file.graph and concerns_the_article(file.path, file.role):
                graph = ox.NamedNode(file.graph)
                quads = ox.parse(path=str(file.path), format=ox.RdfFormat.TURTLE)
                store.extend(ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads)
        return cls(store)

    def ask(self, voice: str, pattern: str) -> bool:
        """Whether a pattern holds in one voice's graph, or in all graphs together (`*`)."""
        everywhere = voice == "*"
        where = pattern if everywhere else f"GRAPH <{IRIS.base}voice/{voice}> {{ {pattern} }}"
        query = f"{PREFIXES}ASK {{ {where} }}"
        return bool(self.store.query(query, use_default_graph_as_union=everywhere))

    def rows(self, select: str) -> list[tuple[str, ...]]:
        """The rows of a SELECT over all graphs together."""
        solutions = self.store.query(PREFIXES + select, use_default_graph_as_union=True)
        return [tuple(term.value for term in row) for row in solutions]

    def cited(self, voice: str, records: set[str]) -> set[str]:
        """Ids of the passages (P1, H2) that these records cite in one voice's graph."""
        union = set()
        for record in records:
            pattern = f"GRAPH <{IRIS.base}voice/{voice}> {{ {record} dk:cites ?passage }}"
            rows = self.store.query(f"{PREFIXES}SELECT ?passage {{ {pattern} }}")
            union |= {row["passage"].value.rpartition("-")[2] for row in rows}
        return union


@pytest.fixture(scope="session")
def data() -> Data:
    return Data.of_the_article()


@pytest.fixture(scope="session")
def inventory() -> dict:
    return json.loads(given("source/inventory.json").read_text(encoding="utf-8"))
