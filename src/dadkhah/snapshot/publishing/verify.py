"""What an outsider can prove with nothing but a dump: that it is canonical, and which hash it has.

In: N-Quads, gzipped or not. Out: hashes and counts, or the line where it is not canonical. Needs no store.
"""

from __future__ import annotations

import gzip
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dadkhah.errors import InputError, SnapshotError, SourceSyntaxError
from dadkhah.snapshot.dump.canonical import canonicalise
from dadkhah.snapshot.dump.statistics import Statistics, measure
from dadkhah.snapshot.publishing.manifest import DATASET_HASH, Algorithm, Manifest, chain_value
from dadkhah.snapshot.publishing.registry import Registry, Snapshot, problems


@dataclass(frozen=True, slots=True)
class DumpFacts:
    """What a dump is, recomputed from its lines alone."""

    statistics: Statistics
    expected: str | None
    """The hash that a DATASET.sha256 beside the dump states, or None."""


def read_dump(path: Path) -> DumpFacts:
    """Recompute everything about a dump; about two microseconds a line, flat in memory.

    Raises:
        InputError: it cannot be read.
        SourceSyntaxError: a line is out of order, doubled or not canonical.
    """
    try:
        statistics = measure(_in_order(path))
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: cannot be read as a dump ({error})") from error
    except ValueError as error:
        raise SourceSyntaxError("it holds a line that is not canonical N-Quads", file=str(path)) from error
    beside = path.parent / DATASET_HASH
    return DumpFacts(statistics, beside.read_text().strip() if beside.is_file() else None)


def dump_problems(path: Path, facts: DumpFacts, manifest: Manifest | None) -> list[str]:
    """What does not agree between a dump and what is stated about it."""
    found: list[str] = []
    statistics = facts.statistics
    if statistics.blank_nodes and not _is_canonical(path):
        found.append("the blank nodes do not have their canonical labels")
    if manifest is None:
        if facts.expected not in {None, statistics.hash}:
            found.append(f"the dump has the hash {statistics.hash}, {DATASET_HASH} states {facts.expected}")
        return found
    if manifest.algorithm is Algorithm.RDFC and statistics.hash != manifest.hash:
        found.append(f"the dump has the hash {statistics.hash}, the manifest states {manifest.hash}")
    stated = {graph.iri: (graph.triples, graph.hash) for graph in manifest.graphs}
    real = {graph.iri: (graph.triples, graph.hash) for graph in statistics.graphs}
    found += [
        f"graph <{name}>: not as stated"
        for name in sorted(stated.keys() | real.keys())
        if stated.get(name) != real.get(name)
    ]
    return found


def snapshot_problems(snapshot: Snapshot, registry: Registry | None) -> list[str]:
    """Everything that can be proved about a snapshot: its files, its dump, and its place in the chain."""
    found = problems(snapshot)
    try:
        facts = read_dump(snapshot.dump_path)
    except (InputError, SourceSyntaxError) as error:
        return [*found, str(error)]
    found += dump_problems(snapshot.dump_path, facts, snapshot.manifest)
    return found + _chain_problems(snapshot.manifest, registry)


def _chain_problems(manifest: Manifest, registry: Registry | None) -> list[str]:
    if manifest.parent is None:
        return [] if manifest.chain == chain_value(None, manifest.hash) else ["the chain value does not follow"]
    if registry is None:
        return []
    parents = [each.manifest for each in registry.snapshots() if each.manifest.hash == manifest.parent]
    if parents and all(chain_value(parent, manifest.hash) != manifest.chain for parent in parents):
        return ["the chain value does not follow from the parent's"]
    return []


def _in_order(path: Path) -> Iterator[bytes]:
    before = b""
    with path.open("rb") as raw:
        zipped = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        lines = gzip.GzipFile(fileobj=raw) if zipped else raw
        for number, line in enumerate(lines, 1):
            if not line.endswith(b" .\n") or line <= before:
                what = "doubled" if line == before else "out of order, or not canonical N-Quads"
                raise SourceSyntaxError(f"this line is {what}", file=str(path), line=number)
            before = line
            yield line


def _is_canonical(path: Path) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        plain, canonical = Path(folder) / "plain.nq", Path(folder) / "canonical.nq"
        with plain.open("wb") as output:
            output.writelines(_in_order(path))
        if not canonicalise(plain, canonical):
            raise SnapshotError(f"{path}: its blank nodes cannot be canonicalised in bounded time")
        return plain.read_bytes() == canonical.read_bytes()
