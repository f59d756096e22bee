from __future__ import annotations

import datetime as dt

import jdatetime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dadkhah.web.pages.calendars import gregorian, solar

DAYS = st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2100, 1, 1))


@pytest.mark.parametrize(
    ("first", "last", "western", "own"),
    [
        ("2025-07-27", "2025-07-27", "27 July 2025", "5 Mordad 1404"),
        ("2022-11-01", "2022-11-30", "November 2022", "10 Aban – 9 Azar 1401"),
        ("2019-09-23", "2019-12-21", "23 September – 21 December 2019", "Mehr – Azar 1398"),
        ("2025-03-21", "2026-03-20", "21 March 2025 – 20 March 2026", "1404"),
        ("2022-01-01", "2022-12-31", "2022", "11 Dey 1400 – 10 Dey 1401"),
    ],
)
def test_a_span_is_told_as_exactly_as_each_calendar_allows(first, last, western, own):
    ends = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    assert (gregorian(*ends, "en"), solar(*ends, "en")) == (western, own)


def test_persian_dates_have_persian_digits_and_months():
    day = dt.date(2025, 7, 27)
    assert (solar(day, day, "fa"), gregorian(day, day, "fa")) == ("۵ مرداد ۱۴۰۴", "۲۷ ژوئیه ۲۰۲۵")


@given(DAYS)
def test_a_day_keeps_its_number_in_both_calendars(day):
    own = jdatetime.date.fromgregorian(date=day)
    assert gregorian(day, day, "en").startswith(f"{day.day} ")
    assert solar(day, day, "en").startswith(f"{own.day} ")
    assert solar(day, day, "en").endswith(f" {own.year}")
