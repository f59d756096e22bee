"""Rules of small numbers: no count and no combination of filters points at a person under a pseudonym."""

import importlib.util
from pathlib import Path

import pyoxigraph as ox
import pytest

from dadkhah.browse.ask import EngineAsk
from dadkhah.browse.models import Name
from dadkhah.browse.overviews.risk import IndicatorQuery, risk_view
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.search.facets import SearchFilter
from dadkhah.browse.search.hits import search
from dadkhah.browse.small_numbers import FEWEST
from dadkhah.browse.time_and_place.events import EventFilter, events
from dadkhah.browse.time_and_place.places import place_counts, place_points
from dadkhah.browse.time_and_place.years import year_counts

_SPEC = importlib.util.spec_from_file_location("browse_graph", Path(__file__).with_name("conftest.py"))
graph = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(graph)

DK = "https://w3id.org/dadkhah/ontology#"
ID = "https://w3id.org/dadkhah/id/"
GEO = "http://www.w3.org/2003/01/geo/wgs84_pos#"
VOICE = ox.NamedNode("https://w3id.org/dadkhah/voice/news/paper")
EVENT = ox.NamedNode(f"{DK}Event")
HIDDEN = f"{ID}person/p-0a1b2c3d"


def made(others):
    """One person under a pseudonym and so many others, all held in one prison and tried by one judge."""
    lines = []
    for number in range(others + 1):
        who = f"<{HIDDEN}>" if number == 0 else f"<{ID}person/open-{number}>"
        level = "dk:Pseudonymous" if number == 0 else "dk:Public"
        lines.append(f'{who} a dk:Person ; skos:prefLabel "Somebody {number}"@en ; dk:protection {level} .')
        lines.append(
            f"<{ID}event/e-{number}> a dk:Detention ; dk:detainee {who} ; "
            f"dk:place <{ID}prison/x> ; dk:judge <{ID}person/y> ."
        )
    store = ox.Store()
    prefixes = "PREFIX dk: <https://w3id.org/dadkhah/ontology#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    named = f'<{ID}prison/x> a dk:Prison ; skos:prefLabel "Prison X"@en . <{ID}person/y> skos:prefLabel "Judge Y"@en .'
    store.load((prefixes + "\n".join([*lines, named])).encode(), format=ox.RdfFormat.TURTLE)
    return store


async def asked(others, where):
    ask = EngineAsk(graph.StoreEngine(made(others)), timeout_seconds=10)
    return await search(ask, Scheme(), "", index=None, where=where, limit=100)


def counts(page):
    return {(facet.name, value.ref.iri): value.count for facet in page.facets for value in facet.values}


ONE = SearchFilter(kind="https://w3id.org/dadkhah/ontology#Person", prison=f"{ID}prison/x")
TWO = SearchFilter(prison=f"{ID}prison/x", judge=f"{ID}person/y", kind="https://w3id.org/dadkhah/ontology#Person")


@pytest.mark.parametrize("others", [0, 1, FEWEST - 2])
async def test_a_small_number_with_a_protected_person_in_it_is_not_told(others):
    page = await asked(others, ONE)
    assert ("judge", f"{ID}person/y") not in counts(page)


async def test_a_number_that_is_large_enough_is_told():
    page = await asked(FEWEST - 1, ONE)
    assert counts(page)["judge", f"{ID}person/y"] == FEWEST


@pytest.mark.parametrize("others", [0, 1, FEWEST - 2])
async def test_several_filters_do_not_point_at_a_protected_person(others):
    page = await asked(others, TWO)
    assert HIDDEN not in {hit.ref.iri for hit in page.hits}
    assert page.total == others


async def test_a_crowd_hides_nobody():
    page = await asked(FEWEST, TWO)
    assert HIDDEN in {hit.ref.iri for hit in page.hits}


async def test_that_somebody_was_left_out_is_not_told():
    with_somebody = await asked(1, TWO)
    elsewhere = SearchFilter(prison=f"{ID}prison/x", judge=f"{ID}person/nobody")
    without = await asked(1, elsewhere)
    assert with_somebody.notes == without.notes


DAY = "2025-03-05"
PRISON = f"{ID}prison/x"
BY_TWO = EventFilter(place=PRISON, first=DAY, last=DAY)


def dated(others):
    """The same detentions, each on one day."""
    store = made(others)
    for number in range(others + 1):
        event = ox.NamedNode(f"{ID}event/e-{number}")
        day = ox.Literal(DAY, datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date"))
        for name in ("earliest", "latest"):
            store.add(ox.Quad(event, ox.NamedNode(f"{DK}{name}"), day))
        store.add(ox.Quad(event, ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), EVENT))
    store.add(ox.Quad(ox.NamedNode(PRISON), ox.NamedNode(f"{GEO}lat"), ox.Literal("35.79")))
    store.add(ox.Quad(ox.NamedNode(PRISON), ox.NamedNode(f"{GEO}long"), ox.Literal("51.38")))
    told = ox.Store()
    told.extend(ox.Quad(quad.subject, quad.predicate, quad.object, VOICE) for quad in store)
    return EngineAsk(graph.StoreEngine(graph.merged(told)), timeout_seconds=10)


