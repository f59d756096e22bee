"""The real project, built and served as a user serves it, and what its engine says about who says what."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

import pytest

DK = "https://w3id.org/dadkhah/ontology#"
CLAIMANT = f"{DK}claimant"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"


@dataclass
class Engine:
    """All statements of the snapshot with their graphs, as the endpoint gives them."""

    base: str
    graphs: dict[tuple[str, str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    speaks_of: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """A record to the graphs that hold a statement of it or to it."""
    claimants: dict[str, str] = field(default_factory=dict)
    names: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))

    def read(self) -> Engine:
        query = "SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }"
        for row in json.loads(self.get(f"/sparql?{urllib.parse.urlencode({'query': query, 'format': 'json'})}"))[
            "results"
        ]["bindings"]:
            subject, name, value, graph = (row[each]["value"] for each in "spog")
            self.graphs[subject, name, value].add(graph)
            self.speaks_of[subject].add(graph)
            self.speaks_of[value].add(graph)
            if name == CLAIMANT:
                self.claimants[subject] = value
            if name == LABEL:
                self.names[subject][row["o"].get("xml:lang", "")] = value
        return self

    def get(self, path: str, accept: str = "*/*", data: bytes | None = None) -> str:
        request = urllib.request.Request(self.base + path, data=data, headers={"Accept": accept})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read().decode("utf-8")

    def who(self, graph: str, language: str = "en") -> str:
        """The claimant of a graph by name, as exports call it; empty where it is nobody's."""
        claimant = self.claimants.get(graph, "")
        names = self.names.get(claimant, {})
        return names.get(language) or names.get("en") or next(iter(names.values()), "") if claimant else ""

    def claimants_about(self, records: set[str]) -> set[str]:
        """Whoever says anything of one of these records."""
        held = (graph for record in records for graph in self.speaks_of.get(record, ()))
        return {self.claimants[graph] for graph in held if graph in self.claimants}

    @cached_property
    def voices(self) -> set[str]:
        return {graph for held in self.graphs.values() for graph in held}


@pytest.fixture(scope="session")
def engine(project_service) -> Engine:
    return Engine(project_service).read()
