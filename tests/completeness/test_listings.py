"""Entries of sanctions lists: linked after review, said by the list, and nothing linked that nobody decided."""

import re

import pyoxigraph as ox
import pytest

from dadkhah.source.files.tree import discover, find_project
from dadkhah.source.project.mappings import read_sssom, statements

from .conftest import IRIS, PREFIXES, ROOT

LISTS = ("http://publications.europa.eu/resource/celex/32011R0359#", "https://sanctionssearch.ofac.treas.gov/")


def decided(state):
    rows, problems, _ = read_sssom(ROOT / f"data/mappings/{state}.sssom.tsv", state)
    assert problems == ()
    return rows.rows


@pytest.fixture(scope="module")
def graph():
    store = ox.Store()
    for file in discover(find_project(ROOT), IRIS).files:
        if file.graph and file.path.suffix == ".ttl":
            quads = ox.parse(path=str(file.path), format=ox.RdfFormat.TURTLE)
            store.extend(ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode(file.graph)) for q in quads)
    mappings = ox.NamedNode(IRIS.graph("mappings"))
    store.extend(ox.Quad(*triple, mappings) for triple in statements(decided("accepted")))
    return store


def rows(graph, where):
    return [tuple(term.value if term else "" for term in row) for row in graph.query(PREFIXES + where)]


def test_the_judge_of_branch_26_is_listed_by_the_union_with_day_and_programme(graph):
    found = rows(
        graph,
        "SELECT ?claimant ?day ?programme { GRAPH graph:mappings { person:iman-afshari skos:exactMatch ?entry } "
        "GRAPH ?voice { ?listing a dk:Listing ; dk:listed person:iman-afshari ; dk:entry ?entry ; dk:edtf ?day ; "
        "dk:programme ?programme } GRAPH graph:sources { ?voice dk:claimant ?claimant } }".replace(
            "graph:mappings", f"<{IRIS.graph('mappings')}>"
        ).replace("graph:sources", f"<{IRIS.graph('sources')}>"),
    )
    assert found == [(f"{IRIS.base}id/institution/european-union", "2026-01-29", "EU-IRN")]


@pytest.mark.parametrize("prison", ["evin", "fashafouyeh", "qarchak", "zahedan", "qezel-hesar"])
def test_a_prison_is_listed_by_the_treasury(graph, prison):
    found = rows(
        graph,
        f"SELECT ?entry {{ GRAPH <{IRIS.voice('ofac-sdn', 'ofac')}> "
        f"{{ ?listing dk:listed prison:{prison} ; dk:entry ?entry }} "
        f"GRAPH <{IRIS.graph('mappings')}> {{ prison:{prison} skos:exactMatch ?entry }} }}",
    )
    assert len(found) == 1


def test_every_accepted_entry_is_a_listing_of_its_list_and_the_other_way_round(graph):
    linked = {(row.subject_id, row.object_id) for row in decided("accepted") if row.object_id.startswith(LISTS)}
    listed = set(rows(graph, "SELECT ?who ?entry { GRAPH ?voice { ?l dk:listed ?who ; dk:entry ?entry } }"))
    assert linked == listed
    assert len(linked) >= 16


def test_every_decision_has_a_person_a_day_and_names_the_row_that_was_read():
    for state in ("accepted", "rejected", "undecided"):
        for row in decided(state):
            assert row.reviewer_id, row
            assert row.mapping_date, row
            assert row.mapping_justification.endswith("ManualMappingCuration")
            assert state != "accepted" or re.search(r"recordId \d+|entry \d+", row.comment), row


def test_what_was_looked_for_and_not_found_is_said_and_not_linked():
    none = {(row.subject_id, row.extra["object_source"]) for row in decided("none")}
    assert (f"{IRIS.base}id/person/iman-afshari", LISTS[1]) in none
    linked = {row.subject_id for row in decided("accepted") if row.object_id.startswith(LISTS[1])}
    assert linked & {who for who, where in none if where == LISTS[1]} == set()
    assert all(row.object_id == "https://w3id.org/sssom/NoTermFound" for row in decided("none"))
