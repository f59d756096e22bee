"""RDF files as targets: whatever has a name is one.

In: Turtle, N-Triples, N-Quads, TriG, RDF/XML or JSON-LD, also gzipped. Out: `Target`s with the names that pages show as
names, the kind by class, and dates of birth and death of schema.org. Nothing is fetched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dadkhah.linking.batch.tables import day_of
from dadkhah.linking.batch.target import Target, kind_of, make
from dadkhah.source.formats.literals import subjects

_SCHEMA: Final = ("https://schema.org/", "http://schema.org/")
_NAMES: Final = (
    "http://www.w3.org/2004/02/skos/core#prefLabel", "http://www.w3.org/2004/02/skos/core#altLabel",
    "http://www.w3.org/2004/02/skos/core#hiddenLabel", "http://www.w3.org/2000/01/rdf-schema#label",
    "http://xmlns.com/foaf/0.1/name", *(f"{base}{name}" for base in _SCHEMA for name in ("name", "alternateName")),
)  # fmt: skip
_BORN: Final = tuple(base + "birthDate" for base in _SCHEMA)
_DIED: Final = tuple(base + "deathDate" for base in _SCHEMA)
_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def read_graph(file: Path) -> Iterator[Target]:
    """Read a file, its named records in the order of their IRIs."""
    wanted = frozenset((*_NAMES, *_BORN, *_DIED, _TYPE))
    for iri, values in sorted(subjects(file, wanted).items()):
        held: dict[str, list[str]] = defaultdict(list)
        for name, value in values:
            held[name].append(value)
        kinds = sorted({kind_of(value.rpartition("#")[2].rpartition("/")[2]) for value in held[_TYPE]} - {""})
        target = make(
            iri,
            [value for name in _NAMES for value in held[name]],
            born=day_of(next((value for name in _BORN for value in held[name]), "")),
            kind=kinds[0] if len(kinds) == 1 else "",
            died=day_of(next((value for name in _DIED for value in held[name]), "")),
        )
        if target:
            yield target
