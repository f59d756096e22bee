"""The k shortest paths between two nodes of a graph that is read piece by piece.

In: a generator's caller answers "who are the neighbours of these nodes?"; out: paths. The search does no input or
output of its own, so one algorithm serves SPARQL, an index, and tests against networkx. It must not know what a node
or a link means.

The search is breadth-first from both ends, always one whole level of the smaller side. When `a` levels around the
start and `b` around the target are known, every path of at most `a + b` links lies inside what is known, so the paths
found are the shortest there are. Before a level of many nodes is read, the links between the two outermost levels are
asked for alone: that makes it `a + b + 1`, and costs far less than all links of a level. The search ends when k paths
are found, when one side has seen everything it can reach, or when a bound is met or its caller has no more time; only
then is the result not complete, and it says so.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Path = tuple[str, ...]
Ended = Literal["", "time", "size"]
"""What ended a search before its time: nothing, its time, or the size of what it read."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a search wants to know next.

    Attributes:
        nodes: distinct nodes, at least one.
        onto: only the links that lead to one of these are wanted; None for all links.
    """

    nodes: Sequence[str]
    onto: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """What lies around a batch of nodes.

    Attributes:
        links: (node of the batch, neighbour), undirected; repeats and self-links are allowed.
        hubs: nodes of the batch with more links than may be followed; their links are absent or incomplete.
        late: whether time ran out; links may be missing.
    """

    links: Sequence[tuple[str, str]]
    hubs: frozenset[str] = frozenset()
    late: bool = False


@dataclass(frozen=True, slots=True)
class PathBounds:
    """What ends a search that would go on too long.

    Attributes:
        expanded: nodes whose neighbours are asked for. 3,000 nodes of the bench graph have about 30,000 links, read in
            well under a second.
        links: links kept in memory, about 200 bytes each.
        length: links of the longest path looked for.
        steps: partial paths tried while the known part is searched, about a microsecond each.
        seconds: time for reading, kept by who drives the search.
    """

    expanded: int = 3_000
    links: int = 200_000
    length: int = 24
    steps: int = 200_000
    seconds: float = 4.0


@dataclass(frozen=True, slots=True)
class PathsFound:
    """Paths in order of length, then of node names.

    Attributes:
        paths: sequences of nodes from the start to the target, without repeats.
        complete: whether these are surely the k shortest (or all, where there are fewer).
        hubs: nodes that were not followed because they have too many links.
        expanded: how many nodes were followed.
        searched: every path of at most so many links that goes around the hubs was looked at.
        ended: what ended the search where it met a bound.
    """

    paths: tuple[Path, ...]
    complete: bool
    hubs: tuple[str, ...] = ()
    expanded: int = 0
    searched: int = 0
    ended: Ended = ""


# a smaller side of more nodes than this is joined to the other before its level is read: below, a level costs as little
_JOINED_FROM = 8
# nodes of both sides beyond which joining them costs as much as a level
_JOINED_MOST = 2_000


class _Side:
    """One end of the search: what it has seen and what it will follow next."""

    def __init__(self, origin: str) -> None:
        self.seen = {origin}
        self.frontier = [origin]
        self.levels = 0

    def advance(self, known: dict[str, set[str]]) -> None:
        """Make the frontier the nodes one link further out."""
        reached = {other for node in self.frontier for other in known.get(node, ())}
        self.frontier = sorted(reached - self.seen)
        self.seen |= reached
        self.levels += 1


class _Search:
    """What is known so far, and what it is good for."""

    def __init__(self, ends: tuple[str, str], k: int, bounds: PathBounds) -> None:
        self.ends, self.k, self.bounds = ends, k, bounds
        self.near, self.far = (_Side(end) for end in ends)
        self.known: dict[str, set[str]] = {end: set() for end in ends}
        self.followed: set[str] = set()
        self.hubs: set[str] = set()
        self.links = 0
        self.certain = 0
        self.joined = False

    def sides(self) -> list[_Side]:
        """Both sides, the one with less to follow first."""
        return sorted((self.near, self.far), key=lambda side: (len(side.frontier), side.levels))

    def is_too_large(self, batch: Sequence[str]) -> bool:
        return len(self.followed) + len(batch) > self.bounds.expanded or self.links > self.bounds.links

    def between(self) -> Look | None:
        """The links between the outermost nodes of both sides, where it pays to ask for them before all others."""
        outer = {*self.near.frontier, *self.far.frontier}
        if min(len(side.frontier) for side in self.sides()) < _JOINED_FROM or len(outer) > _JOINED_MOST:
            return None
        unread = sorted(outer - self.followed)
        return Look(unread, frozenset(outer)) if unread else None

    def take(self, around: Around) -> None:
        self.hubs.update(around.hubs)
        for node, other in around.links:
            if node != other:
                self.known.setdefault(node, set()).add(other)
                self.known.setdefault(other, set()).add(node)
        self.links += len(around.links)

    def judged(self) -> PathsFound | None:
        """The result, where what is known is enough for it."""
        exhausted = not self.near.frontier or not self.far.frontier
        at_length = self.certain >= self.bounds.length
        if not (exhausted or at_length or self.joined or not self.near.seen.isdisjoint(self.far.seen)):
            return None
        limit = self.bounds.length if exhausted else min(self.certain, self.bounds.length)
        found, whole = self._shortest(limit)
        if not (len(found) >= self.k or exhausted or at_length or not whole):
            return None
        complete = whole and not self.hubs and (len(found) >= self.k or exhausted)
        ended: Ended = "" if complete or (whole and self.hubs) else "size"
        return self._result(found, complete=complete, ended=ended)

    def ended(self, why: Ended) -> PathsFound:
        """What is found in the part that is known."""
        found, _ = self._shortest(self.bounds.length)
        return self._result(found, complete=False, ended=why)

    def _shortest(self, limit: int) -> tuple[list[Path], bool]:
        return shortest_in(self.known, self.ends, k=self.k, limit=limit, steps=self.bounds.steps)

    def _result(self, found: list[Path], *, complete: bool, ended: Ended) -> PathsFound:
        return PathsFound(
            tuple(found), complete, tuple(sorted(self.hubs)), len(self.followed), searched=self.certain, ended=ended
        )


def find_paths(start: str, target: str, k: int, bounds: PathBounds) -> Generator[Look, Around, PathsFound]:
    """Find the k shortest simple paths; yields what it wants to know, wants an `Around` sent for each.

    All links of a node are asked for at most once over the whole search.
    """
    if start == target:
        return PathsFound(((start,),), complete=True)
    search = _Search((start, target), k, bounds)
    while True:
        side = search.sides()[0]
        batch = [node for node in side.frontier if node not in search.followed]
        if search.is_too_large(batch):
            return search.ended("size")
        if batch:
            around = yield Look(batch)
            search.take(around)
            if around.late:
                return search.ended("time")
            search.followed.update(batch)
        side.advance(search.known)
        search.certain, search.joined = search.near.levels + search.far.levels, False
        found = search.judged()
        if found is None and (look := search.between()):
            around = yield look
            search.take(around)
            if around.late:
                return search.ended("time")
            search.certain, search.joined = search.certain + 1, bool(around.links)
            found = search.judged()
        if found is not None:
            return found


def shortest_in(
    known: dict[str, set[str]], ends: tuple[str, str], *, k: int, limit: int, steps: int
) -> tuple[list[Path], bool]:
    """The k shortest simple paths of a graph held in memory, of at most `limit` links.

    For each length in turn, a depth-first walk that turns back where the target is too far away. The flag is False
    where `steps` ran out.
    """
    start, target = ends
    distance = _distances(known, target)
    found: list[Path] = []
    if start not in distance:
        return found, True
    left = [steps]
    # a simple path cannot be longer than the number of nodes that reach the target
    for length in range(distance[start], min(limit, len(distance) - 1) + 1):
        for path in _of_length(known, distance, ends, length, left):
            found.append(path)
            if len(found) >= k:
                return found, True
        if left[0] <= 0:
            return found, False
    return found, True


def _distances(known: dict[str, set[str]], target: str) -> dict[str, int]:
    """Links from each node to the target."""
    distance = {target: 0}
    level = [target]
    while level:
        following = []
        for node in level:
            for other in known.get(node, ()):
                if other not in distance:
                    distance[other] = distance[node] + 1
                    following.append(other)
        level = following
    return distance


def _of_length(
    known: dict[str, set[str]], distance: dict[str, int], ends: tuple[str, str], length: int, left: list[int]
) -> Iterator[Path]:
    """Simple paths of exactly this many links, in order of node names; counts its steps down in `left[0]`."""
    start, target = ends
    path = [start]
    on_path = {start}
    stack = [iter(sorted(known[start]))]
    while stack and left[0] > 0:
        other = next(stack[-1], None)
        if other is None:
            stack.pop()
            on_path.discard(path.pop())
            continue
        left[0] -= 1
        room = length - len(path)
        if other in on_path or distance.get(other, room + 1) > room:
            continue
        if other == target:
            if room == 0:
                yield (*path, other)
            continue
        path.append(other)
        on_path.add(other)
        stack.append(iter(sorted(known[other])))
