"""Dates in words, in the Gregorian and the Solar Hijri calendar, in English and in Persian.

In: the first and the last possible day. Out: text: a day, a month, a year, some months, or from one day to another, as
exactly as the two days allow in each calendar (autumn of 1398 is three months of one year, and lies in two months and
a half of the other). It must not narrow a span.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import jdatetime

_GREGORIAN = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "fa": ["ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه", "اوت", "سپتامبر", "اکتبر", "نوامبر", "دسامبر"],
}  # fmt: skip
_SOLAR = {
    "en": [
        "Farvardin",
        "Ordibehesht",
        "Khordad",
        "Tir",
        "Mordad",
        "Shahrivar",
        "Mehr",
        "Aban",
        "Azar",
        "Dey",
        "Bahman",
        "Esfand",
    ],
    "fa": ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"],
}  # fmt: skip
_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
# the first year of the Solar Hijri calendar is 622
_FIRST_SOLAR_YEAR = 622
_TO = " – "  # noqa: RUF001 - an en dash stands between dates


@dataclass(frozen=True, slots=True)
class _Day:
    """A day of either calendar."""

    year: int
    month: int
    day: int
    last_of_month: bool


def gregorian(first: dt.date, last: dt.date, language: str) -> str:
    """A span in the Gregorian calendar."""
    return _written(_gregorian_day(first), _gregorian_day(last), _GREGORIAN[language], language)


def solar(first: dt.date, last: dt.date, language: str) -> str:
    """A span in the Solar Hijri calendar; empty before its first year."""
    if first.year < _FIRST_SOLAR_YEAR or last == dt.date.max:
        return ""
    return _written(_solar_day(first), _solar_day(last), _SOLAR[language], language)


def _gregorian_day(day: dt.date) -> _Day:
    ends = day == dt.date.max or (day + dt.timedelta(days=1)).day == 1
    return _Day(day.year, day.month, day.day, ends)


def _solar_day(day: dt.date) -> _Day:
    here = jdatetime.date.fromgregorian(date=day)
    following = jdatetime.date.fromgregorian(date=day + dt.timedelta(days=1))
    return _Day(here.year, here.month, here.day, following.day == 1)


def _written(first: _Day, last: _Day, months: list[str], language: str) -> str:
    text = _span(first, last, months)
    return text.translate(_DIGITS) if language == "fa" else text


def _span(first: _Day, last: _Day, months: list[str]) -> str:
    if first == last:
        return f"{_date(first, months)} {first.year}"
    same_year = first.year == last.year
    if first.day == 1 and last.last_of_month:
        return _months(first, last, months, same_year=same_year)
    if same_year and first.month == last.month:
        return f"{first.day}{_TO}{_date(last, months)} {last.year}"
    start = _date(first, months) if same_year else f"{_date(first, months)} {first.year}"
    return f"{start}{_TO}{_date(last, months)} {last.year}"


def _months(first: _Day, last: _Day, months: list[str], *, same_year: bool) -> str:
    """Whole months, or whole years."""
    if (first.month, last.month) == (1, 12):
        return str(first.year) if same_year else f"{first.year}{_TO}{last.year}"
    start, end = months[first.month - 1], months[last.month - 1]
    if same_year:
        return f"{end} {last.year}" if first.month == last.month else f"{start}{_TO}{end} {last.year}"
    return f"{start} {first.year}{_TO}{end} {last.year}"


def _date(day: _Day, months: list[str]) -> str:
    return f"{day.day} {months[day.month - 1]}"
