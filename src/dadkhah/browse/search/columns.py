"""Traits of all records as columns, made with a snapshot, so that a search asks the engine for none of them.

In, in the build: (record, facet, value) of records with a name, and which stand under a pseudonym; out: files, the same
bytes for the same rows in any order. In, in the service: IRIs; out: their `Traits` without their times. A record is
known by 64 bits of its name's hash. It must not decide what may be counted (`facets`).

    records     hashes, ascending; ends, values: the numbers of each one's values; protected: one byte each
    values.json facet and IRI of each value, ascending
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import orjson

from dadkhah.browse.search.facets import Traits
from dadkhah.errors import SnapshotError

FORMAT: Final = "1"
_ABOUT: Final = "values.json"


def hashed(iri: str) -> int:
    """64 bits that stand for a record: of a million, two have the same once in 37 million snapshots."""
    return int.from_bytes(hashlib.blake2b(iri.encode(), digest_size=8).digest(), "little")


class Gathered:
    """Rows on their way into columns: 12 bytes each."""

    def __init__(self, named: Iterable[str]) -> None:
        """Take the records that can be found; rows of others are left out."""
        self._named = frozenset(map(hashed, named))
        self._records, self._values = array("Q"), array("i")
        self._numbers: dict[tuple[str, str], int] = {}
        self._protected: set[int] = set()

    def add(self, record: str, facet: str, value: str) -> None:
        """Take one row; the same one may come again."""
        known = hashed(record)
        if known in self._named:
            self._records.append(known)
            self._values.append(self._numbers.setdefault((facet, value), len(self._numbers)))

    def protect(self, record: str) -> None:
        """Say that a record stands under a pseudonym."""
        known = hashed(record)
        if known in self._named:
            self._protected.add(known)

    def write(self, folder: Path) -> int:
        """Write the files; returns how many records have traits."""
        pairs = sorted(self._numbers)
        place = {pair: number for number, pair in enumerate(pairs)}
        ordered = np.array([place[pair] for pair in self._numbers], np.int32)
        records = np.array(self._records, np.uint64)
        values = ordered[np.array(self._values, np.int32)] if len(records) else np.zeros(0, np.int32)
        order = np.lexsort((values, records))
        records, values = records[order], values[order]
        new = np.ones(len(records), bool)
        new[1:] = (records[1:] != records[:-1]) | (values[1:] != values[:-1])
        records, values = records[new], values[new]
        every = np.union1d(records, np.array(sorted(self._protected), np.uint64))
        ends = np.searchsorted(records, every, "right").astype(np.int64)
        protected = np.isin(every, np.array(sorted(self._protected), np.uint64))
        for name, column in (("records", every), ("ends", ends), ("values", values), ("protected", protected)):
            np.save(folder / f"{name}.npy", column, allow_pickle=False)
        (folder / _ABOUT).write_bytes(orjson.dumps({"format": FORMAT, "values": pairs}) + b"\n")
        return len(every)


class Columns:
    """Open columns; `facets.TraitColumns`."""

    def __init__(self, folder: Path) -> None:
        """Map the files.

        Raises:
            SnapshotError: they are missing, damaged, or of another version.
        """
        try:
            about = orjson.loads((folder / _ABOUT).read_bytes())
            self._records, self._ends, self._values, self._protected = (
                _mapped(folder, name) for name in ("records", "ends", "values", "protected")
            )
        except (OSError, ValueError) as error:
            raise SnapshotError("the columns of traits are missing or damaged; run `dadkhah build` again") from error
        if about.get("format") != FORMAT:
            raise SnapshotError("the columns of traits were built by another version; run `dadkhah build` again")
        self._pairs: list[tuple[str, str]] = [(facet, value) for facet, value in about["values"]]

    def of(self, iris: Sequence[str]) -> dict[str, Traits]:
        """The traits of each record; none for one that the snapshot says nothing of."""
        if not len(self._records):
            return {iri: Traits() for iri in iris}
        asked = np.fromiter(map(hashed, iris), np.uint64, len(iris))
        at = np.minimum(np.searchsorted(self._records, asked), len(self._records) - 1)
        there = (self._records[at] == asked).tolist()
        protected = self._protected[at].tolist()
        ended = self._ends[at].tolist()
        begun = np.where(at > 0, self._ends[at - 1], 0).tolist()
        found = {}
        for iri, known, low, high, is_protected in zip(iris, there, begun, ended, protected, strict=True):
            traits = found[iri] = Traits()
            if known:
                traits.values.update([self._pairs[number] for number in self._values[low:high].tolist()])
                traits.is_protected = is_protected
        return found


def _mapped(folder: Path, name: str) -> npt.NDArray[Any]:
    return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))
