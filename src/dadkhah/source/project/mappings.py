"""Reviewed links to external datasets, as SSSOM tables: one row is one mapping with who decided it and why.

In and out: `data/mappings/{accepted,rejected,undecided}.sssom.tsv` (Simple Standard for Sharing Ontological Mappings,
TSV with a YAML head in `#` lines). Only accepted rows become statements, as skos:exactMatch or skos:closeMatch.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from dadkhah.source.files.intake import take
from dadkhah.source.files.problems import Problem
from dadkhah.source.hygiene.rules import iri_problem
from dadkhah.vocab import SKOS

COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "author_id",
    "reviewer_id",
    "mapping_date",
    "confidence",
    "comment",
)
_REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_STATED = frozenset({SKOS + "exactMatch", SKOS + "closeMatch"})
_PREFIXES = {
    "skos": SKOS,
    "semapv": "https://w3id.org/semapv/vocab/",
    "dk": "https://w3id.org/dadkhah/ontology#",
    "id": "https://w3id.org/dadkhah/id/",
    "orcid": "https://orcid.org/",
    "wd": "http://www.wikidata.org/entity/",
}
_CURIE_LINE = re.compile(r"#\s{2,}([A-Za-z][\w.-]*|\"[^\"]+\")\s*:\s*\"?([^\s\"]+)\"?\s*")
_HEAD_LINE = re.compile(r"#\s?([a-z_]+)\s*:\s*(.*)")
_LONG_FIELD = 64 * 1024


@dataclass(frozen=True, slots=True)
class MappingRow:
    """One mapping; identifiers are full IRIs, `extra` holds columns beyond `COLUMNS`, `line` is 1-based."""

    subject_id: str
    predicate_id: str
    object_id: str
    mapping_justification: str
    subject_label: str = ""
    object_label: str = ""
    author_id: str = ""
    reviewer_id: str = ""
    mapping_date: str = ""
    confidence: str = ""
    comment: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True, slots=True)
class MappingSet:
    """A table: the head's plain entries, its prefixes, and the rows in the order of the file."""

    rows: tuple[MappingRow, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    prefixes: Mapping[str, str] = field(default_factory=dict)


def read_sssom(path: Path, name: str) -> tuple[MappingSet, tuple[Problem, ...], str]:
    """Read a table, everything wrong with it, and the file's SHA-256; `name` is how problems call the file."""
    intake = take(path, name)
    if intake.text is None:
        return MappingSet(), intake.problems, intake.sha256
    lines = intake.text.split("\n")
    head = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    metadata, prefixes = _head(lines[:head])
    problems = list(intake.problems)
    rows = tuple(_rows("\n".join(lines[head:]), head, prefixes, name, problems))
    return MappingSet(rows, metadata, prefixes), tuple(problems), intake.sha256


def write_sssom(table: MappingSet) -> str:
    """The table as text: head, sorted rows, identifiers shortened by the prefixes; equal tables give equal text."""
    prefixes = {**_PREFIXES, **table.prefixes}
    used = [*COLUMNS, *sorted({name for row in table.rows for name in row.extra})]
    output = io.StringIO()
    for key, value in sorted(table.metadata.items()):
        output.write(f"#{key}: {value}\n")
    output.write("#curie_map:\n")
    for prefix, namespace in sorted(prefixes.items()):
        output.write(f'#  {prefix}: "{namespace}"\n')
    writer = csv.writer(output, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(used)
    for row in sorted(table.rows, key=lambda each: (each.subject_id, each.object_id, each.predicate_id)):
        writer.writerow([_cell(row, column, prefixes) for column in used])
    return output.getvalue()


def statements(rows: Iterable[MappingRow]) -> Iterator[ox.Triple]:
    """What accepted rows state: exact and close matches only; a row of another predicate states nothing."""
    for row in rows:
        if row.predicate_id in _STATED:
            yield ox.Triple(ox.NamedNode(row.subject_id), ox.NamedNode(row.predicate_id), ox.NamedNode(row.object_id))


def _head(lines: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    metadata: dict[str, str] = {}
    prefixes = dict(_PREFIXES)
    for line in lines:
        if curie := _CURIE_LINE.fullmatch(line):
            prefixes[curie[1].strip('"')] = curie[2]
        elif (entry := _HEAD_LINE.fullmatch(line)) and entry[1] != "curie_map":
            metadata[entry[1]] = entry[2].strip().strip('"')
    return metadata, prefixes


def _rows(
    text: str, offset: int, prefixes: Mapping[str, str], name: str, problems: list[Problem]
) -> Iterator[MappingRow]:
    csv.field_size_limit(_LONG_FIELD)
    reader = csv.DictReader(io.StringIO(text), delimiter="\t", strict=True)
    try:
        missing = [column for column in _REQUIRED if column not in (reader.fieldnames or ())]
        if missing:
            problems.append(
                Problem(f"no column {missing[0]!r}", name, "mappings", offset + 1, None, "see docs/snapshot.md")
            )
            return
        for cells in reader:
            line = offset + reader.line_num
            row = _row(cells, prefixes, line)
            found = _row_problem(cells, row)
            if found:
                problems.append(Problem(found, name, "mappings", line, None, "mend the row"))
            else:
                yield row
    except csv.Error as error:
        problems.append(Problem(f"not a tab-separated table: {error}", name, "mappings", offset + reader.line_num))


def _row(cells: Mapping[str | None, str | None], prefixes: Mapping[str, str], line: int) -> MappingRow:
    plain = {
        key: (value or "").strip()
        for key, value in cells.items()
        if isinstance(key, str) and not isinstance(value, list)
    }
    known = {column: plain.get(column, "") for column in COLUMNS}
    for column in ("subject_id", "predicate_id", "object_id", "mapping_justification", "author_id", "reviewer_id"):
        known[column] = expand_curie(known[column], prefixes)
    extra = {key: value for key, value in plain.items() if key not in COLUMNS}
    return MappingRow(**known, extra=extra, line=line)


def _row_problem(cells: Mapping[str | None, object], row: MappingRow) -> str | None:
    if None in cells:
        return "more cells than columns"
    for column in _REQUIRED:
        value = getattr(row, column)
        if not value:
            return f"{column} is empty"
        if problem := iri_problem(value):
            return f"{column}: {problem}"
    if row.subject_id == row.object_id:
        return "a mapping of a record to itself"
    if row.confidence and not re.fullmatch(r"0(\.\d+)?|1(\.0+)?", row.confidence):
        return f"confidence {row.confidence!r} is no number from 0 to 1"
    return None


def expand_curie(text: str, prefixes: Mapping[str, str]) -> str:
    """The IRI behind a CURIE; an IRI stays as it is."""
    prefix, colon, local = text.partition(":")
    if colon and not local.startswith("//") and prefix in prefixes:
        return prefixes[prefix] + local
    return text


def shorten(iri: str, prefixes: Mapping[str, str]) -> str:
    """The CURIE of an IRI by the longest namespace that fits, or the IRI."""
    fitting = [(namespace, prefix) for prefix, namespace in prefixes.items() if iri.startswith(namespace)]
    if not fitting:
        return iri
    namespace, prefix = max(fitting, key=lambda pair: len(pair[0]))
    return f"{prefix}:{iri[len(namespace) :]}"


def _cell(row: MappingRow, column: str, prefixes: Mapping[str, str]) -> str:
    if column not in COLUMNS:
        return row.extra.get(column, "")
    value: str = getattr(row, column)
    return shorten(value, prefixes) if column.endswith("_id") or column == "mapping_justification" else value
