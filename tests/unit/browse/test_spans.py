from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dadkhah.browse.spans import Span, days_of, envelope, meets, solar_hijri


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025-07-27", "2025-07-27", "2025-07-27"),
        ("2025-07-27T10:00:00Z", "2025-07-27", "2025-07-27"),
        ("2025-07", "2025-07-01", "2025-07-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("1988", "1988-01-01", "1988-12-31"),
        ("1988~", "1988-01-01", "1988-12-31"),
        ("198X", "1980-01-01", "1989-12-31"),
        ("1988-07/1988-09", "1988-07-01", "1988-09-30"),
        ("../1988", "", "1988-12-31"),
        ("1988/", "1988-01-01", ""),
        ("1988-22", "1988-06-01", "1988-08-31"),
        ("1988-24", "1988-12-01", "1989-02-28"),
        ("2025-02-30", "", ""),
        ("2025-13", "", ""),
        ("yesterday", "", ""),
        ("", "", ""),
    ],
)
def test_a_date_names_its_first_and_last_day(text, first, last):
    assert days_of(text) == (first, last)


@pytest.mark.parametrize(
    ("span", "precision"),
    [
        (Span("2025-07-27", "2025-07-27"), "day"),
        (Span("2025-07-01", "2025-07-31"), "month"),
        (Span("1988-01-01", "1988-12-31"), "year"),
        (Span("1988-07-03", "1988-09-30"), "interval"),
        (Span("", "2025-07-27"), "not-after"),
        (Span("2025-07-27", ""), "not-before"),
        (Span(), "unknown"),
    ],
)
def test_an_uncertain_time_is_called_what_it_is(span, precision):
    assert span.precision == precision


# pairs from the calendar's own new-year rule and a date printed in both calendars
@pytest.mark.parametrize(
    ("day", "solar"), [("2025-03-21", "1404-01-01"), ("2025-07-27", "1404-05-05"), ("1979-02-11", "1357-11-22")]
)
def test_days_are_told_in_the_solar_hijri_calendar(day, solar):
    assert solar_hijri(day) == solar


def test_a_day_before_the_calendar_began_has_no_solar_date():
    assert solar_hijri("0500-01-01") == ""
    assert solar_hijri("soon") == ""


@given(st.dates(min_value=dt.date(700, 1, 1), max_value=dt.date(2800, 1, 1)))
def test_solar_dates_follow_each_other_as_days_do(day):
    assert solar_hijri(day.isoformat()) < solar_hijri((day + dt.timedelta(1)).isoformat())


DAYS = st.dates(dt.date(1970, 1, 1), dt.date(1990, 1, 1)).map(dt.date.isoformat)


@given(DAYS, DAYS, DAYS, DAYS)
def test_spans_meet_when_a_day_lies_in_both(a, b, c, d):
    span, window = (min(a, b), max(a, b)), (min(c, d), max(c, d))
    assert meets(Span(*span), *window) == (span[0] <= window[1] and window[0] <= span[1])


@given(DAYS)
def test_an_open_end_meets_everything_on_its_side(day):
    assert meets(Span("", day), "", day)
    assert meets(Span(day, ""), day, "")
    assert meets(Span(), day, day)


def test_an_envelope_holds_what_all_voices_say():
    assert envelope([Span("2024-03-01", "2024-03-31", "2024-03"), Span("2024-03-10", "2024-04-02")]) == Span(
        "2024-03-01", "2024-04-02", "2024-03"
    )
