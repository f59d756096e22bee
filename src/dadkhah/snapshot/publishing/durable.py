"""Files and folders that survive a loss of power: hashing, syncing, writing whole or not at all.

Must not know what the files are for.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from dadkhah.errors import SnapshotError
from dadkhah.snapshot.publishing.manifest import FileEntry

_THREADS = 4
_FULL = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "a file would be larger than the limit for files (ulimit -f)",
}
_READ_ONLY = {
    errno.EROFS: "the file system is read-only",
    errno.EACCES: "no permission to write",
    errno.EPERM: "no permission to write",
}


@contextmanager
def storage_errors(folder: Path, doing: str) -> Iterator[None]:
    """Translate what the disk may answer into an error that says what to do.

    Raises:
        SnapshotError: the disk is full, a limit is met, or the folder cannot be written.
    """
    try:
        yield
    except OSError as error:
        code, text = error.errno, str(error)
        # RocksDB's errors come without a number
        full = next((word for number, word in _FULL.items() if code == number or os.strerror(number) in text), None)
        if full:
            raise SnapshotError(
                f"{doing}: {full} ({folder}). Nothing was changed; free space, or choose another folder"
            ) from error
        closed = next(
            (word for number, word in _READ_ONLY.items() if code == number or os.strerror(number) in text), None
        )
        if closed:
            raise SnapshotError(f"{doing}: {closed} ({folder}). Nothing was changed; choose another folder") from error
        raise SnapshotError(f"{doing}: {text} ({folder}). Nothing was changed") from error


def hash_file(path: Path) -> FileEntry:
    """Size and SHA-256 of a file."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
        return FileEntry(bytes=stream.tell(), sha256=digest.hexdigest())


def hash_files(folder: Path, names: list[str]) -> dict[str, FileEntry]:
    """Hashes of several files; hashing frees the interpreter lock, so this uses several cores."""
    with ThreadPoolExecutor(_THREADS) as pool:
        return dict(zip(names, pool.map(lambda name: hash_file(folder / name), names), strict=True))


def files_below(folder: Path) -> list[str]:
    """Relative paths of all files, sorted."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def sync_tree(folder: Path) -> None:
    """Force every file and folder below, and the folder itself, onto the disk."""
    paths = [folder, *folder.rglob("*")]
    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(sync, paths))


def sync(path: Path) -> None:
    """Force one file or folder onto the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_link(link: Path, target: str, *, durable: bool) -> None:
    """Point a symbolic link at another target in one step: readers see the old or the new one."""
    fresh = link.with_name(f".{link.name}.new")
    with suppress(FileNotFoundError):
        fresh.unlink()
    fresh.symlink_to(target)
    fresh.replace(link)
    if durable:
        sync(link.parent)


def write_whole_file(path: Path, data: bytes) -> None:
    """Replace a file's content in one step: readers, and a loss of power, see the old or the new one."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        with fresh.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
