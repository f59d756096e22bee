"""Reasons not to publish: the source changed while it was read, or much of it has gone missing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dadkhah.errors import InputError, SnapshotError
from dadkhah.snapshot.publishing.durable import hash_file
from dadkhah.snapshot.publishing.manifest import Manifest

SHRINK_LIMIT = 0.05


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a file was when it was read."""

    size: int
    modified_ns: int
    inode: int
    sha256: str


def fingerprint(path: Path) -> Fingerprint:
    """Hash a file and note its place and time.

    Raises:
        InputError: it cannot be read.
    """
    try:
        state = path.stat()
        return Fingerprint(state.st_size, state.st_mtime_ns, state.st_ino, hash_file(path).sha256)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error


def refuse_changed(before: dict[Path, Fingerprint]) -> None:
    """Compare the files with what they were.

    Raises:
        InputError: one of them changed while the build read it.
    """
    for path, known in before.items():
        if fingerprint(path) != known:
            raise InputError(f"{path}: changed while the build was reading it; nothing was published, build again")


def refuse_shrinking(entities: int, parent: Manifest | None, *, accepted: bool) -> None:
    """Compare the number of entities with the last snapshot's.

    Raises:
        SnapshotError: more than a twentieth is gone and that was not accepted.
    """
    if parent is None or accepted or entities > parent.entities * (1 - SHRINK_LIMIT):
        return
    raise SnapshotError(
        f"the data has {entities:,} entities, the current snapshot {parent.entities:,}: part of the source may be "
        "missing (a cut file?). Nothing was published. If this is meant, build again with --accept-shrink"
    )
