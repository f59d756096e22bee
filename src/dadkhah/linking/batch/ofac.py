"""The list of Specially Designated Nationals of the US Treasury as targets.

In: `sdn.csv` with `alt.csv` beside it, as published: no header, columns by OFAC's own specification. Out: `Target`s
with the address of OFAC's search page. An entry of which only `alt.csv` has names (a newer file, or a part of one) is a
target by those names.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dadkhah.linking.batch.target import ORGANIZATION, Target, kind_of, make

PAGE: Final = "https://sanctionssearch.ofac.treas.gov/Details.aspx?id="
_BORN: Final = re.compile(r"\bDOB (?:circa )?(?:(\d{1,2}) )?(?:([A-Z][a-z]{2}) )?(\d{4})")
_KNOWN_AS: Final = re.compile(r"\b[af]\.k\.a\. '([^']+(?:'[a-z][^']*)*)'")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NULL: Final = "-0-"
_COLUMNS: Final = 12


def is_ofac(file: Path) -> bool:
    """Whether a file is the list, by its name, or by what a name such as `sdn-2024.csv` begins with."""
    return file.suffix.lower() == ".csv" and file.name.lower().startswith("sdn")


def read_ofac(file: Path) -> Iterator[Target]:
    """Read the list, entries in the order of the file, then those that only the file of aliases has."""
    aliases = _aliases(file.with_name("alt.csv"))
    with file.open(encoding="utf-8", errors="replace", newline="") as lines:
        for row in csv.reader(lines):
            if len(row) < _COLUMNS:
                continue  # the file ends with a line that holds a control character
            entry, remarks = row[0].strip(), row[11]
            kind = ORGANIZATION if row[2].strip() == _NULL else kind_of(row[2])
            names = [row[1], *aliases.pop(entry, ()), *_KNOWN_AS.findall(remarks)]
            target = make(PAGE + entry, _given(names), born=_iso(_BORN.search(remarks)), kind=kind)
            if target:
                yield target
    for entry, names in aliases.items():
        target = make(PAGE + entry, _given(names))
        if target:
            yield target


def _aliases(file: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    if file.is_file():
        with file.open(encoding="utf-8", errors="replace", newline="") as lines:
            for row in csv.reader(lines):
                if len(row) > 3:
                    found[row[0].strip()].append(row[3])
    return dict(found)


def _given(names: list[str]) -> Iterator[str]:
    return (name for name in names if name.strip() != _NULL)


def _iso(born: re.Match[str] | None) -> str:
    if born is None:
        return ""
    day, month, year = born.groups()
    if month not in _MONTHS:
        return year
    return f"{year}-{_MONTHS.index(month) + 1:02}" + (f"-{int(day):02}" if day else "")
