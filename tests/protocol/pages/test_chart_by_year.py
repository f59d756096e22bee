"""The chart of events by year: every dated event stands in one bar, in either calendar, and bars lead there."""

from __future__ import annotations

import datetime as dt
import itertools
import re

import jdatetime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dadkhah.browse.time_and_place.years import YearCount
from dadkhah.web.pages.years import bars, years_svg

_DAYS = st.dates(dt.date(700, 1, 1), dt.date(2400, 1, 1))


@given(days=st.lists(_DAYS, min_size=1, max_size=30), calendar=st.sampled_from(["gregorian", "solar"]))
def test_every_event_stands_in_the_one_bar_whose_days_hold_it(days, calendar):
    shown = bars([YearCount(day, 1) for day in days], calendar, "en")
    assert sum(bar.events for bar in shown) == len(days)
    assert len(shown) <= 48
    for before, after in itertools.pairwise(shown):
        assert after.first - before.last == dt.timedelta(days=1)
    for bar in shown:
        assert bar.events == sum(bar.first <= day <= bar.last for day in days)


@given(day=_DAYS)
def test_a_solar_year_is_that_of_its_calendar(day):
    (bar,) = bars([YearCount(day, 3)], "solar", "en")
    assert bar.label == str(jdatetime.date.fromgregorian(date=day).year)


def test_a_drawing_holds_only_what_xml_may_and_a_link_for_each_bar():
    shown = bars([YearCount(dt.date(1988, 8, 1), 2), YearCount(dt.date(1990, 1, 1), 1)], "gregorian", "fa")
    drawn = years_svg(shown, "fa", lambda bar: f'?from={bar.first}&to="{bar.last}"', "<title>")
    assert drawn.count("<a ") == 2
    assert "&lt;title&gt;" in drawn
    assert "۱۹۸۸" in drawn


@pytest.mark.parametrize("calendar", ["gregorian", "solar"])
async def test_the_years_of_the_table_hold_as_many_events_as_its_links_lead_to(hubs, client_of, calendar):
    async with client_of(hubs[60]) as client:
        text = (await client.get(f"/en/timeline?type=Trial&calendar={calendar}", headers={"accept": "text/html"})).text
        rows = re.findall(r'<th scope="row"><a href="(\?[^"]+)"><bdi>[^<]+</bdi></a></th><td>(\d+)</td>', text)
        assert sum(int(count) for _, count in rows) == 60
        for address, count in rows[:3]:
            query = address.replace("&amp;", "&")
            held = (await client.get(f"/en/timeline{query}", headers={"accept": "text/html"})).text
            assert held.count("<time") == int(count)
