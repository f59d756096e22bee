"""The page of a record: bounded in weight and queries, and nothing on it without its voice."""

from __future__ import annotations

import re

import pytest

KB = 1024


async def page(client, path, **headers):
    answer = await client.get(path, headers={"accept": "text/html", **headers})
    assert answer.status_code == 200, (path, answer.text[:300])
    return answer.text


@pytest.mark.parametrize("language", ["en", "fa"])
async def test_a_record_with_many_events_weighs_no_more_than_thirty_kilobytes(hubs, client_of, language):
    async with client_of(hubs[400]) as client:
        text = await page(client, f"/{language}/place/hub")
    assert len(text.encode()) <= 30 * KB


async def test_a_page_takes_the_same_number_of_queries_however_much_is_said(hubs, client_of):
    taken = {}
    for size in (60, 400):
        async with client_of(hubs[size]) as client:
            before = hubs[size].asked
            await page(client, "/en/place/hub")
            taken[size] = hubs[size].asked - before
    assert taken[60] == taken[400] <= 12


async def test_a_page_asked_for_again_reads_no_names_voices_passages_and_used_properties_again(hubs, client_of):
    async with client_of(hubs[60]) as client:
        counts = []
        for _ in range(2):
            before = hubs[60].asked
            await page(client, "/en/place/hub")
            counts.append(hubs[60].asked - before)
    # names, voices, and which properties the graph uses at all
    assert counts[1] == counts[0] - 4


@pytest.mark.parametrize("part", ["statements", "relations"])
async def test_what_a_page_leaves_out_stands_in_full_behind_a_link(hubs, client_of, part):
    async with client_of(hubs[400]) as client:
        text = await page(client, "/en/place/hub")
        address = f"/en/all/{part}?of=place/hub"
        assert f'href="{address}"' in text
        seen, pages = set(), 0
        while address:
            text = await page(client, address)
            seen |= set(re.findall(r">(name \d+)<" if part == "statements" else r'href="/en/event/(e\d+)"', text))
            following = re.search(r'href="(\?[^"]*)" rel="next"', text)
            address = f"/en/all/{part}{following[1]}".replace("&amp;", "&") if following else ""
            pages += 1
    assert (len(seen), pages) == (400, 4)


@pytest.mark.parametrize("name", ["event/trial", "person/a", "prison/south", "event/move"])
async def test_every_statement_on_a_page_names_who_makes_it(client, name):
    text = await page(client, f"/en/{name}")
    rows = re.findall(r"<tr>.*?(?=<tr>|</table>)", text.partition("<tbody>")[2], re.DOTALL)
    links = re.findall(r"<ul class=\"edges\">(.*?)</ul>", text, re.DOTALL)
    items = [item for held in links for item in held.split("<li>")[1:]]
    events = re.findall(r'<ol class="times">(.*?)</ol>', text, re.DOTALL)
    dated = [item for held in events for item in held.split("<li>")[1:]]
    assert all('<p class="says">' in each for each in [*rows, *items, *dated])
    assert items or rows


async def test_values_that_voices_disagree_about_stand_together_each_with_its_voices_and_once(client):
    text = await page(client, "/en/event/trial")
    rows = re.findall(r'<tr class="rival">.*?(?=<tr|</table>)', text, re.DOTALL)
    assert len(rows) == 2
    assert ["The Paper" in row for row in rows] == ["The Watch" not in row for row in rows]
    assert "/en/conflicts?subject=event/trial" in rows[0]
    assert '<div class="rival">' not in text


async def test_only_classes_of_our_own_are_shown_and_the_most_specific_first(client):
    text = await page(client, "/en/person/j")
    tags = re.findall(r'<a class="tag" href="[^"]*ontology%23(\w+)"', text)
    assert tags == ["Judge", "Person"]


async def test_a_persian_page_takes_a_persian_variant_as_its_title(client):
    text = await page(client, "/fa/person/c")
    assert "<h1>کوروش نمونه</h1>" in text
    assert "<title>کوروش نمونه" in text
    assert "<h1>Cyrus Example</h1>" in await page(client, "/en/person/c")


async def test_dates_are_told_in_both_calendars(client):
    assert "2 May 2024" in (english := await page(client, "/en/event/move"))
    assert "13 Ordibehesht 1403" in english
    assert "۱۳ اردیبهشت ۱۴۰۳" in (persian := await page(client, "/fa/event/move"))
    assert "۲ مه ۲۰۲۴" in persian


async def test_a_card_may_be_framed_by_anyone_and_nothing_else_may(client):
    card = await client.get("/en/card/person/a")
    assert "frame-ancestors *" in card.headers["content-security-policy"]
    assert "<script" not in card.text
    assert "according to" in card.text
    record = await client.get("/en/person/a")
    assert "frame-ancestors 'none'" in record.headers["content-security-policy"]


async def test_a_record_can_be_cited_with_the_snapshot_it_was_read_from(client):
    text = await page(client, "/en/person/a")
    entry = re.search(r"@misc\{dadkhah-a,.*?\n\}", text, re.DOTALL)
    assert entry is not None
    assert "https://w3id.org/dadkhah/id/person/a" in entry[0]
    assert "0" * 64 in entry[0]


async def test_the_same_record_elsewhere_is_named_with_who_says_so(client):
    text = await page(client, "/en/person/a")
    assert 'href="https://other.example/people/7"' in text
