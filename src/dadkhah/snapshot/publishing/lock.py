"""One build at a time in one output folder, and the clearing of what a killed build left.

The lock belongs to the process: the kernel frees it when the process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dadkhah.errors import BuildBusy
from dadkhah.snapshot.publishing.durable import storage_errors

LOCK = ".lock"
LEFTOVER = ".building-"


@contextmanager
def build_lock(root: Path) -> Iterator[Path]:
    """Hold the lock of a snapshots folder and give a fresh working folder inside it; both go at the end.

    Raises:
        BuildBusy: another build is running.
        SnapshotError: the folder cannot be written.
    """
    with storage_errors(root, "preparing the build"):
        root.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(root / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    work = root / f"{LEFTOVER}{os.getpid()}"
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildBusy(f"another build is running in {root}; wait for it, or choose another --out") from error
        clear_leftovers(root)
        try:
            with storage_errors(root, "preparing the build"):
                work.mkdir()
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
    finally:
        os.close(descriptor)


def clear_leftovers(root: Path) -> None:
    """Remove the working folders of builds that were killed; call only with the lock held."""
    for left in root.glob(f"{LEFTOVER}*"):
        shutil.rmtree(left, ignore_errors=True)
