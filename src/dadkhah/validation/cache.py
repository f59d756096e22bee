"""Reports by the content that they are about, in a folder that may go at any time.

A key names everything that a report depends on; the state of the package's own files is a part of it, so that a report
never outlives the rules that it was made by. A damaged or unwritable cache is no cache: nothing fails for it.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path

import orjson

import dadkhah
from dadkhah.source.files.problems import Severity
from dadkhah.validation.report import Finding, Report

_KEPT = 20_000  # entries; older ones go, least recently used first


class ReportCache:
    """A folder of small JSON files, or nothing where the folder is None."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def get(self, key: str) -> Report | None:
        """The report under this key, or None."""
        if self._folder is None:
            return None
        with suppress(OSError, ValueError, TypeError, KeyError):
            kept = orjson.loads(self._path(key).read_bytes())
            findings = (Finding(**{**row, "severity": Severity(row["severity"])}) for row in kept["findings"])
            return Report.of(findings, files=kept["files"], notes=kept["notes"])
        return None

    def put(self, key: str, report: Report) -> None:
        """Remember; written beside and renamed, so that a reader never sees half of it."""
        if self._folder is None:
            return
        with suppress(OSError):
            path = self._path(key)
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(f".{os.getpid()}")
            part.write_bytes(orjson.dumps(asdict(report)))
            part.replace(path)

    def prune(self) -> None:
        """Keep the cache within its bounds."""
        if self._folder is None:
            return
        with suppress(OSError):
            entries = sorted(self._folder.glob("*/*.json"), key=lambda path: path.stat().st_mtime)
            for path in entries[: max(0, len(entries) - _KEPT)]:
                path.unlink()

    def _path(self, key: str) -> Path:
        assert self._folder is not None
        name = hashlib.sha256(f"{code_state(Path(dadkhah.__file__).parent)} {key}".encode()).hexdigest()
        return self._folder / name[:2] / f"{name[2:]}.json"


@cache
def code_state(package: Path) -> str:
    """A hash of size and time of each module below a folder; about 10 ms, once for a process."""
    digest = hashlib.sha256()
    for root, folders, files in os.walk(package):
        folders.sort()
        for name in sorted(name for name in files if name.endswith(".py")):
            path = Path(root, name)
            about = path.stat()
            digest.update(f"{path.relative_to(package)} {about.st_size} {about.st_mtime_ns}\n".encode())
    return digest.hexdigest()
