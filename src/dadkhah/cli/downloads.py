"""Which files of a snapshot can be downloaded, under which names.

In: a manifest, or the snapshots folder. Out: names, and the path behind a name. Only what is listed here leaves the
folder: the canonical dump and the tables.
"""

from __future__ import annotations

from pathlib import Path

from dadkhah.errors import DadkhahError
from dadkhah.snapshot.manifest import DUMP, Manifest
from dadkhah.snapshot.registry import Registry, Snapshot

_TABLES = "indexes/tables/"


def downloads(manifest: Manifest) -> dict[str, str]:
    """Public name to name in the snapshot's folder; the dump first."""
    found = {DUMP: DUMP} if DUMP in manifest.files else {}
    for name in sorted(manifest.files):
        if name.startswith(_TABLES):
            found[f"tables/{name.removeprefix(_TABLES)}"] = name
    return found


class SnapshotDownloads:
    """The files behind the names; `dadkhah.web.api.dumps.Downloads`."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def path(self, snapshot_hash: str, name: str) -> Path | None:
        """The file of this name in a snapshot that is still kept."""
        snapshot = self._snapshot(snapshot_hash)
        kept = downloads(snapshot.manifest).get(name) if snapshot else None
        return None if snapshot is None or kept is None else snapshot.folder / kept

    def _snapshot(self, snapshot_hash: str) -> Snapshot | None:
        try:
            # two builds of the same content may differ in their tables: the one being served comes first
            pointed = self._registry.pointed()
            if pointed is not None and pointed.hash == snapshot_hash:
                return pointed
            return self._registry.open(snapshot_hash)
        except DadkhahError:
            return None
