"""The mapping of a dataset: which rows are records, what their columns say, and who says it.

In: a TOML file (docs/linking.md describes its tables). Out: a `Mapping`, checked as a whole before any row is read.
Must not read the dataset.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError

from dadkhah.errors import SourceSyntaxError


@dataclass(frozen=True, slots=True)
class Dataset:
    """What the dataset is and who speaks in it; `publisher` and `label` make the claimant's record."""

    id: str
    title: str
    publisher: str
    label: str
    party: str
    rights: str
    address: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Rows:
    """How rows are read; `columns` name those of a file without a header, `null` is what stands for nothing."""

    locator: str
    id: str = "{id}"
    columns: tuple[str, ...] = ()
    null: str = ""
    skip_short: bool = False


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """Rows that are not taken: a number below a bound, or a value of a list (or outside of it); with the reason."""

    column: str
    reason: str
    below: float | None = None
    values: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NameOf:
    """A column with names; the first value of a language is the preferred name."""

    column: str
    language: str
    split: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A record that each row has: its kind, slug, class and names; `classes` gives the class by a column's value."""

    name: str
    kind: str
    slug: str
    cls: str
    names: tuple[NameOf, ...]
    class_column: str = ""
    classes: Table[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Property:
    """A property and where its values come from: a column, a text with columns in braces, or a record of the row.

    `take` says how a value is written: text, date, number, map or iri. `year_only` is a day that means that only the
    year is known.
    """

    property: str
    column: str = ""
    text: str = ""
    record: str = ""
    take: str = "text"
    language: str = ""
    split: str = ""
    year_only: str = ""
    day_first: bool = False
    map: Table[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Statement:
    """What the voice says: of a record of the row (`about`), or of a thing of its own (`kind` and `slug`)."""

    properties: tuple[Property, ...]
    about: str = ""
    kind: str = ""
    slug: str = ""
    cls: str = ""
    class_column: str = ""
    classes: Table[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A whole mapping."""

    dataset: Dataset
    rows: Rows
    records: tuple[Record, ...]
    statements: tuple[Statement, ...]
    leave_out: tuple[LeaveOut, ...] = ()


def read_mapping(file: Path) -> Mapping:
    """Read and check a mapping; raises `SourceSyntaxError` that names the table and the key."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceSyntaxError(f"no mapping: {error}", file=str(file)) from error
    read = _Reader(str(file))
    records = tuple(
        read.one(Record, each, "record", names=tuple(read.many(NameOf, each, "names")))
        for each in _list(table, "record")
    )
    statements = tuple(
        read.one(Statement, each, "statement", properties=tuple(read.many(Property, each, "properties")))
        for each in _list(table, "statement")
    )
    found = Mapping(
        read.one(Dataset, _table(table, "dataset"), "dataset"),
        read.one(Rows, _table(table, "rows"), "rows"),
        records,
        statements,
        tuple(read.many(LeaveOut, table, "leave_out")),
    )
    _check(found, str(file))
    return found


def _check(found: Mapping, file: str) -> None:
    named = {record.name for record in found.records}
    for statement in found.statements:
        used = [statement.about] if statement.about else []
        used += [each.record for each in statement.properties if each.record]
        for name in used:
            if name not in named:
                raise SourceSyntaxError(f"statement: no [[record]] is named {name!r}", file=file)
        if not statement.about and not (statement.kind and statement.slug and statement.cls):
            raise SourceSyntaxError("statement: give about, or kind, slug and cls", file=file)


class _Reader:
    """Tables into frozen values, with an error for a key that is missing, unknown, or of another type than it takes."""

    def __init__(self, file: str) -> None:
        self._file = file

    def one(self, cls: Any, table: Table[str, Any], where: str, **given: Any) -> Any:
        values = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
        try:
            made = cls(**{**values, **given})
        except TypeError as error:
            text = str(error).partition("__init__() ")[2] or str(error)
            raise SourceSyntaxError(f"{where}: {text}", file=self._file) from error
        for name, kind in get_type_hints(cls).items():
            try:
                TypeAdapter(kind).validate_python(getattr(made, name), strict=True)
            except ValidationError as error:
                problem = error.errors(include_url=False)[0]["msg"]
                raise SourceSyntaxError(f"{where}.{name}: {problem}", file=self._file) from error
        return made

    def many(self, cls: Any, table: Table[str, Any], key: str) -> list[Any]:
        return [self.one(cls, each, key) for each in _list(table, key)]


def _list(table: Table[str, Any], key: str) -> list[Table[str, Any]]:
    found = table.get(key, [])
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _table(table: Table[str, Any], key: str) -> Table[str, Any]:
    found = table.get(key, {})
    return found if isinstance(found, dict) else {}
