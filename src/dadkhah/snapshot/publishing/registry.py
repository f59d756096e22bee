"""The snapshots of one folder: open, list, verify, switch, prune.

    DIR/<content hash>/   manifest.json, its seal, DATASET.sha256, dump.nq.gz, store/, indexes/<name>/
    DIR/current           a symbolic link to the one that is served; replaced by rename, never edited
    DIR/changes.jsonl     one line per switch
    DIR/withdrawn         names of snapshots that hold what may not be published any more, until they are removed

A snapshot is immutable. Readers need no lock and no write permission.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pyoxigraph as ox

from dadkhah.errors import NotFound, SnapshotError
from dadkhah.snapshot.publishing.durable import files_below, hash_files, replace_link, sync
from dadkhah.snapshot.publishing.lock import LEFTOVER
from dadkhah.snapshot.publishing.manifest import (
    DUMP,
    INDEXES,
    MANIFEST,
    SEAL,
    SIGNATURE,
    SIGNERS,
    STORE,
    WHOLE,
    Manifest,
    read_manifest,
)

CURRENT = "current"
CHANGES = "changes.jsonl"
WITHDRAWN = "withdrawn"
_NAME = re.compile(r"[0-9a-f]{64}(\.\d+)?")
# the signature is put beside the manifest afterwards, and vouches for itself; a kill may leave the beginning of one
_BESIDE = frozenset({MANIFEST, SEAL, SIGNATURE, SIGNERS, f".{SIGNATURE}.new", f".{SIGNERS}.new"})
_IGNORED = ("store/LOG", "store/LOCK")  # RocksDB's own diary and lock carry no data and may change


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One immutable snapshot."""

    folder: Path
    manifest: Manifest

    @property
    def hash(self) -> str:
        """The content hash."""
        return self.manifest.hash

    @property
    def store_path(self) -> Path:
        """The Oxigraph store; open it read-only."""
        return self.folder / STORE

    @property
    def dump_path(self) -> Path:
        """The sorted canonical N-Quads, gzipped."""
        return self.folder / DUMP

    @property
    def whole_path(self) -> Path:
        """All that the store holds, the default graph included, as gzipped N-Quads."""
        return self.folder / (WHOLE if WHOLE in self.manifest.files else DUMP)

    def index_path(self, name: str) -> Path:
        """The folder that the indexer of this name wrote.

        Raises:
            NotFound: the snapshot was built without it.
        """
        if name not in self.manifest.indexes:
            raise NotFound(f"this snapshot has no index {name!r}", near=tuple(self.manifest.indexes))
        return self.folder / INDEXES / name

    def open_store(self) -> ox.Store:
        """Open the store read-only; about ten milliseconds, also in several processes at once."""
        try:
            return ox.Store.read_only(str(self.store_path))
        except OSError as error:
            raise SnapshotError(f"{self.folder.name}: the store cannot be opened; build again") from error


def problems(snapshot: Snapshot) -> list[str]:
    """Compare every file with its hash in the manifest; empty when the snapshot is whole.

    Reads the whole folder: about a second per gigabyte.
    """
    stated = snapshot.manifest.files
    present = {name for name in files_below(snapshot.folder) if _counts(name)}
    missing = sorted(set(stated) - present)
    added = sorted(present - set(stated))
    found = hash_files(snapshot.folder, sorted(present & set(stated)))
    changed = [name for name, entry in found.items() if entry != stated[name]]
    return (
        [f"{name}: missing" for name in missing]
        + [f"{name}: changed" for name in changed]
        + [f"{name}: not in the manifest" for name in added]
    )


def payload_files(folder: Path) -> list[str]:
    """The files of a snapshot folder that its manifest has to state."""
    return [name for name in files_below(folder) if _counts(name)]


def _counts(name: str) -> bool:
    return name not in _BESIDE and not name.startswith(_IGNORED)


