"""The form of a stored query takes names and days of either calendar; its address for programs holds neither."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

import pytest

PERIOD = "/en/queries/events-in-a-period"
PERSON = "/en/queries/timeline-of-a-person"


def endpoint(page):
    """The parameters of the address that a program would ask for the same."""
    addresses = re.findall(r'href="/queries/[a-z-]+\?([^"]*)"', page.text.replace("&amp;", "&"))
    asked = {tuple(pair) for address in addresses for pair in parse_qsl(address) if pair[0] != "format"}
    assert len(asked) == len(dict(asked)), "each file is of the same answer"
    return dict(asked)


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        (("2024-03-01", "2024-03-31"), "2024-03-01", "2024-03-31"),
        (("1402/12", "1402/12"), "2024-02-20", "2024-03-19"),
        (("۱۴۰۲/۱۲/۱۱", "۱۴۰۲/۱۲/۱۱"), "2024-03-01", "2024-03-01"),
        (("2024", "2024"), "2024-01-01", "2024-12-31"),
    ],
)
async def test_days_of_either_calendar_bound_a_period(client, asked, first, last):
    page = await client.get(PERIOD, params={"from": asked[0], "until": asked[1], "kind": "dk:Trial"})
    assert page.status_code == 200
    told = endpoint(page)
    assert (told["from"], told["until"]) == (first, last)


async def test_what_is_no_day_is_said_with_the_form_as_it_was_filled_in(client):
    page = await client.get(PERIOD, params={"from": "1404/4/32", "kind": "dk:Trial"})
    assert page.status_code == 200
    assert "not a date" in page.text
    assert 'value="1404/4/32"' in page.text
    assert 'value="dk:Trial"' in page.text


@pytest.mark.parametrize("name", ["Arman Example", "آرمان نمونه", "person/a", "https://w3id.org/dadkhah/id/person/a"])
async def test_a_record_is_asked_for_by_its_name_or_its_identifier(client, name):
    page = await client.get(PERSON, params={"person": name})
    assert endpoint(page)["person"] == "https://w3id.org/dadkhah/id/person/a"


async def test_a_prefixed_name_means_what_the_query_says(client):
    page = await client.get(PERSON, params={"person": "person:a"})
    assert endpoint(page)["person"] == "https://w3id.org/dadkhah/id/person/a"
    assert 'value="Arman Example (person/a)"' in page.text


async def test_of_several_that_may_be_meant_none_is_taken(client):
    page = await client.get(PERSON, params={"person": "Example"})
    assert page.status_code == 200
    assert "<tbody" not in page.text
    assert "choose one" in page.text
    assert "person=person%2Fa" in page.text


async def test_a_prefix_that_is_unknown_is_refused_by_the_name_of_the_parameter(client):
    page = await client.get(PERSON, params={"person": "nowhere:a"})
    assert page.status_code == 200
    assert "person" in page.text
    assert "prefix" in page.text


async def test_pictures_call_things_by_their_names_and_tables_keep_what_a_query_gave(client):
    query = "PREFIX dk: <https://w3id.org/dadkhah/ontology#> SELECT ?e ?d { ?e dk:from ?x ; dk:earliest ?d }"
    drawn, table = [
        (await client.get("/en/sparql", params={"query": query, "view": view})).text for view in ("timeline", "table")
    ]
    assert drawn.count("Transfer of Arman Example") >= 2
    assert "Transfer of Arman Example" not in table
    assert "event/move" in table


async def test_things_in_the_table_of_a_stored_query_are_called_by_their_names(client):
    page = await client.get("/en/queries/who-says-what-about-a-record", params={"record": "event/move"})
    rows = page.text.partition("<tbody")[2].partition("</tbody>")[0]
    assert ">North Prison</a>" in rows
    assert ">prison/north<" not in rows
