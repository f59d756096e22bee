"""What changed between two snapshots: a merge of their sorted dumps, flat in memory."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from dadkhah.errors import SnapshotError


@dataclass(frozen=True, slots=True)
class RecordChange:
    """The statements that one record gained and lost, as lines of canonical N-Quads without their line ends."""

    record: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


def difference(before: Path, after: Path) -> Iterator[RecordChange]:
    """Compare two dumps by record, in the order of the records' IRIs.

    A record whose statements merely moved to another voice shows the old line as removed and the new one as added.

    Raises:
        SnapshotError: a dump cannot be read.
    """
    for record, changes in groupby(_changed_lines(before, after), key=lambda change: change[1].split(" ", 1)[0]):
        added: list[str] = []
        removed: list[str] = []
        for sign, line in changes:
            (added if sign > 0 else removed).append(line)
        yield RecordChange(record.strip("<>"), tuple(added), tuple(removed))


def _changed_lines(before: Path, after: Path) -> Iterator[tuple[int, str]]:
    old, new = _lines(before), _lines(after)
    left, right = next(old, None), next(new, None)
    while left is not None or right is not None:
        if left == right:
            left, right = next(old, None), next(new, None)
        elif right is None or (left is not None and left < right):
            assert left is not None
            yield -1, left.decode()
            left = next(old, None)
        else:
            yield +1, right.decode()
            right = next(new, None)


def _lines(dump: Path) -> Iterator[bytes]:
    try:
        with gzip.open(dump) as lines:
            for line in lines:
                yield line.rstrip(b"\n")
    except (OSError, EOFError) as error:
        raise SnapshotError(f"{dump.parent.name[:12]}: the dump cannot be read ({error}); build again") from error
