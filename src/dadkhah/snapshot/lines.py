"""Sorting and de-duplicating N-Quads lines in bounded memory.

In: bytes in pieces of any size. Out: distinct lines in the order of their bytes, which for UTF-8 is the code point
order that RDF Dataset Canonicalization 1.0 asks for. Must not know what a line means, but for its fields.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

RUN_BYTES = 48 * 1024 * 1024  # text per run; a run takes about three times as much while it is sorted


class LineSorter:
    """Takes N-Quads text, gives back its distinct lines in order; spills sorted runs into a folder.

    A file-like object: `write` may be handed to a serializer.
    """

    def __init__(self, folder: Path, *, run_bytes: int = RUN_BYTES) -> None:
        self._folder = folder
        self._run_bytes = run_bytes
        self._pieces: list[bytes] = []
        self._size = 0
        self._runs: list[Path] = []
        self.blank_nodes = False
        """Whether a line may have a blank node; a literal that looks like one also counts."""

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
        with target.open("wb") as output:
            output.writelines(self._drain())

    def _drain(self) -> Iterator[bytes]:
        lines, _ = self._take()
        if not self._runs:
            yield from distinct(lines)
            return
        with ExitStack() as stack:
            files = [stack.enter_context(run.open("rb")) for run in self._runs]
            yield from distinct(heapq.merge(lines, *files))
        for run in self._runs:
            run.unlink()
        self._runs.clear()

    def _take(self) -> tuple[list[bytes], bytes]:
        whole, _, rest = b"".join(self._pieces).rpartition(b"\n")
        self.blank_nodes = self.blank_nodes or b"_:" in whole
        self._pieces, self._size = [], 0
        lines = [line + b"\n" for line in whole.split(b"\n")] if whole else []
        lines.sort()
        return lines, rest

    def _spill(self) -> None:
        lines, rest = self._take()
        if lines:
            run = self._folder / f"run-{len(self._runs)}"
            with run.open("wb") as output:
                output.writelines(distinct(lines))
            self._runs.append(run)
        # not counted: a line that is longer than a run must not be looked at again with every piece of it
        self._pieces = [rest]


def distinct(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Drop neighbours that are equal."""
    return (line for line, _ in groupby(lines))


class Fields(NamedTuple):
    """The four fields of an N-Quads line as written; graph is empty for the default graph."""

    subject: bytes
    predicate: bytes
    object: bytes
    graph: bytes


def split(line: bytes) -> Fields:
    """Cut a canonical N-Quads line into its fields; a microsecond, no parsing of terms.

    Relies on the canonical form: single spaces, and no space in an IRI or a blank node label.
    """
    if line.startswith(b"<<"):
        subject, rest = _triple_term(line)
        predicate, _, rest = rest.partition(b" ")
    else:
        subject, predicate, rest = line.split(b" ", 2)
    rest = rest[:-3]  # " .\n"
    if rest.startswith(b"<<"):
        value, graph = _triple_term(rest + b" ")
        return Fields(subject, predicate, value, graph.rstrip())
    if rest.startswith(b'"'):
        # no graph name and no datatype holds a quote, so the last one ends the literal
        end = rest.find(b" ", rest.rfind(b'"'))
        return Fields(subject, predicate, rest, b"") if end < 0 else _cut(subject, predicate, rest, end)
    end = rest.find(b" ")
    return Fields(subject, predicate, rest, b"") if end < 0 else _cut(subject, predicate, rest, end)


def _cut(subject: bytes, predicate: bytes, rest: bytes, end: int) -> Fields:
    return Fields(subject, predicate, rest[:end], rest[end + 1 :])


def _triple_term(text: bytes) -> tuple[bytes, bytes]:
    """The triple term at the beginning of a text, and what follows the space after it."""
    depth, position, quoted = 0, 0, False
    while True:
        character = text[position : position + 1]
        if quoted and character == b"\\":
            position += 1
        elif character == b'"':
            quoted = not quoted
        elif not quoted and text.startswith(b"<<", position):
            depth += 1
            position += 1
        elif not quoted and text.startswith(b">>", position) and text[position - 1 : position] in b") ":
            depth -= 1
            position += 1
            if depth == 0:
                return text[: position + 1], text[position + 2 :]
        position += 1
        if position > len(text):
            raise AssertionError("a triple term without an end")
