"""The k shortest paths between two nodes of a graph that is read piece by piece.

In: a generator's caller answers "who are the neighbours of these nodes?"; out: paths. The search does no input or
output of its own, so one algorithm serves SPARQL, an index, and tests against networkx. It must not know what a node
or a link means.

The search is breadth-first from both ends, always one whole level of the smaller side. When `a` levels around the
start and `b` around the target are known, every path of at most `a + b` links lies inside what is known, so the paths
found are the shortest there are. It ends when k paths are found, when one side has seen everything it can reach, or
when a bound is met; only then is the result not complete, and it says so.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Around:
    """What lies around a batch of nodes.

    Attributes:
        links: (node of the batch, neighbour), undirected; repeats and self-links are allowed.
        hubs: nodes of the batch with more links than may be followed; their links are absent or incomplete.
    """

    links: Sequence[tuple[str, str]]
    hubs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PathBounds:
    """What ends a search that would go on too long.

    Attributes:
        expanded: nodes whose neighbours are asked for. 3,000 nodes of the bench graph have about 30,000 links, read in
            well under a second.
        links: links kept in memory, about 200 bytes each.
        length: links of the longest path looked for.
        steps: partial paths tried while the known part is searched, about a microsecond each.
    """

    expanded: int = 3_000
    links: int = 200_000
    length: int = 24
    steps: int = 200_000


@dataclass(frozen=True, slots=True)
class PathsFound:
    """Paths in order of length, then of node names.

    Attributes:
        paths: sequences of nodes from the start to the target, without repeats.
        complete: whether these are surely the k shortest (or all, where there are fewer).
        hubs: nodes that were not followed because they have too many links.
        expanded: how many nodes were followed.
    """

    paths: tuple[Path, ...]
    complete: bool
    hubs: tuple[str, ...] = ()
    expanded: int = 0


class _Side:
    """One end of the search: what it has seen and what it will follow next."""

    def __init__(self, origin: str) -> None:
        self.seen = {origin}
        self.frontier = [origin]
        self.levels = 0


def find_paths(start: str, target: str, k: int, bounds: PathBounds) -> Generator[Sequence[str], Around, PathsFound]:
    """Find the k shortest simple paths; yields batches of nodes, wants an `Around` sent for each.

    A batch is never empty and never names a node twice over the whole search.
    """
    known: dict[str, set[str]] = {start: set(), target: set()}
    if start == target:
        return PathsFound(((start,),), complete=True)
    near, far = _Side(start), _Side(target)
    followed: set[str] = set()
    hubs: set[str] = set()
    links = 0
    while True:
        side = min((near, far), key=lambda s: (len(s.frontier), s.levels))
        batch = [node for node in side.frontier if node not in followed]
        if len(followed) + len(batch) > bounds.expanded or links > bounds.links:
            found, _ = shortest_in(known, (start, target), k=k, limit=bounds.length, steps=bounds.steps)
            return PathsFound(tuple(found), complete=False, hubs=tuple(sorted(hubs)), expanded=len(followed))
        if batch:
            around = yield batch
            followed.update(batch)
            hubs.update(around.hubs)
            for node, other in around.links:
                if node != other:
                    known.setdefault(node, set()).add(other)
                    known.setdefault(other, set()).add(node)
            links += len(around.links)
        _advance(side, known)
        certain = near.levels + far.levels
        exhausted = not near.frontier or not far.frontier
        if exhausted or certain >= bounds.length or target in near.seen or near.seen & far.seen:
            limit = bounds.length if exhausted else min(certain, bounds.length)
            found, whole = shortest_in(known, (start, target), k=k, limit=limit, steps=bounds.steps)
            if len(found) >= k or exhausted or certain >= bounds.length or not whole:
                complete = whole and not hubs and (len(found) >= k or exhausted)
                return PathsFound(tuple(found), complete, tuple(sorted(hubs)), len(followed))


def _advance(side: _Side, known: dict[str, set[str]]) -> None:
    """Make the frontier the nodes one link further out."""
    reached = {other for node in side.frontier for other in known.get(node, ())}
    side.frontier = sorted(reached - side.seen)
    side.seen |= reached
    side.levels += 1


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
