"""Whether anything that a report depends on has changed since it was made.

In: a project's folders. Out: one hash over every file in them. Costs a read of each file, and none of parsing.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from dadkhah.source.files.tree import Project

MAX_BYTES = 16 << 20  # a larger file is told by size and time: no curated file is so large


def fingerprint(project: Project) -> str:
    """A hash of everything that `dadkhah check` looks at; another one whenever its report could be another."""
    # dates in the future are findings, so a report lasts for a year at most
    digest = hashlib.sha256(str(datetime.now(UTC).year).encode())
    for folder in (project.data, project.ontology, project.queries / "checks"):
        for path in _entries(folder):
            digest.update(os.fsencode(path) + b"\0" + _state(path) + b"\0")
    return digest.hexdigest()


def _entries(folder: Path) -> Iterator[str]:
    for root, folders, files in os.walk(folder):
        folders.sort()
        yield from sorted(os.path.join(root, name) for name in [*files, *folders])  # noqa: PTH118 - a tenth of the time


def _state(path: str) -> bytes:
    try:
        about = os.lstat(path)
        if stat.S_ISREG(about.st_mode) and about.st_size <= MAX_BYTES:
            with open(path, "rb") as file:  # noqa: PTH123 - as above
                return hashlib.sha256(file.read()).digest()
        return f"{about.st_mode} {about.st_size} {about.st_mtime_ns}".encode()
    except OSError as error:
        return str(error.errno).encode()
