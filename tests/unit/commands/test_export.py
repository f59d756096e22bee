"""Every part of a snapshot in every format, read back by a program that the format is made for."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from dadkhah.cli.export import FORMATS, export
from dadkhah.snapshot.compile_rdf import compile_rdf
from dadkhah.snapshot.plan import BuildPlan
from dadkhah.source.formats.reading import RdfInput

BASE = "https://w3id.org/dadkhah/"
VOICE = f"{BASE}voice/paper/wire"
DATA = f"""PREFIX dk: <{BASE}ontology#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX id: <{BASE}id/>
PREFIX geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
GRAPH <{BASE}graph/authority> {{
  <{BASE}id/person/a> a dk:Person ; skos:prefLabel "آرمان"@fa , "=Arman & Co <x>"@en ; skos:altLabel "Arman-jan"@en .
  <{BASE}id/person/b> a dk:Person ; skos:prefLabel "Bahar"@en .
  <{BASE}id/institution/wire> a dk:Organization ; skos:prefLabel "The Wire"@en .
  <{BASE}id/place/town> a dk:Place ; skos:prefLabel "Town"@en ; geo:lat 35.5 ; geo:long 51.25 .
  <{BASE}id/event/trial> a dk:Trial , dk:Event ; skos:prefLabel "Trial of A"@en . }}
GRAPH <{BASE}graph/sources> {{ <{VOICE}> a dk:Voice ; dk:claimant <{BASE}id/institution/wire> . }}
GRAPH <{VOICE}> {{ <{BASE}id/event/trial> dk:defendant <{BASE}id/person/a> ; dk:place <{BASE}id/place/town> ;
  dk:earliest "2025-01-02"^^xsd:date ; dk:latest "2025-01-03"^^xsd:date . }}
"""
QUERIES = {
    "select": f"SELECT ?e ?who WHERE {{ ?e <{BASE}ontology#defendant> ?who }}",
    "construct": f"CONSTRUCT {{ ?e <{BASE}ontology#place> ?p }} WHERE {{ ?e <{BASE}ontology#place> ?p }}",
}
PARTS = ("all", "graph", *QUERIES)
RDF = {
    "nq": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG, "ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML, "jsonld": ox.RdfFormat.JSON_LD,
}  # fmt: skip


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    (folder / "graph.trig").write_text(DATA, "utf-8")
    for name, text in QUERIES.items():
        (folder / f"{name}.rq").write_text(text, "utf-8")
    compile_rdf([RdfInput(folder / "graph.trig")], BuildPlan(out=folder / "snapshots", merge=True, durable=False))
    return folder / "snapshots"


@pytest.fixture
def written(snapshots):
    def write(part: str, form: str) -> bytes:
        asked = {"all": [], "graph": ["--graph", VOICE]}.get(part, ["--query", str(snapshots.parent / f"{part}.rq")])
        done = CliRunner().invoke(export, ["--snapshots", str(snapshots), "--format", form, *asked])
        assert done.exception is None, done.exception
        return done.stdout_bytes

    return write


def test_the_table_has_a_reader_for_every_format():
    assert set(FORMATS) == {*RDF, "csv", "graphml", "geojson", "ftm"}


@pytest.mark.parametrize("part", PARTS)
def test_every_rdf_format_holds_the_same_statements(written, part):
    found = {
        form: {(quad.subject, quad.predicate, quad.object) for quad in ox.parse(written(part, form), format=kind)}
        for form, kind in RDF.items()
    }
    assert len(found["nq"]) == {"all": 21, "graph": 4, "select": 11, "construct": 1}[part]
    assert all(held == found["nq"] for held in found.values())


@pytest.mark.parametrize("part", PARTS)
def test_every_table_has_a_mark_and_no_cell_that_a_spreadsheet_would_run(written, part):
    body = written(part, "csv")
    assert body.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""))
    assert header == (["e", "who"] if part == "select" else ["graph", "subject", "predicate", "object"])
    assert len(rows) == {"all": 21, "graph": 4, "select": 1, "construct": 1}[part]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


@pytest.mark.parametrize("part", PARTS)
def test_a_graph_has_the_records_with_names_and_the_voices_of_each_edge(written, part):
    graph = nx.parse_graphml(written(part, "graphml").decode())
    names = {node: data["label"] for node, data in graph.nodes(data=True)}
    assert names[f"{BASE}id/person/a"] == "=Arman & Co <x>"
    edges = {(start, end): data for start, end, data in graph.edges(data=True)}
    edge = edges[f"{BASE}id/event/trial", f"{BASE}id/person/a"]
    assert (edge["property"], edge["voices"]) == (f"{BASE}ontology#defendant", VOICE)
    assert (f"{BASE}id/person/b" in names) == (part == "all")


@pytest.mark.parametrize("part", PARTS)
def test_a_map_has_the_places_with_who_gives_their_coordinates(written, part):
    features = json.loads(written(part, "geojson"))["features"]
    if part in ("graph", "select"):
        assert features == []
        return
    (feature,) = features
    assert feature["geometry"] == {"type": "Point", "coordinates": [51.25, 35.5]}
    assert feature["properties"]["voices"] == [{"iri": f"{BASE}graph/authority", "claimant": None}]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("part", PARTS)
def test_follow_the_money_takes_every_entity(written, part):
    try:
        from followthemoney import model
    except ImportError:
        missing = "followthemoney is missing (pip install -r requirements/ftm.txt)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    entities = {entity["id"]: entity for entity in map(json.loads, written(part, "ftm").splitlines())}
    assert (
        set(entities)
        == {
            "all": {"dk-person-a", "dk-person-b", "dk-institution-wire", "dk-place-town", "dk-event-trial"},
            "graph": {"dk-person-a", "dk-event-trial"},
            "select": {"dk-person-a", "dk-event-trial"},
            "construct": {"dk-event-trial", "dk-place-town", "dk-person-a"},
        }[part]
    )
    for entity in entities.values():
        model.get(entity["schema"]).validate(entity)
        assert model.get_proxy(entity, cleaned=True).caption
    if "dk-event-trial" in entities:
        properties = entities["dk-event-trial"]["properties"]
        assert (properties["startDate"], properties["endDate"]) == (["2025-01-02"], ["2025-01-03"])
        assert (properties["involved"], properties["location"]) == (["dk-person-a"], ["Town"])
        assert properties["publisher"] == ["The Wire"]


def test_a_query_that_asks_has_no_records(snapshots, tmp_path):
    (tmp_path / "ask.rq").write_text("ASK { ?s ?p ?o }")
    done = CliRunner().invoke(export, ["--snapshots", str(snapshots), "--query", str(tmp_path / "ask.rq")])
    assert "dadkhah query" in str(done.exception)
