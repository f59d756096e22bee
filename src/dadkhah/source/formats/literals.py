"""Chosen properties of every record in an RDF file, without a store.

In: a file of any RDF format that `formats` knows, also gzipped. Out: per subject the values of some properties, as
text. Graph names are not kept. Nothing is fetched, and nothing is judged.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from pathlib import Path

import pyoxigraph as ox

from dadkhah.source.formats.reading import RdfInput, write_nquads


class _Kept:
    """A sink of N-Quads text that keeps what is wanted."""

    def __init__(self, wanted: AbstractSet[str]) -> None:
        self.found: dict[str, list[tuple[str, str]]] = {}
        self._wanted = wanted
        self._rest = b""

    def write(self, data: bytes, /) -> int:
        """Take some bytes; what follows the last line end waits for the next."""
        lines, end, self._rest = (self._rest + data).rpartition(b"\n")
        self._take(lines + end)
        return len(data)

    def flush(self) -> None:
        """Take what is left at the end of a file."""
        self._take(self._rest)
        self._rest = b""

    def _take(self, lines: bytes) -> None:
        if not lines:
            return
        for quad in ox.parse(lines, format=ox.RdfFormat.N_QUADS):
            if quad.predicate.value in self._wanted and isinstance(quad.subject, ox.NamedNode):
                value = quad.object
                if isinstance(value, (ox.NamedNode, ox.Literal)):
                    self.found.setdefault(quad.subject.value, []).append((quad.predicate.value, value.value))


def subjects(file: Path, wanted: AbstractSet[str]) -> dict[str, list[tuple[str, str]]]:
    """The (property, value) pairs of each subject that has an IRI; raises `SourceSyntaxError`."""
    sink = _Kept(wanted)
    write_nquads(RdfInput(file), sink)
    sink.flush()
    return sink.found
