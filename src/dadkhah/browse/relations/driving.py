"""Runs a search for paths over the graph: what it wants to know is read, until its time is over.

In: a search, an `Ask`, what a link is. Out: what the search found, and the links seen between each two records. It must
not decide where the search goes, and must not lead it through a protected record.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Sequence

from dadkhah.browse.ask import Ask
from dadkhah.browse.relations.links import BATCH, Link, LinkPolicy, Reach, links_among, links_around
from dadkhah.browse.relations.shortest import Around, Look, PathsFound
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.small_numbers import pointing, shields
from dadkhah.errors import QueryTimeout

_POINTING = 2_000  # records that are looked at in one query for what points at somebody

Between = dict[frozenset[str], list[Link]]
"""The links seen between each two records."""


class _Reader:
    """Reads what a search wants to know.

    What is, or names, a protected record that is no end is not reached: the ends would be two traits of it
    (`small_numbers`). That is one query for each step of the search, none where nobody is protected.
    """

    def __init__(self, ask: Ask, scheme: Scheme, policy: LinkPolicy, ends: tuple[str, str]) -> None:
        self._ask, self._scheme, self._policy, self._ends = ask, scheme, policy, ends
        self.between: Between = {}
        self._known: set[str] = set()
        self._left_out: set[str] = set()

    async def read(self, look: Look, pairs: list[tuple[str, str]], hubs: set[str]) -> None:
        """Read in parts and add what each gives, so that what was read stays if time runs out."""
        wanted = frozenset(look.nodes)
        for start in range(0, len(look.nodes), BATCH):
            reach = await self._part(look.nodes[start : start + BATCH], look.onto)
            hubs |= reach.hubs
            pairs += await self._pairs(reach, wanted)

    async def _part(self, nodes: Sequence[str], onto: frozenset[str] | None) -> Reach:
        if onto is None:
            return await links_around(self._ask, self._scheme, self._policy, nodes, frozenset(self._ends))
        return Reach(await links_among(self._ask, self._scheme, self._policy, nodes, onto), frozenset())

    async def _pairs(self, reach: Reach, wanted: frozenset[str]) -> list[tuple[str, str]]:
        reached = {end for link in reach.links for end in (link.subject, link.object)}.difference(self._ends)
        self._left_out |= await self._pointing(sorted(reached - self._known))
        self._known |= reached
        pairs = []
        for link in reach.links:
            if link.subject in self._left_out or link.object in self._left_out:
                continue
            both = self.between.setdefault(frozenset((link.subject, link.object)), [])
            if link not in both:
                both.append(link)
            pairs.append((link.subject, link.object) if link.subject in wanted else (link.object, link.subject))
        return pairs

    async def _pointing(self, reached: Sequence[str]) -> set[str]:
        """What points at a protected record, asked in batches."""
        found: set[str] = set()
        if reached and await shields(self._ask, self._scheme):
            for start in range(0, len(reached), _POINTING):
                part = reached[start : start + _POINTING]
                found |= await pointing(self._ask, self._scheme, part, apart_from=self._ends)
        return found


async def drive_paths(
    ask: Ask,
    scheme: Scheme,
    policy: LinkPolicy,
    search: Generator[Look, Around, PathsFound],
    ends: tuple[str, str],
    *,
    seconds: float,
) -> tuple[PathsFound, Between]:
    """Run a path search over the graph for at most so many seconds; also gives the links seen between each two nodes.

    A search whose time is over ends with what it has: what was being read is given up.
    """
    reader = _Reader(ask, scheme, policy, ends)
    until = asyncio.get_running_loop().time() + seconds
    around: Around | None = None
    while True:
        try:
            look = next(search) if around is None else search.send(around)
        except StopIteration as stop:
            found: PathsFound = stop.value
            return found, reader.between
        pairs: list[tuple[str, str]] = []
        hubs: set[str] = set()
        late = False
        try:
            async with asyncio.timeout_at(until):
                await reader.read(look, pairs, hubs)
        except (TimeoutError, QueryTimeout):
            late = True
        around = Around(pairs, frozenset(hubs), late=late)
