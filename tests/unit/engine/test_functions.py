"""Functions that the engine lacks are found by the engine's own rules for names."""

import pyoxigraph as ox
import pytest

from dadkhah.engine.readers.functions import UnknownFunctions


def names(query):
    return {node.value for node in UnknownFunctions().of(query)}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT (<urn:f>(1) AS ?x) {}", {"urn:f"}),
        ("BASE <http://b/> SELECT (<f> (1) AS ?x) {}", {"http://b/f"}),
        ("PREFIX p: <http://p/> ASK { FILTER p:f(1) FILTER(1=1&&!p:g#note\n(2)) }", {"http://p/f", "http://p/g"}),
        ("PREFIX : <http://p/> ASK { FILTER(:f(1)) }", {"http://p/f"}),
        ("PREFIX select: <http://ASK/> # SELECT\nSELECT (select:f(1) AS ?x) {}", {"http://ASK/f"}),
        ("PREFIX é: <http://p/> SELECT (é:فا(1) AS ?x) {}", {"http://p/فا"}),
        (r"PREFIX p: <http://p/> SELECT (p:a\-b(1) AS ?x) {}", {"http://p/a-b"}),
        ("PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT (xsd:integer('5') AS ?x) {}", set()),
        ("SELECT (COUNT(*) AS ?n) { ?s <p:x> ?y FILTER(STRLEN(?y) > 3) }", set()),
    ],
)
def test_unknown_functions_are_found_and_known_ones_left_alone(query, expected):
    assert names(query) == expected


def test_geosparql_functions_stay_those_of_the_engine():
    query = (
        "PREFIX geof: <http://www.opengis.net/def/function/geosparql/> ASK { FILTER(geof:distance(?a, ?b, ?c) > 1) }"
    )
    assert names(query) == set()


def test_unknown_function_has_no_value_in_place_of_ending_the_query():
    query = "SELECT ?y (<urn:f>(?y) AS ?x) { VALUES ?y { 1 2 } FILTER(COALESCE(<urn:g>(?y), true)) }"
    rows = list(ox.Store().query(query, custom_functions=UnknownFunctions().of(query)))
    assert [row["x"] for row in rows] == [None, None]
