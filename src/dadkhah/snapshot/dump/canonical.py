"""RDF Dataset Canonicalization 1.0 of data with blank nodes, in a process of its own.

In: a file of N-Quads. Out: a file of canonical N-Quads. The algorithm takes exponential time on some inputs (nine
blank nodes that all point at each other take more than thirty seconds), so it runs where it can be ended.
"""

from __future__ import annotations

import hashlib
import itertools
import resource
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from dadkhah.snapshot.dump.fields import split

MAX_BYTES = 64 * 1024 * 1024  # some 500,000 quads, eight seconds
MAX_SECONDS = 20.0
MAX_ALIKE = 300
_MEMORY_BYTES = 4 * 1024**3


def canonicalise(source: Path, target: Path, *, seconds: float = MAX_SECONDS, max_bytes: int = MAX_BYTES) -> bool:
    """Write the canonical form (RDFC-1.0 with SHA-256), or say False where that is out of bounds."""
    if source.stat().st_size > max_bytes:
        return False
    command = [sys.executable, "-m", __name__, str(source), str(target)]
    try:
        done = subprocess.run(command, timeout=seconds, check=False, stdin=subprocess.DEVNULL, capture_output=True)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def canonical_lines(text: bytes) -> list[bytes]:
    """Canonical N-Quads lines, sorted; unbounded in time, so for trusted input or a process of its own."""
    dataset = ox.Dataset(ox.parse(text, ox.RdfFormat.N_QUADS))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    # str() of a quad leaves the dot to the writer; serialize() gives the canonical line
    written = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS)
    assert written is not None
    return sorted(line + b"\n" for line in written.split(b"\n") if line)


def too_alike(source: Path, most: int = MAX_ALIKE) -> bool:
    """Whether more than `most` blank nodes hang together that their own statements do not tell apart.

    For these the algorithm compares all ways through their links (section 4.7 of RDFC-1.0): a list of 300 equal items
    takes four seconds, one of 1,000 more than a hundred. Told by the data alone, so that it is the same everywhere.
    """
    marks: dict[bytes, int] = defaultdict(int)
    links: list[tuple[bytes, bytes]] = []
    with source.open("rb") as lines:
        for line in lines:
            blank = {field for field in split(line)[:4] if field.startswith(b"_:")}
            for node in blank:
                # the hash of first degree (section 4.6), as a sum: the order of statements plays no part
                words = [_mark(field, node) for field in split(line)[:4]]
                digest = hashlib.blake2b(b" ".join(words), digest_size=8).digest()
                marks[node] = (marks[node] + int.from_bytes(digest)) % (1 << 64)
            links.extend(itertools.combinations(sorted(blank), 2))
    shared = Counter(marks.values())
    alike = {node for node, mark in marks.items() if shared[mark] > 1}
    return _largest_group(alike, links) > most


def _mark(field: bytes, node: bytes) -> bytes:
    if not field.startswith(b"_:"):
        return field
    return b"_:a" if field == node else b"_:z"


def _largest_group(nodes: set[bytes], links: Iterable[tuple[bytes, bytes]]) -> int:
    """Size of the largest group of nodes that hang together by links."""
    parent = {node: node for node in nodes}

    def root(node: bytes) -> bytes:
        while parent[node] != node:
            parent[node] = node = parent[parent[node]]
        return node

    for one, other in links:
        if one in nodes and other in nodes:
            parent[root(one)] = root(other)
    return max(Counter(map(root, nodes)).values(), default=0)


def _main(source: str, target: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if too_alike(Path(source)):
        sys.exit(1)
    with Path(target).open("wb") as output:
        output.writelines(canonical_lines(Path(source).read_bytes()))


if __name__ == "__main__":
    _main(*sys.argv[1:3])
