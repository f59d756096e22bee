"""Which files of a snapshot can be downloaded, under which names.

In: a manifest, or the snapshots folder. Out: names, and the path behind a name. Only what is listed here leaves the
folder: the canonical dump, the tables, and what proves them, which is the manifest with its seal and its signature.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from dadkhah.cli.indexes.table_index import NAME as TABLES
from dadkhah.errors import NotFound, SnapshotError
from dadkhah.snapshot.publishing.durable import hash_file
from dadkhah.snapshot.publishing.manifest import DUMP, INDEXES, MANIFEST, SEAL, SIGNATURE, SIGNERS, FileEntry, Manifest
from dadkhah.snapshot.publishing.registry import Registry, Snapshot

_TABLES = f"{INDEXES}/{TABLES}/"
PROOFS = (MANIFEST, SEAL, SIGNATURE, SIGNERS)


def downloads(manifest: Manifest) -> dict[str, str]:
    """Public name to name in the snapshot's folder; the dump first."""
    found = {DUMP: DUMP} if DUMP in manifest.files else {}
    for name in sorted(manifest.files):
        if name.startswith(_TABLES):
            found[f"tables/{name.removeprefix(_TABLES)}"] = name
    return found


def proofs(snapshot: Snapshot) -> dict[str, FileEntry]:
    """The manifest, its seal, and, where it was signed, the signature and the key, with their sizes and hashes."""
    found = {}
    for name in PROOFS:
        with suppress(OSError):
            found[name] = hash_file(snapshot.folder / name)
    return found


def mark_of_proofs(snapshot: Snapshot) -> tuple[int, ...]:
    """What changes when a snapshot is signed; costs two looks at the file system."""
    marks = []
    for name in (SIGNATURE, SIGNERS):
        with suppress(OSError):
            marks.append((snapshot.folder / name).stat().st_mtime_ns)
    return tuple(marks)


class SnapshotDownloads:
    """The files behind the names; `dadkhah.web.api.dumps.Downloads`."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def path(self, snapshot_hash: str, name: str) -> Path | None:
        """The file of this name in a snapshot that is still kept."""
        try:
            snapshot = self._registry.holding(snapshot_hash)
        except (NotFound, SnapshotError):
            return None
        kept = name if name in PROOFS else downloads(snapshot.manifest).get(name)
        return None if kept is None else snapshot.folder / kept
