"""Dates in filters: either calendar, any digits; what names no day is none."""

from __future__ import annotations

import datetime as dt

import jdatetime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dadkhah.browse.days_asked import FIRST_GREGORIAN, asked_as, days_asked
from dadkhah.browse.spans import days_of

_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_DAYS = st.dates(dt.date(1750, 1, 1), dt.date(2300, 1, 1))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1401-07-12", "2022-10-04", "2022-10-04"),
        ("۱۴۰۱/۷/۱۲", "2022-10-04", "2022-10-04"),
        ("1401.7.12", "2022-10-04", "2022-10-04"),
        ("1401", "2022-03-21", "2023-03-20"),
        ("1399", "2020-03-20", "2021-03-20"),
        ("1401-07", "2022-09-23", "2022-10-22"),
        ("1403-12", "2025-02-19", "2025-03-20"),
        ("1401/1402", "2022-03-21", "2024-03-19"),
        ("1401-22", "2022-06-22", "2022-09-22"),
        ("139X", "2011-03-21", "2021-03-20"),
        ("1401/..", "2022-03-21", ""),
        ("2025/7", "2025-07-01", "2025-07-31"),
        ("٢٠٢٥-٠٧", "2025-07-01", "2025-07-31"),
        ("198X", "1980-01-01", "1989-12-31"),
        ("+1501", "1501-01-01", "1501-12-31"),
        ("1401-13", "", ""),
        ("1401-00", "", ""),
        ("1402-12-30", "", ""),
        ("2025-02-30", "", ""),
        ("12/5", "", ""),
        ("yesterday", "", ""),
        ("", "", ""),
    ],
)
def test_a_date_of_either_calendar_has_its_first_and_last_day(text, first, last):
    assert days_asked(text) == (first, last)


@given(day=_DAYS, digits=st.sampled_from([{}, _PERSIAN, _ARABIC]), sign=st.sampled_from("-/."))
def test_a_day_is_the_same_in_both_calendars_and_in_all_digits(day, digits, sign):
    solar = jdatetime.date.fromgregorian(date=day)
    for written in (day, solar):
        text = sign.join((f"{written.year:04}", f"{written.month:02}", f"{written.day:02}"))
        assert days_asked(text.translate(digits)) == (day.isoformat(), day.isoformat())


@given(day=st.dates(), length=st.sampled_from([4, 7, 10]))
def test_an_address_written_for_a_gregorian_day_leads_to_it(day, length):
    text = day.isoformat()[:length]
    assert days_asked(asked_as(text)) == days_of(text)


@given(year=st.integers(1, FIRST_GREGORIAN - 2))
def test_solar_years_follow_each_other_without_a_gap(year):
    before, after = days_asked(f"{year:04}"), days_asked(f"{year + 1:04}")
    assert dt.date.fromisoformat(after[0]) - dt.date.fromisoformat(before[1]) == dt.timedelta(days=1)


@given(text=st.text(max_size=20) | st.text("0123456789-/.X~?+", max_size=12))
def test_no_text_breaks_the_reading_of_dates(text):
    assert all(isinstance(day, str) for day in days_asked(text))
