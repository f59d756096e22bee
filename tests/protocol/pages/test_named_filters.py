"""Filters take names: what is clear is taken and told, what is not is offered, and identifiers mean what they meant."""

from __future__ import annotations

import re

import pytest


async def page(client, path, status=200, **asked):
    answer = await client.get(path, params=asked, headers={"accept": "text/html"})
    assert answer.status_code == status
    return answer.text


def told(text):
    """Events in the list."""
    return text.count("<time")


async def test_a_name_leads_to_the_same_events_as_the_identifier(client):
    by_name = await page(client, "/en/timeline", place="North Prison")
    by_id = await page(client, "/en/timeline", place="prison/north")
    assert told(by_name) == told(by_id) > 0
    assert 'understood as <a href="/en/prison/north">North Prison</a>' in by_name
    # files of the same list are asked for by identifier
    assert "place=https%3A%2F%2Fw3id.org%2Fdadkhah%2Fid%2Fprison%2Fnorth&amp;format=csv" in by_name


async def test_what_the_field_shows_for_an_identifier_means_the_same_when_sent_again(client):
    shown = await page(client, "/en/timeline", place="prison/north")
    assert 'value="North Prison (prison/north)"' in shown
    assert told(await page(client, "/en/timeline", place="North Prison (prison/north)")) == told(shown)


@pytest.mark.parametrize(("path", "name"), [("timeline", "place"), ("risk", "place"), ("search", "place")])
async def test_an_unclear_name_offers_the_records_it_may_mean_and_shows_no_results(client, path, name):
    text = await page(client, f"/en/{path}", **{name: "prison"})
    offered = re.findall(r'<a href="\?([^"]*place=prison[^"]*)">', text)
    assert {part.rpartition("%2F")[2] for part in offered} == {"north", "south"}
    assert told(text) == 0
    assert 'class="hits"><li' not in text


async def test_a_choice_for_one_of_several_records_keeps_the_others(client):
    text = await page(client, "/en/graph", seed="Arman Example, prison")
    assert 'href="?seed=Arman+Example%2C+prison%2Fnorth"' in text
    assert "<svg" in await page(client, "/en/graph", seed="Arman Example, prison/north")


async def test_paths_lead_from_name_to_name_in_any_language(client):
    text = await page(client, "/fa/path", **{"from": "آرمان نمونه", "to": "Judge Jay"})
    assert text.count('class="note"') >= 2
    assert 'class="edges"' in text


async def test_a_name_that_nobody_has_is_said_to_be_unknown(client):
    text = await page(client, "/en/timeline", person="Qwrtzp")
    assert "no record has a name like this" in text
    assert told(text) == 0


async def test_what_was_typed_is_never_read_as_html(client):
    text = await page(client, "/en/timeline", person='"><script>alert(1)</script>')
    assert "<script>alert" not in text


async def test_the_interface_takes_identifiers_only(client):
    answer = await client.get("/api/v1/events", params={"place": "North Prison"})
    assert answer.status_code == 400