@pytest.mark.parametrize("others", [0, 1, FEWEST - 2])
async def test_a_list_by_place_and_time_leaves_out_an_event_of_a_protected_person(others):
    page, _ = await events(dated(others), Scheme(), BY_TWO)
    assert {entry.event.iri for entry in page.items} == {f"{ID}event/e-{number}" for number in range(1, others + 1)}
    assert page.total == others
    assert page.notes == ()


@pytest.mark.parametrize("others", [0, 1, FEWEST - 2])
async def test_slices_of_such_a_list_hold_no_more_than_the_whole(others):
    ask, position, seen = dated(others), 0, []
    for _ in range(others + 1):
        page, position = await events(ask, Scheme(), BY_TWO, position=position, limit=1)
        seen += [entry.event.iri for entry in page.items]
        if not position:
            break
    assert seen == [f"{ID}event/e-{number}" for number in range(1, others + 1)]


async def test_a_list_of_many_events_leaves_out_nothing():
    page, _ = await events(dated(FEWEST - 1), Scheme(), BY_TWO)
    assert page.total == FEWEST


async def test_one_trait_leaves_out_nothing():
    ask = dated(1)
    for where in (EventFilter(place=PRISON), EventFilter(first=DAY), EventFilter(kind=f"{DK}Detention")):
        page, _ = await events(ask, Scheme(), where)
        assert page.total == 2


async def test_a_class_is_a_trait_as_any_other():
    page, _ = await events(dated(1), Scheme(), EventFilter(place=PRISON, kind=f"{DK}Detention"))
    assert [entry.event.iri for entry in page.items] == [f"{ID}event/e-1"]


async def test_events_of_the_record_that_is_asked_for_are_listed_and_others_of_protected_people_are_not():
    ask = dated(1)
    page, _ = await events(ask, Scheme(), EventFilter(person=HIDDEN, place=PRISON))
    assert [entry.event.iri for entry in page.items] == [f"{ID}event/e-0"]
    page, _ = await events(ask, Scheme(), EventFilter(person=f"{ID}person/y", place=PRISON))
    assert [entry.event.iri for entry in page.items] == [f"{ID}event/e-1"]


@pytest.mark.parametrize("others", [0, 1, FEWEST - 1])
async def test_a_chart_counts_what_the_list_holds(others):
    ask = dated(others)
    page, _ = await events(ask, Scheme(), BY_TWO)
    assert sum(count.events for count in await year_counts(ask, Scheme(), BY_TWO)) == page.total


@pytest.mark.parametrize(("others", "counted"), [(0, {}), (1, {PRISON: 1}), (FEWEST - 1, {PRISON: FEWEST})])
async def test_places_of_a_span_of_time_count_what_the_list_holds(others, counted):
    found, notes = await place_counts(dated(others), Scheme(), DAY, DAY)
    assert {each.ref.iri: each.events for each in found} == counted
    assert notes == ()
    everywhen, _ = await place_counts(dated(others), Scheme())
    assert {each.ref.iri: each.events for each in everywhen} == {PRISON: others + 1}


@pytest.mark.parametrize(("others", "counted"), [(0, 0), (1, 1), (FEWEST - 1, FEWEST)])
async def test_the_map_counts_what_the_list_holds(others, counted):
    ask = dated(others)
    (point,), _ = await place_points(ask, Scheme(), DAY, DAY)
    assert point.events == counted
    (always,), _ = await place_points(ask, Scheme())
    assert always.events == others + 1


@pytest.mark.parametrize(("others", "counted"), [(0, 0), (1, 1), (FEWEST - 1, FEWEST)])
async def test_risk_indicators_of_a_place_and_a_span_of_time_count_what_the_list_holds(others, counted):
    query = f"SELECT ?event WHERE {{ ?event a <{DK}Detention> }}"
    framework = [IndicatorQuery("1.1", (Name("held", "en"),), (), query)]
    ask = dated(others)
    view = await risk_view(ask, Scheme(), framework, first=DAY, last=DAY, place=PRISON)
    assert view.indicators[0].count == counted
    view = await risk_view(ask, Scheme(), framework, place=PRISON)
    assert view.indicators[0].count == counted
    view = await risk_view(ask, Scheme(), framework)
    assert view.indicators[0].count == others + 1
