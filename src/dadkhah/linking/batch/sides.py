"""The two sides of a link as columns: each distinct name once, with the records that bear it.

In: records with names and kinds. Out: a `Side`. A name stands once per link type,
which decides how it is compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dadkhah.linking.batch.linktypes import domain_of, type_of, types_of_target
from dadkhah.linking.batch.target import Target
from dadkhah.linking.index.search import NamesIndex
from dadkhah.linking.normalise import tokens_of

# "a sister of …" describes somebody and names somebody else
_DESCRIBES = re.compile(r"\b(?:of|in|and|who)\b|['’]s ", re.IGNORECASE)


@dataclass(slots=True)
class Side:
    """Distinct names of one side.

    Attributes:
        names: as written.
        types: the link type of each.
        records: the numbers of the records that bear it, ascending.
        iris: the address of each record.
        born: its date of birth, empty where none is known.
        died: its date of death.
    """

    names: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    records: list[list[int]] = field(default_factory=list)
    iris: list[str] = field(default_factory=list)
    born: list[str] = field(default_factory=list)
    died: list[str] = field(default_factory=list)
    _number: dict[tuple[str, str], int] = field(default_factory=dict, repr=False)

    def add(self, target: Target, types: Sequence[str]) -> None:
        """Add a record with its names for these link types; names without letters are left out."""
        record = len(self.iris)
        self.iris.append(target.iri)
        self.born.append(target.born)
        self.died.append(target.died)
        for kind in types:
            domain = domain_of(kind)
            for name in target.names:
                if not tokens_of(name, domain).tokens or (kind == "person" and _DESCRIBES.search(name)):
                    continue
                number = self._number.setdefault((kind, name), len(self.names))
                if number == len(self.names):
                    self.names.append(name)
                    self.types.append(kind)
                    self.records.append([])
                if record not in self.records[number]:
                    self.records[number].append(record)


def their_side(targets: Iterable[Target]) -> Side:
    """The other dataset, by what kinds its records say they are."""
    side = Side()
    for target in targets:
        side.add(target, types_of_target(target.kind))
    return side


def our_side(targets: Iterable[Target]) -> Side:
    """Our records; `Target.kind` is here the kind in the record's address."""
    side = Side()
    for target in targets:
        side.add(target, (type_of(target.kind),))
    return side


def of_index(index: NamesIndex, kinds: Sequence[str], base: str) -> Iterable[Target]:
    """The named records of an index of ours, in the order of their IRIs.

    `kinds` bounds them to addresses `<base>id/<kind>/`; none: every record that has a name, of any graph.
    """
    names: dict[str, list[str]] = {}
    for label in range(len(index.labels)):
        names.setdefault(index.named.records[int(index.named.of_record[label])], []).append(index.labels[label])
    start = f"{base}id/"
    for iri in sorted(names):
        kind = iri.removeprefix(start).partition("/")[0] if iri.startswith(start) else ""
        if not kinds or kind in kinds:
            yield Target(iri, tuple(names[iri]), kind=kind)
