"""Arrays and string tables as files that are mapped into memory, not read.

In: numpy arrays and lists of strings. Out: `.npy` files, the same bytes for the same content. Several processes share
the pages; opening costs a few file headers.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, overload

import numpy as np
import numpy.typing as npt

from dadkhah.errors import SnapshotError

_FEW: Final = 12  # lists that are read one by one; more are read in one go


def save(folder: Path, name: str, array: npt.NDArray[Any]) -> None:
    """Write one array."""
    np.save(folder / f"{name}.npy", np.ascontiguousarray(array), allow_pickle=False)


def load(folder: Path, name: str) -> npt.NDArray[Any]:
    """Map one array; raises `SnapshotError` where it is missing or no array."""
    try:
        # a plain view: slicing np.memmap objects costs microseconds each
        return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))
    except (OSError, ValueError) as error:
        raise SnapshotError(f"the index of names has no sound {name}.npy; build again") from error


@dataclass(frozen=True, slots=True)
class Strings:
    """Strings by number, in UTF-8 behind one another."""

    data: npt.NDArray[np.uint8]
    ends: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, number: int) -> str:
        return self.encoded(number).decode()

    def several(self, numbers: npt.NDArray[Any]) -> list[str]:
        """Some strings; a third of the cost of one by one."""
        view = self.data.data
        begun, ended = self.ends[numbers].tolist(), self.ends[numbers + 1].tolist()
        return [str(view[low:high], "utf-8") for low, high in zip(begun, ended, strict=True)]

    def checksums(self, numbers: npt.NDArray[Any]) -> npt.NDArray[np.uint32]:
        """What `lexicon.checksums` gives for some strings, without making them."""
        view = self.data.data
        begun, ended = self.ends[numbers].tolist(), self.ends[numbers + 1].tolist()
        sums = (zlib.crc32(view[low:high]) for low, high in zip(begun, ended, strict=True))
        return np.fromiter(sums, np.uint32, len(numbers))

    def encoded(self, number: int) -> bytes:
        """One string as it is stored."""
        return self.data[self.ends[number] : self.ends[number + 1]].tobytes()

    def range_of(self, beginning: str) -> tuple[int, int]:
        """The numbers of the strings that begin so; only where they were saved in ascending order of their bytes."""
        first = beginning.encode()
        low = bisect_left(range(len(self)), first, key=self.encoded)
        high = bisect_left(range(low, len(self)), x=True, key=lambda n: self.encoded(n)[: len(first)] > first)
        return low, low + high


class Chosen(Sequence[str]):
    """Some strings of a table, each made when it is looked at."""

    def __init__(self, strings: Strings, numbers: npt.NDArray[Any]) -> None:
        self._strings, self._numbers = strings, numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[str]: ...
    def __getitem__(self, number: int | slice) -> str | Sequence[str]:
        if isinstance(number, slice):
            return Chosen(self._strings, self._numbers[number])
        return self._strings[int(self._numbers[number])]


def save_strings(folder: Path, name: str, strings: Iterable[str]) -> None:
    """Write strings."""
    encoded = [text.encode("utf-8", "replace") for text in strings]
    save(folder, f"{name}-bytes", np.frombuffer(b"".join(encoded), np.uint8))
    save(folder, f"{name}-ends", np.fromiter(accumulate(map(len, encoded), initial=0), np.int64, len(encoded) + 1))


def load_strings(folder: Path, name: str) -> Strings:
    """Map strings."""
    return Strings(load(folder, f"{name}-bytes"), load(folder, f"{name}-ends"))


@dataclass(frozen=True, slots=True)
class Lists:
    """A list of numbers per row, behind one another."""

    values: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int64]

    def __getitem__(self, row: int) -> npt.NDArray[np.int32]:
        return self.values[self.ends[row] : self.ends[row + 1]]

    def sizes(self, rows: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
        """Lengths of some lists."""
        sizes: npt.NDArray[np.int64] = self.ends[rows + 1] - self.ends[rows]
        return sizes

    def joined(self, rows: Sequence[int] | npt.NDArray[Any]) -> npt.NDArray[np.int32]:
        """Some lists behind one another."""
        rows = np.asarray(rows, np.int64)
        if len(rows) <= _FEW:
            return np.concatenate([self[row] for row in rows.tolist()]) if len(rows) else np.zeros(0, np.int32)
        begun, sizes = self.ends[rows], self.sizes(rows)
        before = np.cumsum(sizes) - sizes
        return self.values[np.repeat(begun - before, sizes) + np.arange(int(sizes.sum()))]


def save_lists(folder: Path, name: str, rows: npt.NDArray[Any], values: npt.NDArray[Any], count: int) -> None:
    """Write the values of each row in the order given; `rows[k]` is the row of `values[k]`."""
    order = np.argsort(rows, kind="stable")
    save(folder, f"{name}-values", values[order].astype(np.int32))
    ends = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(rows, minlength=count), out=ends[1:])
    save(folder, f"{name}-ends", ends)


def load_lists(folder: Path, name: str) -> Lists:
    """Map lists."""
    return Lists(load(folder, f"{name}-values"), load(folder, f"{name}-ends"))
