"""Every page takes the same number of queries however much there is to show."""

from __future__ import annotations

from types import ModuleType

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute

from dadkhah.web import pages

_MOST = 20
# two records are read side by side, each with twelve
_MOST_OF_TWO = 24
# address of each kind of page over the hubs of `conftest`
PAGES = {
    "/": "/",
    "/search": "/search?q=name",
    "/record": "/record?iri=https://w3id.org/dadkhah/id/place/hub",
    "/{kind}/{slug:path}": "/place/hub",
    "/all/{part}": "/all/relations?of=place/hub",
    "/card/{kind}/{slug:path}": "/card/place/hub",
    "/dossier/{kind}/{slug:path}": "/dossier/event/e0",
    "/history/{kind}/{slug:path}": "/history/place/hub",
    "/graph": "/graph?seed=place/hub",
    "/path": "/path?from=event/e0&to=event/e1",
    "/timeline": "/timeline?type=Trial",
    "/places": "/places",
    "/map": "/map",
    "/risk": "/risk",
    "/patterns": "/patterns",
    "/patterns/{slug:path}": "/patterns/p",
    "/compare": "/compare?left=place/hub&right=event/e1",
    "/conflicts": "/conflicts",
    "/sources": "/sources",
    "/sources/{slug:path}": "/sources/s0",
    "/quality": "/quality",
    "/changes": "/changes",
    "/data": "/data",
    "/ontology": "/ontology",
    "/about": "/about",
    "/method": "/method",
    "/queries": "/queries",
    "/queries/{name}": "/queries/trials-by-court",
    "/sparql": "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%205",
    "a graph drawn": "/sparql?query=CONSTRUCT%20WHERE%20%7B%3Fs%20%3Fp%20%3Fo%7D",
    "times drawn": "/sparql?view=timeline&query=SELECT%20*%20%7B%3Fs%20%3Chttps%3A%2F%2Fw3id.org%2Fdadkhah%2F"
    "ontology%23earliest%3E%20%3Fo%7D%20LIMIT%2050",
    "lanes": "/timeline?type=Trial&lanes=type",
    "names for identifiers": "/timeline?place=name+7&person=c7",
    "an error": "/person/nobody",
}
# no pages, pages without data of their own, and those that are asked about elsewhere
_NOT_READ = {
    "", "/static/{name:path}", "/changes.atom", "/dossier/{kind}/{slug:path}.pdf", "/{rest}",
    # this needs what the hubs have not, a change log; see the tests of changes
    "/changes/{after}",
}  # fmt: skip


def test_every_kind_of_page_is_counted():
    modules = [module for module in vars(pages).values() if isinstance(module, ModuleType)]
    routers = [held for module in modules for held in vars(module).values() if isinstance(held, APIRouter)]
    kinds = {route.path for router in routers for route in router.routes if isinstance(route, APIRoute)}
    assert kinds - _NOT_READ - PAGES.keys() == set()


@pytest.mark.parametrize("path", PAGES.values())
async def test_a_page_takes_as_many_queries_over_four_hundred_as_over_sixty(hubs, client_of, path):
    counted = {}
    for size in (60, 400):
        # another client for each, since names that were read once are kept
        async with client_of(hubs[size]) as client:
            before = hubs[size].asked
            answer = await client.get(f"/en{path}", headers={"accept": "text/html"})
            assert answer.status_code == (404 if path == PAGES["an error"] else 200)
            counted[size] = hubs[size].asked - before
    assert max(counted.values()) <= (_MOST_OF_TWO if path == PAGES["/compare"] else _MOST)
    # a search for paths asks once for each step from either end, so that it depends on where the two records stand
    assert counted[60] == counted[400] or path == PAGES["/path"]
