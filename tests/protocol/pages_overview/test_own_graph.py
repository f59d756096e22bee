"""The same pages over a graph of a user's own: without our layout, and without a merged default graph."""

from __future__ import annotations

import httpx
import pyoxigraph as ox
import pytest

from dadkhah.web import api, pages
from dadkhah.web.app import routed
from dadkhah.web.endpoint.serving import Facts, Served, Serving
from dadkhah.web.front import Behind, Site
from dadkhah.web.routing.context import Context
from dadkhah.web.wire.settings import WebSettings

DATA = b"""PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX e: <https://e.org/> PREFIX schema: <https://schema.org/>
PREFIX geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
e:a a foaf:Person ; foaf:name "Alice" ; foaf:knows e:b . e:b a foaf:Person ; foaf:name "=Bob" .
GRAPH e:g { e:meeting a schema:Event ; schema:name "Meeting" ; schema:startDate "2020-01-02"^^xsd:date ;
  schema:attendee e:a ; schema:location e:hall . e:hall schema:name "Hall" ; geo:lat 1.5 ; geo:long 2.5 }
"""


@pytest.fixture(scope="module")
def behind() -> list[Behind]:
    return []


@pytest.fixture
async def own(behind, make_engine):
    store = ox.Store()
    store.load(DATA, format=ox.RdfFormat.TRIG)

    def make(context: Context) -> Behind:
        if not behind:
            behind.append(Behind(routed(context, (*api.ROUTERS, *pages.ROUTERS))))
        return behind[0]

    serving = Serving(Served(make_engine(store), Facts(hash="0" * 64)))
    site = Site(WebSettings(base_url="https://own.example"), serving, lambda _: None, make)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=site.app), base_url="https://own.example") as made:
        yield made


@pytest.mark.parametrize(
    "page",
    ["timeline", "timeline?lanes=prison", "timeline?lanes=type", "map", "patterns", "conflicts", "sources", "risk",
     "quality", "changes", "changes.atom", "data", "ontology", "about", "method"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "fa"])
async def test_every_overview_shows_a_graph_of_the_users_own(own, page, language):
    answer = await own.get(f"/{language}/{page}")
    assert answer.status_code == 200, answer.text[:2000]


@pytest.mark.parametrize("view", ["events", "places", "patterns", "conflicts", "sources", "risk", "stats", "changes"])
@pytest.mark.parametrize("form", ["json", "csv"])
async def test_every_list_is_given_over_a_graph_of_the_users_own(own, view, form):
    assert (await own.get(f"/api/v1/{view}?format={form}")).status_code in (200, 404 if view == "changes" else 200)


async def test_places_of_any_graph_are_drawn_where_it_gives_coordinates(own):
    document = (await own.get("/api/v1/places.geojson")).json()
    assert [feature["geometry"]["coordinates"] for feature in document["features"]] == [[2.5, 1.5]]
    assert "<svg" in (await own.get("/en/map")).text


async def test_events_of_any_graph_stand_in_the_timeline_and_are_drawn(own):
    events = (await own.get("/api/v1/events")).json()["items"]
    assert [item["event"]["iri"] for item in events] == ["https://e.org/meeting"]
    assert "Meeting" in (await own.get("/en/timeline")).text


async def test_a_service_without_files_lists_none(own):
    document = (await own.get("/dumps")).json()
    assert document["files"] == []
    assert (await own.get("/dumps/dump.nq.gz")).status_code == 404
