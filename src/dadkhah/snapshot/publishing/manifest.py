"""The manifest of a snapshot: what it holds, where it comes from, and the hash of each of its files.

In and out: `manifest.json` beside the data, with its own SHA-256 in `manifest.json.sha256`, so that a changed byte
in either is found. `hash` names the content: for data without blank nodes it is the SHA-256 of the sorted canonical
N-Quads, which is what RDF Dataset Canonicalization 1.0 gives, and `zcat dump.nq.gz | sha256sum` recomputes it.
Must not read or write the data itself.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import orjson

from dadkhah.errors import SnapshotError

FORMAT = 1
MANIFEST = "manifest.json"
SEAL = "manifest.json.sha256"
SIGNATURE = "manifest.json.sig"
SIGNERS = "signers"
DATASET_HASH = "DATASET.sha256"
DUMP = "dump.nq.gz"
WHOLE = "whole.nq.gz"
STORE = "store"
INDEXES = "indexes"
MAX_PARTITIONS = 1000  # properties or classes of a graph that are listed, the most frequent first


class Algorithm(StrEnum):
    """How the content hash was found."""

    RDFC = "rdfc-1.0-sha-256"
    """SHA-256 of the canonical N-Quads (RDF Dataset Canonicalization 1.0)."""
    FILES = "files-sha-256"
    """SHA-256 over the hashes of the files read: blank nodes that could not be canonicalised in time."""


class Kind(StrEnum):
    """Whether the snapshot was compiled from a curated project or from any RDF."""

    CURATED = "curated"
    RDF = "rdf"


class DefaultGraph(StrEnum):
    """What the store's default graph holds."""

    AS_GIVEN = "as-given"
    MERGE = "merge"
    """The RDF merge of all named graphs, written physically; the dump does not repeat it."""


@dataclass(frozen=True, slots=True)
class GraphEntry:
    """One graph; `iri` is empty for the default graph, `hash` is of its sorted canonical N-Triples."""

    iri: str
    triples: int
    subjects: int
    hash: str
    properties: dict[str, int] = field(default_factory=dict)
    classes: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileEntry:
    """Size and SHA-256 of one file of the snapshot folder."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything stated about a snapshot.

    Attributes:
        hash: the content hash; also the name of the folder.
        chain: SHA-256 of the parent's chain value and this hash, so that a snapshot pins its whole history.
        sequence: 1 for the first build into a folder, then one more each time; clocks play no part.
        sources: path (relative, or as given) to SHA-256 of what was read.
        tombstones: IRI of each withdrawn record to the day of its withdrawal.
        built: when, in UTC; informative, and no part of any hash.
    """

    hash: str
    algorithm: Algorithm
    kind: Kind
    profile: str
    default_graph: DefaultGraph
    sequence: int
    parent: str | None
    chain: str
    quads: int
    entities: int
    graphs: tuple[GraphEntry, ...]
    sources: dict[str, str]
    tools: dict[str, str]
    indexes: dict[str, str]
    built: str
    base: str = ""
    ontology_version: str = ""
    tombstones: dict[str, str] = field(default_factory=dict)
    files: dict[str, FileEntry] = field(default_factory=dict)
    format: int = FORMAT

    def settings(self) -> tuple[object, ...]:
        """What two snapshots of one hash may still differ in."""
        indexes = tuple(sorted(self.indexes.items()))
        return (self.format, self.algorithm, self.kind, self.profile, self.default_graph, self.base, indexes)


def chain_value(parent: Manifest | None, content_hash: str) -> str:
    """The link of the hash chain for a new snapshot."""
    before = parent.chain if parent else ""
    return hashlib.sha256(f"{before} {content_hash}".encode()).hexdigest()


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Write manifest and seal."""
    text = orjson.dumps(asdict(manifest), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"
    (folder / MANIFEST).write_bytes(text)
    (folder / SEAL).write_text(f"{hashlib.sha256(text).hexdigest()}  {MANIFEST}\n")


def read_manifest(folder: Path) -> Manifest:
    """Read a manifest whose seal holds.

    Raises:
        SnapshotError: missing, changed, or of another format.
    """
    try:
        text = (folder / MANIFEST).read_bytes()
        seal = (folder / SEAL).read_text(errors="replace")
    except OSError as error:
        raise SnapshotError(f"{folder}: no snapshot here ({error.strerror})") from error
    if seal != f"{hashlib.sha256(text).hexdigest()}  {MANIFEST}\n":
        raise SnapshotError(f"{folder}: the manifest was changed after the build; build again or use another snapshot")
    try:
        return _from_json(orjson.loads(text))
    except (KeyError, TypeError, ValueError) as error:
        raise SnapshotError(f"{folder}: a manifest of another format; build again with this version") from error


def _from_json(value: dict[str, Any]) -> Manifest:
    if value["format"] != FORMAT:
        raise ValueError(value["format"])
    return Manifest(
        **{
            **value,
            "algorithm": Algorithm(value["algorithm"]),
            "kind": Kind(value["kind"]),
            "default_graph": DefaultGraph(value["default_graph"]),
            "graphs": tuple(GraphEntry(**graph) for graph in value["graphs"]),
            "files": {name: FileEntry(**entry) for name, entry in value["files"].items()},
        }
    )
