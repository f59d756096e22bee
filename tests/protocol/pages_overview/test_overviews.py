from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import datetime
from html import unescape

import httpx
import pytest

from dadkhah.browse.kept import Kept
from dadkhah.browse.overviews.quality import measures
from dadkhah.browse.scheme import Scheme
from dadkhah.web.api import browsing

ATOM = "{http://www.w3.org/2005/Atom}"


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def main_of(html: str) -> str:
    return html[html.index("<main") : html.index("</main>")]


@pytest.mark.parametrize("language", ["en", "fa"])
async def test_the_risk_page_counts_with_claims_and_names_nobody(client, language):
    page = main_of((await client.get(f"/{language}/risk")).text)
    assert "7.10" in page
    assert "8.1" in page
    for name in ("Arman", "آرمان", "Bahar", "person/", "event/"):
        assert name not in page
    assert "The Paper" in page
    assert "sources/news#" in page
    assert ("Nothing of the kind" if language == "en" else "چیزی از این گونه") in page


async def test_risk_as_data_has_counts_and_claims_and_names_nobody(client):
    answer = await client.get("/api/v1/risk")
    moves, raids = answer.json()["items"]
    assert (moves["number"], moves["count"], raids["count"], raids["claims"]) == ("7.10", 1, 0, [])
    (claim,) = moves["claims"]
    assert claim["kinds"][0]["label"]["en"] == "transfer"
    assert claim["voice"]["claimant"]["label"] == {"en": "The Paper"}
    assert claim["voice"]["passages"][0]["sha256"] == "cccc"
    assert "Arman" not in answer.text
    assert "person/a" not in answer.text
    before = (await client.get("/api/v1/risk?to=2020")).json()["items"][0]
    assert (before["count"], before["claims"]) == (0, [])
    there = (await client.get("/api/v1/risk?place=place/town")).json()["items"][0]
    assert there["count"] == 1
    table = (await client.get("/api/v1/risk?format=csv")).text.splitlines()
    assert len(table) == 3


async def test_the_matrix_shows_empty_stages_and_keeps_proposals_apart(client):
    page = main_of((await client.get("/en/patterns/p")).text)
    above, machine = page.split('class="machine"')
    assert above.count('class="asserted"') == 1
    assert 'class="proposed"' not in above
    assert machine.count('class="proposed"') == 1
    assert 'class="asserted"' not in machine
    assert "Execution of Bahar Example" not in above
    assert "Silence" in above
    assert above.count('aria-label="no match"') == 1
    assert "according to" in above


async def test_conflicts_stand_side_by_side_with_voices_and_passages(client):
    page = main_of((await client.get("/en/conflicts")).text)
    (beside,) = re.findall(r'<ul class="beside">(.*?)</ul></section>', page, re.DOTALL)
    for word in ("The Paper", "The Watch", "P1", "section 1"):
        assert word in beside
    nothing = main_of((await client.get("/en/conflicts?subject=person/b")).text)
    assert 'class="beside"' not in nothing


async def test_a_source_shows_who_claims_what_from_each_passage(client):
    page = main_of((await client.get("/en/sources/news")).text)
    rows = dict(re.findall(r'<tr id="([^"]+)">(.*?)</tr>', page, re.DOTALL))
    assert set(rows) == {"P1", "P2", "P3"}
    assert "The Paper" in rows["P1"]
    assert "/en/event/trial" in rows["P1"]
    assert "char=0,50" in rows["P1"]
    assert "a greeting" in rows["P3"]
    assert "3 / 3" in text_of(page)
    assert "aaaa" in page


async def test_sources_are_listed_with_voices_and_coverage(client):
    items = (await client.get("/api/v1/sources")).json()["items"]
    assert [(item["ref"]["id"], item["voices"], item["passages"], item["cited"]) for item in items] == [
        ("source/news", 1, 3, 2), ("source/report", 1, 1, 1),
    ]  # fmt: skip


