"""A router that finds a route by the first two segments of an address instead of trying all of them in turn.

FastAPI tries the routes of an included router in order, and again once it has chosen the router: for the page of a
record, the last of a hundred, that took a millisecond. In: routes whose first segment is written out. Out: the very
route that trying all of them in order would give. It must not answer an address of another first segment.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from fastapi import APIRouter
from starlette.routing import BaseRoute, Match

from dadkhah.web.wire.exchange import Receive, Send

_Heads = dict[tuple[str, str], list[BaseRoute]]


class HeadedRouter(APIRouter):
    """A router of addresses like `/en/search`; make it, add all routes, then include it."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._by_head: tuple[int, _Heads, dict[str, list[BaseRoute]]] = (0, {}, {})

    def matches(self, scope: Any) -> tuple[Match, Any]:
        """Whether a route of this router answers."""
        match, child_scope, _ = self._found(scope)
        return match, child_scope

    async def handle(self, scope: Any, receive: Receive, send: Send) -> None:
        """Answer with the route that matched."""
        _, child_scope, route = self._found(scope)
        if route is None:
            await self.default(scope, receive, send)
            return
        scope.update(child_scope)
        await route.handle(scope, receive, send)

    def _found(self, scope: Any) -> tuple[Match, Any, BaseRoute | None]:
        """The first route that matches; else the first that does but for its method."""
        partial: tuple[Match, Any, BaseRoute | None] = (Match.NONE, {}, None)
        for route in self._candidates(scope["path"].removeprefix(scope.get("root_path", ""))):
            match, child_scope = route.matches(scope)
            if match is Match.FULL:
                return match, child_scope, route
            if match is Match.PARTIAL and partial[2] is None:
                partial = match, child_scope, route
        return partial

    def _candidates(self, path: str) -> list[BaseRoute]:
        if self._by_head[0] != len(self.routes):
            self._by_head = (len(self.routes), *_by_head(self.routes))
        _, by_head, open_ended = self._by_head
        _, first, second, *_ = [*path.split("/", 3), "", ""]
        return by_head.get((first, second)) or open_ended.get(first, [])


def _by_head(routes: list[BaseRoute]) -> tuple[_Heads, dict[str, list[BaseRoute]]]:
    """Routes in order by their first two segments, and by the first alone where the second is a parameter."""
    segments = [[*getattr(route, "path", "").split("/", 3), "", ""][1:3] for route in routes]
    heads = {(first, second) for first, second in segments if "{" not in second}
    by_head: _Heads = defaultdict(list)
    open_ended: dict[str, list[BaseRoute]] = defaultdict(list)
    for route, (first, second) in zip(routes, segments, strict=True):
        if "{" in second:
            open_ended[first].append(route)
        for head in heads:
            if head[0] == first and ("{" in second or head[1] == second):
                by_head[head].append(route)
    return dict(by_head), dict(open_ended)
