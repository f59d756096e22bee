"""Tables as targets: any CSV with a header that has identifiers and names.

In: CSV or TSV in UTF-8. Out: `Target`s by column name. The list of Regulation (EU) 359/2011 is known by its columns
`celex` and `recordId`: there a number belongs to an annex, so that the address of an entry is that of the act with the
annex and the number behind `#`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from dadkhah.errors import SourceSyntaxError
from dadkhah.linking.batch.target import Target, absolute, kind_of, make

IDS: Final = ("id", "iri", "uri", "recordId", "record_id", "identifier", "entity_id")
NAMES: Final = (
    "name", "label", "name_latin", "name_farsi", "name_fa", "name_en", "full_name", "alias", "aliases", "weakAlias",
    "previousName",
)  # fmt: skip
BORN: Final = ("birthDate", "date_of_birth", "birth_date", "born", "dob")
DIED: Final = ("deathDate", "date_of_death", "death_date", "died", "dod")
KIND: Final = ("schema", "kind", "type")
EU_ACT: Final = "http://publications.europa.eu/resource/celex/"
_SEVERAL: Final = re.compile(r"\s*[;|\n]\s*")
_DAY: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_YEAR: Final = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
_ISO: Final = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def read_table(file: Path, base: str) -> Iterator[Target]:
    """Read a table; see `targets.read_targets` for what it raises."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        first = lines.readline()
        lines.seek(0)
        reader = csv.DictReader(lines, delimiter="\t" if first.count("\t") > first.count(",") else ",")
        columns = reader.fieldnames or ()
        identifier = next((name for name in IDS if name in columns), None)
        names = [name for name in NAMES if name in columns]
        if identifier is None or not names:
            wanted = f"one of {', '.join(IDS)} and one of {', '.join(NAMES)}"
            raise SourceSyntaxError(f"the first line has not {wanted}", file=str(file), line=1)
        of_an_act = {"celex", "annex", "recordId"} <= set(columns)
        for row in reader:
            iri = entry_of_act(row) if of_an_act else absolute(row[identifier], base, str(file))
            found = [part for name in names for part in _SEVERAL.split(row[name] or "")]
            target = make(
                iri, found, born=day_of(_first(row, BORN)), kind=kind_of(_first(row, KIND)),
                died=day_of(_first(row, DIED)),
            )  # fmt: skip
            if target:
                yield target


def entry_of_act(row: Mapping[str, str]) -> str:
    """The address of an entry of a Union act: annex and number, since numbers begin again in each annex."""
    return f"{EU_ACT}{row['celex']}#{row['annex']}.{row['recordId']}"


def day_of(text: str) -> str:
    """A date in ISO format, as exact as it is written: `1.9.1957`, `circa 1952`; empty where no year is found.

    Two different years mean that the file does not know: nothing is taken then.
    """
    if _ISO.fullmatch(text.strip()):
        return text.strip()
    if day := _DAY.search(text):
        return f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}"
    years = set(_YEAR.findall(text))
    return years.pop() if len(years) == 1 else ""


def _first(row: Mapping[str, str], columns: tuple[str, ...]) -> str:
    return next((row[name] for name in columns if row.get(name)), "")