async def test_only_places_with_sourced_coordinates_are_drawn(client):
    page = main_of((await client.get("/en/map")).text)
    (drawn,) = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    root = ET.fromstring(drawn)
    links = [link.get("href") for link in root.iter("{http://www.w3.org/2000/svg}a")]
    assert links == ["/en/place/town"]
    assert "North Prison" in page
    # land is drawn behind them where the picture was built, from here and nowhere else
    assert all(address.startswith("/static/built/") for address in re.findall(r'<image[^>]* href="([^"]*)"', drawn))
    assert "51.25" in page
    places = (await client.get("/api/v1/places")).json()["items"]
    assert {item["place"]["id"] for item in places} == {"prison/north", "prison/south"}
    later = (await client.get("/api/v1/places?from=2025")).json()["items"]
    assert later == []


@pytest.mark.parametrize("language", ["en", "fa"])
async def test_a_map_lists_its_places_page_by_page_and_draws_the_others_as_dots(client, language):
    address, whole = f"/{language}/map", main_of((await client.get(f"/{language}/map")).text)
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>', whole)
    assert len(rows) > 1
    assert 'class="dots"' not in whole
    following, seen = "?limit=1", []
    while following:
        page = main_of((await client.get(address + following)).text)
        seen += re.findall(r'<tr><th scope="row">(.*?)</th>', page)
        assert page.count("<circle") + page.count("h0") == whole.count("<circle")
        further = re.search(r'href="(\?[^"]+)" rel="next"', page)
        following = further.group(1).replace("&amp;", "&") if further else ""
    assert seen == rows


@pytest.mark.parametrize(("by", "lane", "count"), [("prison", "South Prison", 1), ("person", "Arman Example", 2)])
async def test_lanes_hold_the_dated_events_as_links(client, by, lane, count):
    page = main_of((await client.get(f"/en/timeline?lanes={by}")).text)
    (drawn,) = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    root = ET.fromstring(drawn)
    space = "{http://www.w3.org/2000/svg}"
    assert lane in [text.text for text in root.iter(f"{space}text")]
    titles = [link.find(f"{space}title").text for link in root.iter(f"{space}a")]
    assert "Transfer of Arman Example (2024-05-02 / 2024-05-02; according to The Paper)" in titles
    assert not any("Bahar" in title for title in titles)
    summary = next(text for text in re.findall(r"<summary>(.*?)</summary>", page) if lane in text)
    assert f"({count})" in summary


async def test_measures_can_be_repeated_by_their_queries(client, store, ask):
    page = main_of((await client.get("/en/quality")).text)
    found = {each.name: each for each in await measures(ask, Scheme())}
    assert (found["dated_events"].count, found["dated_events"].total) == (2, 3)
    assert (found["persian_names"].count, found["persian_names"].total) == (1, 3)
    assert (found["settled_passages"].count, found["settled_passages"].total) == (4, 4)
    assert (found["confirmed_matches"].count, found["confirmed_matches"].total) == (1, 2)
    for each in found.values():
        assert len(list(store.query(each.query))) == each.count
        assert f"{each.count} / {each.total}" in text_of(page)


async def test_the_feed_is_what_rfc_4287_asks_for(client):
    answer = await client.get("/fa/changes.atom", headers={"accept": "text/html,*/*"})
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (one,) = element.findall(f"{ATOM}{name}")
            assert one.text
        assert re.match(r"https://[^\s]+\Z", element.find(f"{ATOM}id").text)
        assert datetime.fromisoformat(element.find(f"{ATOM}updated").text).tzinfo is not None
        # an entry without content has a link to its alternate, and no two of one type and language
        links = [(one.get("rel"), one.get("type"), one.get("hreflang")) for one in element.findall(f"{ATOM}link")]
        assert len(links) == len(set(links))
        assert any(link[0] == "alternate" for link in links)
    assert feed.find(f"{ATOM}author/{ATOM}name").text
    (own,) = [one for one in feed.findall(f"{ATOM}link") if one.get("rel") == "self"]
    assert own.get("href") == "https://dadkhah.example/fa/changes.atom"
    entries = feed.findall(f"{ATOM}entry")
    assert entries
    assert len({entry.find(f"{ATOM}id").text for entry in entries}) == len(entries)


