"""A route found by the head of an address is the one that trying all routes in order gives."""

from __future__ import annotations

from itertools import product

import pytest
from starlette.routing import Match

from dadkhah.web import pages
from dadkhah.web.routing.headed import HeadedRouter

SEGMENTS = ("", "search", "person", "record", "all", "statements", "changes", "a.pdf")


def in_order(router, scope):
    tried = [(route.matches(scope)[0], route) for route in router.routes]
    full = [route for match, route in tried if match is Match.FULL]
    return next(iter(full or [route for match, route in tried if match is Match.PARTIAL]), None)


@pytest.mark.parametrize("first", ["en", "fa", "de", ""])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_route_found_is_the_one_that_trying_all_in_order_finds(first, method):
    router = next(each for each in pages.ROUTERS if isinstance(each, HeadedRouter))
    for count in range(4):
        for rest in product(SEGMENTS, repeat=count):
            path = "/" + "/".join((first, *rest))
            scope = {"type": "http", "path": path, "method": method, "root_path": "", "headers": []}
            expected = in_order(router, scope)
            match, child_scope = router.matches(dict(scope))
            assert (match is not Match.NONE) == (expected is not None), path
            assert child_scope.get("route") is expected, path
