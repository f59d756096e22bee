from __future__ import annotations

import csv
import io

import pyoxigraph as ox
import pytest

ID = "https://w3id.org/dadkhah/id/"
BASE = "https://dadkhah.example"


def triples(data: bytes, rdf_format: ox.RdfFormat) -> set[str]:
    return {f"{q.subject} {q.predicate} {q.object}" for q in ox.parse(data, format=rdf_format)}


async def test_the_json_of_a_record_is_json_ld_with_the_same_statements_as_its_rdf(client):
    document = await client.get("/api/v1/event/trial")
    assert document.headers["content-type"] == "application/json"
    as_json_ld = triples(document.content, ox.RdfFormat.JSON_LD)
    assert as_json_ld
    for extension, rdf_format in (
        ("ttl", ox.RdfFormat.TURTLE),
        ("nt", ox.RdfFormat.N_TRIPLES),
        ("rdf", ox.RdfFormat.RDF_XML),
        ("jsonld", ox.RdfFormat.JSON_LD),
        ("trig", ox.RdfFormat.TRIG),
        ("nq", ox.RdfFormat.N_QUADS),
    ):
        data = await client.get(f"/data/event/trial.{extension}")
        assert data.status_code == 200
        assert triples(data.content, rdf_format) == as_json_ld, extension


@pytest.mark.parametrize("name", ["person/a", "person/j", "prison/south", "source/news", "pattern/p", "conflict/c1"])
async def test_every_kind_of_record_round_trips(client, name):
    document = await client.get(f"/api/v1/{name}")
    turtle = await client.get(f"/data/{name}.ttl")
    assert triples(document.content, ox.RdfFormat.JSON_LD) == triples(turtle.content, ox.RdfFormat.TURTLE)


async def test_quads_keep_each_statement_in_the_graph_of_its_voice(client):
    data = await client.get("/data/event/trial.nq")
    graphs = {q.graph_name.value for q in ox.parse(data.content, format=ox.RdfFormat.N_QUADS)}
    assert "https://w3id.org/dadkhah/voice/news/paper" in graphs
    assert "https://w3id.org/dadkhah/voice/report/watch" in graphs


async def test_statements_carry_voices_sources_passages_and_rivals(client):
    document = (await client.get("/api/v1/event/trial/statements")).json()
    statement = next(s for s in document["statements"] if s["value"]["value"] == "true")
    (voice,) = statement["voices"]
    assert voice["claimant"]["label"] == {"en": "The Watch"}
    assert voice["source"]["label"] == {"en": "A report"}
    assert [passage["label"] for passage in voice["passages"]] == ["section 1"]
    (rival,) = statement["rivals"]
    assert rival["value"]["value"] == "false"
    assert rival["voices"][0]["passages"][0]["snapshotSha256"] == "aaaa"
    assert all(s["voices"] for s in document["statements"])


