"""Days as readers write them in a filter: Gregorian or Solar Hijri, in Latin, Persian or Arabic digits.

In: a date, month, year, season, decade or interval (`2025-07`, `1404/5/5`, `۱۴۰۱`, `1401/1402`). Out: its first and its
last day as Gregorian ISO dates. A year below `FIRST_GREGORIAN` is one of the Solar Hijri calendar; with a plus before
it (`+1501`, the sign of ISO 8601 for years written out) it is Gregorian. It must not read dates of data: those say
which calendar they are in.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

import jdatetime

from dadkhah.browse.spans import days_of

FIRST_GREGORIAN = 1700
_NOTHING = ("", "")
_WRITTEN = re.compile(r"(\d{3,4})(?:([-/.])(\d{1,2})(?:\2(\d{1,2}))?)?")
_DECADE = re.compile(r"(\d{1,3})(X{1,3})")
_SEASONS = {21: (1, 3), 22: (4, 6), 23: (7, 9), 24: (10, 12)}


def days_asked(text: str) -> tuple[str, str]:
    """First and last day of what a reader asks for; empty strings where it names no days."""
    text = _latin_digits(text.strip())
    first, slash, last = text.partition("/")
    if _WRITTEN.fullmatch(text) or not slash:
        return _one(text)
    return _one(first)[0], _one(last)[1]


def asked_as(day: str) -> str:
    """A Gregorian day, month or year as `days_asked` takes it for one."""
    return f"+{day}" if day[:4].isdecimal() and int(day[:4]) < FIRST_GREGORIAN else day


def _latin_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)


def _one(text: str) -> tuple[str, str]:
    text = text.strip().rstrip("?~%")
    if (decade := _DECADE.fullmatch(text)) and len(text) == 4:
        first, last = (int(decade[1] + digit * len(decade[2])) for digit in "09")
        return days_of(text) if first >= FIRST_GREGORIAN else (_solar(first, 1, 0)[0], _solar(last, 12, 0)[1])
    written = _WRITTEN.fullmatch(text)
    if written is None:
        return days_of(text.removeprefix("+"))
    year, month, day = (int(part or 0) for part in (written[1], written[3], written[4]))
    if (written[3] and not month) or (written[4] and not day):
        return _NOTHING
    if year >= FIRST_GREGORIAN:
        return days_of("-".join([f"{year:04}", *(f"{part:02}" for part in (month, day) if part)]))
    if month in _SEASONS and not day:
        start, end = _SEASONS[month]
        return _solar(year, start, 0)[0], _solar(year, end, 0)[1]
    return _solar(year, month, day) if month else (_solar(year, 1, 0)[0], _solar(year, 12, 0)[1])


def _solar(year: int, month: int, day: int) -> tuple[str, str]:
    """First and last Gregorian day of a day of the Solar Hijri calendar, or of a month where the day is 0."""
    try:
        first = jdatetime.date(year, month, day or 1).togregorian()
        if day:
            return first.isoformat(), first.isoformat()
        following = jdatetime.date(year + month // 12, month % 12 + 1, 1).togregorian()
    except ValueError:
        return _NOTHING
    return first.isoformat(), (following - dt.timedelta(days=1)).isoformat()
