"""Records of another dataset, read from its file as they are published.

In: a CSV table with a header, FollowTheMoney entities as JSON lines, or OFAC's `sdn.csv` with its `alt.csv` beside it.
Out: `Target`s: an identifier, names, and a date of birth where one is given. Nothing is guessed beyond column names.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from dadkhah.errors import ParameterError, SourceSyntaxError
from dadkhah.source.hygiene import iri_problem

_IDS: Final = ("id", "iri", "uri", "recordId", "record_id", "identifier", "entity_id")
_NAMES: Final = (
    "name", "label", "name_latin", "name_farsi", "name_fa", "name_en", "full_name", "alias", "aliases", "weakAlias",
    "previousName",
)  # fmt: skip
_BORN: Final = ("birthDate", "date_of_birth", "birth_date", "born", "dob")
_SEVERAL: Final = re.compile(r"\s*[;|\n]\s*")
_OFAC_PAGE: Final = "https://sanctionssearch.ofac.treas.gov/Details.aspx?id="
_OFAC_BORN: Final = re.compile(r"\bDOB (?:circa )?(?:(\d{1,2}) )?(?:([A-Z][a-z]{2}) )?(\d{4})")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NULL: Final = "-0-"


@dataclass(frozen=True, slots=True)
class Target:
    """A record of the other dataset; `born` is a year, month or day in ISO format, or empty."""

    iri: str
    names: tuple[str, ...]
    born: str = ""


def read_targets(file: Path, id_base: str = "") -> Iterator[Target]:
    """Read a file; `id_base` goes before identifiers that are no IRIs.

    Raises:
        ParameterError: the file has identifiers that are no IRIs, and no base was given.
        SourceSyntaxError: the file is missing, not UTF-8, or has none of the columns that are looked for.
    """
    try:
        if file.name.lower() == "sdn.csv":
            yield from _ofac(file)
        elif file.suffix.lower() in {".json", ".jsonl", ".ndjson", ".ijson"}:
            yield from _entities(file, id_base)
        else:
            yield from _table(file, id_base)
    except OSError as error:
        raise SourceSyntaxError(error.strerror or "cannot be read", file=str(file)) from error
    except UnicodeDecodeError as error:
        raise SourceSyntaxError("not UTF-8; save the table as UTF-8", file=str(file)) from error


def _iri(identifier: str, base: str, file: Path) -> str:
    found = identifier if re.match(r"^[a-z][a-z0-9+.-]*:", identifier) else base + identifier
    if not base and found == identifier and iri_problem(found):
        raise ParameterError(
            f"{file}: {identifier[:80]!r} is no IRI; give --id-base, such as https://example.org/list/"
        )
    return found


def _table(file: Path, base: str) -> Iterator[Target]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        first = lines.readline()
        lines.seek(0)
        reader = csv.DictReader(lines, delimiter="\t" if first.count("\t") > first.count(",") else ",")
        columns = reader.fieldnames or ()
        identifier = next((name for name in _IDS if name in columns), None)
        names = [name for name in _NAMES if name in columns]
        if identifier is None or not names:
            wanted = f"one of {', '.join(_IDS)} and one of {', '.join(_NAMES)}"
            raise SourceSyntaxError(f"the first line has not {wanted}", file=str(file), line=1)
        born = next((name for name in _BORN if name in columns), None)
        for row in reader:
            found = [part for name in names for part in _SEVERAL.split(row[name] or "")]
            target = _target(_iri(row[identifier], base, file), found, (row[born] or "") if born else "")
            if target:
                yield target


def _entities(file: Path, base: str) -> Iterator[Target]:
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                entity: Any = orjson.loads(line)
                properties: Mapping[str, list[str]] = entity["properties"]
                names = [name for key in _NAMES for name in properties.get(key, ())]
                born = next(iter(properties.get("birthDate", ())), "")
                target = _target(_iri(str(entity["id"]), base, file), names, born)
            except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
                text = "not an entity with id and properties, one in each line"
                raise SourceSyntaxError(text, file=str(file), line=number) from error
            if target:
                yield target


def _ofac(file: Path) -> Iterator[Target]:
    """The list of Specially Designated Nationals: no header; aliases in the second file; birth among the remarks."""
    aliases: dict[str, list[str]] = defaultdict(list)
    beside = file.with_name("alt.csv")
    if beside.is_file():
        with beside.open(encoding="utf-8", errors="replace", newline="") as lines:
            for row in csv.reader(lines):
                if len(row) > 3:
                    aliases[row[0].strip()].append(row[3])
    with file.open(encoding="utf-8", errors="replace", newline="") as lines:
        for row in csv.reader(lines):
            if len(row) < 12:
                continue  # the file ends with a line that holds a control character
            born = _OFAC_BORN.search(row[11])
            target = _target(f"{_OFAC_PAGE}{row[0].strip()}", [row[1], *aliases[row[0].strip()]], _iso(born))
            if target:
                yield target


def _iso(born: re.Match[str] | None) -> str:
    if born is None:
        return ""
    day, month, year = born.groups()
    if month not in _MONTHS:
        return year
    return f"{year}-{_MONTHS.index(month) + 1:02}" + (f"-{int(day):02}" if day else "")


def _target(iri: str, names: list[str], born: str) -> Target | None:
    kept = tuple(dict.fromkeys(name.strip() for name in names if name.strip() and name.strip() != _NULL))
    return Target(iri, kept, born.strip()) if kept else None
