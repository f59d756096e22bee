"""Neighbourhoods: the records around some, and who says what connects them.

In: IRIs, how far, which relations, which dates. Out: a `Neighbourhood`. Bounded on any graph: by nodes, by links of one
node, by time; what was left out is said in the result.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from dadkhah.browse.ask import Ask
from dadkhah.browse.dates import spans_of
from dadkhah.browse.degrees import degrees
from dadkhah.browse.models import Ref
from dadkhah.browse.relations.edges import Edge, describe
from dadkhah.browse.relations.links import Link, LinkPolicy, Reach, links_among, links_around
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.small_numbers import pointing
from dadkhah.browse.spans import Span, meets
from dadkhah.errors import QueryTimeout


@dataclass(frozen=True, slots=True)
class Node:
    """A record in a neighbourhood.

    Attributes:
        ref: the record.
        hops: links from the nearest seed; 0 for a seed.
        hub: whether it has more links than are followed.
        links: of a hub, how many statements point at it, where the build counted them.
        span: when it happened, for an event with a date.
    """

    ref: Ref
    hops: int
    hub: bool = False
    span: Span | None = None
    links: int | None = None


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Records around seeds, in order of hops, then IRI; `notes` says which bounds were met.

    `left_out` counts the records that were found and not taken in; those that only they lead to are not counted.
    """

    seeds: tuple[str, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    notes: tuple[str, ...] = ()
    left_out: int = 0

    def by_iri(self) -> dict[str, Ref]:
        """The records by their IRIs."""
        return {node.ref.iri: node.ref for node in self.nodes}


@dataclass(frozen=True, slots=True)
class Window:
    """A span of days as ISO dates, either end open."""

    first: str = ""
    last: str = ""


ANY_TIME = Window()
# nodes of a frontier that are read in one go
_PART = 50


async def neighbourhood(
    ask: Ask,
    scheme: Scheme,
    seeds: Sequence[str],
    *,
    hops: int,
    policy: LinkPolicy,
    window: Window = ANY_TIME,
    max_nodes: int = 300,
    seconds: float = 4.0,
) -> Neighbourhood:
    """Records within some hops of the seeds, and the statements between them.

    An event that surely lies outside the window is left out, with what is reached only through it; a thing without a
    date stays. Where there is a window, so is what would point at a protected record that is no seed
    (`small_numbers`). Nodes beyond `max_nodes` are left out, the nearest kept, in order of IRI. After so many seconds
    of looking for links nothing further is looked for, and what was found is given.
    """
    hops_of = dict.fromkeys(seeds, 0)
    hubs: set[str] = set()
    links: dict[Link, None] = {}
    spans: dict[str, Span] = {}
    left_out = 0
    until, late = asyncio.get_running_loop().time() + seconds, False
    frontier = list(hops_of)
    for level in range(1, hops + 1):
        reach, late = await _reach(ask, scheme, policy, (frontier, seeds), until)
        hubs |= reach.hubs
        found = sorted({end for link in reach.links for end in (link.subject, link.object)} - hops_of.keys())
        found = await _within(ask, scheme, found, window, spans)
        if window != ANY_TIME:
            hidden = await pointing(ask, scheme, found, apart_from=seeds)
            found = [iri for iri in found if iri not in hidden]
        room = max_nodes - len(hops_of)
        if len(found) > room:
            left_out += len(found) - room
            found = found[:room]
        hops_of |= dict.fromkeys(found, level)
        links.update(dict.fromkeys(reach.links))
        frontier = found
        if late or not frontier:
            break
    if hops and not late:
        # statements among the outermost records, and those that touch a hub
        among, late = await _among(ask, scheme, policy, list(hops_of), until)
        links.update(dict.fromkeys(among))
    inside = [link for link in links if link.subject in hops_of and link.object in hops_of]
    spans |= await spans_of(ask, scheme, [iri for iri in hops_of if iri not in spans])
    edges, named = await describe(ask, scheme, inside, hops_of)
    counted = degrees(ask, scheme) or {}
    nodes = tuple(
        Node(named[iri], hops_of[iri], iri in hubs, spans.get(iri), counted.get(iri) if iri in hubs else None)
        for iri in sorted(hops_of, key=lambda i: (hops_of[i], i))
    )
    ended = (f"the search ended after {seconds:g} seconds; more lies within {hops} hops",) if late else ()
    notes = (*ended, *_cut(hops, len(hops_of), left_out), *_not_followed(hubs, seeds, policy.hub_links))
    return Neighbourhood(tuple(seeds), nodes, edges, notes, left_out)


async def _reach(
    ask: Ask, scheme: Scheme, policy: LinkPolicy, nodes: tuple[Sequence[str], Sequence[str]], until: float
) -> tuple[Reach, bool]:
    """The links around a frontier, of which the seeds are followed even as hubs; and whether time ran out."""
    frontier, seeds = nodes
    links: list[Link] = []
    hubs: set[str] = set()
    try:
        async with asyncio.timeout_at(until):
            # in parts, so that what was read stays
            for start in range(0, len(frontier), _PART):
                reach = await links_around(ask, scheme, policy, frontier[start : start + _PART], frozenset(seeds))
                links += reach.links
                hubs |= reach.hubs
    except (TimeoutError, QueryTimeout):
        return Reach(tuple(links), frozenset(hubs)), True
    return Reach(tuple(links), frozenset(hubs)), False


async def _among(
    ask: Ask, scheme: Scheme, policy: LinkPolicy, nodes: Sequence[str], until: float
) -> tuple[tuple[Link, ...], bool]:
    """The links among nodes, none if time runs out; and whether it did."""
    try:
        async with asyncio.timeout_at(until):
            return await links_among(ask, scheme, policy, nodes), False
    except (TimeoutError, QueryTimeout):
        return (), True


def _cut(hops: int, shown: int, left_out: int) -> tuple[str, ...]:
    """How many records are not shown."""
    if not left_out:
        return ()
    return (f"of {shown + left_out} records found within {hops} hops the nearest {shown} are shown",)


def _not_followed(hubs: set[str], seeds: Sequence[str], most: int) -> tuple[str, ...]:
    """Of which records not all links were read."""
    notes = []
    if cut := len(hubs.intersection(seeds)):
        notes.append(f"of {cut} records asked for that have more than {most} links the first {most} links were read")
    if beyond := len(hubs.difference(seeds)):
        notes.append(f"{beyond} records with more than {most} links are not followed")
    return tuple(notes)


async def _within(ask: Ask, scheme: Scheme, found: list[str], window: Window, spans: dict[str, Span]) -> list[str]:
    """Those that are not surely outside the window."""
    if not (window.first or window.last) or not found:
        return found
    spans |= await spans_of(ask, scheme, found)
    return [iri for iri in found if iri not in spans or meets(spans[iri], window.first, window.last)]
