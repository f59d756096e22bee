from __future__ import annotations

import csv
import io
import json
import os

import networkx as nx
import pyoxigraph as ox
import pytest

ID = "https://w3id.org/dadkhah/id/"
LISTS = ["events", "places", "patterns", "patterns/p", "conflicts", "sources", "sources/news", "search?q=example"]
VIEWS = [*LISTS, "person/a", "event/trial", "prison/south", "person/a/timeline", "person/a/statements"]


def address(view: str, form: str) -> str:
    return f"/api/v1/{view}{'&' if '?' in view else '?'}format={form}"


def triples(body: bytes, form: ox.RdfFormat) -> set:
    return {(quad.subject, quad.predicate, quad.object) for quad in ox.parse(body, format=form)}


@pytest.mark.parametrize("view", VIEWS)
async def test_json_ld_and_every_other_rdf_format_hold_the_same_statements(client, view):
    turtle = triples((await client.get(address(view, "ttl"))).content, ox.RdfFormat.TURTLE)
    assert turtle
    for form, kind in (
        ("jsonld", ox.RdfFormat.JSON_LD), ("nt", ox.RdfFormat.N_TRIPLES), ("rdf", ox.RdfFormat.RDF_XML),
        ("nq", ox.RdfFormat.N_QUADS), ("trig", ox.RdfFormat.TRIG),
    ):  # fmt: skip
        assert triples((await client.get(address(view, form))).content, kind) == turtle, form


@pytest.mark.parametrize("view", VIEWS)
async def test_every_table_has_a_mark_and_no_cell_that_a_spreadsheet_would_run(client, view):
    answer = await client.get(address(view, "csv"))
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.headers["content-disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert len({len(row) for row in rows}) == 1
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "@", "\t", "\r")]


@pytest.mark.parametrize("view", VIEWS)
async def test_every_view_is_a_graph_with_the_voices_of_each_edge(client, view):
    graph = nx.parse_graphml((await client.get(address(view, "graphml"))).text)
    assert graph.number_of_nodes() > 0
    assert all(data["voices"] for _, _, data in graph.edges(data=True))


async def test_the_graph_of_the_events_holds_each_listed_event(client):
    graph = nx.parse_graphml((await client.get(address("events", "graphml"))).text)
    assert {f"{ID}event/trial", f"{ID}event/move", f"{ID}event/later", f"{ID}person/a"} <= set(graph.nodes)


@pytest.mark.parametrize(
    ("view", "places"),
    [("events", ["place/town"]), ("places", ["place/town"]), ("event/later", ["place/town"]), ("person/a", []),
     ("event/trial", []), ("sources", [])],
)  # fmt: skip
async def test_geojson_has_only_places_that_a_source_gives_coordinates_for(client, view, places):
    document = (await client.get(address(view, "geojson"))).json()
    assert document["type"] == "FeatureCollection"
    assert [feature["id"].removeprefix(ID) for feature in document["features"]] == places
    for feature in document["features"]:
        assert feature["geometry"] == {"type": "Point", "coordinates": [51.25, 35.5]}
        assert feature["properties"]["voices"]


def follow_the_money():
    try:
        from followthemoney import model
    except ImportError:
        missing = "followthemoney is missing (pip install -r requirements/ftm.txt)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return model


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("view", VIEWS)
async def test_follow_the_money_takes_every_entity_without_losing_a_value(client, view):
    model = follow_the_money()
    answer = await client.get(address(view, "ftm"))
    entities = [json.loads(line) for line in answer.content.splitlines()]
    assert entities
    known = {entity["id"] for entity in entities}
    assert len(known) == len(entities)
    for entity in entities:
        model.get(entity["schema"]).validate(entity)
        proxy = model.get_proxy(entity, cleaned=False)
        assert proxy.caption
        assert {name: sorted(values) for name, values in proxy.to_dict()["properties"].items()} == {
            name: sorted(set(values)) for name, values in entity["properties"].items()
        }
        cleaned = model.get_proxy(entity, cleaned=True)
        for name, values in entity["properties"].items():
            assert set(cleaned.get(name)) == set(values), name
        # what an entity points to is among them
        for prop, value in proxy.itervalues():
            if prop.type.name == "entity":
                assert value in known
