from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET

import networkx as nx
import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ID = "https://w3id.org/dadkhah/id/"
LISTS = ["events", "conflicts", "sources", "patterns", "search?q=example", "sources/news"]


@pytest.mark.parametrize("path", LISTS)
async def test_every_list_is_json_csv_rdf_and_follow_the_money(client, path):
    joiner = "&" if "?" in path else "?"
    for form, media_type in (
        ("json", "application/json"), ("csv", "text/csv"), ("jsonld", "application/ld+json"), ("ttl", "text/turtle"),
        ("nt", "application/n-triples"), ("rdf", "application/rdf+xml"), ("trig", "application/trig"),
        ("nq", "application/n-quads"), ("ftm", "application/x-ndjson"),
    ):  # fmt: skip
        named = await client.get(f"/api/v1/{path}{joiner}format={form}")
        accepted = await client.get(f"/api/v1/{path}", headers={"accept": media_type})
        assert (named.status_code, accepted.status_code) == (200, 200)
        assert named.headers["content-type"].partition(";")[0] == media_type
        if form not in ("ttl", "nt", "rdf", "jsonld"):
            assert accepted.content == named.content


@pytest.mark.parametrize("path", LISTS)
async def test_a_format_that_is_not_offered_is_refused(client, path):
    assert (await client.get(f"/api/v1/{path}", headers={"accept": "image/png"})).status_code == 406
    answer = await client.get(f"/api/v1/{path}", params={"format": "docx"})
    assert answer.status_code == 400


async def test_csv_and_rdf_of_a_list_hold_the_same_records(client):
    table = await client.get("/api/v1/events?format=csv")
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"), newline="")))
    data = await client.get("/api/v1/events?format=nt")
    subjects = {quad.subject.value for quad in ox.parse(data.content, format=ox.RdfFormat.N_TRIPLES)}
    assert {row["event"] for row in rows} == subjects


async def test_a_list_is_paged_by_cursors_without_gap_or_repeat(client):
    seen, url = [], "/api/v1/events?limit=1"
    while url:
        document = (await client.get(url)).json()
        seen += [item["event"]["iri"] for item in document["items"]]
        url = document["next"]
    assert seen == [f"{ID}event/{name}" for name in ("trial", "move", "later")]


async def test_a_cursor_of_another_list_is_refused(client):
    cursor = (await client.get("/api/v1/events?limit=1")).json()["cursor"]
    answer = await client.get("/api/v1/events", params={"type": "Trial", "cursor": cursor})
    assert answer.status_code == 400
    assert "cursor" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("type=Execution", ["later"]),
        ("type=dk:Trial", ["trial"]),
        ("type=https://w3id.org/dadkhah/ontology%23Trial", ["trial"]),
        ("person=person/a", ["trial", "move"]),
        ("person=person:a", ["trial", "move"]),
        ("place=place/town", ["move", "later"]),
        ("from=2024-04&to=2024", ["move"]),
        ("source=source/report", ["trial"]),
    ],
)
async def test_events_are_filtered_by_names_curies_and_iris(client, query, found):
    document = (await client.get(f"/api/v1/events?{query}")).json()
    assert [item["event"]["id"] for item in document["items"]] == [f"event/{name}" for name in found]


