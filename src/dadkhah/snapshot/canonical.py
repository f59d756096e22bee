"""RDF Dataset Canonicalization 1.0 of data with blank nodes, in a process of its own.

In: a file of N-Quads. Out: a file of canonical N-Quads. The algorithm takes exponential time on some inputs (nine
blank nodes that all point at each other take more than thirty seconds), so it runs where it can be ended.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox

MAX_BYTES = 64 * 1024 * 1024  # some 500,000 quads, eight seconds
MAX_SECONDS = 20.0
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


def _main(source: str, target: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with Path(target).open("wb") as output:
        output.writelines(canonical_lines(Path(source).read_bytes()))


if __name__ == "__main__":
    _main(*sys.argv[1:3])
