"""Answers as data: each statement has exactly the voices that state it in the snapshot."""

from __future__ import annotations

import csv
import io
import json
import re
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pyoxigraph as ox

ID, DK = "https://w3id.org/dadkhah/id/", "https://w3id.org/dadkhah/ontology#"
WHO = "person/behrouz-ehsani"
GEO = "http://www.w3.org/2003/01/geo/wgs84_pos#"


def own(graphs):
    """Voices that are compared: inverses that the build derives are told as their originals."""
    return {graph for graph in graphs if not graph.endswith("graph/derived")}


def edges_are_stated(engine, edges):
    assert edges
    for subject, name, value, voices in edges:
        expected = engine.graphs[subject, name, value]
        assert expected, (subject, name, value)
        assert voices, (subject, name, value)
        assert own(voices) == own(expected), (subject, name, value)


def graph_json(engine, address):
    found = json.loads(engine.get(address))
    edges = found["edges"] if "edges" in found else [e for p in found["paths"] for s in p["steps"] for e in s["edges"]]
    edges_are_stated(
        engine,
        [(e["subject"], e["property"]["iri"], e["object"], {v["iri"] for v in e["voices"]}) for e in edges],
    )
    for voice in (voice for edge in edges for voice in edge["voices"]):
        assert (voice.get("claimant") or {}).get("iri", "") == engine.claimants.get(voice["iri"], "")


def graph_ml(engine, address):
    space = "{http://graphml.graphdrawing.org/xmlns}"
    edges = []
    for edge in ET.fromstring(engine.get(address)).iter(f"{space}edge"):
        held = {each.get("key"): each.text or "" for each in edge.iter(f"{space}data")}
        voices = set(held["voices"].split())
        edges.append((edge.get("source"), held["property"], edge.get("target"), voices))
        named = {engine.who(graph) for graph in voices} - {""}
        assert named <= set(held["claimants"].split("; ")), held
        assert held["claimants"]
    edges_are_stated(engine, edges)


def voices_in(value):
    """Every object of a JSON document that is a voice."""
    if isinstance(value, dict):
        if "role" in value and "iri" in value:
            yield value
        for each in value.values():
            yield from voices_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from voices_in(each)


def value_of(term):
    return term.get("iri") or term.get("value") or ""


class Items:
    """A list in JSON: each item holds voices of the graph that speak of what it is about."""

    def __init__(self, *about, under="items"):
        self.about, self.under = about, under

    def __call__(self, engine, address):
        document = json.loads(engine.get(address))
        items = document[self.under] if self.under else [document]
        assert items
        for item in items:
            record = item
            for key in self.about:
                record = record[key]
            spoken = list(voices_in(item))
            undated = "datings" in item and not item["datings"]
            assert spoken or undated, (address, item)
            for voice in spoken:
                assert voice["iri"] in engine.voices, voice
                claimant = (voice.get("claimant") or {}).get("iri", "")
                # our own reading need not be called by name
                assert claimant == engine.claimants.get(voice["iri"], "") or voice["role"] == "analysis", voice
                if self.about:
                    assert voice["iri"] in engine.speaks_of[record["iri"]], (address, record["iri"], voice)


def statements(engine, address):
    """Each statement of a record with exactly the voices that make it."""
    document = json.loads(engine.get(address))
    assert document["statements"]
    for each in document["statements"]:
        held = engine.graphs[document["record"]["iri"], each["property"]["iri"], value_of(each["value"])]
        assert own({voice["iri"] for voice in each["voices"]}) == own(held), each


class Table:
    """A CSV: no row without a voice that speaks of the row's record; where there are several, all are named."""

    def __init__(self, *records):
        self.records = records

    def __call__(self, engine, address):
        rows = list(csv.DictReader(io.StringIO(engine.get(address).removeprefix("\ufeff"), newline="")))
        assert rows
        for row in rows:
            voices = set((row.get("voice") or row.get("voices") or "").split())
            told = {row["claimant"]} if "claimant" in row else set(row["claimants"].split("; "))
            empty = not any(row.get(each) for each in ("earliest", "places", "people", "value", "match", "kinds"))
            assert voices or ("voice" in row and empty), (address, row)
            assert voices <= engine.voices
            assert {engine.who(graph) for graph in voices} - {""} <= told, row
            for name in self.records:
                assert voices <= set().union(*(engine.speaks_of[part] for part in row[name].split())), row


