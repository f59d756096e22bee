"""Rows into the three files of a voice: who is named, where it was read, what is said.

In: a mapping and rows. Out: Turtle text pieces for `authority`, `source` and `voice`, row by row, so that memory does
not grow with the dataset; and counts of what was taken and left out, with the reason. Must not open files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dadkhah.iris import Iris
from dadkhah.source.importing.mapping import LeaveOut, Mapping, Record, Statement
from dadkhah.source.importing.rows import Row
from dadkhah.source.importing.values import Unreadable, filled, pairs, parts
from dadkhah.source.turtle.text import literal, prologue


@dataclass(frozen=True, slots=True)
class Piece:
    """What one row adds to each file."""

    authority: str
    source: str
    voice: str


@dataclass(slots=True)
class Tally:
    """What became of the rows; keys say why something was left out."""

    taken: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    values_left_out: Counter[str] = field(default_factory=Counter)


class Composer:
    """Composes the files of one dataset."""

    def __init__(self, mapping: Mapping, iris: Iris) -> None:
        self.tally = Tally()
        self._mapping = mapping
        self._iris = iris
        self._base = f"{iris.base}id/"
        self._seen: Counter[tuple[str, str]] = Counter()

    def pieces(self, rows: Iterable[Row]) -> Iterator[Piece]:
        """Compose row by row."""
        for row in rows:
            reason = next((rule.reason for rule in self._mapping.leave_out if _hit(rule, row)), "")
            named = {} if reason else {each.name: self._record(each, row) for each in self._mapping.records}
            if reason or not all(named.values()):
                self.tally.left_out[reason or "without a name"] += 1
                continue
            self.tally.taken += 1
            yield self._piece(row, {name: found for name, found in named.items() if found})

    def _piece(self, row: Row, named: dict[str, tuple[str, str, str]]) -> Piece:
        dataset = self._mapping.dataset
        mark = self._once("passage", f"{dataset.id}-{slug(filled(self._mapping.rows.id, row))}")
        passage = f"<{self._base}passage/{mark}>"
        place = literal(filled(self._mapping.rows.locator, row))
        source = _block(passage, "dk:Locator", [("dk:inSource", self._source()), ("dk:locator", place)])
        authority = "".join(text for _, _, text in named.values())
        voice = "".join(self._statement(each, row, named, passage) for each in self._mapping.statements)
        return Piece(authority, source, voice)

    def _record(self, record: Record, row: Row) -> tuple[str, str, str] | None:
        """IRI, class and authority block of a record; None where the row gives it no name."""
        names: list[tuple[str, str]] = []
        languages: set[str] = set()
        for each in record.names:
            for name in dict.fromkeys(parts(row.get(each.column, ""), each.split)):
                prefix = "skos:altLabel" if each.language in languages else "skos:prefLabel"
                languages.add(each.language)
                pair = (prefix, literal(name, each.language))
                if pair not in names and ("skos:prefLabel", pair[1]) not in names:
                    names.append(pair)
        if not names:
            return None
        own = self._once(record.kind, slug(filled(record.slug, row)))
        iri = f"<{self._base}{record.kind}/{own}>"
        cls = record.classes.get(row.get(record.class_column, ""), record.cls)
        source = ("dk:nameSource", literal(f"{self._mapping.dataset.id}, {filled(self._mapping.rows.locator, row)}"))
        return iri, cls, _block(iri, cls, [*names, source])

    def _statement(self, each: Statement, row: Row, named: dict[str, tuple[str, str, str]], passage: str) -> str:
        said: list[tuple[str, str]] = []
        for one in each.properties:
            if one.record:
                said.append((one.property, named[one.record][0]))
                continue
            try:
                said += pairs(one, row)
            except Unreadable as error:
                self.tally.values_left_out[str(error)] += 1
        if not said:
            return ""
        if each.about:
            iri, cls, _ = named[each.about]
        else:
            iri, cls = f"<{self._base}{each.kind}/{self._once(each.kind, slug(filled(each.slug, row)))}>", each.cls
            value = row.get(each.class_column, "")
            cls = next((found for begin, found in each.classes.items() if value.startswith(begin)), cls)
        return _block(iri, cls, [*said, ("dk:cites", passage)])

    def file_head(self) -> str:
        """What each of the files begins with: prefixes, and whose data it is."""
        dataset = self._mapping.dataset
        return "\n".join([*prologue(self._iris), f"# {dataset.title}. {dataset.rights}\n\n"])

    def source_head(self, sha256: str, size: int, points: int, read_on: str) -> str:
        """The work, its bytes, its voice."""
        dataset = self._mapping.dataset
        claimant = f"<{self._base}institution/{dataset.publisher}>"
        snapshot = f"<{self._base}snapshot/{dataset.id}>"
        work = [
            ("skos:prefLabel", literal(dataset.title, "en")), ("dct:publisher", claimant),
            ("dct:rights", literal(dataset.rights, "en")), ("dct:language", literal(dataset.language)),
            ("dk:party", f"dk:{dataset.party}"), ("dk:archivedAs", snapshot),
            ("dk:readOn", f'"{read_on}"^^xsd:date'), ("dk:extentRead", "dk:StoredCopyWhole"),
        ]  # fmt: skip
        if dataset.address:
            work.append(("dk:address", f"{literal(dataset.address)}^^xsd:anyURI"))
        bytes_read = [("rdfs:label", literal("the file as read", "en")), ("dk:sha256", literal(sha256)),
                      ("dk:bytes", str(size)), ("dk:codePoints", str(points))]  # fmt: skip
        voice = [("dk:claimant", claimant), ("dk:inSource", self._source()), ("dk:originGroup", claimant),
                 ("dk:party", f"dk:{dataset.party}"), ("dk:protection", "dk:Public")]  # fmt: skip
        return (
            _block(self._source(), "dk:Source", work)
            + _block(snapshot, "dk:Snapshot", bytes_read)
            + _block(f"<{self._iris.voice(dataset.id, dataset.publisher)}>", "dk:Voice", voice)
        )

    def claimant(self) -> str:
        """The record of who speaks."""
        dataset = self._mapping.dataset
        iri = f"<{self._base}institution/{dataset.publisher}>"
        return _block(iri, "dk:Organization", [("skos:prefLabel", literal(dataset.label, "en"))])

    def _source(self) -> str:
        return f"<{self._base}source/{self._mapping.dataset.id}>"

    def _once(self, kind: str, wanted: str) -> str:
        """A slug that no row before has in this kind: the same identifier twice gets a number."""
        self._seen[kind, wanted] += 1
        number = self._seen[kind, wanted]
        return wanted if number == 1 else self._once(kind, f"{wanted}-n{number}")


def slug(text: str) -> str:
    """A text as it may stand in an IRI: small Latin letters, digits and single hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "none"


def _block(iri: str, cls: str, said: list[tuple[str, str]]) -> str:
    lines = " ;\n".join(f"    {name} {value}" for name, value in dict.fromkeys(said))
    return f"{iri} a {cls} ;\n{lines} .\n\n"


def _hit(rule: LeaveOut, row: Row) -> bool:
    value = row.get(rule.column, "")
    if rule.below is not None:
        return value.isdigit() and float(value) < rule.below
    return value in rule.values or (bool(rule.unless) and value not in rule.unless)
