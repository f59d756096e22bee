"""Neighbourhoods and paths: how records are connected, and who says so for every step.

In: IRIs, how far, which relations, which dates. Out: `Neighbourhood` and `Paths`. Bounded on any graph: by nodes, by
links of one node, by nodes followed; what was left out is said in the result.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from dadkhah.browse.ask import Ask
from dadkhah.browse.dates import spans_of
from dadkhah.browse.degrees import degrees
from dadkhah.browse.models import Ref, Voice
from dadkhah.browse.names import refs
from dadkhah.browse.records.reading import without_echoes
from dadkhah.browse.relations.driving import Between, drive_paths
from dadkhah.browse.relations.links import (
    BATCH,
    Link,
    LinkPolicy,
    Reach,
    known_hubs,
    links_among,
    links_around,
    voices_query,
)
from dadkhah.browse.relations.shortest import PathBounds, PathsFound, find_paths
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.small_numbers import pointing
from dadkhah.browse.spans import Span, meets
from dadkhah.browse.voices import graph_of, voices_of
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
class Edge:
    """A statement that connects two nodes, with the voices that make it."""

    subject: str
    property: Ref
    object: str
    voices: tuple[Voice, ...] = ()


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
class Step:
    """One step of a path: from a record to the next, by one or more statements in either direction."""

    start: Ref
    end: Ref
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class Paths:
    """The shortest paths between two records.

    Attributes:
        start: where from.
        target: where to.
        paths: each a chain of steps, the shortest first; a path from a record to itself has no steps.
        complete: whether these are surely the shortest.
        hubs: records that were not followed because they have too many links.
        notes: what was left out and why.
        searched: every path of at most so many steps that goes around the hubs was looked at.
        followed: records whose links were read.
    """

    start: Ref
    target: Ref
    paths: tuple[tuple[Step, ...], ...]
    complete: bool
    hubs: tuple[Ref, ...] = ()
    notes: tuple[str, ...] = ()
    searched: int = 0
    followed: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """A span of days as ISO dates, either end open."""

    first: str = ""
    last: str = ""


ANY_TIME = Window()
USUAL_BOUNDS = PathBounds()
# searches that one request may take to go around hubs
HUB_ROUNDS = 6
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
    edges, named = await _describe(ask, scheme, inside, hops_of)
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


async def _describe(
    ask: Ask, scheme: Scheme, links: Sequence[Link], nodes: Iterable[str]
) -> tuple[tuple[Edge, ...], dict[str, Ref]]:
    """Voices for the links and names for everything: a query for each `BATCH` links, and two more."""
    graphs: dict[Link, list[str]] = {link: [] for link in links}
    for start in range(0, len(links), BATCH):
        for row in await ask(voices_query(scheme, links[start : start + BATCH])):
            graphs[Link(row["s"].value, row["p"].value, row["o"].value)].append(graph_of(row))
    graphs = without_echoes(scheme, graphs, lambda link: frozenset((link.subject, link.object)))
    voices = await voices_of(ask, scheme, (graph for held in graphs.values() for graph in held))
    named = await refs(ask, scheme, [*nodes, *(link.predicate for link in links)])
    edges = tuple(
        Edge(link.subject, named[link.predicate], link.object, _speakers(voices, graphs[link]))
        for link in sorted(graphs)
    )
    return edges, named


def _speakers(voices: dict[str, Voice], graphs: list[str]) -> tuple[Voice, ...]:
    """Voices of named graphs; of the default graph where the statement stands in no other."""
    named = {graph for graph in graphs if graph}
    return tuple(voices[graph] for graph in sorted(named or set(graphs)))


async def paths(
    ask: Ask,
    scheme: Scheme,
    start: str,
    target: str,
    *,
    k: int,
    policy: LinkPolicy,
    bounds: PathBounds = USUAL_BOUNDS,
    avoid_hubs: bool = False,
) -> Paths:
    """The k shortest paths between two records, links taken in either direction.

    None leads through what is, or names, a protected record that is not one of the two: see `drive_paths`.

    A hub may lie on a path where both sides reach it; with `avoid_hubs` it may not: what the build counted as hubs is
    left out from the beginning, any other at the cost of another search for each round of hubs met.
    """
    if avoid_hubs:
        policy = replace(policy, without=policy.without | (known_hubs(ask, scheme, policy) - {start, target}))
    clock = asyncio.get_running_loop().time
    until = clock() + bounds.seconds
    for _ in range(HUB_ROUNDS):
        search = find_paths(start, target, k, bounds)
        found, between = await drive_paths(
            ask, scheme, policy, search, (start, target), seconds=max(0.0, until - clock())
        )
        inner = sorted({node for path in found.paths for node in path[1:-1]})
        if not avoid_hubs or not inner:
            break
        hubs_met = (await links_around(ask, scheme, policy, inner, frozenset())).hubs
        if not hubs_met:
            break
        policy = replace(policy, without=policy.without | hubs_met)
    else:
        found, between = PathsFound((), complete=False), {}
    told = await _told(ask, scheme, (start, target), found, between)
    return replace(told, notes=_notes(found, policy, bounds))


async def _told(ask: Ask, scheme: Scheme, ends: tuple[str, str], found: PathsFound, between: Between) -> Paths:
    """Paths with names and voices."""
    used: dict[Link, None] = {}
    for path in found.paths:
        for here, there in pairwise(path):
            used.update(dict.fromkeys(between[frozenset((here, there))]))
    nodes = [*ends, *found.hubs, *(node for path in found.paths for node in path)]
    edges, named = await _describe(ask, scheme, list(used), nodes)
    by_ends: dict[frozenset[str], list[Edge]] = defaultdict(list)
    for edge in edges:
        by_ends[frozenset((edge.subject, edge.object))].append(edge)
    chains = tuple(
        tuple(
            Step(named[here], named[there], tuple(by_ends[frozenset((here, there))])) for here, there in pairwise(path)
        )
        for path in found.paths
    )
    counted: Mapping[str, int] = degrees(ask, scheme) or {}
    hubs = tuple(named[hub] for hub in sorted(found.hubs, key=lambda iri: (-counted.get(iri, 0), iri)))
    start, target = (named[end] for end in ends)
    return Paths(start, target, chains, found.complete, hubs, (), found.searched, found.expanded)


def _notes(found: PathsFound, policy: LinkPolicy, bounds: PathBounds) -> tuple[str, ...]:
    """Why these may not be all paths: how far the search came, and what it went around."""
    if found.complete:
        return ()
    steps, records = found.searched, found.expanded
    notes = []
    if found.ended == "time":
        notes.append(
            f"the search ended after {bounds.seconds:g} seconds; searched so far: every path of at most {steps} steps, "
            f"from the links of {records} records"
        )
    elif found.ended == "size" or not found.hubs:
        notes.append(
            f"the search met its bound; searched so far: every path of at most {steps} steps, "
            f"from the links of {records} records"
        )
    if found.hubs:
        notes.append(
            f"records with more than {policy.hub_links} links were not followed; a path through one is not shown"
        )
    return tuple(notes)
