"""Every address with every Accept and Accept-Language: what is given, in which language, and what is refused."""

from __future__ import annotations

import pytest

BASE = "https://dadkhah.example"
HTML = "text/html"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
RDF = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")
QUADS = ("application/trig", "application/n-quads")
TABLE = ("application/json", "text/csv")
LIST = (*TABLE, *RDF, *QUADS, "application/x-ndjson", "application/graphml+xml", "application/geo+json")

# address without a language to what it leads to as data, and as which types
NEUTRAL = {
    "timeline": ("/api/v1/events", (*TABLE, *RDF, *QUADS)),
    "map": ("/api/v1/places", (*TABLE, *RDF, "application/geo+json")),
    "places": ("/api/v1/places", (*TABLE, *RDF, "application/geo+json")),
    "patterns": ("/api/v1/patterns", (*TABLE, *RDF)),
    "patterns/p": ("/api/v1/patterns/p", (*TABLE, *RDF)),
    "conflicts": ("/api/v1/conflicts", (*TABLE, *RDF)),
    "sources": ("/api/v1/sources", (*TABLE, *RDF)),
    "sources/news": ("/api/v1/sources/news", (*TABLE, *RDF)),
    "risk": ("/api/v1/risk", TABLE),
    "quality": ("/api/v1/stats", TABLE),
    "changes": ("/api/v1/changes", TABLE),
    "changes/latest": ("/api/v1/changes/latest", TABLE),
    "data": ("/.well-known/void", RDF),
    "about": ("", ()),
    "method": ("", ()),
}
LANGUAGES = [("", "en"), ("fa", "fa"), ("fa-IR,en;q=0.5", "fa"), ("en;q=0.3,fa;q=0.2", "en"), ("de", "en")]


def varies(answer) -> set[str]:
    return {part.strip().lower() for part in answer.headers["vary"].split(",")}


@pytest.mark.parametrize("address", [*NEUTRAL, "ontology"])
@pytest.mark.parametrize(("asked", "language"), LANGUAGES)
@pytest.mark.parametrize("accept", [HTML, BROWSER, "*/*", "application/xhtml+xml"])
async def test_a_browser_is_led_to_the_page_in_its_language(client, address, asked, language, accept):
    answer = await client.get(f"/{address}", headers={"accept": accept, "accept-language": asked})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{BASE}/{language}/{address}"
    assert {"accept", "accept-language"} <= varies(answer)


@pytest.mark.parametrize(("address", "accept"), [(a, t) for a, (_, types) in NEUTRAL.items() for t in types])
async def test_a_program_is_led_to_the_same_view_as_data(client, address, accept):
    target = NEUTRAL[address][0]
    answer = await client.get(f"/{address}", params={"from": "2024"}, headers={"accept": accept})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{BASE}{target}?from=2024"
    data = await client.get(answer.headers["location"], headers={"accept": accept})
    assert data.status_code == 200
    assert data.headers["content-type"].partition(";")[0] == accept


@pytest.mark.parametrize("accept", RDF)
async def test_the_vocabulary_is_led_to_in_each_rdf_format(client, accept):
    answer = await client.get("/ontology", headers={"accept": accept}, follow_redirects=True)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == accept


@pytest.mark.parametrize("address", [*NEUTRAL, "ontology"])
@pytest.mark.parametrize("accept", ["image/png", "application/pdf", "text/html;q=0"])
async def test_what_is_not_offered_is_refused_with_what_is(client, address, accept):
    answer = await client.get(f"/{address}", headers={"accept": accept})
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"
    assert "text/html" in answer.json()["detail"]


PAGES = [
    "", "timeline", "timeline?lanes=prison", "map", "places", "patterns", "patterns/p", "conflicts", "sources",
    "sources/news", "risk", "quality", "changes", "changes/latest", "data", "ontology", "about", "method",
    "dossier/person/a",
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("asked", ["en", "fa"])
async def test_a_page_keeps_the_language_of_its_address(client, page, language, asked):
    answer = await client.get(f"/{language}/{page}", headers={"accept": BROWSER, "accept-language": asked})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-language"] == language
    direction = "rtl" if language == "fa" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in answer.text
    other = "fa" if language == "en" else "en"
    assert f'hreflang="{other}"' in answer.text


@pytest.mark.parametrize("page", PAGES)
async def test_a_page_is_no_data(client, page):
    answer = await client.get(f"/en/{page}", headers={"accept": "text/turtle"})
    assert answer.status_code == 406


VIEWS = {
    **dict.fromkeys(
        ("events", "places", "patterns", "patterns/p", "conflicts", "sources", "sources/news", "person/a"), LIST
    ),
    **dict.fromkeys(("risk", "stats", "changes", "changes/latest"), TABLE),
    "places.geojson": ("application/geo+json",),
}


@pytest.mark.parametrize(("view", "accept"), [(view, accept) for view, types in VIEWS.items() for accept in types])
async def test_every_view_is_given_in_every_format_it_is_offered_in(client, view, accept):
    answer = await client.get(f"/api/v1/{view}", headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == accept
    assert "accept" in varies(answer)
    again = await client.get(f"/api/v1/{view}", headers={"accept": accept, "if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("view", [view for view in VIEWS if view != "places.geojson"])
async def test_a_view_refuses_a_format_it_has_not(client, view):
    assert (await client.get(f"/api/v1/{view}", headers={"accept": "image/png"})).status_code == 406
    answer = await client.get(f"/api/v1/{view}?format=docx")
    assert answer.status_code == 400
    assert "json" in answer.json()["detail"]


@pytest.mark.parametrize("asked", ["en", "fa", "de,fa;q=0.5"])
@pytest.mark.parametrize("accept", ["application/json", "text/csv"])
@pytest.mark.parametrize("address", [address for address, (_, types) in NEUTRAL.items() if "text/csv" in types])
async def test_a_program_gets_the_same_data_in_whatever_language_it_asks(client, address, accept, asked):
    headers = {"accept": accept, "accept-language": asked}
    answer = await client.get(f"/{address}", headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, BASE + NEUTRAL[address][0])


@pytest.mark.parametrize(
    "address", ["/dumps", "/dumps/SHA256SUMS", "/api/v1/events", "/en/data", "/timeline", "/id/person/a"]
)
async def test_a_script_of_another_site_may_read_every_header_that_says_something(client, address):
    answer = await client.get(address, headers={"origin": "https://elsewhere.example"})
    exposed = {name.strip().lower() for name in answer.headers["access-control-expose-headers"].split(",")}
    telling = {"etag", "link", "location", "repr-digest", "vary", "content-disposition", "retry-after"}
    assert telling <= exposed
    assert answer.headers["access-control-allow-origin"] == "*"