@pytest.mark.parametrize(
    "path",
    [
        "events?from=soon", "events?from=2025-02-30", "events?limit=0", "events?limit=5000", "events?person=x y",
        "events?type=%3E", "events?cursor=abc", "graph", "graph?seed=", "graph?seed=person/a&hops=4",
        "graph?seed=person/a&hops=x", "paths?from=person/a", "paths?from=person/a&to=%20", "paths?from=a&to=b&k=0",
        "search?limit=1000", "graph?seed=" + ",".join(f"person/{n}" for n in range(30)),
    ],
)  # fmt: skip
async def test_a_parameter_that_cannot_be_used_is_a_bad_request_that_names_it(client, path):
    answer = await client.get(f"/api/v1/{path}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


async def test_the_graph_gives_nodes_and_edges_with_the_voices_of_each_edge(client):
    document = (await client.get("/api/v1/graph?seed=person/a&hops=2")).json()
    assert {node["id"]: node["hops"] for node in document["nodes"]} == {
        "person/a": 0, "event/trial": 1, "event/move": 1, "person/j": 2, "prison/north": 2, "prison/south": 2,
    }  # fmt: skip
    assert all(edge["voices"] for edge in document["edges"])
    only = (await client.get("/api/v1/graph?seed=person/a&hops=2&relations=defendant,judge")).json()
    assert {node["id"] for node in only["nodes"]} == {"person/a", "event/trial", "person/j"}
    late = (await client.get("/api/v1/graph?seed=person/a&hops=2&from=2024-05")).json()
    assert {node["id"] for node in late["nodes"]} == {"person/a", "event/move", "prison/north", "prison/south"}


async def test_the_graph_is_also_graphml_and_svg_that_reads_without_scripts(client):
    xml = await client.get("/api/v1/graph.graphml?seed=person/a&hops=2")
    assert xml.headers["content-type"] == "application/graphml+xml"
    graph = nx.parse_graphml(xml.text)
    assert graph.number_of_nodes() == 6
    assert graph.nodes[f"{ID}person/a"]["label"] == "Arman Example"
    assert all(data["voices"] for _, _, data in graph.edges(data=True))
    picture = await client.get("/api/v1/graph.svg?seed=person/a&hops=2&lang=fa")
    root = ET.fromstring(picture.content)
    space = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{space}title").text == "آرمان نمونه"
    assert root.find(f"{space}desc").text
    links = root.findall(f".//{space}a")
    assert {link.get("href") for link in links} >= {"/fa/person/a", "/fa/event/trial"}
    assert all(link.findtext(f"{space}title") or link.findtext(f"{space}text") for link in links)
    assert b"<script" not in picture.content
    assert picture.content == (await client.get("/api/v1/graph.svg?seed=person/a&hops=2&lang=fa")).content


async def test_paths_tell_each_step_with_its_voices(client):
    document = (await client.get("/api/v1/paths?from=person/a&to=person/b&k=2")).json()
    assert document["complete"]
    (path, *_) = document["paths"]
    assert [step["end"]["id"] for step in path["steps"]] == ["event/move", "prison/south", "event/later", "person/b"]
    assert all(edge["voices"] for step in path["steps"] for edge in step["edges"])
    avoided = (await client.get("/api/v1/paths?from=person/a&to=person/b&avoid=prison/south")).json()
    assert avoided["paths"] == []
    relation = (await client.get("/api/v1/paths?from=person/a&to=person/b&avoid=place")).json()
    assert relation["paths"] == []
    assert (
        nx.parse_graphml((await client.get("/api/v1/paths.graphml?from=person/a&to=person/b")).text).number_of_nodes()
        == 5
    )


async def test_places_are_geojson_with_sourced_coordinates(client):
    document = (await client.get("/api/v1/places.geojson")).json()
    (feature,) = document["features"]
    assert document["type"] == "FeatureCollection"
    assert feature["geometry"] == {"type": "Point", "coordinates": [51.25, 35.5]}
    assert feature["properties"]["voices"]


async def test_a_pattern_keeps_empty_stages_and_marks_proposals(client):
    document = (await client.get("/api/v1/patterns/p")).json()
    assert [(s["order"], len(s["matches"]), len(s["proposals"])) for s in document["stages"]] == [(1, 1, 1), (2, 0, 0)]
    assert sorted(cell["proposed"] for cell in document["cells"]) == [False, True]
    rows = (await client.get("/api/v1/patterns/p?format=csv")).text.splitlines()
    assert len(rows) == 1 + 3


async def test_a_source_tells_its_coverage(client):
    document = (await client.get("/api/v1/sources/news")).json()
    assert document["coverage"] == {"passages": 3, "covered": 3}
    assert (await client.get("/api/v1/sources/nothing")).status_code == 404


async def test_search_and_suggest_say_why(client):
    document = (await client.get("/api/v1/search?q=arman&type=Person")).json()
    assert document["items"][0]["id"] == "person/a"
    assert document["items"][0]["why"]
    assert document["facets"]["type"]
    assert (await client.get("/api/v1/suggest?q=arm")).json()["items"]


async def test_figures_risk_and_changes_are_told(client):
    assert (await client.get("/api/v1/stats")).json()["conflicts"] == 1
    assert (await client.get("/api/v1/risk")).json()["items"] == []
    document = (await client.get("/api/v1/changes?limit=1")).json()
    assert document["items"][0]["after"] == "bb"
    assert (await client.get(document["next"])).json()["items"][0]["after"] == "aa"


async def test_each_switch_tells_the_records_that_changed_and_how_much_went(client):
    item = (await client.get("/api/v1/changes")).json()["items"][0]
    assert item["changed"] == {
        "recordsAdded": 0, "recordsChanged": 1, "recordsRemoved": 1, "statementsAdded": 1, "statementsRemoved": 5,
    }  # fmt: skip
    assert [(each["id"], each["change"], each["statementsRemoved"]) for each in item["records"]] == [
        ("person/a", "changed", 2)
    ]
    one = (await client.get(item["url"])).json()
    assert one["items"] == item["records"]
    assert one["items"][0]["came"][0]["value"]["value"] == "3"
    table = await client.get(item["url"], headers={"accept": "text/csv"})
    assert table.text.splitlines()[1].startswith("https://w3id.org/dadkhah/id/person/a,")
    assert (await client.get("/api/v1/changes/aa")).json()["changed"] == {"unknown": "first"}
    missing = await client.get("/api/v1/changes/cc")
    assert (missing.status_code, missing.json()["near"]) == (404, ["/api/v1/changes/bb", "/api/v1/changes/aa"])


async def test_every_route_is_described(client):
    paths = (await client.get("/openapi.json")).json()["paths"]
    for path in (
        "/api/v1/search", "/api/v1/suggest", "/api/v1/{kind}/{slug}", "/api/v1/{kind}/{slug}/statements",
        "/api/v1/{kind}/{slug}/timeline", "/api/v1/graph", "/api/v1/paths", "/api/v1/events", "/api/v1/places.geojson",
        "/api/v1/patterns/{slug}", "/api/v1/conflicts", "/api/v1/sources/{slug}", "/api/v1/stats", "/api/v1/changes",
    ):  # fmt: skip
        assert paths[path]["get"]["summary"]
    names = {parameter["name"] for parameter in paths["/api/v1/events"]["get"]["parameters"]}
    assert {"type", "from", "to", "place", "person", "limit", "cursor"} <= names


ADDRESSES = st.sampled_from(
    [
        "search",
        "suggest",
        "graph",
        "paths",
        "events",
        "conflicts",
        "sources",
        "risk",
        "changes",
        "record",
        "places.geojson",
    ]
)
NAMES = st.sampled_from(
    [
        "q",
        "type",
        "from",
        "to",
        "place",
        "person",
        "seed",
        "k",
        "hops",
        "avoid",
        "relations",
        "iri",
        "limit",
        "cursor",
        "format",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["person/a", "-1", "9" * 30, "2024", "\x00", "} DROP", "https://e.org/\u202e", "%00", "csv", "٣"]),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ADDRESSES, st.dictionaries(NAMES, TEXTS, max_size=4))
async def test_no_parameters_make_the_service_fail(client, address, parameters):
    answer = await client.get(
        f"/api/v1/{address}", params={k: v.encode("utf-8", "replace").decode() for k, v in parameters.items()}
    )
    assert answer.status_code in (200, 400, 404, 406, 410)
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=30))
async def test_no_name_of_a_record_makes_the_service_fail(client, kind, slug):
    from urllib.parse import quote

    name = f"{quote(kind.encode('utf-8', 'replace'), safe='')}/{quote(slug.encode('utf-8', 'replace'), safe='')}"
    for path in (f"/api/v1/{name}", f"/id/{name}", f"/data/{name}.ttl"):
        answer = await client.get(path, headers={"accept": "*/*"})
        assert answer.status_code in (200, 303, 400, 404, 405, 410)
