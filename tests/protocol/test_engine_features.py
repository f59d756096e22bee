"""What the service offers beyond the suites: SERVICE by an allow-list, RDF 1.2, extension functions."""

import httpx
import pytest

pytestmark = [pytest.mark.given, pytest.mark.slow]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    path = tmp_path_factory.mktemp("features") / "data.nq"
    path.write_text('<http://e.org/s> <http://e.org/p> "there" .\n', encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def other(w3c, data):
    """A service that is reached by SERVICE."""
    with w3c.running(data) as address:
        yield f"{address}/sparql"


@pytest.fixture(scope="module")
def address(w3c, data, other):
    with w3c.running(data, services=other) as found:
        yield f"{found}/sparql"


def ask(address, query):
    return httpx.get(address, params={"query": query}, timeout=30)


def rows(address, query):
    return ask(address, query).raise_for_status().json()["results"]["bindings"]


def test_service_may_name_an_endpoint_of_the_allow_list(address, other):
    found = rows(address, f"SELECT ?o {{ SERVICE <{other}> {{ ?s ?p ?o }} }}")
    assert found == [{"o": {"type": "literal", "value": "there"}}]


@pytest.mark.parametrize("query", ["SERVICE <{0}x> {{ ?s ?p ?o }}", "BIND(<{0}> AS ?x) SERVICE ?x {{ ?s ?p ?o }}"])
def test_service_may_name_no_other_endpoint_and_no_variable(address, other, query):
    assert ask(address, f"SELECT * {{ {query.format(other)} }}").status_code == 403


def test_without_the_setting_every_service_is_refused(other):
    assert ask(other, f"SELECT * {{ SERVICE <{other}> {{ ?s ?p ?o }} }}").status_code == 403


def test_triple_terms_and_base_directions_of_rdf_1_2_are_answered(address):
    (row,) = rows(
        address, 'SELECT ?t ?d { BIND(<<( <a:a> <a:b> "x"@ar--rtl )>> AS ?t) BIND(LANGDIR(OBJECT(?t)) AS ?d) }'
    )
    assert row["t"]["type"] == "triple"
    assert row["t"]["value"]["object"]["its:dir"] == "rtl"
    assert row["d"]["value"] == "rtl"


def test_the_service_description_names_extension_functions_that_can_be_called(address):
    lines = httpx.get(address, headers={"Accept": "application/n-triples"}, timeout=30).text.splitlines()
    named = {line.split()[2] for line in lines if "sparql-service-description#extensionFunction>" in line}
    assert "<http://www.opengis.net/def/function/geosparql/distance>" in named
    (row,) = rows(address, 'SELECT ("2025-11-26"^^<http://www.w3.org/2001/XMLSchema#date> AS ?day) {}')
    assert row["day"]["value"] == "2025-11-26"
