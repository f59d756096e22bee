"""Paths: how two records are connected over others, and who says so for every step.

In: two IRIs, which relations. Out: `Paths`, the shortest first. Bounded on any graph: by links of one node, by nodes
followed, by time; how far the search came is said in the result.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from dadkhah.browse.ask import Ask
from dadkhah.browse.degrees import degrees
from dadkhah.browse.models import Ref
from dadkhah.browse.relations.driving import Between, drive_paths
from dadkhah.browse.relations.edges import Edge, describe
from dadkhah.browse.relations.links import Link, LinkPolicy, known_hubs, links_around
from dadkhah.browse.relations.shortest import PathBounds, PathsFound, find_paths
from dadkhah.browse.scheme import Scheme


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


USUAL_BOUNDS = PathBounds()
# searches that one request may take to go around hubs
HUB_ROUNDS = 6


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
    edges, named = await describe(ask, scheme, list(used), nodes)
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
