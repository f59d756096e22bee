"""What a FAIR client does: begins at a page, follows Link headers, reads descriptions, fetches and checks the data."""

from __future__ import annotations

import gzip
import hashlib
import re

import pyoxigraph as ox
import pytest

DCAT = "http://www.w3.org/ns/dcat#"
DCT = "http://purl.org/dc/terms/"
VOID = "http://rdfs.org/ns/void#"
SPDX = "http://spdx.org/rdf/terms#"
LICENSE = ox.NamedNode("https://creativecommons.org/licenses/by/4.0/")


def links_of(answer) -> list[tuple[str, dict[str, str]]]:
    """Targets and parameters of a Link header (RFC 8288)."""
    found = []
    for target, parameters in re.findall(r"<([^>]*)>((?:\s*;\s*[\w*-]+=\"[^\"]*\")*)", answer.headers["link"]):
        found.append((target, dict(re.findall(r"([\w*-]+)=\"([^\"]*)\"", parameters))))
    return found


def related(answer, relation: str, media_type: str = "") -> list[str]:
    return [
        target
        for target, parameters in links_of(answer)
        if parameters["rel"] == relation and (not media_type or parameters.get("type") == media_type)
    ]


async def described(client) -> ox.Store:
    page = await client.get("/data", headers={"accept": "text/html"}, follow_redirects=True)
    (address,) = related(page, "describedby", "text/turtle")
    answer = await client.get(address, headers={"accept": "text/turtle"})
    assert answer.headers["content-type"].partition(";")[0] == "text/turtle"
    store = ox.Store()
    store.load(answer.content, format=ox.RdfFormat.TURTLE)
    return store


def value(store, subject, predicate):
    (found,) = [quad.object for quad in store.quads_for_pattern(subject, ox.NamedNode(predicate), None)]
    return found


def dataset_of(store) -> ox.NamedNode:
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    (found,) = [quad.subject for quad in store.quads_for_pattern(None, kind, ox.NamedNode(f"{DCAT}Dataset"))]
    return found


async def test_every_distribution_can_be_fetched_and_has_the_size_and_hash_that_dcat_tells(client):
    store = await described(client)
    dataset = dataset_of(store)
    assert value(store, dataset, f"{DCT}license") == LICENSE
    assert {quad.object.language for quad in store.quads_for_pattern(dataset, ox.NamedNode(f"{DCT}title"), None)} == {
        "en", "fa",
    }  # fmt: skip
    fetched = 0
    for quad in store.quads_for_pattern(dataset, ox.NamedNode(f"{DCAT}distribution"), None):
        downloads = store.quads_for_pattern(quad.object, ox.NamedNode(f"{DCAT}downloadURL"), None)
        addresses = [each.object.value for each in downloads]
        assert value(store, quad.object, f"{DCT}license") == LICENSE
        for address in addresses:
            answer = await client.get(address, headers={"accept-encoding": "identity"})
            assert answer.status_code == 200
            assert len(answer.content) == int(value(store, quad.object, f"{DCAT}byteSize").value)
            checksum = value(store, quad.object, f"{SPDX}checksum")
            told = value(store, checksum, f"{SPDX}checksumValue").value
            assert hashlib.sha256(answer.content).hexdigest() == told
            fetched += 1
    assert fetched > 3


async def test_the_void_dump_holds_as_many_triples_as_void_tells(client):
    store = await described(client)
    dataset = dataset_of(store)
    dump = await client.get(value(store, dataset, f"{VOID}dataDump").value)
    quads = list(ox.parse(gzip.decompress(dump.content), format=ox.RdfFormat.N_QUADS))
    assert len(quads) == int(value(store, dataset, f"{VOID}triples").value)
    assert value(store, dataset, f"{VOID}sparqlEndpoint").value == f"{client.base_url}/sparql".replace(
        "//sparql", "/sparql"
    )


@pytest.mark.parametrize(
    ("media_type", "form"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    ],
)
async def test_the_description_is_the_same_in_every_format_it_is_linked_in(client, media_type, form):
    page = await client.get("/en/data")
    (address,) = related(page, "describedby", media_type)
    answer = await client.get(address, headers={"accept": media_type})
    turtle = await client.get(address, headers={"accept": "text/turtle"})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert len(set(ox.parse(answer.content, format=form))) == len(
        set(ox.parse(turtle.content, format=ox.RdfFormat.TURTLE))
    )


async def test_the_data_page_and_the_list_of_dumps_name_each_file_as_an_item(client):
    for path in ("/en/data", "/fa/data", "/dumps"):
        answer = await client.get(path)
        items = related(answer, "item")
        assert len(items) > 3
        assert related(answer, "license") == [LICENSE.value]
        assert "https://schema.org/Dataset" in related(answer, "type")
        for item in items:
            assert (await client.get(item)).status_code == 200


@pytest.mark.parametrize("name", ["person/a", "event/trial", "prison/south", "source/news"])
async def test_from_the_name_of_a_record_a_machine_reaches_its_data_and_its_page(client, name):
    iri = f"https://w3id.org/dadkhah/id/{name}"
    first = await client.get(f"/id/{name}", headers={"accept": "text/html"})
    page = await client.get(first.headers["location"])
    assert related(page, "cite-as") == [iri]
    assert related(page, "license") == [LICENSE.value]
    assert len(related(page, "type")) == 2
    for target, parameters in links_of(page):
        if parameters["rel"] == "describedby":
            data = await client.get(target)
            assert data.headers["content-type"].partition(";")[0] == parameters["type"], target
            assert related(data, "cite-as") == [iri]
            back = await client.get(related(data, "describes")[0])
            assert back.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("name", ["person/a", "event/trial"])
async def test_the_linkset_of_a_record_holds_what_its_link_header_holds(client, name):
    page = await client.get(f"/en/{name}")
    (address,) = related(page, "linkset", "application/linkset+json")
    answer = await client.get(address)
    assert answer.headers["content-type"] == "application/linkset+json"
    (context,) = [each for each in answer.json()["linkset"] if each["anchor"].endswith(f"/en/{name}")]
    for relation in ("cite-as", "describedby", "license", "type"):
        assert {each["href"] for each in context[relation]} == set(related(page, relation))


async def test_a_term_of_the_vocabulary_resolves_to_its_definition(client):
    page = await client.get(
        "/ontology", headers={"accept": "text/html", "accept-language": "fa"}, follow_redirects=True
    )
    assert 'id="Execution"' in page.text
    data = await client.get("/ontology", headers={"accept": "text/turtle"}, follow_redirects=True)
    store = ox.Store()
    store.load(data.content, format=ox.RdfFormat.TURTLE)
    term = ox.NamedNode("https://w3id.org/dadkhah/ontology#Execution")
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    assert {quad.object.language for quad in store.quads_for_pattern(term, label, None)} == {"en", "fa"}
    definition = ox.NamedNode("http://www.w3.org/2004/02/skos/core#definition")
    assert any(store.quads_for_pattern(term, definition, None))
