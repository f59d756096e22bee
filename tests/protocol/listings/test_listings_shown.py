"""Accepted links to sanctions lists in the built graph and on the record's page; the page that compares two records."""

from __future__ import annotations

import html
import re

import pytest

from dadkhah.source.project.mappings import read_sssom

from .conftest import BASE, ROOT

EXACT = "http://www.w3.org/2004/02/skos/core#exactMatch"
JUDGE = "https://w3id.org/dadkhah/id/person/iman-afshari"
ENTRY = "http://publications.europa.eu/resource/celex/32011R0359#I.A.249"
UNION = "/institution/european-union"


async def page(client, path, status=200, **query):
    answer = await client.get(path, params=query or None, headers={"accept": "text/html"})
    assert answer.status_code == status, (path, answer.text[:300])
    return answer.text


def text_of(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def decisions(state):
    return read_sssom(ROOT / f"data/mappings/{state}.sssom.tsv", state)[0].rows


def test_every_accepted_link_and_no_other_decided_one_is_in_the_built_graph(snapshot):
    store = snapshot.open_store()
    asked = f"SELECT ?s ?o {{ GRAPH <https://w3id.org/dadkhah/graph/mappings> {{ ?s <{EXACT}> ?o }} }}"
    linked = {(row["s"].value, row["o"].value) for row in store.query(asked)}
    accepted = {(row.subject_id, row.object_id) for row in decisions("accepted") if row.predicate_id == EXACT}
    assert (JUDGE, ENTRY) in linked
    assert linked == accepted
    assert not linked & {
        (row.subject_id, row.object_id) for state in ("rejected", "undecided") for row in decisions(state)
    }


@pytest.mark.parametrize(("language", "day"), [("en", "29 January 2026"), ("fa", "۹ بهمن ۱۴۰۴")])
async def test_the_judges_page_shows_the_listing_as_the_lists_voice_and_the_link_as_ours(client, language, day):
    text = await page(client, f"/{language}/person/iman-afshari")
    dated = next(one for one in re.findall(r"<li>.*?</li>", text, re.DOTALL) if 'datetime="2026-01-29"' in one)
    assert UNION in dated
    assert day in text_of(dated)
    listing = re.search(rf'href="(/{language}/event/[^"]+)"', dated)[1]
    told = await page(client, listing)
    (row,) = (one for one in re.findall(r"<tr>.*?(?=<tr>|<tbody>|</table>)", told, re.DOTALL) if ">EU-IRN<" in one)
    assert UNION in row
    assert "EU-IRN" in text_of(dated)
    assert ENTRY in text
    assert f"/{language}/compare?left=person/iman-afshari" in text[text.index(ENTRY) :]


async def test_the_judges_page_names_date_and_programme_of_the_listing_itself(client):
    text = await page(client, "/en/compare", left="person/iman-afshari", right=ENTRY)
    plain = text_of(text)
    assert "29 January 2026" in plain
    assert "EU-IRN according to European Union" in plain  # the English name of the body that lists


@pytest.mark.parametrize("state", ["accepted", "rejected", "undecided"])
@pytest.mark.parametrize("language", ["en", "fa"])
async def test_a_decided_pair_is_shown_with_its_reason_reviewer_day_and_score(client, state, language):
    hidden = re.compile(r"/[a-z]{1,3}-[0-9a-f]{8,}$")
    row = next(row for row in decisions(state) if not hidden.search(row.subject_id))
    text = await page(client, f"/{language}/compare", left=row.subject_id, right=row.object_id)
    assert " ".join(row.comment.split()) in text_of(text)
    assert f'datetime="{row.mapping_date}"' in text
    assert "institution/dadkhah" in text
    assert row.extra["similarity_score"] in text


async def test_the_page_lists_all_decisions_that_may_be_told_and_each_can_be_opened(client):
    text = await page(client, "/en/compare")
    links = re.findall(r'href="(/en/compare\?left=[^"]+)"', text)
    assert len(links) >= 25
    for link in links[:3]:
        assert "Decided by" in await page(client, html.unescape(link))


async def test_two_records_that_one_event_names_side_by_side_are_told_apart(client):
    text = text_of(await page(client, "/en/compare", left="prison/evin", right="prison/qarchak"))
    assert "Nobody has decided on this pair." in text
    against = text[text.index("Against it") :]
    assert "side by side" in against


async def test_nothing_can_be_decided_from_the_page(client):
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = await client.request(method, "/en/compare", data={"left": "person/iman-afshari", "right": ENTRY})
        assert answer.status_code == 405
    text = await page(client, "/en/compare", left="person/iman-afshari", right=ENTRY)
    assert "method=" not in text


async def test_the_address_without_a_language_leads_to_the_page_in_the_readers_own(client):
    answer = await client.get("/compare?left=prison/evin", headers={"accept": "text/html", "accept-language": "fa"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{BASE}/fa/compare?left=prison/evin")


async def test_a_record_that_is_not_there_is_not_found_and_a_bad_address_is_told(client):
    await page(client, "/en/compare", 404, left="person/nobody", right="person/iman-afshari")
    await page(client, "/en/compare", 404, left="person/iman-afshari", right="https://example.org/none")
    await page(client, "/en/compare", 400, left="not an address <>", right=ENTRY)
