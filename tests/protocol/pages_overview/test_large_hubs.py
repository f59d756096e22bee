"""A record that a hundred thousand statements point at: graphs, paths and pages around it are bounded and say so.

The answers are bounded by what is read, which is counted here, and not by a clock: each query has a limit, and none is
asked for the hub's links beyond it.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise

import httpx
import orjson
import pyoxigraph as ox
import pytest

from dadkhah.browse.degrees import degrees_query
from dadkhah.browse.kept import StoredAnswers
from dadkhah.browse.scheme import Scheme
from dadkhah.web import api, pages
from dadkhah.web.app import routed
from dadkhah.web.endpoint.serving import Facts, Served, Serving
from dadkhah.web.front import Behind, Site
from dadkhah.web.routing.context import Context
from dadkhah.web.wire.settings import WebSettings

LINKS = 100_000
MOST_ROWS = 25_000
BASE = "https://w3id.org/dadkhah/id/"
ONT = "https://w3id.org/dadkhah/ontology#"
LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
HELD_IN, KNOWS = ox.NamedNode("https://e.org/heldIn"), ox.NamedNode("https://e.org/knows")
HUB = "prison/large"


def node(key: str) -> ox.NamedNode:
    return ox.NamedNode(BASE + key)


def person(number: int) -> str:
    return f"person/p{number:06d}"


def statements():
    yield ox.Quad(node(HUB), LABEL, ox.Literal("Large Prison", language="en"))
    yield ox.Quad(node(HUB), TYPE, ox.NamedNode(f"{ONT}Prison"))
    for number in range(LINKS):
        one = node(person(number))
        yield ox.Quad(one, LABEL, ox.Literal(f"Person {number}", language="en"))
        yield ox.Quad(one, TYPE, ox.NamedNode(f"{ONT}Person"))
        yield ox.Quad(one, HELD_IN, node(HUB))
    # a way around the hub, of five steps, between two that it joins in two
    ways = [1, 70_001, 70_002, 70_003, 70_004, 2]
    for here, there in pairwise(ways):
        yield ox.Quad(node(person(here)), KNOWS, node(person(there)))
    yield ox.Quad(node("person/alone"), LABEL, ox.Literal("Alone", language="en"))


class CountedEngine:
    """Counts the rows that it gives."""

    snapshot_hash = "0" * 64

    def __init__(self, engine):
        self.engine = engine
        self.most = 0

    async def query(self, request):
        answer = await self.engine.query(request)
        if answer.whole is not None:
            # an answer in RDF has no rows
            with suppress(orjson.JSONDecodeError, KeyError):
                self.most = max(self.most, len(orjson.loads(answer.whole)["results"]["bindings"]))
        return answer


@pytest.fixture(scope="module")
def store() -> ox.Store:
    made = ox.Store()
    made.bulk_extend(statements())
    return made


@pytest.fixture(scope="module", params=["counted in the build", "not counted"])
def counted(request, store) -> dict[str, list]:
    if request.param == "not counted":
        return {}
    query = degrees_query(Scheme(merged=False))
    return {query: orjson.loads(store.query(query).serialize(format=ox.QueryResultsFormat.JSON))["results"]["bindings"]}


class Stored:
    """The answers that came with a snapshot."""

    def __init__(self, answers):
        self._answers = answers

    def of(self, _snapshot_hash):
        return self._answers


@pytest.fixture(scope="module")
def engine(make_engine, store) -> CountedEngine:
    return CountedEngine(make_engine(store))


@pytest.fixture(scope="module")
def site(engine, counted) -> Site:
    def behind(context: Context) -> Behind:
        return Behind(routed(context, (*api.ROUTERS, *pages.ROUTERS), {StoredAnswers: Stored(counted)}))

    serving = Serving(Served(engine, Facts(hash="0" * 64)))
    return Site(WebSettings(base_url="https://hub.example"), serving, lambda _: None, behind)


@pytest.fixture
async def client(site):
    transport = httpx.ASGITransport(app=site.app)
    async with httpx.AsyncClient(transport=transport, base_url="https://hub.example", timeout=60) as made:
        yield made


async def got(client, engine, address) -> httpx.Response:
    engine.most = 0
    answer = await client.get(address)
    assert answer.status_code == 200, answer.text[:2000]
    assert engine.most <= MOST_ROWS
    return answer


async def test_around_a_hub_some_are_shown_and_how_many_are_left_out_is_said(client, engine, counted):
    found = (await got(client, engine, f"/api/v1/graph?seed={HUB}&hops=1&nodes=50")).json()
    assert len(found["nodes"]) == 50
    assert found["leftOut"] > 900
    assert any("the first 1000 links were read" in note for note in found["notes"])
    hub = next(each for each in found["nodes"] if each["hops"] == 0)
    assert hub["hub"]
    assert hub["links"] == (LINKS if counted else None)


async def test_two_steps_through_a_hub_do_not_follow_it(client, engine):
    found = (await got(client, engine, f"/api/v1/graph?seed={person(1)}&hops=2")).json()
    assert {each["iri"] for each in found["nodes"]} == {
        BASE + key for key in (person(1), HUB, person(70_001), person(70_002))
    }
    assert found["notes"] == ["1 records with more than 1000 links are not followed"]


async def test_a_path_goes_through_a_hub_that_both_ends_reach(client, engine):
    found = (await got(client, engine, f"/api/v1/paths?from={person(1)}&to={person(2)}&k=1")).json()
    assert [path["length"] for path in found["paths"]] == [2]
    assert found["paths"][0]["steps"][0]["end"]["iri"] == BASE + HUB


async def test_a_path_goes_around_a_hub_where_that_is_wished(client, engine):
    address = f"/api/v1/paths?from={person(1)}&to={person(2)}&k=1&avoid=hubs"
    found = (await got(client, engine, address)).json()
    assert [path["length"] for path in found["paths"]] == [5]


async def test_a_path_from_a_hub_is_found_among_a_hundred_thousand(client, engine):
    found = (await got(client, engine, f"/api/v1/paths?from={HUB}&to={person(99_999)}&k=1")).json()
    assert [path["length"] for path in found["paths"]] == [1]


async def test_a_page_that_finds_no_path_says_what_can_be_tried(client, engine):
    none = (await got(client, engine, f"/en/path?from={person(1)}&to=person/alone")).text
    assert "No path" in none
    assert f"/en/graph?seed={person(1)}" in none
    around = (await got(client, engine, f"/en/path?from={person(5)}&to={person(6)}&avoid=hubs")).text
    assert "also through records with very many links" in around


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize(
    "page", [HUB, f"graph?seed={HUB}", f"graph?seed={HUB}&hops=3", f"graph?seed={person(1)}&hops=3"]
)
async def test_pages_around_a_hub_stay_small(client, engine, language, page):
    answer = await got(client, engine, f"/{language}/{page}")
    assert len(answer.content) < 60_000