async def test_no_row_of_a_table_is_without_its_voice(client):
    answer = await client.get("/data/event/trial.csv")
    assert answer.headers["content-disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert rows
    assert all(row["voice"] and row["claimant"] for row in rows)


async def test_the_timeline_tells_both_calendars(client):
    document = (await client.get("/api/v1/person/a/timeline")).json()
    move = document["timeline"][1]
    assert move["span"]["solarHijri"] == {"earliest": "1403-02-13", "latest": "1403-02-13"}
    assert move["datings"][0]["voice"]["claimant"]["label"] == {"en": "The Paper"}


@pytest.mark.parametrize(
    "path", ["/api/v1/person/{}", "/data/person/{}.ttl", "/id/person/{}", "/api/v1/person/{}/timeline"]
)
async def test_an_unknown_record_is_404_with_near_matches(client, path):
    answer = await client.get(path.format("arman"), headers={"accept": "*/*"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert f"{ID}person/a" in answer.json()["near"]


@pytest.mark.parametrize("name", ["gone", "erased"])
@pytest.mark.parametrize(
    "path", ["/api/v1/person/{}", "/data/person/{}.ttl", "/id/person/{}", "/api/v1/person/{}/statements"]
)
async def test_a_withdrawn_record_is_410(client, path, name):
    answer = await client.get(path.format(name), headers={"accept": "*/*"})
    assert answer.status_code == 410
    assert "Arman" not in answer.text


NEGOTIATION = [
    ("text/html", "", "/en/person/a"),
    ("text/html", "fa", "/fa/person/a"),
    ("text/html", "fa;q=0.3, en;q=0.9", "/en/person/a"),
    ("text/html", "de, fa;q=0.1", "/fa/person/a"),
    ("text/html", "de", "/en/person/a"),
    ("text/html,application/xhtml+xml,*/*;q=0.8", "fa-IR", "/fa/person/a"),
    ("*/*", "", "/en/person/a"),
    ("", "", "/en/person/a"),
    ("text/turtle", "fa", "/data/person/a.ttl"),
    ("application/ld+json", "", "/data/person/a.jsonld"),
    ("application/json", "", "/data/person/a.jsonld"),
    ("application/n-triples", "", "/data/person/a.nt"),
    ("application/rdf+xml", "", "/data/person/a.rdf"),
    ("text/csv", "", "/data/person/a.csv"),
    ("application/trig", "", "/data/person/a.trig"),
    ("application/n-quads", "", "/data/person/a.nq"),
    ("text/html;q=0.5, text/turtle", "", "/data/person/a.ttl"),
    ("application/rdf+xml;q=0.8, text/turtle;q=0.9", "", "/data/person/a.ttl"),
]


@pytest.mark.parametrize(("accept", "language", "target"), NEGOTIATION)
async def test_a_name_leads_to_the_page_or_the_data(client, accept, language, target):
    answer = await client.get("/id/person/a", headers={"accept": accept, "accept-language": language})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{BASE}{target}"
    assert {"accept", "accept-language"} <= {part.strip().lower() for part in answer.headers["vary"].split(",")}


async def test_a_name_in_no_acceptable_form_is_406(client):
    answer = await client.get("/id/person/a", headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["detail"]


async def test_links_let_a_machine_find_data_licence_and_lasting_name(client):
    name = await client.get("/id/person/a", headers={"accept": "text/html"})
    links = name.headers["link"]
    assert f'<{ID}person/a>; rel="cite-as"' in links
    assert f'<{BASE}/data/person/a.ttl>; rel="describedby"; type="text/turtle"' in links
    assert 'rel="license"' in links
    assert 'rel="type"' in links
    data = await client.get("/data/person/a.ttl")
    assert f'<{ID}person/a>; rel="cite-as"' in data.headers["link"]
    assert 'rel="describes"' in data.headers["link"]


async def test_every_described_format_can_be_fetched(client):
    links = (await client.get("/id/person/a", headers={"accept": "text/html"})).headers["link"]
    described = [link for link in links.split(", ") if 'rel="describedby"' in link]
    assert len(described) == 7
    for link in described:
        url, media_type = link[1 : link.index(">")], link.rpartition('type="')[2].rstrip('"')
        answer = await client.get(url)
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] == media_type


async def test_an_unknown_format_of_data_is_404_with_those_there_are(client):
    answer = await client.get("/data/person/a.docx")
    assert answer.status_code == 404
    assert "/data/person/a.ttl" in answer.json()["near"]


async def test_a_record_of_any_graph_is_found_by_its_iri(own_client):
    document = (await own_client.get("/api/v1/record", params={"iri": "https://e.org/b"})).json()
    assert document["record"]["label"] == {"": "Bob"}
    assert [r["subject"]["label"] for r in document["relations"]] == [{"": "Alice"}]
    statement = next(s for s in document["statements"] if s["value"]["value"] == "https://e.org/c")
    assert [voice["iri"] for voice in statement["voices"]] == ["https://e.org/g"]


@pytest.mark.parametrize("iri", ["", "no iri", "https://e.org/> }", "person"])
async def test_what_is_no_name_of_a_record_is_a_bad_request(client, iri):
    answer = await client.get("/api/v1/record", params={"iri": iri})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_unchanged_record_costs_a_304(client):
    for path in ("/api/v1/person/a", "/data/person/a.ttl", "/data/person/a.csv", "/api/v1/events"):
        first = await client.get(path)
        again = await client.get(path, headers={"if-none-match": first.headers["etag"]})
        assert again.status_code == 304, path
        assert first.headers["access-control-allow-origin"] == "*"
