"""Small numbers in every list and count of events, over this project's own people under a pseudonym."""

from __future__ import annotations

from itertools import combinations

import pytest

from dadkhah.browse.small_numbers import FEWEST

DK = "https://w3id.org/dadkhah/ontology#"
PLACES = ("place", "from", "to", "heldInWard", "executedAt", "exileTo")


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