@pytest.mark.parametrize(("language", "new"), [("en", "new"), ("fa", "تازه")])
async def test_the_records_that_a_snapshot_added_are_listed_with_who_says_what(client, language, new):
    page = main_of((await client.get(f"/{language}/changes")).text)
    (address,) = set(re.findall(rf'href="(/{language}/changes/[0-9a-f]+)"', page))
    assert f'href="/{language}/record?iri=' in page
    one = main_of((await client.get(address)).text)
    assert one.count('<section class="card">') == 50
    assert one.count(f'<span class="tag">{new}</span>') == 50
    assert one.count('class="says"') >= 50
    following = re.search(r'href="(\?[^"]+)" rel="next"', one).group(1).replace("&amp;", "&")
    assert "<section" in main_of((await client.get(address + following)).text)
    feed = ET.fromstring((await client.get(f"/{language}/changes.atom")).content)
    newest = feed.find(f"{ATOM}entry/{ATOM}content")
    assert newest.get("type") == "xhtml"
    assert len(list(newest.iter("{http://www.w3.org/1999/xhtml}a"))) == 12


@pytest.mark.parametrize("limit", [1, 10, 100])
async def test_a_page_of_changes_takes_no_more_queries_for_many_records_than_for_one(
    make_site, make_engine, monkeypatch, limit
):
    asked, query = [], make_engine.query

    async def counted(engine, request):
        asked.append(request.text)
        return await query(engine, request)

    monkeypatch.setattr(make_engine, "query", counted)
    # what other tests let the shared site read is kept: read all of it anew
    monkeypatch.setattr(browsing, "_kept", lambda *_: Kept())
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=make_site().app), base_url="https://dadkhah.example"
    ) as client:
        page = main_of((await client.get(f"/en/changes/latest?limit={limit}")).text)
    assert page.count('class="says"') >= limit
    assert 0 < len(asked) <= 5


async def test_a_snapshot_that_was_never_taken_up_is_not_found(client):
    assert (await client.get("/en/changes/00")).status_code == 404


async def test_the_feed_can_be_found_from_the_page_and_by_accept(client):
    page = await client.get("/en/changes")
    assert '<link rel="alternate" type="application/atom+xml" href="/en/changes.atom"' in page.text
    answer = await client.get("/changes", headers={"accept": "application/atom+xml"})
    assert answer.headers["location"].endswith("/en/changes.atom")
    feed = await client.get(answer.headers["location"], headers={"accept": "application/atom+xml"})
    assert feed.status_code == 200


@pytest.mark.parametrize("language", ["en", "fa"])
async def test_each_term_of_the_vocabulary_has_an_anchor_both_labels_and_a_definition(client, language, store):
    page = (await client.get(f"/{language}/ontology")).text
    rows = store.query(
        "SELECT DISTINCT ?t WHERE { ?t <http://www.w3.org/2000/01/rdf-schema#isDefinedBy> ?o . "
        'FILTER(STRSTARTS(STR(?t), "https://w3id.org/dadkhah/ontology#")) }'
    )
    terms = {row["t"].value.rpartition("#")[2] for row in rows}
    assert len(terms) > 300
    anchors = re.findall(r'<article id="([^"]+)"', page)
    assert sorted(anchors) == sorted(terms)
    (execution,) = re.findall(r'<article id="Execution".*?</article>', page, re.DOTALL)
    for word in ("execution", "اعدام", "/search?type="):
        assert word in execution


DEFINITIONS = (
    "SELECT ?text WHERE { ?t <http://www.w3.org/2000/01/rdf-schema#isDefinedBy> ?o ; "
    "<http://www.w3.org/2004/02/skos/core#definition> ?text . FILTER(LANG(?text) = '%s' && "
    'STRSTARTS(STR(?t), "https://w3id.org/dadkhah/ontology#")) }'
)


@pytest.mark.parametrize(("language", "other"), [("en", "fa"), ("fa", "en")])
async def test_terms_are_explained_in_the_language_of_the_page_alone(client, language, other, store):
    page = (await client.get(f"/{language}/ontology")).text
    shown = {unescape(text) for text in re.findall(r"<p[^>]*>([^<]+)</p>", page)}
    told = {row["text"].value for row in store.query(DEFINITIONS % language)}
    assert len(told) > 300
    assert told <= shown
    assert not shown & {row["text"].value for row in store.query(DEFINITIONS % other)}


async def test_a_term_that_is_no_record_leads_back_to_the_vocabulary_page(client):
    for language in ("en", "fa"):
        page = await client.get(f"/{language}/ontology")
        assert 'rel="describedby"' in page.headers["link"]
