"""Which files were read before and had nothing wrong with them, so that they need not be judged again.

A key names the bytes of a file, its role, the rules and the version of this package: whatever a verdict depends on. In:
a file that may go at any time. A damaged or unwritable one remembers nothing, and nothing fails for it.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

import orjson

from dadkhah import __version__
from dadkhah.source.hygiene.rules import Rules


class CleanFiles:
    """The keys of clean files; `path` is where they are kept, or None to remember nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._known: set[str] = set()
        self._used: set[str] = set()
        self._rules: dict[Rules, str] = {}
        if path is not None:
            with suppress(OSError, ValueError, TypeError):
                self._known = set(orjson.loads(path.read_bytes()))

    def key(self, sha256: str, role: str, rules: Rules) -> str:
        """The key of a file's content under these rules."""
        if rules not in self._rules:
            text = repr((sorted(rules.terms), rules.last_year, sorted(rules.future)))
            self._rules[rules] = hashlib.sha256(text.encode()).hexdigest()
        return hashlib.sha256(f"{__version__} {sha256} {role} {self._rules[rules]}".encode()).hexdigest()[:32]

    def knows(self, key: str) -> bool:
        """Whether a file of this key was clean."""
        if key in self._known:
            self._used.add(key)
            return True
        return False

    def add(self, key: str) -> None:
        """Remember that a file of this key is clean."""
        self._used.add(key)

    def save(self) -> None:
        """Keep what this run used or added, and nothing else, so that the memory does not grow."""
        if self._path is None or self._used == self._known:
            return
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            part = self._path.with_suffix(f".{os.getpid()}")
            part.write_bytes(orjson.dumps(sorted(self._used)))
            part.replace(self._path)
