"""Small numbers in every list and count of events, over this project's own people under a pseudonym."""

from __future__ import annotations

from itertools import combinations
from types import ModuleType

import pytest
from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from dadkhah.browse.small_numbers import FEWEST
from dadkhah.engine.catalog import Catalog
from dadkhah.web import api, pages

from .conftest import ROOT

DK = "https://w3id.org/dadkhah/ontology#"
PLACES = ("place", "from", "to", "heldInWard", "executedAt", "exileTo")

# what tells something of a person in the filters of a list; a class tells nothing, and a span of time is one trait
TRAITS = {"from": "time", "to": "time"} | {
    name: name for name in ("place", "prison", "court", "judge", "person", "source", "party", "subject", "seed")
}
GUARDED = {
    "/api/v1/events", "/api/v1/search", "/api/v1/risk", "/api/v1/places", "/api/v1/places.geojson",
    "/timeline", "/search", "/risk", "/map", "/places",
}  # fmt: skip
UNGUARDED = {
    "/api/v1/conflicts": "disagreements about a record that is named, all of which its page shows",
    "/conflicts": "as above",
    "/api/v1/graph": "the links of records that are named, all of which their pages show",
    "/graph": "as above",
    "/api/v1/graph.svg": "as above",
    "/api/v1/graph.graphml": "as above",
}


@pytest.fixture(scope="module")
def store(snapshot):
    return snapshot.open_store()


@pytest.fixture(scope="module")
def hidden_events(store):
    """Event to the protected records that it is or names."""
    query = (
        f"SELECT DISTINCT ?e ?who {{ ?who <{DK}protection> <{DK}Pseudonymous> . "
        f"?e ?role ?who ; a <{DK}Event> . FILTER(?role != <{DK}about>) }}"
    )
    found = {}
    for row in store.query(query):
        found.setdefault(row["e"].value, set()).add(row["who"].value)
    return found


def traits(store, event):
    """Traits of an event as the filters of lists take them."""
    values = " ".join(f"<{DK}{name}>" for name in PLACES)
    asked = {
        "place": f"VALUES ?p {{ {values} }} <{event}> ?p ?v . FILTER(isIRI(?v))",
        "from": f"<{event}> <{DK}earliest> ?v",
        "source": f"GRAPH ?g {{ <{event}> ?p ?o }} ?g <{DK}inSource> ?v",
        "party": f"GRAPH ?g {{ <{event}> ?p ?o }} ?g <{DK}party> ?v",
    }
    for name, pattern in asked.items():
        for row in store.query(f"SELECT DISTINCT ?v {{ {pattern} }} ORDER BY ?v LIMIT 2"):
            yield name, row["v"].value


async def test_no_two_traits_point_at_an_event_of_a_protected_person(client, store, hidden_events):
    asked_for, guarded = set(), set()
    for event in sorted(hidden_events):
        for pair in combinations(sorted(traits(store, event)), 2):
            asked = dict(pair)
            if len(asked) < 2:
                continue
            if "from" in asked:
                asked["to"] = asked["from"]
            asked_for.add(event)
            answer = (await client.get("/api/v1/events", params={**asked, "limit": 500})).json()
            listed = {item["event"]["iri"] for item in answer["items"]}
            assert answer["total"] == len(listed)
            if len(listed) >= FEWEST:
                continue
            assert not listed & hidden_events.keys(), asked
            guarded.add(event)
            for form in ("csv", "ttl", "jsonld", "geojson", "graphml", "ftm"):
                other = await client.get("/api/v1/events", params={**asked, "format": form})
                assert other.status_code == 200, form
                assert event not in other.text, form
            page = await client.get("/en/timeline", params=asked, headers={"accept": "text/html"})
            assert page.status_code == 200
            assert event.removeprefix("https://w3id.org/dadkhah/id/") not in page.text
    assert asked_for == hidden_events.keys()
    assert guarded


def addresses():
    """Every address with the traits that it can be asked by; pages are described here as the interface is."""
    modules = [module for module in vars(pages).values() if isinstance(module, ModuleType)]
    shown = {id(held): held for each in modules for held in vars(each).values() if isinstance(held, APIRouter)}
    for routers in (api.ROUTERS, shown.values()):
        routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
        for route in routes:
            route.include_in_schema = True
        for path, operations in get_openapi(title="all", version="1", routes=routes)["paths"].items():
            given = operations.get("get", {}).get("parameters", [])
            yield path, {TRAITS[each["name"]] for each in given if each["in"] == "query" and each["name"] in TRAITS}


def test_every_address_that_combines_traits_is_guarded_or_says_why_not():
    combining = {path for path, traits in addresses() if len(traits) > 1}
    counted_by_place = {"/api/v1/places", "/api/v1/places.geojson", "/map", "/places"}
    # two records joined by a path have parameters of the same names
    paths = {path for path, _ in addresses() if path.startswith(("/path", "/api/v1/paths"))}
    assert combining - paths == (GUARDED - counted_by_place) | UNGUARDED.keys()
    assert counted_by_place <= {path for path, traits in addresses() if traits}


def test_no_stored_query_combines_traits():
    about = {"kind", "lang", "limit", "certainty", "about"}
    for query in Catalog.load(ROOT / "queries/catalog").values():
        asked = {each.name for each in query.parameters} - about
        assert len(asked - {"until"}) <= 1, query.name
