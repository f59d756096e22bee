"""Rules of small numbers: no count and no combination of filters points at a person under a pseudonym."""

import importlib.util
from pathlib import Path

import pyoxigraph as ox
import pytest

from dadkhah.browse.ask import EngineAsk
from dadkhah.browse.facets import FEWEST, SearchFilter
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.search import search

_SPEC = importlib.util.spec_from_file_location("browse_graph", Path(__file__).with_name("conftest.py"))
graph = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(graph)

ID = "https://w3id.org/dadkhah/id/"
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
