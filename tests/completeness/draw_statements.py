"""Draws statements of outside voices by hash, for reading them again against the page they were read in.

In: the committed voice files of all pages that were read, without the article and the datasets, whose bytes are known
(`dk:archivedAs`) and which a machine can compare. Out: the statements whose hash is lowest, so that anyone
who has the same files draws the same ones and nobody can choose. A statement is one record as one voice tells it; its
key is the SHA-256 of the voice's IRI, a space, and the record's IRI. A count belongs to the record that has it.
Nothing is judged here: the reading is a person's.

    python tests/completeness/draw_statements.py [HOW_MANY]
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from dadkhah.iris import Iris
from dadkhah.source.files.tree import Role, discover, find_project

ROOT = Path(__file__).parents[2]
ARCHIVED = "dk:archivedAs"
IRIS = Iris()
CITES = IRIS.term("cites")
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(frozen=True, order=True, slots=True)
class Drawn:
    """A statement: its hash, the voice and the record."""

    hash: str
    voice: str
    record: str


def statements() -> Iterator[Drawn]:
    """Every record of every outside voice, in no order."""
    project = find_project(ROOT)
    assert project is not None
    for file in discover(project, IRIS).files:
        if file.role is not Role.VOICE or ARCHIVED in (file.path.parent / "source.ttl").read_text(encoding="utf-8"):
            continue
        quads = list(ox.parse(path=str(file.path), format=ox.RdfFormat.TURTLE))
        counts = {q.subject for q in quads if q.predicate.value == TYPE and q.object.value == IRIS.term("Count")}
        records = {q.subject for q in quads if q.predicate.value == CITES} - counts
        for record in records:
            key = f"{file.graph} {record.value}"
            yield Drawn(hashlib.sha256(key.encode()).hexdigest(), file.graph, record.value)


def drawn(how_many: int) -> list[Drawn]:
    """The statements with the lowest hashes."""
    return sorted(statements())[:how_many]


if __name__ == "__main__":
    for each in drawn(int(sys.argv[1]) if len(sys.argv) > 1 else 40):
        cells = (each.hash[:12], each.voice.removeprefix(IRIS.base), each.record.removeprefix(IRIS.base))
        sys.stdout.write("\t".join(cells) + "\n")