def follow_the_money(engine, address):
    """An entity tells in its notes who gives its names and each claim, and its publishers are the claimants."""
    entities = [json.loads(line) for line in engine.get(address).splitlines()]
    assert entities
    for entity in entities:
        notes, record = entity["properties"].get("notes", []), entity["properties"]["sourceUrl"][0]
        assert any(note.startswith("names and kind: ") for note in notes), entity
        claimants = {engine.names[each].get("en") or next(iter(engine.names[each].values())) for each in
                     engine.claimants_about({record})}  # fmt: skip
        assert set(entity["properties"].get("publisher", ())) <= claimants, entity
        if entity["schema"] == "Event":
            told = [note for note in notes if note.startswith("date ")]
            assert bool(told) == bool(entity["properties"].keys() & {"date", "startDate", "endDate"}), entity
            for place in entity["properties"].get("location", ()):
                assert any(f": {place}: according to" in note for note in notes), (place, notes)
            assert len(entity["properties"].get("involved", ())) <= sum(": according to" in note for note in notes)
        for note in notes:
            assert re.search("according to|computed from", note), note


def geo_json(engine, address):
    """A place has exactly the voices that give both of its coordinates."""
    features = json.loads(engine.get(address))["features"]
    assert features
    for each in features:
        subject = each["id"]
        giving = [
            {g for (s, p, _), held in engine.graphs.items() if (s, p) == (subject, f"{GEO}{name}") for g in held}
            for name in ("lat", "long")
        ]
        assert {voice["iri"] for voice in each["properties"]["voices"]} == giving[0] & giving[1]


class Rdf:
    """A format with named graphs: each statement in the graphs of the voices that make it, and in no other."""

    def __init__(self, form, kind):
        self.form, self.kind = form, kind

    def __call__(self, engine, address):
        joiner = "" if address.startswith("/data/") else "&format=" if "?" in address else "?format="
        body = engine.get(f"{address}{joiner or '.'}{self.form}")
        found = [
            each for each in ox.parse(body.encode(), format=self.kind) if isinstance(each.graph_name, ox.NamedNode)
        ]
        assert found
        stated = {}
        for each in found:
            key = each.subject.value, each.predicate.value, each.object.value
            stated.setdefault(key, set()).add(each.graph_name.value)
        for key, graphs in stated.items():
            assert graphs == engine.graphs[key], key


def turtle(engine, address):
    """Turtle has no graphs: each statement stands under a comment that names its voice."""
    joiner = ".ttl" if address.startswith("/data/") else "&format=ttl" if "?" in address else "?format=ttl"
    blocks = engine.get(address + joiner).split("\n\n")
    assert blocks
    for block in blocks:
        head, _, rest = block.partition("\n")
        graph = re.search(r"<([^<>]+)>$", head)[1]
        assert head.startswith("# ")
        assert engine.who(graph) in head
        for each in ox.parse(rest.encode(), format=ox.RdfFormat.TURTLE):
            assert graph in engine.graphs[each.subject.value, each.predicate.value, each.object.value]


QUADS = (Rdf("trig", ox.RdfFormat.TRIG), Rdf("nq", ox.RdfFormat.N_QUADS), Rdf("jsonld", ox.RdfFormat.JSON_LD), turtle)


def preview(engine, address):
    text = engine.get(address)
    text = json.loads(text)["html"] if text.startswith("{") else text
    assert re.search("according to|computed from", text)


def extension(engine, address):
    """Values of a data extension come with their claimants, in the answer and as a column of their own."""
    props = [{"id": "comesFrom"}, {"id": "according-to:comesFrom"}]
    asked = {"ids": [WHO], "properties": props}
    body = urlencode({"extend": json.dumps(asked)}).encode()
    found = json.loads(engine.get("/reconcile", data=body))
    (row,) = found["rows"].values()
    assert len(row["comesFrom"]) == len(row["according-to:comesFrom"]) > 0
    for value, cell, told in zip(
        row["comesFrom"], row["according-to:comesFrom"], found["attribution"][WHO]["comesFrom"], strict=True
    ):
        graphs = engine.graphs[f"{ID}{WHO}", f"{DK}comesFrom", value["id"]]
        assert set(told) == {engine.who(graph) for graph in graphs} == set(cell["str"].split("; "))
    assert address
