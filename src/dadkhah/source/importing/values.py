"""Values of a row as Turtle.

In: a text of a column and how the mapping takes it. Out: (property, object) as Turtle text, for a date the three
properties that the model has. What cannot be read as what the mapping says is left out and counted, never bent.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date

from dadkhah.source.hygiene.rules import iri_problem
from dadkhah.source.importing.mapping import Property
from dadkhah.source.importing.rows import Row
from dadkhah.source.turtle.text import literal

Pairs = Iterator[tuple[str, str]]
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_NOT_IN_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\]")
_FIELD = re.compile(r"\{(\w+)\}")


class Unreadable(ValueError):
    """A value is not what the mapping says; the row goes on without it."""


def filled(template: str, row: Row) -> str:
    """A text with columns in braces; an unknown column is empty."""
    return _FIELD.sub(lambda match: row.get(match[1], ""), template).strip()


def parts(text: str, split: str) -> list[str]:
    """The values of one cell."""
    found = [text] if not split else re.split(split, text)
    return [part.strip() for each in found for part in each.split("\n") if part.strip()]


def pairs(each: Property, row: Row) -> Pairs:
    """The (property, object) pairs of one property; raises `Unreadable`."""
    text = filled(each.text, row) if each.text else row.get(each.column, "")
    for value in parts(text, each.split):
        if each.take == "date":
            yield from _dated(value, each)
        elif each.take == "number":
            if not value.isdigit():
                raise Unreadable(f"{each.column}: no whole number")
            yield each.property, str(int(value))
        elif each.take == "map":
            if value not in each.map:
                raise Unreadable(f"{each.column}: a value without a counterpart")
            if each.map[value]:
                yield each.property, each.map[value]
        elif each.take == "iri":
            iri = value.removeprefix("<").removesuffix(">")
            if iri_problem(iri) or _NOT_IN_IRI.search(iri):
                raise Unreadable(f"{each.property}: no IRI")
            yield each.property, f"<{iri}>"
        else:
            yield each.property, literal(value, each.language)


def _dated(text: str, each: Property) -> Pairs:
    if each.day_first and (found := _DAY_FIRST.fullmatch(text)):
        year, month, day = int(found[3]), int(found[2]), int(found[1])
    elif iso := _ISO.fullmatch(text):
        year, month, day = (int(part) if part else 0 for part in iso.groups())
    else:
        raise Unreadable(f"{each.column}: no date")
    if each.year_only and f"{month:02}-{day:02}" == each.year_only:
        month = day = 0
    try:
        first = date(year, month or 1, day or 1)
        last = date(year, month or 12, day or calendar.monthrange(year, month or 12)[1])
    except ValueError as error:
        raise Unreadable(f"{each.column}: no such day") from error
    written = f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if day else "")
    yield "dk:earliest", f'"{first}"^^xsd:date'
    yield "dk:latest", f'"{last}"^^xsd:date'
    yield "dk:edtf", f'"{written}"'
