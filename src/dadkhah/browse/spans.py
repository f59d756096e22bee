"""Times that are not known to the day: an earliest and a latest date, shown as what they are.

In: literals of xsd:date, xsd:dateTime, xsd:gYearMonth, xsd:gYear and EDTF strings (levels 0 and 1, as far as they name
a first and a last day). Out: `Span`, with both days also in the Solar Hijri calendar. It asks nothing; see `dates`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

import jdatetime

_DAY = re.compile(r"^(-?\d{4,})-(\d\d)-(\d\d)")
_MONTH = re.compile(r"^(-?\d{4,})-(\d\d)")
_YEAR = re.compile(r"^(-?\d{4,})")
_UNSPECIFIED = re.compile(r"^(\d{1,3})(X{1,3})$")
# EDTF level 1 (ISO 8601-2): seasons 21 to 24, as the northern half of the year has them
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 2)}
# the first year of the Solar Hijri calendar is 622
_FIRST_SOLAR_YEAR = 622


@dataclass(frozen=True, slots=True)
class Span:
    """When something happened: not before `earliest`, not after `latest` (ISO dates, empty where not known).

    Attributes:
        earliest: first possible day.
        latest: last possible day.
        edtf: the time as the voice gave it, empty where it did not.
    """

    earliest: str = ""
    latest: str = ""
    edtf: str = ""

    @property
    def precision(self) -> str:
        """What the span is: `day`, `month`, `year`, `interval`, `not-before`, `not-after` or `unknown`."""
        if not self.earliest or not self.latest:
            return "not-before" if self.earliest else "not-after" if self.latest else "unknown"
        if self.earliest == self.latest:
            return "day"
        if (self.earliest, self.latest) == days_of(self.earliest[:7]):
            return "month"
        if (self.earliest, self.latest) == days_of(self.earliest[:4]):
            return "year"
        return "interval"

    @property
    def solar_hijri(self) -> tuple[str, str]:
        """Both days in the Solar Hijri calendar (`1404-05-05`), empty where there is none."""
        return solar_hijri(self.earliest), solar_hijri(self.latest)

    @property
    def sort_key(self) -> tuple[str, str]:
        """Orders by the first day known; times that are not known at all come last."""
        return (self.earliest or self.latest or "9999-99-99", self.latest or "9999-99-99")


def solar_hijri(day: str) -> str:
    """A Gregorian ISO date in the Solar Hijri calendar, as `yyyy-mm-dd`; empty for what is no day of it."""
    try:
        date = dt.date.fromisoformat(day)
    except ValueError:
        return ""
    if date.year < _FIRST_SOLAR_YEAR:
        return ""
    solar = jdatetime.date.fromgregorian(date=date)
    return f"{solar.year:04d}-{solar.month:02d}-{solar.day:02d}"


def days_of(text: str) -> tuple[str, str]:
    """First and last day of a date, month, year, season, decade or interval; empty strings where it names none.

    An open end (`..` or nothing) is empty. Marks of doubt (`?`, `~`, `%`) do not widen the days: how far, nobody says.
    """
    first, slash, last = text.strip().partition("/")
    if slash:
        return _days_of_one(first)[0], _days_of_one(last)[1]
    return _days_of_one(first)


def _days_of_one(text: str) -> tuple[str, str]:
    text = text.strip().rstrip("?~%")
    if unspecified := _UNSPECIFIED.match(text.removesuffix("-XX").removesuffix("-XX")):
        digits, unknown = unspecified[1], len(unspecified[2])
        return f"{digits}{'0' * unknown}-01-01".rjust(10, "0"), f"{digits}{'9' * unknown}-12-31".rjust(10, "0")
    if day := _DAY.match(text):
        return (day[0], day[0]) if _is_day(day[0]) else ("", "")
    if month := _MONTH.match(text):
        return _days_of_month(month[1], int(month[2]))
    if year := _YEAR.match(text):
        return f"{year[1]}-01-01", f"{year[1]}-12-31"
    return "", ""


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _days_of_month(year: str, month: int) -> tuple[str, str]:
    if month in _SEASONS:
        first, last = _SEASONS[month]
        following = int(year) + (1 if last < first else 0)
        return f"{year}-{first:02d}-01", f"{following:04d}-{last:02d}-{_length(following, last):02d}"
    if not 1 <= month <= 12:
        return "", ""
    return f"{year}-{month:02d}-01", f"{year}-{month:02d}-{_length(int(year), month):02d}"


def _length(year: int, month: int) -> int:
    # the calendar module knows no year before 1; leap years repeat every 400 years
    return calendar.monthrange((year - 1) % 400 + 1, month)[1]


def meets(span: Span, first: str, last: str) -> bool:
    """Whether something may have happened within a window; an open end of either is taken as unbounded."""
    starts_too_late = bool(last and span.earliest and span.earliest > last)
    ends_too_early = bool(first and span.latest and span.latest < first)
    return not (starts_too_late or ends_too_early)


def envelope(spans: list[Span]) -> Span:
    """The span that holds several: the earliest and the latest day any of them gives."""
    if len(spans) == 1:
        return spans[0]
    earliest = min((span.earliest for span in spans if span.earliest), default="")
    latest = max((span.latest for span in spans if span.latest), default="")
    texts = {span.edtf for span in spans if span.edtf}
    return Span(earliest, latest, texts.pop() if len(texts) == 1 else "")