class Registry:
    """The snapshots below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def open(self, name: str) -> Snapshot:
        """A snapshot by its hash, or by the beginning of it; its files are not verified.

        Raises:
            NotFound: none has this name, or several begin so.
            SnapshotError: its manifest is damaged.
        """
        names = [folder.name for folder in self._folders()]
        matches = [name] if name in names else [each for each in names if each.startswith(name)]
        if len(matches) != 1:
            which = "no snapshot begins" if not matches else "several snapshots begin"
            raise NotFound(f"{which} with {name!r} in {self.root}", near=tuple(matches or names)[:5])
        folder = self.root / matches[0]
        return Snapshot(folder, read_manifest(folder))

    def snapshots(self) -> list[Snapshot]:
        """All snapshots with a sound manifest, newest build first."""
        found = []
        for folder in self._folders():
            with suppress(SnapshotError):
                found.append(Snapshot(folder, read_manifest(folder)))
        return sorted(found, key=lambda each: (-each.manifest.sequence, each.folder.name))

    def pointed(self) -> Snapshot | None:
        """The snapshot that `current` names, where that is a snapshot with a sound manifest; files not verified."""
        try:
            target = (self.root / CURRENT).resolve(strict=True)
            return Snapshot(target, read_manifest(target))
        except (OSError, RuntimeError, SnapshotError):
            # RuntimeError: a link that leads to itself, before Python 3.13
            return None

    def holding(self, content_hash: str) -> Snapshot:
        """The snapshot of this content; of several, which differ in their indexes, the one that is served.

        Raises:
            NotFound: there is none.
            SnapshotError: its manifest is damaged.
        """
        pointed = self.pointed()
        return pointed if pointed is not None and pointed.hash == content_hash else self.open(content_hash)

    def current(self, *, verify: bool = True) -> Snapshot:
        """The snapshot to serve: the one that `current` names, or, where that is damaged, the newest whole older one.

        Raises:
            NotFound: there is no snapshot at all.
            SnapshotError: there are snapshots, and none of them is whole.
        """
        failures = []
        for snapshot in self._candidates():
            found = problems(snapshot) if verify else []
            if not found:
                return snapshot
            failures.append(f"{snapshot.folder.name[:12]}: {'; '.join(found[:3])}")
        if failures:
            raise SnapshotError(f"no whole snapshot in {self.root} ({'; '.join(failures)}); run `dadkhah build`")
        if self._folders() or os.path.lexists(self.root / CURRENT):
            raise SnapshotError(f"no whole snapshot in {self.root}; run `dadkhah build`")
        raise NotFound(f"no snapshot in {self.root}; run `dadkhah build`")

    def switch(self, snapshot: Snapshot, *, durable: bool = True, reason: str = "build") -> None:
        """Make a snapshot the current one, in one step, and note it in the change log.

        What may fail for want of space is written before the step, so that an error leaves the old snapshot current.
        """
        before = self.pointed()
        entry = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "from": before.folder.name if before else None,
            "to": snapshot.folder.name,
            "reason": reason,
        }
        fresh = self.root / f".{CHANGES}.new"
        fresh.write_bytes(b"".join(orjson.dumps(each) + b"\n" for each in [*self.changes(), entry]))
        if durable:
            sync(fresh)
        replace_link(self.root / CURRENT, snapshot.folder.name, durable=durable)
        fresh.replace(self.root / CHANGES)

    def changes(self) -> list[dict[str, str | None]]:
        """The switches so far, oldest first; a line that was cut by a loss of power is left out."""
        with suppress(OSError):
            lines = (self.root / CHANGES).read_bytes().splitlines()
            return list(_readable(lines))
        return []

    def withdraw(self, names: Iterable[str], *, durable: bool = True) -> None:
        """Note snapshots that must not be served once another is current; `prune` removes them."""
        noted = sorted({*self.withdrawn(), *names})
        if not noted:
            return
        fresh = self.root / f".{WITHDRAWN}.new"
        fresh.write_text("".join(f"{name}\n" for name in noted), encoding="ascii")
        if durable:
            sync(fresh)
        fresh.replace(self.root / WITHDRAWN)

    def withdrawn(self) -> frozenset[str]:
        """Names of snapshots that must not be served, as far as they are not removed yet."""
        with suppress(OSError):
            return frozenset((self.root / WITHDRAWN).read_text(encoding="ascii", errors="replace").split())
        return frozenset()

    def prune(self, keep: int) -> list[str]:
        """Remove all but the current snapshot and the newest others, `keep` in all; say which went.

        Where the current one has withdrawn records, every snapshot that may still hold one of them goes as well, and
        so does whatever was noted by `withdraw`.
        """
        current = self.pointed()
        withdrawn = self.withdrawn()
        others = [each for each in self.snapshots() if current is None or each.folder.name != current.folder.name]
        good = [each for each in others if current is None or _withholds(each, current)]
        kept = [each.folder.name for each in good if each.folder.name not in withdrawn][: max(keep - 1, 0)]
        gone = [each.folder.name for each in others if each.folder.name not in kept]
        if current is not None and current.manifest.tombstones:
            readable = {current.folder.name, *(each.folder.name for each in others)}
            names = (folder.name for folder in self._folders())
            gone += [name for name in names if name not in readable and _NAME.fullmatch(name)]
        for name in gone:
            # renamed first, so that a kill in the middle leaves no folder that looks like a snapshot
            doomed = self.root / f"{LEFTOVER}pruned-{name}"
            (self.root / name).rename(doomed)
            shutil.rmtree(doomed, ignore_errors=True)
        (self.root / WITHDRAWN).unlink(missing_ok=True)
        return gone

    def _candidates(self) -> Iterator[Snapshot]:
        pointed = self.pointed()
        if pointed is not None:
            yield pointed
        withdrawn = self.withdrawn()
        for snapshot in self.snapshots():
            if snapshot.folder.name in withdrawn:
                continue
            # after a roll-back the newer ones were set aside for a reason
            older = pointed is None or snapshot.manifest.sequence < pointed.manifest.sequence
            if older and (pointed is None or _withholds(snapshot, pointed)):
                yield snapshot

    def _folders(self) -> list[Path]:
        try:
            entries = sorted(self.root.iterdir())
        except OSError:
            return []
        return [each for each in entries if not each.name.startswith(".") and not each.is_symlink() and each.is_dir()]


def _withholds(older: Snapshot, current: Snapshot) -> bool:
    """Whether an older snapshot leaves out all that was withdrawn since: it must not come back by a fall-back."""
    return older.manifest.tombstones.keys() >= current.manifest.tombstones.keys()


def _readable(lines: list[bytes]) -> Iterator[dict[str, str | None]]:
    for line in lines:
        with suppress(ValueError):
            yield orjson.loads(line)
