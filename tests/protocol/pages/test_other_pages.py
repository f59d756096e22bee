"""Stored queries, errors and history as pages."""

from __future__ import annotations

import re

import pytest

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
DK = "https://w3id.org/dadkhah/ontology#"
SELECT = "SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/id/person/nobody", 404),
        ("/queries/nothing-of-this-name", 404),
        ("/api/v1/search?limit=many", 400),
        ("/api/v1/person/nobody", 404),
        ("/data/person/nobody.ttl", 404),
        ("/fa/person/nobody", 404),
        ("/fa/person/erased", 410),
        ("/fa/timeline?from=soon", 400),
        ("/static/nothing.css", 404),
        ("/nothing", 404),
    ],
)
async def test_an_error_is_a_page_for_a_browser_and_a_problem_document_for_others(client, path, status):
    page = await client.get(path, headers={"accept": BROWSER, "accept-language": "fa"})
    assert page.status_code == status
    assert page.headers["content-type"].startswith("text/html")
    assert '<html lang="fa" dir="rtl">' in page.text
    if not path.startswith("/fa"):
        problem = await client.get(path, headers={"accept": "*/*"})
        assert (problem.status_code, problem.headers["content-type"]) == (status, "application/problem+json")


async def test_a_crash_is_a_page_without_a_trace(client, engine, monkeypatch):
    async def broken(request):
        raise RuntimeError("secret-of-the-machine")

    monkeypatch.setattr(engine, "query", broken)
    page = await client.get("/en/person/a", headers={"accept": BROWSER})
    assert page.status_code == 500
    assert "Traceback" not in page.text
    assert "secret-of-the-machine" not in page.text


async def test_an_unknown_stored_query_offers_those_that_come_close(client):
    page = await client.get("/en/queries/executons", headers={"accept": BROWSER})
    assert 'href="/en/queries/executions"' in page.text


async def test_every_stored_query_has_a_page_in_both_languages_and_the_query_page_names_it(client):
    listed = (await client.get("/queries")).json()["queries"]
    for language in ("en", "fa"):
        start = (await client.get(f"/{language}/sparql")).text
        for each in listed:
            assert f'href="/{language}/queries/{each["name"]}"' in start
    for each in listed:
        page = await client.get(f"/fa/queries/{each['name']}", params=each["example"])
        assert page.status_code == 200
        assert 'role="alert"' not in page.text
        assert all(f'name="{parameter["name"]}"' in page.text for parameter in each["parameters"])


async def test_a_result_is_shown_as_table_bars_and_json_and_offered_in_every_format(client):
    query = {"query": SELECT}
    table = (await client.get("/en/sparql", params=query)).text
    bars = (await client.get("/en/sparql", params=query | {"view": "bars"})).text
    raw = (await client.get("/en/sparql", params=query | {"view": "raw"})).text
    assert '<table class="data">' in table
    assert bars.count("<rect ") > 3
    assert 'width="100.0"' in bars
    assert "&#34;bindings&#34;" in raw
    for form in ("json", "csv", "tsv", "xml"):
        assert f"&amp;format={form}" in table
    graph = (await client.get("/en/sparql", params={"query": "CONSTRUCT WHERE { ?s ?p ?o }"})).text
    for form in ("ttl", "nt", "jsonld", "rdf", "trig", "nq"):
        assert f"&amp;format={form}" in graph


@pytest.mark.parametrize("language", ["en", "fa"])
async def test_an_answer_with_dates_is_drawn_on_a_line_of_time_and_told_in_words(client, language):
    query = {"query": f"SELECT ?e ?from ?to WHERE {{ ?e <{DK}earliest> ?from ; <{DK}latest> ?to }}", "view": "timeline"}
    page = (await client.get(f"/{language}/sparql", params=query)).text
    assert page.count("<rect ") == page.count("<time datetime=") > 1
    assert f'href="/{language}/event/' in page, "what has a name stands by its name"
    assert "view=timeline" in page
    assert "view=map" not in page


async def test_an_answer_with_coordinates_is_drawn_on_a_map_and_listed(client):
    query = 'SELECT ?x ?name ?lat ?long WHERE { VALUES (?x ?name ?lat ?long) { (<urn:a> "Town"@en 35.5 51.25) } }'
    page = (await client.get("/en/sparql", params={"query": query, "view": "map"})).text
    assert page.count("<circle ") == 1
    assert "35.5, 51.25" in page
    assert "Town" in page
    point = 'SELECT ("POINT(51.25 35.5)"^^<http://www.opengis.net/ont/geosparql#wktLiteral> AS ?at) WHERE {}'
    assert "35.5, 51.25" in (await client.get("/en/sparql", params={"query": point, "view": "map"})).text


async def test_an_answer_in_rdf_is_drawn_as_a_graph_with_names_and_its_links_are_listed(client):
    query = {"query": f"CONSTRUCT WHERE {{ ?s <{DK}defendant> ?o }}"}
    page = (await client.get("/en/sparql", params=query)).text
    drawn, listed = page.count("<line "), page.count("— defendant —")
    assert drawn == listed > 0
    assert 'class="graph"' in page
    raw = (await client.get("/en/sparql", params=query | {"view": "raw"})).text
    assert "defendant" in raw[raw.index("<pre") :]
    assert 'class="graph"' not in raw


async def test_a_view_that_an_answer_has_nothing_for_is_not_offered_and_gives_the_table(client):
    for view in ("bars", "timeline", "map", "graph"):
        page = (await client.get("/en/sparql", params={"query": "SELECT ?s WHERE { ?s a ?t }", "view": view})).text
        assert '<table class="data">' in page
        tabs = page[page.index('class="tabs"') : page.index("</nav>", page.index('class="tabs"'))]
        assert re.findall(r"view=(\w+)", tabs) == ["table", "raw"]


async def test_a_query_that_is_refused_says_why_and_stays_in_the_form(client):
    page = await client.get("/en/sparql", params={"query": "SELECT * { SERVICE <urn:x> { ?s ?p ?o } }"})
    assert page.status_code == 200
    assert 'role="alert"' in page.text
    assert "SERVICE &lt;urn:x&gt;" in page.text


async def test_the_history_of_a_record_without_kept_snapshots_says_so(client):
    page = await client.get("/en/history/person/a")
    assert page.status_code == 200
    assert "No snapshot that is kept" in page.text
