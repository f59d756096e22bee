"""Sorting and de-duplicating N-Quads lines in bounded memory.

In: bytes in pieces of any size. Out: distinct lines in the order of their bytes, which for UTF-8 is the code point
order that RDF Dataset Canonicalization 1.0 asks for. Must not know what a line means.
"""

from __future__ import annotations

import io
from bisect import bisect_right
from contextlib import ExitStack
from itertools import islice, pairwise
from pathlib import Path
from typing import IO

from dadkhah.snapshot.dump.fields import split

RUN_BYTES = 32 * 1024 * 1024  # text per run; a run takes about four times as much while it is sorted
_MERGE_BYTES = 32 * 1024 * 1024  # text of all runs together that is in memory while they are merged
_LEAST_BYTES = 1 << 16  # text of one run
_MOST_RUNS = 128  # of one size; a process may open some 1,000 files
_PIECE = 1 << 14  # lines joined for one write


class LineSorter:
    """Takes N-Quads text, gives back its distinct lines in order; spills sorted runs into a folder.

    A file-like object: `write` may be handed to a serializer.
    """

    def __init__(self, folder: Path, *, run_bytes: int = RUN_BYTES) -> None:
        self._folder = folder
        self._run_bytes = run_bytes
        self._pieces: list[bytes] = []
        self._size = 0
        self._runs: list[list[Path]] = []  # by size: each run of one list was merged from _MOST_RUNS of the list before
        self._made = 0
        self.blank_nodes = False
        """Whether a line has a blank node, or has a triple term and may have one."""

    def write(self, data: bytes) -> int:
        """Take some text; lines may be cut anywhere between two writes."""
        self._pieces.append(data)
        self._size += len(data)
        if self._size >= self._run_bytes:
            self._spill()
        return len(data)

    def flush(self) -> None:
        """Do nothing: serializers expect a file-like object to have it."""

    def write_to(self, target: Path) -> None:
        """Write the distinct lines, in order, and remove the runs; the sorter is empty afterwards."""
        if self._runs:
            self._spill()
            _merge([run for runs in self._runs for run in runs], target)
            self._runs.clear()
        else:
            with target.open("wb") as output:
                _write(distinct(self._take()[0]), output)
        self._pieces, self._size = [], 0

    def _take(self) -> tuple[list[bytes], bytes]:
        """The whole lines, sorted, and what follows the last line feed."""
        text, self._pieces, self._size = b"".join(self._pieces), [], 0
        cut = text.rfind(b"\n") + 1
        lines, rest = text[:cut], text[cut:]
        del text
        if not self.blank_nodes and b"_:" in lines:
            self.blank_nodes = _any_blank(lines)
        ordered = io.BytesIO(lines).readlines()
        del lines
        ordered.sort()
        return ordered, rest

    def _spill(self) -> None:
        lines, rest = self._take()
        if lines:
            run = self._new_run()
            with run.open("wb") as output:
                _write(lines, output)
            self._keep(run)
        # not counted: a line that is longer than a run must not be looked at again with every piece of it
        self._pieces = [rest]

    def _new_run(self) -> Path:
        self._made += 1
        return self._folder / f"run-{self._made}"

    def _keep(self, run: Path, size: int = 0) -> None:
        if size == len(self._runs):
            self._runs.append([])
        runs = self._runs[size]
        runs.append(run)
        if len(runs) == _MOST_RUNS:
            merged = self._new_run()
            _merge(runs, merged)
            runs.clear()
            self._keep(merged, size + 1)


def distinct(lines: list[bytes]) -> list[bytes]:
    """Sorted lines without neighbours that are equal."""
    return lines[:1] + [line for before, line in pairwise(lines) if before != line]


def _any_blank(lines: bytes) -> bool:
    return any(
        line.startswith((b"_:", b"<<")) or any(field.startswith((b"_:", b"<<")) for field in split(line)[2:])
        for line in io.BytesIO(lines)
        if b"_:" in line
    )


def _write(lines: list[bytes], output: IO[bytes]) -> None:
    # joined first: writing line by line takes twice as long
    for start in range(0, len(lines), _PIECE):
        output.write(b"".join(islice(lines, start, start + _PIECE)))


def _merge(runs: list[Path], target: Path) -> None:
    """Write the distinct lines of several sorted runs, and remove the runs.

    From each run a block is read. All lines up to the smallest of the blocks' last lines are complete: they are sorted
    together, which for a few ascending sequences is a merge, many times faster than comparing line by line in Python.
    """
    size, last = max(_LEAST_BYTES, _MERGE_BYTES // len(runs)), b""
    with target.open("wb") as output, ExitStack() as stack:
        blocks = [_Block(stack.enter_context(run.open("rb")), size) for run in runs]
        while blocks := [block for block in blocks if block.fill()]:
            bound = min(block.lines[-1] for block in blocks)
            taken = [line for block in blocks for line in block.take(bound)]
            taken.sort()
            lines = distinct(taken)
            # a run may go on with the line that its block ended with
            _write(lines[1:] if lines[0] == last else lines, output)
            last = lines[-1]
    for run in runs:
        run.unlink()


class _Block:
    """The next lines of one run."""

    def __init__(self, stream: IO[bytes], size: int) -> None:
        self._stream = stream
        self._size = size
        self.lines: list[bytes] = []

    def fill(self) -> bool:
        """Read on where nothing is left; say whether there is something."""
        if not self.lines:
            self.lines = self._stream.readlines(self._size)
        return bool(self.lines)

    def take(self, bound: bytes) -> list[bytes]:
        """Take the lines up to and with a bound out."""
        end = bisect_right(self.lines, bound)
        taken, self.lines = self.lines[:end], self.lines[end:]
        return taken
